"""Pictures of signatures and of seals: whose, since when, and which one before.

The bytes are in the blob store under `digest`. A picture that was replaced stays, so
that it can be told later what stood on a document. Must never be written outside
`server.registry.actions`.
"""

from __future__ import annotations

from django.db import models

from server.accounts.models import Organisation, User
from server.common.ids import new_id


class SignatureImage(models.Model):
    """A person's signature in blue. Live while `replaced_at` is empty."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="signature_images"
    )
    digest = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(replaced_at__isnull=True),
                name="signature_image_live_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.digest[:12]}"


class SealImage(models.Model):
    """An organisation's seal in red. Live while `replaced_at` is empty."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="seal_images"
    )
    digest = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(replaced_at__isnull=True),
                name="seal_image_live_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.digest[:12]}"
