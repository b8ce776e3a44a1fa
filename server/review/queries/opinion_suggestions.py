"""Who suggested what while opinions were asked, also where it was decided since.

A suggestion that is accepted or rejected is gone from the text, and whoever made it has
answered all the same. The log knows: the text is looked at where somebody stopped
writing, and what stood there under a name was said by it. What its author took back
before anybody else wrote was never said. Must never write, and must never fail because
the past is damaged: then what stands now is all that is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

from collab.content.suggestions import open_suggestions
from collab.content.tree import Content
from server.common.errors import Unavailable
from server.common.models import OutboxEvent
from server.registry.texts import committed, place_of
from server.review import events
from server.review.models import OpinionRound
from server.review.past.reading import content_at, timeline_of
from server.review.past.timeline import Moment

# Who has not written for so long has left the text as it is.
LEFT = timedelta(minutes=10)
# A text is read that often for one round, a long one less often; each is remembered.
# Twelve megabytes take some three seconds of processor time.
LEAST_LOOKS, MOST_LOOKS = 12, 40
MOST_BYTES = 12_000_000
Key = tuple[str, str]
"""Author and id of a suggestion."""


@dataclass(frozen=True, slots=True)
class Made:
    open: int = 0
    decided: int = 0

    def __add__(self, other: Made) -> Made:
        return Made(self.open + other.open, self.decided + other.decided)


def forget() -> None:
    """Drop what is kept in memory: for tests."""
    _standing.cache_clear()


def made_in(begun: OpinionRound) -> dict[str, Made]:
    """By author. Nothing is read when nobody wrote since the question."""
    last = place_of(begun.draft_id)[1]
    if last <= begun.seq:
        return {}
    text = committed(begun.draft_id)
    now = _keys(text.whole)
    most = max(LEAST_LOOKS, min(MOST_LOOKS, MOST_BYTES // (len(text.state) + 1)))
    try:
        said = _said(begun, last, most)
    except Unavailable:
        said = now
    found: dict[str, Made] = {}
    for author, ident in said:
        is_open = (author, ident) in now
        one = Made(open=int(is_open), decided=int(not is_open))
        found[author] = found.get(author, Made()) + one
    return found


def _said(begun: OpinionRound, last: int, most: int) -> frozenset[Key]:
    document_id = str(begun.draft_id)
    stood = (_standing(document_id, seq) for seq in _looks(begun, last, most))
    return frozenset[Key]().union(*stood) - _standing(document_id, begun.seq)


@lru_cache(maxsize=1024)
def _standing(document_id: str, seq: int) -> frozenset[Key]:
    """The suggestions that stood after `seq`. A place in the log never changes."""
    return _keys(content_at(document_id, seq))


def _keys(content: Content) -> frozenset[Key]:
    return frozenset((one.author, one.id) for one in open_suggestions(content))


def _looks(begun: OpinionRound, last: int, most: int) -> Sequence[int]:
    """Where to look, in order: the end of the round always."""
    moments = timeline_of(str(begun.draft_id)).moments[begun.seq : last]
    if begun.closed_at is not None:
        moments = [moment for moment in moments if moment.at <= begun.closed_at]
    if not moments:
        return []
    always = {moments[-1].seq, *_brought_from_word(begun, moments)[1 - most :]}
    others = [seq for seq in _stops(begun, moments) if seq not in always]
    room = most - len(always)
    step = max(1, -(-len(others) // room)) if room else len(others) + 1
    return sorted({*always, *others[step - 1 :: step]})


def _stops(begun: OpinionRound, moments: Sequence[Moment]) -> Iterator[int]:
    """Where somebody other than who asks stopped: another went on, or nobody did."""
    asks = str(begun.asked_by_id)
    for here, following in pairwise(moments):
        has_stopped = (
            following.authors != here.authors
            or following.epoch != here.epoch
            or following.at - here.at >= LEFT
        )
        if has_stopped and any(author != asks for author in here.authors):
            yield here.seq


def _brought_from_word(begun: OpinionRound, moments: Sequence[Moment]) -> list[int]:
    """A file holds the words of others than of who brought it."""
    taken = OutboxEvent.objects.filter(
        kind=events.WORD_TAKEN, subject_id=str(begun.draft_id)
    )
    first, last = moments[0].seq, moments[-1].seq
    found = [int(event.payload["seq"]) for event in taken.order_by("id")]
    return [seq for seq in found if first <= seq <= last]
