"""DocumentCopy: a copy of an issued document that carries a number of its own.

Decree 30/2020/NĐ-CP, articles 25–27. The row of the book says what a row says; this
one names what was copied and the file. Must never be changed or deleted: a copy that
should not have been made has its number voided.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common.ids import new_id
from server.registry.models.registers import NumberState, OutgoingDocument
from server.registry.models.workflow import DIGEST_LENGTH


class CopyKind(models.TextChoices):
    """Values are the codes of the decree, as they stand in the notation."""

    TRUE_COPY = "SY", _("Sao y")
    EXTRACT = "TrS", _("Trích sao")
    COPY_OF_COPY = "SL", _("Sao lục")


class DocumentCopy(models.Model):
    """`row` is the copy in its own book, `source` the document that was copied.

    `pdf` is the digest of the file; `is_electronic`: it bears the organisation's
    signature, else it is printed and signed by hand. `parts` are those of an extract.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    row = models.OneToOneField(
        OutgoingDocument, on_delete=models.PROTECT, related_name="copied_as"
    )
    source = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="copies_made"
    )
    kind = models.CharField(max_length=3, choices=CopyKind.choices)
    pdf = models.CharField(max_length=DIGEST_LENGTH)
    is_electronic = models.BooleanField()
    parts = models.JSONField(default=list)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["source", "at"], name="copies_of_source")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"

    @property
    def is_void(self) -> bool:
        """Whether its number was voided: the copy counts no more."""
        return self.row.issued_number.state == NumberState.VOID
