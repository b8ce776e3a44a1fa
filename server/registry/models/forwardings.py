"""Who settles an incoming document: the lead, those who cooperate, and what they did.

A Forwarding is one recipient of one document, a unit or a person, with the direction it
came with and how far the work is. A ForwardingStep is one deed in its history and never
changes. Whether a deadline is over is computed, never stored. Must never be written
outside `server.registry.actions`; neither is ever deleted.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Unit, User
from server.common.ids import new_id
from server.registry.models.drafts import Draft
from server.registry.models.registers import IncomingDocument
from server.registry.models.workflow import Delegation

DIRECTION_LENGTH = 2000
# Forwardings that ended without being done: the recipient has nothing to do any more.
ENDED = ("returned", "withdrawn")


class ForwardingRole(models.TextChoices):
    LEAD = "lead", _("Chủ trì")
    COOPERATING = "cooperating", _("Phối hợp")


class ForwardingState(models.TextChoices):
    WAITING = "waiting", _("Chưa xử lý")
    IN_PROGRESS = "in_progress", _("Đang xử lý")
    DONE = "done", _("Hoàn thành")
    RETURNED = "returned", _("Đã trả lại")
    WITHDRAWN = "withdrawn", _("Đã rút")


class ForwardingAct(models.TextChoices):
    FORWARDED = "forwarded", _("chuyển")
    CHANGED = "changed", _("sửa nội dung chuyển")
    WITHDRAWN = "withdrawn", _("rút")
    ASSIGNED = "assigned", _("giao người giải quyết")
    TAKEN_UP = "taken_up", _("nhận xử lý")
    PROGRESS = "progress", _("báo tiến độ")
    COMPLETED = "completed", _("hoàn thành")
    RETURNED = "returned", _("trả lại")


class Forwarding(models.Model):
    """One recipient. `assignee` is who does the work, once that is known: the person
    it was forwarded to, or the one whom the head of the unit chose.

    `due_on` is the nearer of `deadline` and `assigned_deadline`, kept for the order of
    lists. `given_by` gave the direction, in a leader's place by `mandate`;
    `created_by` wrote it down.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, related_name="forwardings"
    )
    role = models.CharField(max_length=12, choices=ForwardingRole.choices)
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    deadline = models.DateField(null=True)
    direction = models.CharField(max_length=DIRECTION_LENGTH, blank=True, default="")
    given_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    mandate = models.ForeignKey(
        Delegation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    given_on = models.DateField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # The second level of the slip: the head of the unit names a person.
    assignee = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    assigned_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    assigned_at = models.DateTimeField(null=True)
    assigned_deadline = models.DateField(null=True)
    assigned_direction = models.CharField(
        max_length=DIRECTION_LENGTH, blank=True, default=""
    )
    due_on = models.DateField(null=True)
    state = models.CharField(
        max_length=12, choices=ForwardingState.choices, default=ForwardingState.WAITING
    )
    state_at = models.DateTimeField()
    # The last thing that was reported of the work, or why it was returned.
    report = models.CharField(max_length=DIRECTION_LENGTH, blank=True, default="")

    class Meta:
        verbose_name = _("văn bản chuyển xử lý")
        verbose_name_plural = _("văn bản chuyển xử lý")
        constraints = [
            models.CheckConstraint(
                name="forwarding_unit_or_person",
                condition=models.Q(unit__isnull=True, person__isnull=False)
                | models.Q(unit__isnull=False, person__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["document"],
                name="forwarding_one_lead",
                condition=models.Q(role="lead") & ~models.Q(state__in=ENDED),
            ),
            models.UniqueConstraint(
                fields=["document", "unit"],
                name="forwarding_unit_once",
                condition=models.Q(unit__isnull=False) & ~models.Q(state__in=ENDED),
            ),
            models.UniqueConstraint(
                fields=["document", "person"],
                name="forwarding_person_once",
                condition=models.Q(person__isnull=False) & ~models.Q(state__in=ENDED),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_on", "id"], name="fwd_of_unit"),
            models.Index(
                fields=["assignee", "state", "due_on", "id"], name="fwd_of_assignee"
            ),
            models.Index(fields=["document", "created_at"], name="fwd_of_document"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.role} {self.state}"

    @property
    def recipient_name(self) -> str:
        """The unit's or the person's; both must have been read."""
        if self.unit is not None:
            return self.unit.name
        return self.person.full_name if self.person is not None else ""

    @property
    def is_lead(self) -> bool:
        return self.role == ForwardingRole.LEAD

    @property
    def is_open(self) -> bool:
        return self.state in (ForwardingState.WAITING, ForwardingState.IN_PROGRESS)

    @property
    def is_done(self) -> bool:
        return self.state == ForwardingState.DONE


class ForwardingStep(models.Model):
    """One deed: what, by whom, when, what was said, and the deadline it set."""

    forwarding = models.ForeignKey(
        Forwarding, on_delete=models.PROTECT, related_name="steps"
    )
    document = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, related_name="+"
    )
    act = models.CharField(max_length=10, choices=ForwardingAct.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=DIRECTION_LENGTH, blank=True, default="")
    deadline = models.DateField(null=True)
    # Whom an assignment named.
    person = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["document", "id"], name="fwd_step_of_document")]

    def __str__(self) -> str:
        return f"{self.forwarding_id} {self.act}"


class DraftAnswers(models.Model):
    """A draft was begun to answer this incoming document; it may answer several."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="answers")
    document = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, related_name="answering_drafts"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "document"], name="draft_answers_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} → {self.document_id}"
