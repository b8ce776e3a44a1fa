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
    """What reading a file came to. NOTHING: a scan without a layer of text."""

    WORDS = "words", _("có lớp chữ")
    NOTHING = "none", _("không có lớp chữ")
    UNREADABLE = "unreadable", _("không đọc được")


class FileWords(models.Model):
    """The words of the bytes with this digest; `text` is empty unless WORDS."""

    digest = models.CharField(primary_key=True, max_length=64)
    layer = models.CharField(max_length=10, choices=TextLayer.choices)
    text = models.TextField(blank=True, default="")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("chữ trong tệp")
        verbose_name_plural = _("chữ trong tệp")

    def __str__(self) -> str:
        return f"{self.digest} {self.layer}"
