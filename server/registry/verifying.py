"""Check a PDF or a code for anybody: one way in for the page and for the API.

Nothing is kept, and no file is ever given out. Codes and files share one throttle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from server.common.errors import InvalidInput, NotFound
from server.common.origin import client_address
from server.common.throttle import Throttle
from server.publishing.signing.carried import original_in
from server.publishing.signing.report import Place, Report, Verdict
from server.publishing.signing.verify import verify
from server.registry.queries.public_documents import (
    PublicCopy,
    PublicDocument,
    find_by_code,
    find_by_pdf,
    find_copy,
)
from server.registry.signing_keys import trusted
from server.registry.uploads import read_upload

throttle = Throttle()


@dataclass(frozen=True, slots=True)
class Checked:
    """What was sent; and the signed original that an electronic copy bears, if one."""

    report: Report
    original: Report | None


def check(request: HttpRequest, file: UploadedFile[Any] | None) -> Checked:
    """Raises TooMany, TooLarge, InvalidInput (`not_a_pdf`) and what `verify` raises."""
    throttle.take(client_address(request), settings.VERIFY_PER_MINUTE)
    if file is None:
        raise InvalidInput(_("Hãy chọn một tệp PDF."))
    pdf = read_upload(file, settings.MAX_VERIFY_BYTES)
    anchors = trusted()
    report = verify(pdf, anchors)
    # Only an office that this one trusts is followed into what its file bears: a
    # stranger's could unfold to any size.
    original = original_in(pdf) if _is_trusted_copy(report) else None
    return Checked(report, verify(original, anchors) if original else None)


def _is_trusted_copy(report: Report) -> bool:
    return report.verdict is Verdict.VALID and any(
        signature.place is Place.ATTACHMENT for signature in report.signatures
    )


def look_up(request: HttpRequest, code: str) -> PublicDocument:
    """The document that bears this code. Raises TooMany and NotFound."""
    throttle.take(client_address(request), settings.VERIFY_PER_MINUTE)
    found = find_by_code(code)
    if found is None:
        raise NotFound
    return found


def issued_as(report: Report) -> PublicDocument | None:
    """The document whose issued PDF is, byte for byte, the file that was checked."""
    return find_by_pdf(report.digest)


def copied_as(report: Report) -> PublicCopy | None:
    """The copy whose PDF is, byte for byte, the file that was checked."""
    return find_copy(report.digest)


def lacks_organisation(report: Report) -> bool:
    """Signed by a person and not by the organisation: no original (NĐ 30, Điều 5)."""
    places = {signature.place for signature in report.signatures}
    return Place.PERSON in places and Place.ORGANISATION not in places
