"""Remember which Word files were taken, and what came of each.

Called by whoever takes a file, in its transaction. Must never be called by a look.
"""

from __future__ import annotations

from uuid import UUID

from server.accounts.models import User
from server.common import clock, providers
from server.registry.models import Draft
from server.review.models import WordFile
from server.review.word.course import Link
from server.review.word.going_on import UNTURNED
from server.review.word.reviewed import Reviewed


def remember(actor: User, draft: Draft, found: Reviewed, data: bytes, seq: int) -> None:
    """`seq`: where the log stands with it. A file that brought nothing is not kept."""
    for link in found.course.links:
        if link.row is not None:
            _tried_again(link.row, link)
        elif _brought_something(found, link):
            _keep(actor, draft, found, link, data, seq)


def forget_after(draft_id: UUID, seq: int) -> None:
    """The draft says again what it said after `seq`: what was taken later may come
    once more, what was taken by then may not."""
    files = WordFile.objects.filter(draft_id=draft_id)
    files.filter(taken_seq__gt=seq).update(is_void=True)
    files.filter(taken_seq__lte=seq).update(is_void=False)


def _tried_again(row: WordFile, link: Link) -> None:
    brought = _ids(link)
    left = link.left()
    if not brought and left == row.left:
        return
    row.suggestions, row.left = [*row.suggestions, *brought], left
    row.times += 1
    row.save(update_fields=["suggestions", "left", "times"])


def _brought_something(found: Reviewed, link: Link) -> bool:
    plan = found.comments
    return bool(
        link.outcome.taken
        or link.outcome.left
        or plan.threads
        or plan.replies
        or plan.turns
    )


def _keep(
    actor: User, draft: Draft, found: Reviewed, link: Link, data: bytes, seq: int
) -> None:
    course = found.course
    providers.blob_store.get().put(data)
    held = WordFile.objects.filter(draft=draft, digest=course.digest).first()
    row = held or WordFile(draft=draft, digest=course.digest, times=0)
    row.epoch, row.seq = course.place
    row.base = course.rows[-1] if course.rows else None
    row.suggestions = _ids(link)
    row.left = [*link.left(), *([UNTURNED] if found.comments.unturned else [])]
    row.prints = list(course.prints)
    row.taken_seq, row.times, row.is_void = seq, row.times + 1, False
    row.taken_by, row.taken_at = actor, clock.now()
    row.save()


def _ids(link: Link) -> list[str]:
    return [taken.ident for taken in link.outcome.taken if taken.ident]
