"""Take an uploaded file: no more of it than is allowed, and of a known kind."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from server.common.errors import InvalidInput, TooLarge
from server.registry.file_kinds import HEAD_BYTES, TAIL_BYTES, FileKind, kind_of


def read_upload(file: UploadedFile[Any], limit_bytes: int) -> bytes:
    """Raises TooLarge before the file is read into memory."""
    if (file.size or 0) > limit_bytes:
        raise TooLarge(
            _("Tệp lớn quá %(limit)s MB.") % {"limit": limit_bytes // 1_000_000}
        )
    return bytes(file.read())


def checked_kind(file: UploadedFile[Any], limit_bytes: int) -> FileKind:
    """What the file is, by its bytes; it is left at its start.

    Raises TooLarge (`file_too_large`), InvalidInput (`file_empty`, `file_unknown`).
    """
    size = file.size or 0
    if size > limit_bytes:
        raise TooLarge(
            _(
                "Tệp “%(name)s” lớn quá %(limit)s MB. "
                "Hãy quét lại nhẹ hơn hoặc chia tệp."
            )
            % {"name": (file.name or "")[:80], "limit": limit_bytes // 1_000_000},
            code="file_too_large",
        )
    if size == 0:
        raise InvalidInput(_("Tệp rỗng."), code="file_empty")
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(max(0, size - TAIL_BYTES))
    tail = file.read(TAIL_BYTES)
    file.seek(0)
    kind = kind_of(head, tail, file.name or "")
    if kind is None:
        raise InvalidInput(
            _(
                "Không nhận loại tệp này. Hãy dùng PDF, ảnh, tệp Word, Excel, "
                "PowerPoint, RTF, hoặc tệp nén .zip, .rar, .7z."
            ),
            code="file_unknown",
        )
    return kind
