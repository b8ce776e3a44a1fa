"""What suggestions say, and what became of those that stand no more. Pure.

A text is a row of letters, those that are to come and those that are to go among
them; each knows whose suggestion it is under. Where suggestions are gone from a later
text, it is the one that some way of deciding them makes; else the words around each
tell, as far as they still stand. Where they do not, nothing is told. Must never guess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import product

from collab.content.suggestions import open_suggestions
from collab.content.tree import (
    Block,
    Content,
    ListBlock,
    PageBreak,
    Paragraph,
    Reformatted,
    Restyled,
    Rule,
    Run,
    Suggested,
    Table,
)

Layered = Reformatted | Restyled | None
Key = tuple[str, str]
"""Author and id of a suggestion."""
AROUND = 30
_OBJECT = "\ufffc"
# Ways to decide that are tried against the whole of what was said since: 2 to the 8th.
_MOST_TRIED = 8
_AROUND_SIZES = (24, 12, 6)


@dataclass(frozen=True, slots=True)
class Change:
    """`quote`: the words at the place as they stand; empty texts: not about words."""

    author: str
    id: str
    at: str
    quote: str
    inserted: str
    deleted: str


@dataclass(slots=True)
class _Line:
    """The letters of a paragraph and its end. `under`: stretches that come (True) or
    go; `looks`: those that are to look otherwise."""

    text: str = ""
    under: list[tuple[int, int, Key, bool]] = field(default_factory=list)
    looks: list[tuple[int, int, Key]] = field(default_factory=list)

    def add(self, text: str, marks: Iterable[tuple[Suggested, bool]]) -> None:
        start = len(self.text)
        self.text += text
        for suggested, comes in marks:
            key = (suggested.author, suggested.id)
            self.under.append((start, len(self.text), key, comes))

    def look(self, start: int, top: Layered) -> None:
        for each in (*top.under, top) if top is not None else ():
            self.looks.append((start, len(self.text), (each.author, each.id)))


def changes_in(content: Content) -> dict[Key, Change]:
    """Every open suggestion, in the order of the text."""
    quotes = _quotes(_lines(content.blocks))
    return {
        (one.author, one.id): Change(
            one.author,
            one.id,
            one.at,
            quotes.get((one.author, one.id), ""),
            one.inserted,
            one.deleted,
        )
        for one in open_suggestions(content)
    }


def verdicts(
    before: Content, after: Content, gone: Collection[Key]
) -> dict[Key, bool | None]:
    """Whether each of `gone`, open in `before` and not in `after`, was accepted."""
    old, new = list(_lines(before.blocks)), list(_lines(after.blocks))
    votes: dict[Key, set[bool | None]] = defaultdict(set)
    for line, text in _pieces(old, new):
        here = {key for _s, _e, key, _c in line.under} & set(gone)
        for key, verdict in _told(line, text, here).items():
            votes[key].add(verdict)
    told = {key: next(iter(said)) for key, said in votes.items() if len(said) == 1}
    return {key: told.get(key) for key in gone}


def _pieces(old: list[_Line], new: list[_Line]) -> Iterator[tuple[_Line, str]]:
    """Lines, and what stands in their place now: several at once where some are new."""
    was, now = [line.text for line in old], [line.text for line in new]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, was, now, False).get_opcodes():
        if tag == "equal":
            yield from zip(old[i1:i2], now[j1:j2], strict=True)
        else:
            yield _joined(old[i1:i2]), "".join(now[j1:j2])


def _joined(lines: Iterable[_Line]) -> _Line:
    whole = _Line()
    for line in lines:
        shift = len(whole.text)
        whole.text += line.text
        whole.under += [(s + shift, e + shift, k, c) for s, e, k, c in line.under]
    return whole


Assumed = dict[Key, bool]


def _told(line: _Line, after: str, gone: set[Key]) -> dict[Key, bool | None]:
    """The decisions that make exactly this text, else each by the words around it."""
    if not gone:
        return {}
    if len(gone) <= _MOST_TRIED:
        order = sorted(gone)
        tried: list[Assumed] = [
            dict(zip(order, values, strict=True))
            for values in product((True, False), repeat=len(order))
        ]
        size = len(line.text)
        fitting = [each for each in tried if _said(line, each, 0, size) == after]
        if fitting:
            return {
                key: fitting[0][key] if len({f[key] for f in fitting}) == 1 else None
                for key in gone
            }
    return {key: _around(line, after, key, gone) for key in gone}


def _around(line: _Line, after: str, key: Key, gone: set[Key]) -> bool | None:
    """By the nearest words, whichever way what stands among them was decided."""
    places = [(start, end) for start, end, k, _comes in line.under if k == key]
    votes = {_at(line, after, key, gone, place) for place in _adjoining(sorted(places))}
    return votes.pop() if len(votes) == 1 else None


def _at(
    line: _Line, after: str, key: Key, gone: set[Key], place: tuple[int, int]
) -> bool | None:
    for begin, stop in _windows(line.text, place):
        fits = {
            verdict
            for verdict in (True, False)
            for others in (True, False)
            if _said(line, {**dict.fromkeys(gone, others), key: verdict}, begin, stop)
            in after
        }
        if fits:
            return fits.pop() if len(fits) == 1 else None
    return None


def _windows(text: str, place: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Where to look, the widest first; then the same within the paragraph, since others
    write at its ends."""
    start, end = place
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    for size in _AROUND_SIZES:
        begin, stop = max(0, start - size), min(len(text), end + size)
        yield begin, stop
        begin, stop = max(begin, first), min(stop, last)
        if start - begin + stop - end >= _AROUND_SIZES[-1]:
            yield begin, stop


