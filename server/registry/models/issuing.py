"""What an issued document is made of, and the chain that proves it years later.

Files lie in the blob store under their SHA-256. Records form one hash chain for each
organisation: each names the digest of the one before it, so that none can be changed or
taken out unseen. Must never be written outside `server.registry.actions`; a record and
the files of a document are never changed.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, User
from server.common.ids import new_id
from server.registry.models.drafts import Draft
from server.registry.models.registers import OutgoingDocument
from server.registry.models.workflow import DIGEST_LENGTH, REASON_LENGTH, Approval

CODE_LENGTH = 24


class SignedCopy(models.Model):
    """The PDF that the competent person signed; number and date are blank in it.

    It holds as long as its approval does. `code` stands in the QR code at the foot of
    page 1; `year` is printed in the date line, so it cannot be issued in another.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(
        Draft, on_delete=models.CASCADE, related_name="signed_copies"
    )
    approval = models.ForeignKey(
        Approval, on_delete=models.CASCADE, related_name="signed_copies"
    )
    digest = models.CharField(max_length=DIGEST_LENGTH)
    pdf = models.CharField(max_length=DIGEST_LENGTH)
    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    year = models.PositiveSmallIntegerField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["approval", "at"], name="signed_copy_of")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.signed_by_id}"


class IssuedFiles(models.Model):
    """The digests of an issued document's files: .docx, PDF and CRDT state.

    `is_signed`: the PDF bears both signatures (Decree 30/2020, article 5); without
    them it is what was printed and signed by hand.
    """

    document = models.OneToOneField(
        OutgoingDocument, on_delete=models.PROTECT, related_name="issued_files"
    )
    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    docx = models.CharField(max_length=DIGEST_LENGTH)
    # A file that somebody checks is looked up by its digest.
    pdf = models.CharField(max_length=DIGEST_LENGTH, db_index=True)
    state = models.CharField(max_length=DIGEST_LENGTH)
    content = models.CharField(max_length=DIGEST_LENGTH)
    is_signed = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.document_id} {self.pdf[:12]}"


class RecordKind(models.TextChoices):
    ISSUED = "issued", _("Phát hành")
    RECALLED = "recalled", _("Thu hồi văn bản")
    REPLACED = "replaced", _("Thay thế")
    CORRECTED = "corrected", _("Đính chính")
    DEADLINE = "deadline", _("Ghi hạn giải quyết")


class IssueChain(models.Model):
    """The end of an organisation's chain; its row is locked while a record is added."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=DIGEST_LENGTH, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.length}"


class IssueRecord(models.Model):
    """One link: `payload` is the canonical JSON whose SHA-256 is `digest`."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="issue_records"
    )
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=RecordKind.choices)
    document = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="issue_records"
    )
    previous = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    payload = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sequence"], name="issue_record_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.sequence} {self.kind}"


class LinkKind(models.TextChoices):
    REPLACES = "replaces", _("Thay thế")
    CORRECTS = "corrects", _("Đính chính")


class DraftLink(models.Model):
    """What a draft is written for: to replace or to correct an issued document."""

    draft = models.OneToOneField(
        Draft, on_delete=models.CASCADE, related_name="link", primary_key=True
    )
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    document = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="draft_links"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.draft_id} {self.kind} {self.document_id}"


def described_link(link: DraftLink) -> str:
    """One sentence for whoever approves or issues the draft."""
    said = (
        _("Khi phát hành, văn bản này thay thế văn bản số %(number)s.")
        if link.kind == LinkKind.REPLACES
        else _("Khi phát hành, văn bản này đính chính văn bản số %(number)s.")
    )
    return str(said % {"number": link.document.full_number})


class DocumentLink(models.Model):
    """An issued document that replaces or corrects an earlier one."""

    source = models.OneToOneField(
        OutgoingDocument,
        on_delete=models.PROTECT,
        related_name="link",
        primary_key=True,
    )
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    target = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="linked_by"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Recall(models.Model):
    """Thu hồi: since when, by whom and why (Decree 30/2020, article 18.4)."""

    document = models.OneToOneField(
        OutgoingDocument,
        on_delete=models.PROTECT,
        related_name="recall",
        primary_key=True,
    )
    reason = models.CharField(max_length=REASON_LENGTH)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document_id} {self.at}"
