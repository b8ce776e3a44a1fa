"""Who suggested what while opinions were asked, and what became of it.

A suggestion that is accepted or rejected is gone from the text, and whoever made it has
answered all the same. The log knows: the text is looked at where somebody stopped
writing, and what stood there under a name was said by it; the text after that tells
which way it was decided, or else only that it was. What its author took back before
anybody else wrote was never said. Must never write, and must never fail because the
past is damaged: then what stands now is all that is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from collab.content.verdicts import Change, Key, changes_in, verdicts
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
# And as often again, for half the time, to learn what became of each.
MOST_READS = 200
# Of each the beginning is remembered; the whole stands in the draft and its past.
WORDS = 120


class Fate(StrEnum):
    """What became of a suggestion. `decided`: one way or the other."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TAKEN_BACK = "taken_back"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Made:
    """One suggestion: at which words it stands, what it brings and takes, its fate.
    `part` is "body" or the field of the letterhead."""

    quote: str
    inserted: str
    deleted: str
    fate: Fate
    part: str = "body"

    @property
    def is_open(self) -> bool:
        return self.fate is Fate.OPEN


def forget() -> None:
    """Drop what is kept in memory: for tests."""
    _standing.cache_clear()
    _decided.cache_clear()


def made_in(
    begun: OpinionRound, *, with_fates: bool = False
) -> dict[str, tuple[Made, ...]]:
    """By author, in the order in which they were seen. Nothing is read when nobody
    wrote since the question. Without fates: which are open and which are not."""
    last = place_of(begun.draft_id)[1]
    if last <= begun.seq:
        return {}
    text = committed(begun.draft_id)
    now = {key: _short(change) for key, change in changes_in(text.whole).items()}
    size = len(text.state) + 1
    most = max(LEAST_LOOKS, min(MOST_LOOKS, MOST_BYTES // size))
    reads = min(MOST_READS, MOST_BYTES // (2 * size)) if with_fates else 0
    found: dict[str, list[Made]] = defaultdict(list)
    try:
        said = _said(begun, last, most)
        fates = _fates(begun, last, said, most, reads)
    except Unavailable:
        said, fates = {key: (0, change) for key, change in now.items()}, {}
    for key, (_seq, change) in said.items():
        fate = Fate.OPEN if key in now else fates.get(key, Fate.DECIDED)
        shown = now.get(key, change)
        found[key[0]].append(Made(shown.quote, shown.inserted, shown.deleted, fate))
    return {author: tuple(made) for author, made in found.items()}


_PAIR = 2  # reads: the text before and the text after
Said = dict[Key, tuple[int, Change]]
"""What was said, with the last look at which it stood and as it stood then."""


def _said(begun: OpinionRound, last: int, most: int) -> Said:
    document_id = str(begun.draft_id)
    found: Said = {}
    for seq in _looks(begun, last, most):
        for key, change in _standing(document_id, seq).items():
            found[key] = (seq, change)
    before = _standing(document_id, begun.seq)
    return {key: place for key, place in found.items() if key not in before}


def _fates(
    begun: OpinionRound, last: int, said: Said, most: int, reads: int
) -> dict[Key, Fate]:
    """Of those that stand no more, as far as so many reads of a text tell. The very
    edit that decided them is looked for: right after it the text tells most surely."""
    document_id = str(begun.draft_id)
    if reads == 0:
        return {}
    looks = [*_looks(begun, last, most), last]
    now = _standing(document_id, last)
    groups: dict[tuple[int, int], set[Key]] = defaultdict(set)
    for key, (seq, _change) in said.items():
        if key not in now:
            groups[seq, next(look for look in looks if look > seq)].add(key)
    found: dict[Key, Fate] = {}
    while groups and reads >= _PAIR:
        (low, high), keys = groups.popitem()
        # What is found already must be told, too, so that is set aside.
        spare = reads - _PAIR * (len(groups) + 2)
        if high - low > 1 and spare > 0:
            reads -= 1
            middle = (low + high) // 2
            standing = _standing(document_id, middle).keys()
            for place, part in (
                ((low, middle), keys - standing),
                ((middle, high), keys & standing),
            ):
                if part:
                    groups[place] |= part
            continue
        reads -= _PAIR
        fates = _decided(document_id, low, high)
        found.update({key: fates[key] for key in keys if key in fates})
    return found


@lru_cache(maxsize=1024)
def _decided(document_id: str, low: int, high: int) -> dict[Key, Fate]:
    """What became of all that stood after `low` and not after `high`."""
    before, after = content_at(document_id, low), content_at(document_id, high)
    gone = changes_in(before).keys() - changes_in(after).keys()
    moment = timeline_of(document_id).at(high) if high - low == 1 else None
    by = moment.authors if moment is not None else ()
    return {
        key: _fate(verdict, is_own=tuple(by) == (key[0],))
        for key, verdict in verdicts(before, after, gone).items()
    }


def _fate(is_accepted: bool | None, *, is_own: bool) -> Fate:
    if is_accepted is None:
        return Fate.DECIDED
    if is_accepted:
        return Fate.ACCEPTED
    return Fate.TAKEN_BACK if is_own else Fate.REJECTED


@lru_cache(maxsize=1024)
def _standing(document_id: str, seq: int) -> dict[Key, Change]:
    """The suggestions that stood after `seq`. A place in the log never changes."""
    found = changes_in(content_at(document_id, seq))
    return {key: _short(change) for key, change in found.items()}


def _short(change: Change) -> Change:
    return replace(
        change, inserted=short(change.inserted), deleted=short(change.deleted)
    )


def short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= WORDS else f"{plain[: WORDS - 1]}…"


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