def _adjoining(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in places:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _said(line: _Line, assumed: Assumed, begin: int, stop: int) -> str:
    """The letters from `begin` to `stop` that stand when these are decided so."""
    absent = [
        (start, end)
        for start, end, key, comes in line.under
        if key in assumed and assumed[key] != comes
    ]
    kept: list[str] = []
    at = begin
    for start, end in sorted(absent):
        if end <= at or start >= stop:
            continue
        kept.append(line.text[at : max(at, start)])
        at = max(at, end)
    kept.append(line.text[at:stop])
    return "".join(kept)


def _quotes(lines: Iterable[_Line]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for line in lines:
        places = [(start, end, key) for start, end, key, _comes in line.under]
        for start, end, key in (*places, *line.looks):
            if key not in found:
                found[key] = _quote(line, start, end, key)
    return found


def _quote(line: _Line, start: int, end: int, key: Key) -> str:
    """The words around, without what the suggestion itself brings."""
    comes = [(s, e) for s, e, k, c in line.under if k == key and c]

    def standing(begin: int, stop: int) -> str:
        return "".join(
            letter
            for at, letter in enumerate(line.text[begin:stop], begin)
            if not any(s <= at < e for s, e in comes)
        )

    before, after = standing(0, start), standing(end, len(line.text))
    here = standing(start, end)
    cut = ("…" if len(before) > AROUND else "", "…" if len(after) > AROUND else "")
    said = f"{cut[0]}{before[-AROUND:]}{here}{after[:AROUND]}{cut[1]}"
    return " ".join(said.replace(_OBJECT, " ").split())


Marks = tuple[tuple[Suggested, bool], ...]


def _lines(blocks: Iterable[Block], above: Marks = ()) -> Iterator[_Line]:
    """`above`: what rows, columns and tables around it are under."""
    for block in blocks:
        if isinstance(block, ListBlock):
            for item in block.items:
                yield from _lines(item, above)
        elif isinstance(block, Table):
            whole = (*above, *_ends(block))
            for row in block.rows:
                of_row = (*whole, *_ends(row))
                for cell in row.cells:
                    yield from _lines(cell.blocks, (*of_row, *_ends(cell)))
        else:
            yield _line(block, above)


def _line(block: Block, above: Marks) -> _Line:
    line = _Line()
    if isinstance(block, Paragraph):
        for inline in block.inlines:
            text = inline.text if isinstance(inline, Run) else "\n"
            start = len(line.text)
            line.add(text, (*above, *_ends(inline)))
            line.look(start, inline.formatting if isinstance(inline, Run) else None)
        line.look(0, block.formatting)
        line.add("\n", (*above, *_ends(block)))
    elif not isinstance(block, ListBlock | Table):
        kind = "\x0c" if isinstance(block, PageBreak | Rule) else _OBJECT
        line.add(f"{kind}\n", (*above, *_ends(block)))
    return line


def _ends(part: object) -> Marks:
    found = (
        (getattr(part, "insertion", None), True),
        (getattr(part, "deletion", None), False),
    )
    return tuple((one, comes) for one, comes in found if one is not None)
