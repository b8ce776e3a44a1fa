"""Case files and what stands in them.

An entry points at a document and holds nothing of it, so that one document stands in
many files without a copy. Its ordinal is not stored: it is the place of the entry in
the order of time (`ENTRY_ORDER`), gap-free whatever is added or removed. Documents in
a file are protected from deletion. Must never be written outside
`server.registry.actions`.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, Unit, User
from server.common import clock
from server.common.ids import new_id
from server.registry.case_files.rules import CODE_KEY_BYTES
from server.registry.models.drafts import Draft
from server.registry.models.registers import (
    FILE_NOTATION_LENGTH,
    NOTE_LENGTH,
    SUBJECT_LENGTH,
    IncomingDocument,
    OutgoingDocument,
)
from server.registry.models.workflow import REASON_LENGTH

# Lengths of the input standard: Decree 30/2020/NĐ-CP, appendix VI, part IV.
CREATOR_LENGTH = 30
LANGUAGE_LENGTH = 50
CHOICE_LENGTH = 30
# An ordinal has three digits.
MOST_ENTRIES = 999
ENTRY_ORDER = ("dated_on", "number", "added_at", "pk")


class CaseFileState(models.TextChoices):
    OPEN = "open", _("Đang mở")
    CLOSED = "closed", _("Đã kết thúc")
    HANDED_OVER = "handed_over", _("Đã nộp lưu trữ")


class CaseFile(models.Model):
    """Hồ sơ. `year` is the year it was formed; the code is unique in it.

    `retention`, `rights` and `work` are codes of data/archive. `due_on` is the
    last day to hand it over, and from `notice_on` its keepers are told; both are set
    when it is closed, and None when it never goes to the archive. A file that is kept
    back has a later `due_on`, and the day that the rules gave it in `kept_from`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="case_files")
    year = models.PositiveSmallIntegerField(_("năm hình thành"))
    code = models.CharField(_("số, ký hiệu"), max_length=FILE_NOTATION_LENGTH)
    code_key = models.BinaryField(max_length=CODE_KEY_BYTES)
    title = models.CharField(_("tiêu đề"), max_length=SUBJECT_LENGTH)
    retention = models.CharField(max_length=CHOICE_LENGTH)
    rights = models.CharField(max_length=CHOICE_LENGTH)
    work = models.CharField(max_length=CHOICE_LENGTH)
    creator = models.CharField(_("người lập"), max_length=CREATOR_LENGTH)
    language = models.CharField(max_length=LANGUAGE_LENGTH)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    description = models.CharField(max_length=NOTE_LENGTH, blank=True)
    state = models.CharField(
        max_length=12, choices=CaseFileState.choices, default=CaseFileState.OPEN
    )
    due_on = models.DateField(null=True)
    notice_on = models.DateField(null=True)
    # When its keepers were told that it is due; once for each closing.
    noticed_at = models.DateTimeField(null=True)
    kept_from = models.DateField(null=True)
    kept_reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    handed_over_on = models.DateField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    search_key = models.TextField()

    class Meta:
        verbose_name = _("hồ sơ")
        verbose_name_plural = _("hồ sơ")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "code"], name="case_file_code_once"
            ),
            models.CheckConstraint(
                name="case_file_ends_when_closed",
                condition=models.Q(state=CaseFileState.OPEN, ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on"))
                & ~models.Q(state=CaseFileState.OPEN),
            ),
            models.CheckConstraint(
                name="case_file_day_of_hand_over",
                condition=models.Q(
                    state=CaseFileState.HANDED_OVER, handed_over_on__isnull=False
                )
                | models.Q(handed_over_on__isnull=True)
                & ~models.Q(state=CaseFileState.HANDED_OVER),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "-year", "code_key", "id"],
                name="case_file_by_code",
            ),
            models.Index(
                fields=["unit", "-year", "code_key", "id"],
                name="case_file_unit_code",
            ),
            models.Index(
                fields=["organisation", "starts_on", "id"], name="case_file_by_start"
            ),
            models.Index(
                fields=["unit", "starts_on", "id"], name="case_file_unit_start"
            ),
            models.Index(
                fields=["notice_on", "id"],
                name="case_file_due",
                condition=models.Q(state=CaseFileState.CLOSED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def ruled_on(self) -> date:
        """The day whose rules hold for the file: that on which its work ended, today
        while it is open."""
        return self.ends_on or clock.today()

    def is_due(self, today: date) -> bool:
        """Whether the notice before the hand-over has begun."""
        return (
            self.state == CaseFileState.CLOSED
            and self.notice_on is not None
            and self.notice_on <= today
        )


class CaseFileEntry(models.Model):
    """A document in a file: exactly one of outgoing, incoming and draft.

    `dated_on` and `number` repeat those of the document, which never change, so that a
    file is read in the order of time from an index.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_file = models.ForeignKey(
        CaseFile, on_delete=models.PROTECT, related_name="entries"
    )
    outgoing = models.ForeignKey(
        OutgoingDocument,
        null=True,
        on_delete=models.PROTECT,
        related_name="case_file_entries",
    )
    incoming = models.ForeignKey(
        IncomingDocument,
        null=True,
        on_delete=models.PROTECT,
        related_name="case_file_entries",
    )
    draft = models.ForeignKey(
        Draft, null=True, on_delete=models.PROTECT, related_name="case_file_entries"
    )
    dated_on = models.DateField()
    number = models.PositiveIntegerField(default=0)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("văn bản trong hồ sơ")
        verbose_name_plural = _("văn bản trong hồ sơ")
        constraints = [
            models.CheckConstraint(
                name="case_file_entry_one_document",
                condition=models.Q(
                    outgoing__isnull=False, incoming__isnull=True, draft__isnull=True
                )
                | models.Q(
                    outgoing__isnull=True, incoming__isnull=False, draft__isnull=True
                )
                | models.Q(
                    outgoing__isnull=True, incoming__isnull=True, draft__isnull=False
                ),
            ),
            models.UniqueConstraint(
                fields=["case_file", "outgoing"], name="case_file_outgoing_once"
            ),
            models.UniqueConstraint(
                fields=["case_file", "incoming"], name="case_file_incoming_once"
            ),
            models.UniqueConstraint(
                fields=["case_file", "draft"], name="case_file_draft_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["case_file", "dated_on", "number", "added_at", "id"],
                name="case_file_in_time",
            )
        ]

    def __str__(self) -> str:
        document_id = self.outgoing_id or self.incoming_id or self.draft_id
        return f"{self.case_file_id} {document_id}"
