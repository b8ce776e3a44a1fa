"""Anchor threads anew where their words were found again.

What a browser says is looked at before it is kept: a thread stays in its part, and
whoever neither holds the pen nor began the thread nor has it in hand may only lead it
to the words that it quotes, as the log has them. Many go at once with one lock, one
trail and one event, because a text that was made anew makes all threads of a draft due
together. Must never change a quote, nor tell whether a thread that is not in this draft
is anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from collab.content.anchored_parts import PICTURE
from collab.content.anchors import Anchored, Anchors
from collab.content.state import merged_state
from collab.ports import Level
from server.accounts.models import User
from server.common import audit, clock, providers
from server.common.errors import InvalidInput, NotAllowed, NotFound
from server.common.throttle import Throttle
from server.registry.access import Access
from server.registry.texts import place_of
from server.review import events
from server.review.access import commenting, locked_book, must, thread_of
from server.review.actions.threads import changed
from server.review.models import Thread, ThreadBook
from server.review.rights import ThreadAct
from server.review.words import Anchor, checked_anchor

# An editor sends this many; a draft has fifty times as many threads at most.
MOST_AT_ONCE = 100
PER_MINUTE = 60
PLACES = ("start", "end", "epoch", "before", "after", "echo")
throttle = Throttle()


def move(
    actor: User, draft_id: UUID | str, thread_id: UUID | str, anchor: Anchor
) -> Thread:
    """The quote stays what it was: it is what the first comment speaks of.

    Raises what `commenting` and `checked_anchor` raise; InvalidInput for another part
    or an epoch to come; NotAllowed when the words are not there and the thread is not
    the person's; TooMany.
    """
    throttle.take(str(actor.pk), PER_MINUTE)
    access = commenting(actor, draft_id)
    thread = thread_of(access, thread_id)
    wanted = _clean(access, {thread.pk: anchor})
    if thread.pk not in _leads_right(access, actor, wanted):
        raise NotAllowed(_("Chỗ mới không có đoạn chữ mà góp ý này nói tới."))
    return _move_one(actor, draft_id, thread.pk, wanted[thread.pk])


def move_many(
    actor: User, draft_id: UUID | str, anchors: Mapping[UUID, Anchor]
) -> list[UUID]:
    """Returns the threads that stand elsewhere now, in the order of their change.

    Threads that are not in the draft are passed over, and those whose words are not
    where they would lead, or not saved yet. Raises what `move` raises for one that
    could never be right, and then nothing was moved.
    """
    throttle.take(str(actor.pk), PER_MINUTE)
    access = commenting(actor, draft_id)
    wanted = _clean(access, anchors)
    right = _leads_right(access, actor, wanted)
    return _move(actor, draft_id, {pk: wanted[pk] for pk in wanted if pk in right})


def _clean(access: Access, anchors: Mapping[UUID, Anchor]) -> dict[UUID, Anchor]:
    clean = {pk: checked_anchor(anchor) for pk, anchor in anchors.items()}
    if not clean:
        return {}
    epoch, _seq = place_of(access.draft.pk)
    if any(anchor.epoch > epoch for anchor in clean.values()):
        message = _("Số nằm ngoài khoảng cho phép.")
        raise InvalidInput(message, fields={"anchor.epoch": message})
    rows = Thread.objects.filter(draft=access.draft, pk__in=clean)
    for pk, part, before in rows.values_list("pk", "part", "before"):
        if part == PICTURE:
            # Which file it is of is what the first comment speaks of.
            clean[pk] = replace(clean[pk], before=before)
        if clean[pk].part != part:
            message = _("Góp ý không chuyển sang phần khác của dự thảo được.")
            raise InvalidInput(message, fields={"anchor.part": message})
    return clean


def _leads_right(
    access: Access, actor: User, anchors: Mapping[UUID, Anchor]
) -> set[UUID]:
    """The threads that this person may lead there. Reads the text, so no row is locked
    meanwhile."""
    if access.level >= Level.EDIT:
        return set(anchors)
    threads = list(Thread.objects.filter(draft=access.draft, pk__in=anchors))
    right = {t.pk for t in threads if actor.pk in (t.author_id, t.assignee_id)}
    others = {
        t.pk: _anchored(anchors[t.pk], t.quote) for t in threads if t.pk not in right
    }
    if not others:
        return right
    stored = providers.document_store.get().load(str(access.draft.pk))
    if stored is None:
        raise NotFound
    finder = Anchors(merged_state(stored), list(others.values()))
    for pk, anchor in others.items():
        found = finder.find(anchor)
        if found.kind == "here" and not found.is_changed:
            right.add(pk)
    return right


def _anchored(anchor: Anchor, quote: str) -> Anchored:
    """Of the thread's quote, whatever the sender says that it is."""
    # Of a picture the file stands in `before`, and is the thread's own.
    before = anchor.before if anchor.part == PICTURE else ""
    return Anchored(anchor.part, anchor.start, anchor.end, anchor.epoch, quote, before)


@transaction.atomic
def _move_one(
    actor: User, draft_id: UUID | str, thread_id: UUID, anchor: Anchor
) -> Thread:
    access = commenting(actor, draft_id)
    book = locked_book(access.draft.pk)
    thread = thread_of(access, thread_id)
    must(access, actor, thread, ThreadAct.MOVE)
    if not _put(thread, anchor):
        return thread
    changed(thread, book, *PLACES)
    audit.record(actor, events.MOVED, "thread", thread.pk, draft=str(thread.draft_id))
    events.thread_changed(events.MOVED, thread, actor.pk)
    return thread


@transaction.atomic
def _move(
    actor: User, draft_id: UUID | str, anchors: Mapping[UUID, Anchor]
) -> list[UUID]:
    access = commenting(actor, draft_id)
    book = locked_book(access.draft.pk)
    found = Thread.objects.filter(draft=access.draft, pk__in=anchors)
    moved = []
    for thread in found.order_by("revision"):
        must(access, actor, thread, ThreadAct.MOVE)
        if _put(thread, anchors[thread.pk]):
            moved.append(thread)
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


def _put(thread: Thread, anchor: Anchor) -> bool:
    """Whether the thread stands elsewhere now. It is not saved."""
    if all(getattr(thread, name) == getattr(anchor, name) for name in PLACES):
        return False
    for name in PLACES:
        setattr(thread, name, getattr(anchor, name))
    return True


def _number(threads: list[Thread], book: ThreadBook) -> None:
    now = clock.now()
    for thread in threads:
        book.revision += 1
        thread.revision, thread.changed_at = book.revision, now
    book.save(update_fields=["revision"])
