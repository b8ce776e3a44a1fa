"""Approvals, sign-offs, mandates and the office's own rules of the workflow.

An approval is bound to the content it was given for and is never deleted: what voids
it is written beside it. Must never be written outside `server.registry.actions`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, Unit, User
from server.common.ids import new_id
from server.registry.models.drafts import Draft

DIGEST_LENGTH = 64
REASON_LENGTH = 1000
DOCUMENT_LENGTH = 200
POST_LENGTH = 200


class ApprovalStep(models.TextChoices):
    CONTENT = "content", _("Duyệt nội dung")
    FORMAT = "format", _("Kiểm tra thể thức")
    FINAL = "final", _("Duyệt ký")


class VoidReason(models.TextChoices):
    CHANGED = "changed", _("Nội dung đã thay đổi")
    RETURNED = "returned", _("Dự thảo bị trả lại")
    WITHDRAWN = "withdrawn", _("Dự thảo được rút về")
    CANCELLED = "cancelled", _("Dự thảo bị hủy")


class Approval(models.Model):
    """One step done by one person for one content. Live while `voided_at` is empty."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="approvals")
    round = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=10, choices=ApprovalStep.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # In whose place, and the mandate that allowed it.
    on_behalf_of = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    mandate = models.ForeignKey(
        "Delegation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField(max_length=DIGEST_LENGTH)
    # Where the log stood: the same place means the same content.
    epoch = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(
        max_length=10, choices=VoidReason.choices, blank=True, default=""
    )
    # When the approver has taken note that the approval is void.
    noted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "step"],
                condition=models.Q(voided_at__isnull=True),
                name="approval_live_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["by", "-voided_at"],
                name="approval_void_unnoted",
                condition=models.Q(voided_at__isnull=False, noted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.step} {self.by_id}"


class SignOff(models.Model):
    """Ký nháy: one person's initial on a draft, asked for in an order.

    Equal numbers are asked at the same time. `digest` is what was initialled; a change
    of the content makes the request open again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="sign_offs")
    round = models.PositiveSmallIntegerField()
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    digest = models.CharField(max_length=DIGEST_LENGTH, blank=True, default="")
    epoch = models.PositiveIntegerField(default=0)
    seq = models.PositiveBigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    # When the content changed after it was initialled, until it is again.
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "round", "person"], name="sign_off_once"
            )
        ]
        ordering = ["order", "id"]
        indexes = [
            models.Index(
                fields=["person"],
                name="sign_off_waiting",
                condition=models.Q(done_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.order} {self.person_id}"


class DelegationForm(models.TextChoices):
    TM = "TM", _("TM. (thay mặt tập thể)")
    Q = "Q", _("Q. (quyền cấp trưởng)")
    KT = "KT", _("KT. (ký thay cấp trưởng)")
    TL = "TL", _("TL. (thừa lệnh)")
    TUQ = "TUQ", _("TUQ. (thừa ủy quyền)")


class Delegation(models.Model):
    """A mandate: `delegate` acts in the place of `principal`, from day to day.

    Without a principal (TM.: a collective; Q.: a vacant post) it gives the right
    itself: to sign and to direct in `organisation`, to approve the content of `unit`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )
    form = models.CharField(max_length=3, choices=DelegationForm.choices)
    principal = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="mandates_given"
    )
    delegate = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="mandates_held"
    )
    # The post or the collective that is named: "Chánh Văn phòng".
    in_place_of = models.CharField(max_length=POST_LENGTH)
    may_approve_content = models.BooleanField(default=False)
    may_sign = models.BooleanField(default=False)
    may_direct = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    # The unit without a head, where no principal says which units are meant.
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The written basis of it: "Quyết định số 12/QĐ-VPUBND ngày 05/01/2026".
    document = models.CharField(max_length=DOCUMENT_LENGTH, blank=True, default="")
    under = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # When the principal took note of a mandate that somebody else wrote down.
    noted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("ủy quyền")
        verbose_name_plural = _("ủy quyền")
        indexes = [
            models.Index(
                fields=["delegate", "ends_on"],
                name="delegation_live",
                condition=models.Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.form}. {self.in_place_of}: {self.delegate_id}"

    @property
    def as_written(self) -> str:
        """As above a signature: "KT. Chánh Văn phòng"."""
        return f"{self.form}. {self.in_place_of}"


class Norm(models.TextChoices):
    """Whose rules for documents an organisation follows (`publishing.rules.Kind`)."""

    STATE = "state", _("Nhà nước")
    PARTY = "party", _("Đảng")


class OfficePolicy(models.Model):
    """What one organisation allows that the rule does not. No row: nothing."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="policy"
    )
    drafter_may_approve = models.BooleanField(
        _("người soạn được duyệt dự thảo của mình"), default=False
    )
    content_approver_may_check = models.BooleanField(
        _("người duyệt nội dung được kiểm tra thể thức và cấp số"), default=False
    )
    # Approval signs the PDF in the signer's name, issue in that of the organisation.
    signs_digitally = models.BooleanField(_("ký số văn bản điện tử"), default=False)
    # Decree 30/2020, Art. 25.1 has no sao y from file to file; many offices make them.
    copies_signed_files = models.BooleanField(
        _("sao điện tử văn bản đã ký số, kèm nguyên tệp gốc"), default=False
    )
    # Domain: a number for a day that is past is the head's to allow.
    inserts_numbers = models.BooleanField(
        _("chèn số (12a) cho văn bản của ngày đã qua"), default=False
    )
    # Whose form its new drafts have, and which types of document it writes.
    norm = models.CharField(
        _("thể thức văn bản"), max_length=10, choices=Norm.choices, default=Norm.STATE
    )
    # Whose members check the format beside the clerks.
    checking_unit = models.ForeignKey(
        Unit,
        verbose_name=_("đơn vị kiểm tra thể thức cùng văn thư"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("quy định của cơ quan")
        verbose_name_plural = _("quy định của cơ quan")

    def __str__(self) -> str:
        return str(self.organisation)


class Reading(models.Model):
    """What a person last saw of a draft, to be shown later what is new.

    Only the last one is kept; `letterhead` and `text` are what was on the screen.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=DIGEST_LENGTH)
    letterhead = models.JSONField(default=dict)
    text = models.TextField()
    epoch = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "user"], name="reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.user_id}"
