"""Versions that somebody named or a step of the process made, and what people last saw.

A version holds no text: it is a place in the draft's update log (`seq` goes on over all
epochs), and the text is rebuilt from there. Versions of a day or a pause have no row:
they follow from the log itself. Must never be written outside `server.review.actions`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common.ids import new_id
from server.registry.models import Draft
from server.registry.models.workflow import DIGEST_LENGTH

VERSION_NAME_LENGTH = 200


class VersionKind(models.TextChoices):
    NAMED = "named", _("Đặt tên")
    STEP = "step", _("Bước trình duyệt")
    SIGNED = "signed", _("Bản được ký")
    ISSUED = "issued", _("Bản phát hành")
    # Computed from the log, never stored.
    DAY = "day", _("Cuối ngày")
    PAUSE = "pause", _("Lúc tạm nghỉ")


class Version(models.Model):
    """A place in the log that is worth finding again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="versions")
    epoch = models.PositiveIntegerField()
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=VersionKind.choices)
    name = models.CharField(max_length=VERSION_NAME_LENGTH, blank=True, default="")
    # The step of the process that made it; empty for a named one.
    act = models.CharField(max_length=20, blank=True, default="")
    # The event that told of the step: a step is noted once, whoever hears of it first.
    event = models.PositiveBigIntegerField(null=True, unique=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Of the content, where it was read anyway (named, approved); else empty.
    digest = models.CharField(max_length=DIGEST_LENGTH, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "seq"],
                condition=models.Q(kind="named"),
                name="version_named_once",
            )
        ]
        indexes = [models.Index(fields=["draft", "seq"], name="version_place")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.seq} {self.kind}"


class LastSeen(models.Model):
    """How far a person has seen a draft, in this visit and in the one before it.

    `seq` is what was there when they last looked. `before_seq` is what they knew when
    this visit began: "the version I last saw" while they are looking at the draft.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    before_seq = models.PositiveBigIntegerField(null=True)
    before_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "user"], name="last_seen_once")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.user_id} {self.seq}"
