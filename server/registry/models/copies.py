"""DocumentCopy: a copy of a document, with a number of its own.

Decree 30/2020/NĐ-CP, articles 25–27. The row of the book says what a row says; this
one names what was copied and the file. Must never be changed or deleted: a copy that
should not have been made has its number voided.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common.ids import new_id
from server.registry.models.incoming_files import IncomingFile
from server.registry.models.registers import (
    IncomingDocument,
    NumberState,
    OutgoingDocument,
)
from server.registry.models.workflow import DIGEST_LENGTH


class CopyKind(models.TextChoices):
    """Values are the codes of the decree, as they stand in the notation."""

    TRUE_COPY = "SY", _("Sao y")
    EXTRACT = "TrS", _("Trích sao")
    COPY_OF_COPY = "SL", _("Sao lục")


class DocumentCopy(models.Model):
    """`row` is the copy in its own book; `source` the issued document that was copied,
    or `incoming` one that was received, of which `file` is the scan.

    `pdf` is the digest of the file; `is_electronic`: it bears the organisation's
    signature, else it is printed and signed by hand. `parts` are those of an extract.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    row = models.OneToOneField(
        OutgoingDocument, on_delete=models.PROTECT, related_name="copied_as"
    )
    source = models.ForeignKey(
        OutgoingDocument,
        null=True,
        on_delete=models.PROTECT,
        related_name="copies_made",
    )
    incoming = models.ForeignKey(
        IncomingDocument,
        null=True,
        on_delete=models.PROTECT,
        related_name="copies_made",
    )
    file = models.ForeignKey(
        IncomingFile, null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=3, choices=CopyKind.choices)
    pdf = models.CharField(max_length=DIGEST_LENGTH)
    is_electronic = models.BooleanField()
    parts = models.JSONField(default=list)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="copy_of_one_document",
                condition=models.Q(
                    source__isnull=False, incoming__isnull=True, file__isnull=True
                )
                | models.Q(
                    source__isnull=True, incoming__isnull=False, file__isnull=False
                ),
            )
        ]
        indexes = [
            models.Index(fields=["source", "at"], name="copies_of_source"),
            models.Index(fields=["incoming", "at"], name="copies_of_incoming"),
            # Anybody may ask what a file is.
            models.Index(fields=["pdf"], name="copies_by_file"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id or self.incoming_id}"

    @property
    def is_void(self) -> bool:
        """Whether its number was voided: the copy counts no more."""
        return self.row.issued_number.state == NumberState.VOID
