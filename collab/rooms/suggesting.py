"""Hold whoever may only suggest to it: their edits leave what stands as it is.

An edit is tried on a shadow of the document. With all suggestions of its writer taken
back, and with everybody's, the blocks that it changed must be what they were; they must
be sound; letterhead and everything else must be untouched; nothing may be left waiting
for what has not come; its own marks must have a time that can be true. Only the blocks
that an edit changes are read, and of a table only the cells in which words change, so a
letter costs the same in a long draft or table as in a short one.

What is refused was in the shadow alone, which is thrown away (`guard`). Must never look
at anything but the document and the edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pycrdt import Doc, Map, XmlFragment

from collab.content.by_cell import (
    Spot,
    changed_cells,
    element_at,
    read_cells,
    say_the_same,
)
from collab.content.layers import Decide
from collab.content.read import read_child
from collab.content.strict import is_sound_block, is_sound_cell
from collab.content.suggested import resolve_blocks
from collab.content.suggestions import marks_of
from collab.content.tree import Block, ListBlock, Paragraph, Suggested, Table
from collab.protocol.slicing import pieces
from collab.protocol.updates import engine_faults, is_integrated
from collab.rooms.timely import Timing

_ROOTS = frozenset({"body", "fields"})

IsMine = Callable[[Suggested], bool]
TimingOf = Callable[[str], Timing]


class Verdict(Enum):
    SUGGESTS = "suggests"
    CHANGES = "changes"
    UNTIMELY = "untimely"
    UNSURE = "unsure"
    """It hangs on when the document was begun."""


@dataclass(slots=True, eq=False)
class _Child:
    """What one child of the body is read as; the same object as long as it says the
    same. `doubts`: cells that nobody has looked at since they changed; None is all."""

    blocks: tuple[Block, ...]
    doubts: set[Spot] | None = None

    @property
    def table(self) -> Table | None:
        first = self.blocks[0] if len(self.blocks) == 1 else None
        return first if isinstance(first, Table) else None


def only_suggests(state: bytes, update: bytes, is_new: IsMine) -> bool:
    """The same for an edit that the application makes in somebody's name: with what
    `is_new` says taken back, and with everybody's, the text is what it was."""
    try:
        with engine_faults():
            return Shadow(state).admits(update, is_new)
    except ValueError:
        return False


