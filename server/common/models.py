"""Two tables every app writes to: who did what, and what the world must be told.

Audit entries and outbox events are written in the transaction of the change they
describe, so neither can exist without it. Must never be updated or deleted.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One act: who, when, what, on what, from where, and what changed."""

    at = models.DateTimeField(_("lúc"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người làm"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    action = models.CharField(_("việc"), max_length=60)
    subject_type = models.CharField(_("loại"), max_length=40)
    subject_id = models.CharField(_("mã"), max_length=64)
    details = models.JSONField(_("chi tiết"), default=dict)
    client_address = models.CharField(
        _("địa chỉ máy"), max_length=64, blank=True, default=""
    )
    client_agent = models.CharField(
        _("trình duyệt"), max_length=300, blank=True, default=""
    )

    class Meta:
        verbose_name = _("mục nhật ký")
        verbose_name_plural = _("nhật ký")
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"])]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type}:{self.subject_id}"


class OutboxEvent(models.Model):
    """A fact that others must learn of. `id` grows: a reader can ask "since when"."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["kind", "id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
