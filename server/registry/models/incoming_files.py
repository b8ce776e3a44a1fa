"""IncomingFile: a scan or file that came with an incoming document; FileWords: what a
file says, to be found by.

The bytes lie in the blob store under their digest; the row says that this document
holds them. Must never be deleted: a file attached by mistake is taken off, with a
reason, and stays on record. FileWords is derived from the bytes and from nothing else:
it may be made anew at any time, and is never shown nor taken for the document.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common.ids import new_id
from server.registry.models.registers import NOTE_LENGTH, IncomingDocument

FILE_NAME_LENGTH = 200


class IncomingFile(models.Model):
    """`content_type` was found in the bytes; `pdf_version` is "1.7" or such, if any."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, related_name="files"
    )
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    content_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField()
    pdf_version = models.CharField(max_length=4, blank=True, default="")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True)
    removed_reason = models.CharField(max_length=NOTE_LENGTH, blank=True, default="")
    # What is known of its words, where a query has asked.
    known: FileWords | None = None

    class Meta:
        verbose_name = _("tệp của văn bản đến")
        verbose_name_plural = _("tệp của văn bản đến")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "digest"],
                name="incoming_file_once",
                condition=models.Q(removed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="incoming_file_removed_whole",
                condition=models.Q(removed_at__isnull=True, removed_by__isnull=True)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TextLayer(models.TextChoices):
    """What reading a file came to. NOTHING: no words, not even in its pictures, or
    nobody here who could see them; READING: its pages are being recognised."""

    WORDS = "words", _("có chữ")
    NOTHING = "none", _("không có chữ")
    UNREADABLE = "unreadable", _("không đọc được")
    READING = "reading", _("đang đọc")


class WhyUnread(models.TextChoices):
    """Why nothing, or not everything, is known of what a file says."""

    BROKEN = "broken", _("tệp hỏng, có mật khẩu hoặc quá nặng")
    LOST = "lost", _("không thấy tệp trong kho, hãy báo quản trị viên")
    NO_PROGRAM = "no_program", _("máy chủ chưa cài chương trình đọc loại tệp này")
    NO_RECOGNISER = "no_recogniser", _("máy chủ chưa cài chương trình nhận dạng chữ")
    TOO_SLOW = "too_slow", _("đọc quá lâu nên đã dừng")
    CRASHED = "crashed", _("chương trình đọc bị lỗi với tệp này")
    TOO_MANY_PAGES = "too_many_pages", _("quá nhiều trang, chỉ đọc các trang đầu")


class FileWords(models.Model):
    """The words of the bytes with this digest; `text` is what was read so far.

    `pages` are the numbers, from 0, of pages without a layer of text that are still to
    be recognised, `pages_in_all` how many there were, `pages_failed` how many gave
    nothing because the program failed. One process recognises at a time: it holds the
    file until `claimed_until`. `edition`: of the reader; what an older one read is read
    again.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    layer = models.CharField(max_length=10, choices=TextLayer.choices)
    why = models.CharField(
        max_length=20, choices=WhyUnread.choices, blank=True, default=""
    )
    text = models.TextField(blank=True, default="")
    read_at = models.DateTimeField()
    edition = models.PositiveSmallIntegerField(default=0)
    pages = models.JSONField(default=list)
    pages_in_all = models.PositiveIntegerField(default=0)
    pages_failed = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("chữ trong tệp")
        verbose_name_plural = _("chữ trong tệp")
        indexes = [
            models.Index(
                fields=["-read_at"],
                name="file_words_reading",
                condition=models.Q(layer="reading"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.digest} {self.layer}"
