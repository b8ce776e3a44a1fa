"""What a thread suggests for its field: the new words, and what became of them.

A field takes no marks, so that what is to come in its place stands here, beside the
text like the thread that carries it. Must never be written into the draft by the
server: whoever accepts writes it as an edit of their own.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.review.models.threads import Thread

FIELD_LENGTH = 2000


class SuggestionState(models.TextChoices):
    OPEN = "open", _("chưa xem xét")
    ACCEPTED = "accepted", _("đã nhận")
    REJECTED = "rejected", _("không nhận")
    WITHDRAWN = "withdrawn", _("đã rút")


class FieldSuggestion(models.Model):
    """`old` is what the field said to whoever suggested; author and time are the
    thread's. Both texts are emptied when the author takes the words back."""

    thread = models.OneToOneField(
        Thread, primary_key=True, on_delete=models.PROTECT, related_name="suggestion"
    )
    old = models.CharField(max_length=FIELD_LENGTH, blank=True)
    new = models.CharField(max_length=FIELD_LENGTH, blank=True)
    state = models.CharField(
        max_length=10, choices=SuggestionState.choices, default=SuggestionState.OPEN
    )
    decided_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("đề xuất sửa thể thức")
        verbose_name_plural = _("đề xuất sửa thể thức")
        constraints = [
            models.CheckConstraint(
                name="field_suggestion_decided_whole",
                condition=models.Q(
                    state="open", decided_by__isnull=True, decided_at__isnull=True
                )
                | (
                    ~models.Q(state="open")
                    & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} “{self.new[:40]}”"

    @property
    def is_open(self) -> bool:
        return self.state == SuggestionState.OPEN


def suggestion_of(thread: Thread) -> FieldSuggestion | None:
    """One query, unless it was read with the thread."""
    return getattr(thread, "suggestion", None)
