"""The text of a draft as it was at any moment, rebuilt from the log.

No version holds a copy: a version is a `seq`, and its state is what the updates of its
epoch up to there merge into. Sliding through ten thousand of them must not begin at
the first each time, so merged states are kept in memory at intervals, within a bound;
the timeline is kept too and only its new end is read. Must never write, and must never
show a part of a damaged past as the whole.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from collab.content.read import read_content
from collab.content.tree import Content
from collab.protocol.updates import merge_tree
from server.common import providers
from server.common.errors import NotFound, Unavailable
from server.review.past.timeline import Moment, Timeline
from storage.ports import LogDamaged

# Updates between two kept states: merging so many takes a few milliseconds.
STEP = 250
KEPT_BYTES = 64_000_000
# Timelines kept, counted in their updates; one takes about 200 bytes.
KEPT_MOMENTS = 200_000
_EMPTY = b"\x00\x00"


class _States:
    """Merged states by (document, seq); the least recently used go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._bytes = 0

    def nearest(self, document_id: str, first: int, seq: int) -> tuple[int, bytes]:
        """The kept state nearest before `seq` in its epoch; else the empty one."""
        with self._lock:
            best = max(
                (s for d, s in self._states if d == document_id and first <= s <= seq),
                default=None,
            )
            if best is None:
                return first - 1, _EMPTY
            self._states.move_to_end((document_id, best))
            return best, self._states[document_id, best]

    def keep(self, document_id: str, seq: int, state: bytes) -> None:
        with self._lock:
            before = self._states.pop((document_id, seq), b"")
            self._states[document_id, seq] = state
            self._bytes += len(state) - len(before)
            while self._bytes > KEPT_BYTES and len(self._states) > 1:
                _key, gone = self._states.popitem(last=False)
                self._bytes -= len(gone)

    def clear(self) -> None:
        with self._lock:
            self._states.clear()
            self._bytes = 0


class _Timelines:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Timeline] = OrderedDict()

    def get(self, document_id: str) -> Timeline:
        """As a copy of the list: what is read meanwhile does not change under it."""
        with self._lock:
            known = list(self._held.get(document_id, Timeline()).moments)
        store = providers.document_store.get()
        for past in store.walk(document_id, after_seq=len(known)):
            known.append(Moment(past.seq, past.epoch, past.at, past.authors))
        timeline = Timeline(known)
        with self._lock:
            self._held[document_id] = timeline
            self._held.move_to_end(document_id)
            total = sum(t.last_seq for t in self._held.values())
            while total > KEPT_MOMENTS and len(self._held) > 1:
                total -= self._held.popitem(last=False)[1].last_seq
        return timeline

    def clear(self) -> None:
        with self._lock:
            self._held.clear()


_states = _States()
_timelines = _Timelines()


def forget() -> None:
    """Drop what is kept in memory: for tests, which begin ids and places anew."""
    _states.clear()
    _timelines.clear()
    _content_of.cache_clear()


@contextmanager
def damage_told() -> Iterator[None]:
    """Say of a damaged log that the past cannot be shown; the present is apart."""
    try:
        yield
    except (LogDamaged, ValueError) as error:
        raise Unavailable(
            _(
                "Lịch sử của dự thảo này bị hỏng nên không xem được. Nội dung hiện tại "
                "không bị ảnh hưởng. Hãy báo cho quản trị viên."
            ),
            code="history_damaged",
        ) from error


def timeline_of(document_id: str) -> Timeline:
    """Raises NotFound when there is no text, Unavailable when its past is damaged."""
    with damage_told():
        timeline = _timelines.get(document_id)
    if not timeline.moments:
        raise NotFound
    return timeline


def state_at(document_id: str, seq: int) -> bytes:
    """What the log held after `seq`, as one update. Raises NotFound, Unavailable."""
    timeline = timeline_of(document_id)
    moment = timeline.at(seq)
    if moment is None:
        raise NotFound
    first = timeline.first_of_epoch(moment.epoch)
    with damage_told():
        return _merged(document_id, first, seq)


def content_at(document_id: str, seq: int) -> Content:
    """The same as typed content. What was read last is kept."""
    with damage_told():
        return _content_of(document_id, seq)


@lru_cache(maxsize=16)
def _content_of(document_id: str, seq: int) -> Content:
    return read_content(state_at(document_id, seq))


def _merged(document_id: str, first: int, seq: int) -> bytes:
    at, state = _states.nearest(document_id, first, seq)
    if at == seq:
        return state
    store = providers.document_store.get()
    parts = [state]
    for past in store.walk(document_id, after_seq=at, up_to_seq=seq):
        parts.append(past.update)
        if past.seq % STEP == 0 or past.seq == seq:
            state = merge_tree(parts)
            _states.keep(document_id, past.seq, state)
            parts = [state]
    return state
