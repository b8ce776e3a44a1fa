"""Who gets an issued document, over which channel, and what each did with it.

A recipient in this system is an organisation, a unit or a person; one outside is a
name with an address. What was reported is never deleted: each step is a row. Must never
be written outside `server.registry.actions`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, Unit, User
from server.common.ids import new_id
from server.registry.models.registers import IncomingDocument, OutgoingDocument
from server.registry.models.workflow import REASON_LENGTH

RECIPIENT_NAME_LENGTH = 200
ADDRESS_LENGTH = 200
PURPOSE_LENGTH = 100


class RecipientChannel(models.TextChoices):
    IN_APP = "in_app", _("Trên hệ thống")
    PAPER = "paper", _("Bản giấy")
    EMAIL = "email", _("Thư điện tử")
    EXCHANGE = "exchange", _("Trục liên thông")


class RecipientState(models.TextChoices):
    """`server.registry.issuing.steps` says which follows which."""

    TO_SEND = "to_send", _("Chờ gửi")
    SENT = "sent", _("Đã gửi")
    DELIVERED = "delivered", _("Đã đến")
    OPENED = "opened", _("Đã xem")
    ACCEPTED = "accepted", _("Đã tiếp nhận")
    REFUSED = "refused", _("Đã từ chối")
    PROCESSING = "processing", _("Đang xử lý")
    DONE = "done", _("Đã xử lý")


class RecallState(models.TextChoices):
    """Whether the recipient was asked to confirm that it learned of a recall or of a
    replacement, and has."""

    NONE = "", _("Không")
    ASKED = "asked", _("Chờ xác nhận")
    CONFIRMED = "confirmed", _("Đã xác nhận")


class Recipient(models.Model):
    """One line of a distribution list. `name` is as it stood on the day of issue."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="recipients"
    )
    position = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=RECIPIENT_NAME_LENGTH)
    channel = models.CharField(max_length=10, choices=RecipientChannel.choices)
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True, default="")
    # "để báo cáo", "để thực hiện": as the office writes it.
    purpose = models.CharField(max_length=PURPOSE_LENGTH, blank=True, default="")
    must_act = models.BooleanField(default=False)
    deadline = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=RecipientState.choices)
    state_at = models.DateTimeField()
    state_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    chased = models.PositiveSmallIntegerField(default=0)
    chased_at = models.DateTimeField(null=True)
    recall_state = models.CharField(
        max_length=10, choices=RecallState.choices, blank=True, default=""
    )
    # Its row in the receiver's own book.
    incoming = models.OneToOneField(
        IncomingDocument,
        null=True,
        on_delete=models.PROTECT,
        related_name="received_as",
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="recipient_is_one_thing",
                condition=(
                    models.Q(organisation__isnull=False, unit=None, person=None)
                    | models.Q(organisation=None, unit__isnull=False, person=None)
                    | models.Q(organisation=None, unit=None, person__isnull=False)
                    | models.Q(organisation=None, unit=None, person=None)
                ),
            ),
            models.UniqueConstraint(
                fields=["document", "organisation"],
                condition=models.Q(organisation__isnull=False),
                name="recipient_organisation_once",
            ),
            models.UniqueConstraint(
                fields=["document", "unit"],
                condition=models.Q(unit__isnull=False),
                name="recipient_unit_once",
            ),
            models.UniqueConstraint(
                fields=["document", "person"],
                condition=models.Q(person__isnull=False),
                name="recipient_person_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "-sent_at", "-id"],
                name="received_by_organisation",
                condition=models.Q(organisation__isnull=False),
            ),
            models.Index(
                fields=["unit", "-sent_at", "-id"],
                name="received_by_unit",
                condition=models.Q(unit__isnull=False),
            ),
            models.Index(
                fields=["person", "-sent_at", "-id"],
                name="received_by_person",
                condition=models.Q(person__isnull=False),
            ),
            # The number beside the word in the bar of every page.
            models.Index(
                fields=["organisation", "unit", "person"],
                name="received_unopened",
                condition=models.Q(state__in=["sent", "delivered"]),
            ),
            # The same, and the top of the list.
            models.Index(
                fields=["organisation", "unit", "person"],
                name="received_to_confirm",
                condition=models.Q(recall_state="asked"),
            ),
            # Lines older than the duty to give a day; no new one comes to it.
            models.Index(
                fields=["document"],
                name="recipient_without_day",
                condition=models.Q(must_act=True, deadline=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"

    @property
    def is_here(self) -> bool:
        """Whether the recipient works in this system."""
        return any((self.organisation_id, self.unit_id, self.person_id))


class StepKind(models.TextChoices):
    """What may stand in a recipient's history beside its states."""

    CHASED = "chased", _("Đôn đốc")
    RECALL_ASKED = "recall_asked", _("Yêu cầu thu hồi")
    RECALL_CONFIRMED = "recall_confirmed", _("Xác nhận thu hồi")
    REPLACED = "replaced", _("Được thay thế, yêu cầu xác nhận")
    REPLACED_CONFIRMED = "replaced_confirmed", _("Xác nhận đã biết văn bản thay thế")
    CORRECTED = "corrected", _("Được đính chính")
    DEADLINE = "deadline", _("Ghi hạn giải quyết")


class RecipientStep(models.Model):
    """Who did what and when. `kind` is a RecipientState or a StepKind."""

    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="steps"
    )
    kind = models.CharField(max_length=20)
    note = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.kind}"