class Shadow:
    """Made on any thread; for one at a time from then on."""

    def __init__(self, full: bytes) -> None:
        """Raises ValueError if the engine cannot read it."""
        self._doc: Doc[Any] = Doc()
        with engine_faults():
            for piece in pieces(full):
                self._doc.apply_update(piece)
            if not is_integrated(full, self._doc.get_state()):
                self._doc.apply_update(full)
        self._body = self._doc.get("body", type=XmlFragment)
        fields: Map[Any] = self._doc.get("fields", type=Map)
        with self._doc.transaction():
            self._children = [
                _Child(read_child(child)) for child in self._body.children
            ]
        self._seen = _Seen()
        self._subscriptions: list[object] = [
            self._body.observe_deep(self._seen.in_body),
            fields.observe_deep(self._seen.elsewhere),
        ]
        self._roots = set(_ROOTS)
        self._watch_roots()

    def take(self, update: bytes) -> None:
        """Follow an edit that was judged elsewhere, or needs no judgement."""
        self._seen.clear()
        self._doc.apply_update(update)
        self._children, _ = self._read_changed()
        self._watch_roots()

    def _watch_roots(self) -> None:
        """What another program keeps beside body and letterhead is nobody's business,
        as long as who may only suggest leaves it alone."""
        for name in set(self._doc.keys()) - self._roots:
            self._roots.add(name)
            # Of whatever type: it is observed, never read.
            root = self._doc.get(name, type=XmlFragment)
            self._subscriptions.append(root.observe_deep(self._seen.elsewhere))

    def admits(self, update: bytes, is_mine: IsMine) -> bool:
        """Whether it only suggests, at whatever time."""
        return self.judge(update, is_mine) is Verdict.SUGGESTS

    def judge(
        self, update: bytes, is_mine: IsMine, timing_of: TimingOf | None = None
    ) -> Verdict:
        self._seen.clear()
        self._doc.apply_update(update)
        if not is_integrated(update, self._doc.get_state()):
            return Verdict.CHANGES
        if self._seen.is_elsewhere or not self._roots.issuperset(self._doc.keys()):
            return Verdict.CHANGES
        before = self._children
        self._children, changed = self._read_changed()
        with self._doc.transaction():
            if not all(self._is_sound(index) for index in changed):
                return Verdict.CHANGES
        old, new = _window(before, self._children)
        if not _say_the_same(old, new, is_mine):
            return Verdict.CHANGES
        if timing_of is None:
            return Verdict.SUGGESTS
        return _times(before, old, new, is_mine, timing_of)

    def _read_changed(self) -> tuple[list[_Child], list[int]]:
        children: list[_Child] = []
        changed: list[int] = []
        placed = self._seen.place(self._children)
        with self._doc.transaction():
            for index, (held, spots) in enumerate(placed):
                if held is not None and not spots:
                    children.append(held)
                    continue
                children.append(self._read(index, held, spots))
                changed.append(index)
        return children, changed

    def _read(self, index: int, held: _Child | None, spots: set[Spot]) -> _Child:
        element = self._body.children[index]
        if held is not None and held.table is not None:
            table = read_cells(element, held.table, spots)
            if table is not None:
                doubts = None if held.doubts is None else held.doubts | spots
                return _Child((table,), doubts)
        return _Child(read_child(element))

    def _is_sound(self, index: int) -> bool:
        child, element = self._children[index], self._body.children[index]
        if child.doubts is None:
            is_sound = is_sound_block(element)
        else:
            is_sound = all(is_sound_cell(element_at(element, s)) for s in child.doubts)
        child.doubts = set() if is_sound else None
        return is_sound


@dataclass(slots=True)
class _Seen:
    """What the last update changed, as the engine reports it."""

    is_elsewhere: bool = False
    _delta: list[dict[str, Any]] = field(default_factory=list)
    _touched: set[int] = field(default_factory=set)
    _words: dict[int, set[Spot]] = field(default_factory=dict)

    def clear(self) -> None:
        self.is_elsewhere = False
        self._delta, self._touched, self._words = [], set(), {}

    def elsewhere(self, events: list[Any]) -> None:
        self.is_elsewhere = True

    def in_body(self, events: list[Any]) -> None:
        for event in events:
            path = event.path
            if len(path) > 3 or (len(path) == 3 and not event.keys):
                # If it is a table: what stands in a cell, and no more than that.
                self._words.setdefault(path[0], set()).add((path[1], path[2]))
            elif path:
                self._touched.add(path[0])
            else:
                self._delta = list(event.delta)
                if event.keys:
                    self.is_elsewhere = True

    def place(self, children: list[_Child]) -> list[tuple[_Child | None, set[Spot]]]:
        """The children after the update, each with cells that are to be read anew;
        None for those of which all is."""
        placed: list[_Child | None] = []
        at = 0
        for step in self._delta:
            if "retain" in step:
                placed += children[at : at + step["retain"]]
                at += step["retain"]
            elif "delete" in step:
                at += step["delete"]
            else:
                placed += [None] * len(step["insert"])
        placed += children[at:]
        for index in self._touched:
            placed[index] = None
        return [(c, self._words.get(i, set())) for i, c in enumerate(placed)]


