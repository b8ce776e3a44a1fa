"""Let go of files that were uploaded for a comment and never sent with one.

The daily run may run as often as one likes. The bytes stay in the store under their
digest, as those of every file do: another row may name them. Must never touch a file
that belongs to a comment.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from server.common import audit, clock
from server.review.models import CommentFile

# A comment may stand half-written over a weekend, in a page that is still open.
KEPT_DAYS = 7


@transaction.atomic
def drop_unsent_files() -> int:
    """Answers how many were let go."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    unsent = CommentFile.objects.filter(comment=None, added_at__lt=before)
    # Held, so that a comment that is being sent cannot take one of them meanwhile.
    rows = list(unsent.select_for_update().order_by("pk"))
    for row in rows:
        audit.record(
            None, "thread.file_dropped", "draft_file", row.pk,
            draft=str(row.draft_id), name=row.name, digest=row.digest,
        )  # fmt: skip
    CommentFile.objects.filter(pk__in=[row.pk for row in rows], comment=None).delete()
    return len(rows)
