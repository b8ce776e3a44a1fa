"""From which file an edited one goes on: from our export, or from one that was taken.

Whoever returns a file again, or adds to a colleague's, brings all that was taken before
once more. Compared with that file, only what is new is left, and what was decided since
is not touched. Must never take a file for the continuation of one that it does not
contain: what somebody did alone would then seem known. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from hashlib import sha256

from collab.content.tree import Suggested
from server.publishing.marked import Flow, Marked, MarkedParagraph, paragraphs_in
from server.review.word.comparing import compare_files
from server.review.word.steps import Compared, Decision, Step

MOST_COMPARED = 4
"""Files that are read and compared; by their prints these are the nearest."""
TOLD = "*"
"""In the list of what is left: something of the file was told, and is no step."""
UNTURNED = "+"
"""In that list: a thread that is done in the file could not be closed."""
_PRINT = 10


@dataclass(frozen=True, slots=True)
class Earlier:
    """A file that was taken. `read`: its content, None when it cannot be read."""

    number: int
    prints: Sequence[str]
    read: Callable[[], Marked | None]


@dataclass(frozen=True, slots=True)
class Continued:
    """`number`: of the taken file that it goes on from; None: of our export."""

    number: int | None
    base: Marked
    compared: Compared


def continued(edited: Marked, sent: Marked, earlier: Iterable[Earlier]) -> Continued:
    """By the least that was done. `earlier`: taken files of one export. Of two that
    explain it alike, a taken one is likelier than that somebody did the same."""
    best = Continued(None, sent, compare_files(sent, edited))
    least = _cost(best.compared)
    if not least:
        return best
    prints = Counter(prints_of(edited.flow))
    nearest = sorted(earlier, key=lambda one: _distance(prints, one.prints))
    for one in nearest[:MOST_COMPARED]:
        base = one.read()
        if base is None:
            continue
        compared = compare_files(base, edited)
        cost = _cost(compared)
        is_better = cost < least or (cost == least and best.number is None)
        if is_better and not compared.resigned:
            best, least = Continued(one.number, base, compared), cost
    return best


def prints_of(flow: Flow) -> list[str]:
    """Each paragraph in short, with who changed what in it."""
    return [_short(_said(paragraph)) for paragraph in paragraphs_in(flow)]


def print_of(step: Step) -> str:
    """The same for the same step of the same two files."""
    return _short(repr(_plain(step)))


def _plain(value: object) -> object:
    """As values whose `repr` is the same in every process, without our numbers."""
    if isinstance(value, frozenset):
        return sorted(map(repr, map(_plain, value)))
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if not is_dataclass(value):
        return value
    is_numbered = isinstance(value, Suggested)
    names = [f.name for f in fields(value) if not (is_numbered and f.name == "id")]
    return [type(value).__name__, *(_plain(getattr(value, name)) for name in names)]


def _cost(compared: Compared) -> int:
    """What was only accepted may as well have been written there: it says nothing."""
    return sum(1 for s in compared.steps if not (isinstance(s, Decision) and s.accept))


def _distance(prints: Counter[str], other: Sequence[str]) -> int:
    held = Counter(other)
    return (prints - held).total() + (held - prints).total()


def _said(paragraph: MarkedParagraph) -> str:
    parts: list[object] = [paragraph.text, paragraph.insertion, paragraph.deletion]
    parts += [(i.insertion, i.deletion) for i in paragraph.inlines]
    return repr(parts)


def _short(said: str) -> str:
    return sha256(said.encode(errors="replace")).hexdigest()[:_PRINT]
