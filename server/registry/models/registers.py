"""Registers, the numbers they gave, and the rows of the outgoing and incoming books.

Every number ever given is a row of IssuedNumber, and one UNIQUE constraint makes it
unique: used, reserved and void rows together cover the counter without a gap. Must
never be written outside `server.registry.actions`; an IssuedNumber is never deleted.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, Unit, User
from server.common.ids import new_id
from server.publishing.registers.book import Numeral
from server.registry.document_types import name_of
from server.registry.models.drafts import Draft
from server.registry.numbering.notation import Form, number_text
from server.registry.numbering.series import GROUP_LENGTH, Mode, Period, period_label

# Lengths of the input standard: Decree 30/2020/NĐ-CP, appendix VI, part IV.
SUBJECT_LENGTH = 500
NOTATION_LENGTH = 30
NUMBER_LENGTH = 11
ORGANISATION_LENGTH = 200
NOTE_LENGTH = 500
PLACES_LENGTH = 1000
SIGNER_NAME_LENGTH = 50
SIGNER_POSITION_LENGTH = 100
FILE_NOTATION_LENGTH = 20


class RegisterKind(models.TextChoices):
    OUTGOING = "outgoing", _("Văn bản đi")
    INCOMING = "incoming", _("Văn bản đến")
    INTERNAL = "internal", _("Văn bản nội bộ")
    COPIES = "copies", _("Bản sao")


class NumberState(models.TextChoices):
    RESERVED = "reserved", _("Đang giữ")
    USED = "used", _("Đã dùng")
    VOID = "void", _("Hủy")


class OutgoingState(models.TextChoices):
    ISSUED = "issued", _("Đã phát hành")
    FILED = "filed", _("Đã lưu hồ sơ")
    RECALLED = "recalled", _("Đã thu hồi")
    REPLACED = "replaced", _("Đã được thay thế")
    CORRECTED = "corrected", _("Đã đính chính")


class Urgency(models.TextChoices):
    NORMAL = "normal", _("Thường")
    URGENT = "urgent", _("Khẩn")
    VERY_URGENT = "very_urgent", _("Thượng khẩn")
    FLASH = "flash", _("Hỏa tốc")


class Channel(models.TextChoices):
    PAPER = "paper", _("Bản giấy")
    ELECTRONIC = "electronic", _("Bản điện tử")


class Register(models.Model):
    """Sổ đăng ký. `body` is the advisory body whose own series this is, if it is one.

    `groups` is a list of {"name", "types"}, used when numbers run by groups of types.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="registers"
    )
    body = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="registers"
    )
    name = models.CharField(_("tên sổ"), max_length=200)
    kind = models.CharField(max_length=10, choices=RegisterKind.choices)
    form = models.CharField(max_length=10, default=Form.DECREE_30)
    period = models.CharField(max_length=10, default=Period.YEAR)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    numbering_mode = models.CharField(max_length=10, default=Mode.SINGLE)
    groups = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sổ đăng ký")
        verbose_name_plural = _("sổ đăng ký")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="register_name_once"
            ),
            models.CheckConstraint(
                name="register_term_has_dates",
                condition=~models.Q(period=Period.TERM)
                | models.Q(starts_on__isnull=False, ends_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_incoming(self) -> bool:
        return self.kind == RegisterKind.INCOMING

    def period_on(self, day: date) -> str | None:
        """The year or term that numbers of this day belong to; None outside."""
        return period_label(Period(self.period), day, self.starts_on, self.ends_on)

    def written(self, number: int, suffix: str, day: date) -> str:
        """`05`, `12a`: as the rules that this book follows write it on that day."""
        return number_text(Form(self.form), number, suffix, day)


class RegisterCounter(models.Model):
    """The last number of one run. Its row is locked while a number is given.

    Numbers from `first_number` on are ours; an office that begins in the middle of a
    year goes on where its paper book ended.
    """

    register = models.ForeignKey(
        Register, on_delete=models.CASCADE, related_name="counters"
    )
    period = models.CharField(max_length=20)
    group = models.CharField(max_length=GROUP_LENGTH, blank=True, default="")
    first_number = models.PositiveIntegerField(default=1)
    last_number = models.PositiveIntegerField(default=0)
    last_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "period", "group"], name="counter_once"
            ),
            models.CheckConstraint(
                name="counter_not_below_first",
                condition=models.Q(last_number__gte=models.F("first_number") - 1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register_id} {self.period} {self.group}: {self.last_number}"


class IssuedNumber(models.Model):
    """A number that was given. `reason` says why it is held, void or has a suffix."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="numbers"
    )
    period = models.CharField(max_length=20)
    group = models.CharField(max_length=GROUP_LENGTH, blank=True, default="")
    number = models.PositiveIntegerField()
    suffix = models.CharField(max_length=1, blank=True, default="")
    state = models.CharField(max_length=10, choices=NumberState.choices)
    document_type = models.CharField(max_length=10, blank=True, default="")
    # The date that the document bears.
    issued_on = models.DateField()
    reason = models.CharField(max_length=NOTE_LENGTH, blank=True, default="")
    expires_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "period", "group", "number", "suffix"],
                name="number_once",
            ),
            models.CheckConstraint(
                name="reserved_number_expires",
                condition=~models.Q(state=NumberState.RESERVED)
                | models.Q(expires_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["register", "expires_at"],
                name="number_reserved",
                condition=models.Q(state=NumberState.RESERVED),
            ),
            models.Index(
                fields=["register", "-issued_on", "-number", "-id"],
                name="number_by_date",
            ),
            models.Index(
                fields=["register", "state", "-issued_on", "-number", "-id"],
                name="number_by_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.group} {self.number}{self.suffix} {self.state}"

    @property
    def type_name(self) -> str:
        """As the law called the type on the day of the number."""
        return name_of(self.document_type, self.issued_on)

    @property
    def written(self) -> str:
        return self.register.written(self.number, self.suffix, self.issued_on)


class OutgoingDocument(models.Model):
    """A row of an outgoing book: an issued draft, or a paper without a draft.

    `number` and `suffix` repeat those of `issued_number`, which never change, so that
    a book is read in its order from an index.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.OneToOneField(
        Draft, null=True, on_delete=models.PROTECT, related_name="outgoing_document"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )
    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="outgoing_documents"
    )
    issued_number = models.OneToOneField(
        IssuedNumber, on_delete=models.PROTECT, related_name="outgoing_document"
    )
    number = models.PositiveIntegerField()
    suffix = models.CharField(max_length=1, blank=True, default="")
    notation = models.CharField(max_length=NOTATION_LENGTH)
    full_number = models.CharField(max_length=50)
    document_type = models.CharField(max_length=10)
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    issued_on = models.DateField()
    signer_name = models.CharField(max_length=SIGNER_NAME_LENGTH)
    signer_position = models.CharField(max_length=SIGNER_POSITION_LENGTH, blank=True)
    signer_authority = models.CharField(max_length=100, blank=True)
    recipients_text = models.TextField(blank=True)
    archive_unit = models.CharField(max_length=200, blank=True)
    copies = models.PositiveIntegerField(null=True)
    pages = models.PositiveIntegerField(null=True)
    sent_on = models.DateField(null=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    urgency = models.CharField(
        max_length=12, choices=Urgency.choices, default=Urgency.NORMAL
    )
    deadline = models.DateField(null=True)
    state = models.CharField(
        max_length=10, choices=OutgoingState.choices, default=OutgoingState.ISSUED
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    search_key = models.TextField()

    class Meta:
        verbose_name = _("văn bản đi")
        verbose_name_plural = _("văn bản đi")
        indexes = [
            models.Index(
                fields=["register", "-issued_on", "-number", "-id"],
                name="outgoing_by_date",
            ),
            models.Index(
                fields=["register", "document_type", "-issued_on", "-number", "-id"],
                name="outgoing_by_type",
            ),
            models.Index(
                fields=["register", "-number", "-id"], name="outgoing_by_number"
            ),
            models.Index(fields=["organisation", "full_number"], name="outgoing_named"),
        ]

    def __str__(self) -> str:
        return self.full_number

    @property
    def type_name(self) -> str:
        """As the law called the type on the day of the document."""
        return name_of(self.document_type, self.issued_on)

    @property
    def written(self) -> str:
        return self.register.written(self.number, self.suffix, self.issued_on)


class IncomingDocument(models.Model):
    """A row of an incoming book, and of the book that follows what became of it.

    `number` is the số đến. With it `period` repeats that of `issued_number`: a year's
    book is the run of numbers, whenever a document had arrived. `document_key` tells
    whether the same document came before: see
    `server.registry.numbering.notation.identity_key`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )
    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="incoming_documents"
    )
    issued_number = models.OneToOneField(
        IssuedNumber, on_delete=models.PROTECT, related_name="incoming_document"
    )
    number = models.PositiveIntegerField()
    period = models.CharField(max_length=20)
    arrived_on = models.DateField()
    channel = models.CharField(max_length=12, choices=Channel.choices)
    issuer = models.CharField(max_length=ORGANISATION_LENGTH)
    document_number = models.CharField(max_length=NUMBER_LENGTH, blank=True)
    notation = models.CharField(max_length=NOTATION_LENGTH, blank=True)
    full_number = models.CharField(max_length=60, blank=True)
    document_key = models.CharField(max_length=300, blank=True)
    issued_on = models.DateField(null=True)
    document_type = models.CharField(max_length=10)
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    signer_name = models.CharField(max_length=SIGNER_NAME_LENGTH, blank=True)
    signer_position = models.CharField(max_length=SIGNER_POSITION_LENGTH, blank=True)
    urgency = models.CharField(
        max_length=12, choices=Urgency.choices, default=Urgency.NORMAL
    )
    pages = models.PositiveIntegerField(null=True)
    forwarded_to = models.CharField(max_length=PLACES_LENGTH, blank=True)
    forwarded_on = models.DateField(null=True)
    file_notation = models.CharField(max_length=FILE_NOTATION_LENGTH, blank=True)
    deadline = models.DateField(null=True)
    progress = models.CharField(max_length=NOTE_LENGTH, blank=True)
    answer_number = models.CharField(max_length=60, blank=True)
    answered_on = models.DateField(null=True)
    # The row of our own book that answers, when the answer stands in one.
    answer = models.ForeignKey(
        OutgoingDocument, null=True, on_delete=models.PROTECT, related_name="answers_to"
    )
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    search_key = models.TextField()

    class Meta:
        verbose_name = _("văn bản đến")
        verbose_name_plural = _("văn bản đến")
        indexes = [
            models.Index(
                fields=["register", "-arrived_on", "-number", "-id"],
                name="incoming_by_date",
            ),
            models.Index(
                fields=["register", "document_type", "-arrived_on", "-number", "-id"],
                name="incoming_by_type",
            ),
            models.Index(
                fields=["register", "period", "-arrived_on", "-number", "-id"],
                name="incoming_of_period",
            ),
            models.Index(
                fields=["register", "-number", "-id"], name="incoming_by_number"
            ),
            models.Index(
                fields=["organisation", "document_key"],
                name="incoming_same",
                condition=~models.Q(document_key=""),
            ),
            models.Index(
                fields=["register", "deadline"],
                name="incoming_open_deadline",
                condition=models.Q(answered_on__isnull=True, deadline__isnull=False),
            ),
            models.Index(
                fields=["organisation", "arrived_on", "number", "id"],
                name="incoming_to_forward",
                condition=models.Q(forwarded_on__isnull=True, answered_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.full_number}"

    @property
    def type_name(self) -> str:
        """As the law called the type on the day of the document, or of its arrival."""
        return name_of(self.document_type, self.issued_on or self.arrived_on)

    @property
    def written(self) -> str:
        return self.register.written(self.number, "", self.arrived_on)

    @property
    def numeral(self) -> Numeral:
        """The same for tables, which sort it as a number."""
        return Numeral(self.number, self.written)
