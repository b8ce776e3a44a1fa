"""Drafts, who may do what with each, and the images they hold.

The text of a draft is not here: it is the collaborative document whose id is
`str(draft.id)`, kept in the update log. A right is always a row of DraftShare (its
creator gets one too), so "who has access" is one table. Must never be written
outside `server.registry.actions`.
"""

from __future__ import annotations

from typing import Any, Literal, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from collab.ports import Level
from server.accounts.models import Organisation, Unit, User
from server.common.ids import new_id

LevelName = Literal["view", "comment", "suggest", "edit", "own"]
TITLE_LENGTH = 500
# Enough for the order of any real title, and far below the index limits.
TITLE_KEY_BYTES = 600


class DraftState(models.TextChoices):
    """The names of the states; `server.registry.workflow.table` says what they mean."""

    DRAFTING = "drafting", _("Đang soạn thảo")
    IN_REVIEW = "in_review", _("Đang xem xét")
    CONTENT_APPROVED = "content_approved", _("Đã duyệt nội dung")
    FORMAT_CHECKED = "format_checked", _("Đã kiểm tra thể thức")
    APPROVED = "approved", _("Đã duyệt ký")
    ISSUED = "issued", _("Đã phát hành")
    FILED = "filed", _("Đã lưu")
    CANCELLED = "cancelled", _("Đã hủy")


class DraftSource(models.TextChoices):
    BLANK = "blank", _("Trang trắng")
    TEMPLATE = "template", _("Mẫu của loại văn bản")
    DOCX = "docx", _("Tệp Word")


LEVEL_CHOICES = [
    (int(Level.VIEW), _("Xem")),
    (int(Level.COMMENT), _("Góp ý")),
    (int(Level.SUGGEST), _("Đề xuất sửa")),
    (int(Level.EDIT), _("Sửa")),
    (int(Level.OWN), _("Chủ trì")),
]


class Draft(models.Model):
    """Dự thảo. `unit` and `organisation` are those of its creator at that moment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(_("tên dự thảo"), max_length=TITLE_LENGTH)
    document_type = models.CharField(_("loại văn bản"), max_length=10)
    state = models.CharField(
        max_length=20, choices=DraftState.choices, default=DraftState.DRAFTING
    )
    # Since when; None: since it was begun.
    state_at = models.DateTimeField(null=True)
    # Grows with each submission: approvals and sign-offs belong to one round.
    round = models.PositiveSmallIntegerField(default=0)
    submitted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Who is to sign. Somebody with a mandate may do it in their place.
    signer = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=10, choices=DraftSource.choices)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # A person without a unit may draft too; nobody then sees it as "my unit's".
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="drafts"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    # Folded title, type and creator: what the search box looks in.
    search_key = models.TextField()
    # Bytes, so that every database compares them alike, whatever its locale.
    title_key = models.BinaryField(max_length=TITLE_KEY_BYTES)

    class Meta:
        verbose_name = _("dự thảo")
        verbose_name_plural = _("dự thảo")
        indexes = [
            models.Index(
                fields=["unit", "-updated_at", "-id"],
                name="draft_unit_updated",
                condition=models.Q(archived_at__isnull=True),
            ),
            models.Index(
                fields=["unit", "title_key", "id"],
                name="draft_unit_title",
                condition=models.Q(archived_at__isnull=True),
            ),
            # The few that wait for somebody, among all that were ever written.
            models.Index(
                fields=["state", "state_at"],
                name="draft_in_process",
                condition=models.Q(
                    state__in=[
                        "in_review",
                        "content_approved",
                        "format_checked",
                        "approved",
                    ]
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DraftShare(models.Model):
    """One right on one draft: for a person, or for a unit and all its sub-units."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(
        User, null=True, on_delete=models.CASCADE, related_name="draft_shares"
    )
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.CASCADE, related_name="draft_shares"
    )
    level = models.PositiveSmallIntegerField(choices=LEVEL_CHOICES)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="share_user_xor_unit",
                condition=models.Q(user__isnull=True, unit__isnull=False)
                | models.Q(user__isnull=False, unit__isnull=True),
            ),
            models.CheckConstraint(
                name="share_level_known", condition=models.Q(level__range=(1, 5))
            ),
            models.UniqueConstraint(fields=["draft", "user"], name="share_user_once"),
            models.UniqueConstraint(fields=["draft", "unit"], name="share_unit_once"),
        ]
        indexes = [
            # Answers "which drafts are mine / shared with me" without the table.
            models.Index(fields=["user", "level", "draft"], name="share_user_level"),
            models.Index(fields=["unit", "level", "draft"], name="share_unit_level"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.user_id or self.unit_id} {self.level}"


class DraftImage(models.Model):
    """An image of a draft. Its bytes are in the blob store, under `digest`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="images")
    digest = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "digest"], name="draft_image_once")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.digest[:12]}"


def level_name(level: int) -> LevelName:
    """`EDIT` → "edit": how the API and the pages name a level."""
    return cast(LevelName, Level(level).name.lower())


def described(share: DraftShare) -> dict[str, Any]:
    """What the audit trail keeps of a share."""
    return {
        "user": str(share.user_id) if share.user_id else None,
        "unit": str(share.unit_id) if share.unit_id else None,
        "level": level_name(share.level),
    }
