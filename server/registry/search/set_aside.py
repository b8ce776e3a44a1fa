"""Attached files that bear a secrecy mark: set aside as soon as it was read.

A mark in a scan is seen only when its words are recognised, after the file was
attached. From then on no word of it is kept or found, and whoever asks for the file is
refused (`refuse_set_aside`), wherever the same bytes are attached. Nobody brings it
back: that it is no secret is said by a file without the mark. Must never say what was
read.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from server.common import audit, outbox
from server.common.errors import Conflict
from server.registry import register_events as events
from server.registry.models import FileWords, IncomingFile, TextLayer


def is_set_aside(digest: str) -> bool:
    return FileWords.objects.filter(digest=digest, layer=TextLayer.SECRET).exists()


def refuse_set_aside(digest: str) -> None:
    """Raise Conflict `state_secret` for the bytes of a file that was set aside."""
    if is_set_aside(digest):
        raise Conflict(
            _(
                "Tệp này ghi độ mật nên đã được tách ra: không xem, không tải, không"
                " sao và không tìm được nữa. Văn thư hãy gỡ tệp, đăng ký văn bản vào sổ"
                " văn bản mật bằng giấy và báo quản trị viên xóa tệp khỏi máy chủ. Nếu"
                " văn bản không mật, hãy đính kèm bản không có dấu độ mật."
            ),
            code="state_secret",
        )


def tell_set_aside(digest: str) -> None:
    """To the trail and to others, for each document that has it. In the transaction
    that sets the file aside."""
    held = IncomingFile.objects.filter(digest=digest, removed_at=None)
    for file in held.order_by("document_id", "pk"):
        audit.record(
            None, "incoming.file_set_aside", "incoming", file.document_id,
            file=str(file.pk), name=file.name, digest=digest,
        )  # fmt: skip
        outbox.emit(events.INCOMING_FILE_SET_ASIDE, file.document_id, file=str(file.pk))
