"""Check a PDF for anybody: one way in for the page and for the API. Nothing is kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from server.common.errors import InvalidInput
from server.common.origin import client_address
from server.common.throttle import Throttle
from server.publishing.signing.report import Place, Report
from server.publishing.signing.verify import verify
from server.registry.signing_keys import trusted
from server.registry.uploads import read_upload

throttle = Throttle()


def check(request: HttpRequest, file: UploadedFile[Any] | None) -> Report:
    """Raises TooMany, TooLarge, InvalidInput (`not_a_pdf`) and what `verify` raises."""
    throttle.take(client_address(request), settings.VERIFY_PER_MINUTE)
    if file is None:
        raise InvalidInput(_("Hãy chọn một tệp PDF."))
    return verify(read_upload(file, settings.MAX_VERIFY_BYTES), trusted())


def lacks_organisation(report: Report) -> bool:
    """Signed by a person and not by the organisation: no original (NĐ 30, Điều 5)."""
    places = {signature.place for signature in report.signatures}
    return Place.PERSON in places and Place.ORGANISATION not in places
