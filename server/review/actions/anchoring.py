"""Anchor many threads anew at once: a new epoch makes all of a draft due together.

One lock, one trail and one event for all of them, which is why this is not `move` in a
loop. The rights are those of `move`. Must never change a quote, nor tell whether a
thread that is not in this draft is anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from server.accounts.models import User
from server.common import audit, clock
from server.common.throttle import Throttle
from server.review import events
from server.review.access import commenting, locked_book, must
from server.review.models import Thread, ThreadBook
from server.review.rights import ThreadAct
from server.review.words import Anchor, checked_anchor

# An editor sends this many; a draft has fifty times as many threads at most.
MOST_AT_ONCE = 100
PER_MINUTE = 60
PLACES = ("part", "start", "end", "epoch", "before", "after", "echo")
throttle = Throttle()


def move_many(
    actor: User, draft_id: UUID | str, anchors: Mapping[UUID, Anchor]
) -> list[UUID]:
    """Returns the threads that stand elsewhere now, in the order of their change.

    Threads that are not in the draft are passed over. Raises what `commenting` and
    `checked_anchor` raise, and then nothing was moved; TooMany.
    """
    throttle.take(str(actor.pk), PER_MINUTE)
    return _move(actor, draft_id, anchors)


@transaction.atomic
def _move(
    actor: User, draft_id: UUID | str, anchors: Mapping[UUID, Anchor]
) -> list[UUID]:
    access = commenting(actor, draft_id)
    book = locked_book(access.draft.pk)
    clean = {pk: checked_anchor(anchor) for pk, anchor in anchors.items()}
    found = Thread.objects.filter(draft=access.draft, pk__in=clean).order_by("revision")
    moved = [
        thread
        for thread in found
        if any(getattr(thread, n) != getattr(clean[thread.pk], n) for n in PLACES)
    ]
    for thread in moved:
        must(access, actor, thread, ThreadAct.MOVE)
        for name in PLACES:
            setattr(thread, name, getattr(clean[thread.pk], name))
    if not moved:
        return []
    _number(moved, book)
    Thread.objects.bulk_update(moved, ["revision", "changed_at", *PLACES])
    ids = [thread.pk for thread in moved]
    draft = access.draft
    audit.record(
        actor, "thread.all_moved", "draft", draft.pk, threads=[str(pk) for pk in ids]
    )
    # Editors ask for everything after what they know: the last number is enough.
    events.thread_changed(events.MOVED, moved[-1], actor.pk)
    return ids


def _number(threads: list[Thread], book: ThreadBook) -> None:
    now = clock.now()
    for thread in threads:
        book.revision += 1
        thread.revision, thread.changed_at = book.revision, now
    book.save(update_fields=["revision"])
