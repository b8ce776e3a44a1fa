"""Take an uploaded file, but not more of it than is allowed."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from server.common.errors import TooLarge


def read_upload(file: UploadedFile[Any], limit_bytes: int) -> bytes:
    """Raises TooLarge before the file is read into memory."""
    if (file.size or 0) > limit_bytes:
        raise TooLarge(
            _("Tệp lớn quá %(limit)s MB.") % {"limit": limit_bytes // 1_000_000}
        )
    return bytes(file.read())