def _say_the_same(
    old: Sequence[_Child], new: Sequence[_Child], is_mine: IsMine
) -> bool:
    def mine(suggested: Any) -> bool | None:
        return False if is_mine(suggested) else None

    def everybodys(_: Any) -> bool | None:
        return False

    decisions: tuple[Decide, ...] = (mine, everybodys)
    if _differ_in_words_of_cells(old, new, decisions):
        return True
    first, second = _blocks_of(old), _blocks_of(new)
    return all(resolve_blocks(first, d) == resolve_blocks(second, d) for d in decisions)


def _differ_in_words_of_cells(
    old: Sequence[_Child], new: Sequence[_Child], decisions: Iterable[Decide]
) -> bool:
    """And say the same with each of these decisions: so the whole need not be looked
    at."""
    if len(old) != len(new):
        return False
    for before, after in zip(old, new, strict=True):
        if before is after:
            continue
        if before.table is None or after.table is None:
            return False
        changed = changed_cells(before.table, after.table)
        if changed is None or not all(say_the_same(changed, d) for d in decisions):
            return False
    return True


def _times(
    before: Sequence[_Child],
    old: Sequence[_Child],
    new: Sequence[_Child],
    is_mine: IsMine,
    timing_of: TimingOf,
) -> Verdict:
    """Whether the writer's own marks that are new have a time that can be true. `old`
    and `new` are what differs, `before` is all that stood."""
    doubtful = {
        mark: timing
        for mark in _marks_in(old, new)
        if is_mine(mark) and (timing := timing_of(mark.at)) is not Timing.FINE
    }
    if doubtful:
        # What stood already stands, wherever its writer carries it.
        for mark in marks_of(_blocks_of(before)):
            doubtful.pop(_bare(mark), None)
    if not doubtful:
        return Verdict.SUGGESTS
    is_absurd = Timing.ABSURD in doubtful.values()
    return Verdict.UNTIMELY if is_absurd else Verdict.UNSURE


def _marks_in(old: Sequence[_Child], new: Sequence[_Child]) -> set[Suggested]:
    """The marks of what came; of a table in which only words did, of these cells."""
    found: set[Suggested] = set()
    are_paired = len(old) == len(new)
    for index, child in enumerate(new):
        was = old[index] if are_paired else None
        if was is child:
            continue
        cells = None
        if was is not None and was.table is not None and child.table is not None:
            cells = changed_cells(was.table, child.table)
        parts = [child.blocks] if cells is None else [c.blocks for _, _, c in cells]
        for blocks in parts:
            found.update(map(_bare, marks_of(blocks)))
    return found


def _bare(mark: Suggested) -> Suggested:
    return Suggested(mark.id, mark.author, mark.at)


def _blocks_of(children: Iterable[_Child]) -> list[Block]:
    return [block for child in children for block in child.blocks]


def _window(
    before: list[_Child], after: list[_Child]
) -> tuple[list[_Child], list[_Child]]:
    """The blocks that differ, with those around them that may become one with them."""
    most = min(len(before), len(after))
    left = 0
    while left < most and before[left] is after[left]:
        left += 1
    right = 0
    while right < most - left and before[-1 - right] is after[-1 - right]:
        right += 1
    while left > 0 and (
        _may_run_on(before[left - 1 : left]) or _may_join(before[left - 1])
    ):
        left -= 1
    while right > 0 and (
        _may_run_on(before[-1 - right : len(before) - right])
        or _may_run_on(after[-1 - right : len(after) - right])
        or _may_join(before[len(before) - right])
    ):
        right -= 1
    return before[left : len(before) - right], after[left : len(after) - right]


def _may_run_on(children: Sequence[_Child]) -> bool:
    """Whether a paragraph at the end here has an end that is suggested."""
    flat = _blocks_of(children)
    last = flat[-1] if flat else None
    return isinstance(last, Paragraph) and bool(last.insertion or last.deletion)


def _may_join(child: _Child) -> bool:
    """Whether an item that is made beside it would become one of it."""
    return any(
        isinstance(block, ListBlock)
        or (isinstance(block, Paragraph) and block.listed is not None)
        for block in child.blocks
    )
