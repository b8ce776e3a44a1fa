"""Hold whoever may only suggest to it: their edits leave what stands as it is.

An edit is tried on a shadow of the document. With all suggestions of its writer taken
back, and with everybody's, the blocks that it changed must be what they were; they must
be sound; letterhead and everything else must be untouched; nothing may be left waiting
for what has not come. Only the blocks that an edit changes are read, so a letter costs
the same in a long draft as in a short one.

What is refused was in the shadow alone, which is thrown away (`guard`). Must never look
at anything but the document and the edit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pycrdt import Doc, Map, XmlFragment

from collab.content.layers import Decide
from collab.content.read import read_child
from collab.content.strict import is_sound_block
from collab.content.suggested import resolve_blocks
from collab.content.tree import Block, ListBlock, Paragraph, Suggested
from collab.protocol.slicing import pieces
from collab.protocol.updates import engine_faults, is_integrated

_ROOTS = frozenset({"body", "fields"})

IsMine = Callable[[Suggested], bool]
Child = tuple[Block, ...]
"""What one child of the body is read as; the same object as long as it is unchanged."""


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
            self._children = [read_child(child) for child in self._body.children]
        self._seen = _Seen()
        self._subscriptions = (
            self._body.observe_deep(self._seen.in_body),
            fields.observe_deep(self._seen.in_fields),
        )

    def take(self, update: bytes) -> None:
        """Follow an edit that was judged elsewhere, or needs no judgement."""
        self._seen.clear()
        self._doc.apply_update(update)
        self._children, _ = self._read_changed()

    def admits(self, update: bytes, is_mine: IsMine) -> bool:
        self._seen.clear()
        self._doc.apply_update(update)
        if not is_integrated(update, self._doc.get_state()):
            return False
        if self._seen.is_elsewhere or not _ROOTS.issuperset(self._doc.keys()):
            return False
        before = self._children
        self._children, changed = self._read_changed()
        with self._doc.transaction():
            if not all(is_sound_block(self._body.children[i]) for i in changed):
                return False
        return _says_the_same(before, self._children, is_mine)

    def _read_changed(self) -> tuple[list[Child], list[int]]:
        children = self._seen.place(self._children)
        changed = [index for index, child in enumerate(children) if child is None]
        with self._doc.transaction():
            fresh = {i: read_child(self._body.children[i]) for i in changed}
        return [
            c if c is not None else fresh[i] for i, c in enumerate(children)
        ], changed


class _Seen:
    """What the last update changed, as the engine reports it."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.is_elsewhere = False
        self._delta: list[dict[str, Any]] = []
        self._touched: set[int] = set()

    def in_fields(self, events: list[Any]) -> None:
        self.is_elsewhere = True

    def in_body(self, events: list[Any]) -> None:
        for event in events:
            if event.path:
                self._touched.add(event.path[0])
                continue
            self._delta = list(event.delta)
            if event.keys:
                self.is_elsewhere = True

    def place(self, children: list[Child]) -> list[Child | None]:
        """The children after the update; None for those to be read anew."""
        placed: list[Child | None] = []
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
        return placed


def _says_the_same(before: list[Child], after: list[Child], is_mine: IsMine) -> bool:
    old, new = _window(before, after)

    def mine(suggested: Any) -> bool | None:
        return False if is_mine(suggested) else None

    def everybodys(_: Any) -> bool | None:
        return False

    decisions: tuple[Decide, ...] = (mine, everybodys)
    return all(resolve_blocks(old, d) == resolve_blocks(new, d) for d in decisions)


def _window(before: list[Child], after: list[Child]) -> tuple[list[Block], list[Block]]:
    """The blocks that differ, with those around them that may become one with them."""
    most = min(len(before), len(after))
    left = 0
    while left < most and before[left] is after[left]:
        left += 1
    right = 0
    while right < most - left and before[-1 - right] is after[-1 - right]:
        right += 1
    while left > 0 and (_may_run_on(before[left - 1]) or _may_join(before[left - 1])):
        left -= 1
    while right > 0 and (
        _may_run_on(before[-1 - right : len(before) - right])
        or _may_run_on(after[-1 - right : len(after) - right])
        or _may_join(before[len(before) - right])
    ):
        right -= 1
    return (
        [block for child in before[left : len(before) - right] for block in child],
        [block for child in after[left : len(after) - right] for block in child],
    )


def _may_run_on(children: Any) -> bool:
    """Whether a paragraph at the end here has an end that is suggested."""
    flat = [b for c in children for b in (c if isinstance(c, tuple) else (c,))]
    last = flat[-1] if flat else None
    return isinstance(last, Paragraph) and bool(last.insertion or last.deletion)


def _may_join(child: Child) -> bool:
    """Whether an item that is made beside it would become one of it."""
    return any(
        isinstance(block, ListBlock)
        or (isinstance(block, Paragraph) and block.listed is not None)
        for block in child
    )
