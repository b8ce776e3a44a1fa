"""Opinion rounds (lấy ý kiến): who was asked what, what each said, how it was handled.

An opinion is never overwritten: saying something else adds a row, and the newest one
counts. Must never be written outside `server.review.actions`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Unit, User
from server.common.ids import new_id
from server.registry.models import Draft

PURPOSE_LENGTH = 2000
QUESTION_LENGTH = 500
OPINION_LENGTH = 20_000
ANSWER_LENGTH = 4000
OUTCOME_LENGTH = 10_000
WITHDRAWAL_LENGTH = 500


class Silence(models.TextChoices):
    """What it means that somebody says nothing in time: told when they are asked."""

    AGREES = "agrees", _("Không trả lời đúng hạn thì coi như đồng ý")
    NONE = "none", _("Không trả lời đúng hạn thì ghi là không có ý kiến")


class Verdict(models.TextChoices):
    AGREES = "agrees", _("Đồng ý")
    AGREES_IF = "agrees_if", _("Đồng ý, có góp ý")
    DISAGREES = "disagrees", _("Không đồng ý")


class Choice(models.TextChoices):
    YES = "yes", _("Có")
    NO = "no", _("Không")
    OTHER = "other", _("Ý kiến khác")


class Handled(models.TextChoices):
    ACCEPTED = "accepted", _("Tiếp thu")
    PARTLY = "partly", _("Tiếp thu một phần")
    EXPLAINED = "explained", _("Giải trình")


class OpinionRound(models.Model):
    """One round for one draft. `epoch` and `seq` say which text was asked about.

    `suggested_by`: the ids of those who suggested in the text since, as far as its log
    was looked through, to `heard_seq`; lists show no more of it. None: to be looked
    through once more, whatever has come.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(
        Draft, on_delete=models.PROTECT, related_name="opinion_rounds"
    )
    number = models.PositiveSmallIntegerField()
    purpose = models.TextField(max_length=PURPOSE_LENGTH, blank=True, default="")
    due_on = models.DateField()
    silence = models.CharField(max_length=10, choices=Silence.choices)
    may_suggest = models.BooleanField(default=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    epoch = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    heard_seq = models.PositiveBigIntegerField(null=True)
    suggested_by = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "number"], name="opinion_round_number_once"
            ),
            models.UniqueConstraint(
                fields=["draft"],
                condition=models.Q(closed_at__isnull=True),
                name="opinion_round_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} round {self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class OpinionQuestion(models.Model):
    """A question of the list. `is_choice`: answered yes, no or otherwise."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(
        OpinionRound, on_delete=models.PROTECT, related_name="questions"
    )
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=QUESTION_LENGTH)
    is_choice = models.BooleanField(default=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "order"], name="opinion_question_order_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.text}"


class OpinionRequest(models.Model):
    """One person or one unit that is asked; for a unit anybody in it may answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(
        OpinionRound, on_delete=models.PROTECT, related_name="requests"
    )
    order = models.PositiveSmallIntegerField()
    user = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="opinion_requests"
    )
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="opinion_requests"
    )
    due_on = models.DateField()
    opened_at = models.DateTimeField(null=True)
    chased_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal = models.CharField(max_length=WITHDRAWAL_LENGTH, blank=True, default="")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(unit__isnull=True),
                name="opinion_request_one_holder",
            ),
            models.UniqueConstraint(
                fields=["round", "user"],
                condition=models.Q(user__isnull=False),
                name="opinion_request_user_once",
            ),
            models.UniqueConstraint(
                fields=["round", "unit"],
                condition=models.Q(unit__isnull=False),
                name="opinion_request_unit_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.user_id or self.unit_id}"


class Opinion(models.Model):
    """What was said at one time, by one person, for the person or unit asked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(
        OpinionRequest, on_delete=models.PROTECT, related_name="opinions"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    text = models.TextField(max_length=OPINION_LENGTH, blank=True, default="")
    is_late = models.BooleanField(default=False)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(is_current=True),
                name="opinion_current_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.verdict}"


class OpinionAnswer(models.Model):
    """The answer to one question, as a part of one opinion."""

    opinion = models.ForeignKey(
        Opinion, on_delete=models.PROTECT, related_name="answers"
    )
    question = models.ForeignKey(
        OpinionQuestion, on_delete=models.PROTECT, related_name="+"
    )
    choice = models.CharField(
        max_length=10, choices=Choice.choices, blank=True, default=""
    )
    text = models.TextField(max_length=ANSWER_LENGTH, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "question"], name="opinion_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.question_id}"


class OpinionOutcome(models.Model):
    """Accepted or explained, for one opinion as it was said. The newest one counts."""

    opinion = models.ForeignKey(
        Opinion, on_delete=models.PROTECT, related_name="outcomes"
    )
    handled = models.CharField(max_length=10, choices=Handled.choices)
    text = models.TextField(max_length=OUTCOME_LENGTH, blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opinion"],
                condition=models.Q(is_current=True),
                name="opinion_outcome_current_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.handled}"


class InDraftOutcome(models.Model):
    """Accepted or explained, for all that one who was asked said in the draft itself:
    comments and suggestions. The newest one counts. `seen` is how much that was."""

    request = models.ForeignKey(
        OpinionRequest, on_delete=models.PROTECT, related_name="in_draft_outcomes"
    )
    handled = models.CharField(max_length=10, choices=Handled.choices)
    text = models.TextField(max_length=OUTCOME_LENGTH, blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(is_current=True),
                name="in_draft_outcome_current_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.handled}"


class OpinionReminder(models.Model):
    """That somebody was reminded for one reason: a second run reminds nobody again."""

    request = models.ForeignKey(
        OpinionRequest, on_delete=models.PROTECT, related_name="reminders"
    )
    reason = models.CharField(max_length=10)
    due_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "reason", "due_on"], name="opinion_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.reason}"
