"""Word files that were taken into a draft: what was brought, so that it comes once.

The same file comes again: saved anew, with one more sentence, from a second person,
after everything was decided. What it says beyond a file that was taken is found by
comparing the two, so the bytes are kept, in the blob store under their digest. Must
never be shown to anybody: whoever may read the draft may not read all that was in them.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.registry.models import Draft
from server.registry.models.workflow import DIGEST_LENGTH


class WordFile(models.Model):
    """`epoch` and `seq` say from which text the file was exported, both 0 when it does
    not say; `base` is the taken file that this one goes on from. `suggestions` are the
    ids that its changes got, one for each; `left` names the steps that found no place
    and are tried again; `prints` its paragraphs in short. `taken_seq`: where in the log
    it was taken; `times`: how often. `is_void`: the draft was set back to before."""

    draft = models.ForeignKey(
        Draft, on_delete=models.PROTECT, related_name="word_files"
    )
    digest = models.CharField(max_length=DIGEST_LENGTH)
    epoch = models.PositiveIntegerField(default=0)
    seq = models.PositiveBigIntegerField(default=0)
    base = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+"
    )
    suggestions = models.JSONField(default=list)
    left = models.JSONField(default=list)
    prints = models.JSONField(default=list)
    taken_seq = models.PositiveBigIntegerField()
    times = models.PositiveIntegerField(default=1)
    is_void = models.BooleanField(default=False)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tệp Word đã nhập")
        verbose_name_plural = _("tệp Word đã nhập")
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "digest"], name="word_file_taken_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.digest[:12]}"
