"""What differs between two contents, as a tree that holds both.

Each change has the node of either side without what is inside it; the inside is in
`parts` (items, rows, cells, blocks) or in `pieces` (text). Whoever takes the `new` of
everything gets the new content, and the old one likewise: nothing is lost between.

Nodes are handled by what they contain, not by their names of fields, so that a node
which learns to carry more is compared with what it carries. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from collab.content.normal import merge_runs
from collab.content.tree import (
    Block,
    Cell,
    Content,
    Fields,
    Image,
    Inline,
    ListBlock,
    Paragraph,
    Row,
    Table,
)

Side = Literal["old", "new"]
Kind = Literal[
    "same", "inserted", "deleted", "changed", "formatted", "moved_from", "moved_to"
]


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, which the tree of content knows as a plain tuple."""

    blocks: tuple[Block, ...] = ()


Node = Block | Item | Row | Cell


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `old` is None when inserted, `new` when deleted."""

    kind: Kind
    old: Inline | None
    new: Inline | None

    @property
    def inline(self) -> Inline:
        """What is to be shown of it."""
        shown = self.new if self.new is not None else self.old
        assert shown is not None, "a piece has a side"
        return shown


@dataclass(frozen=True, slots=True)
class Change:
    """One node with what happened to it. `move` joins the two ends of a move."""

    kind: Kind
    old: Node | None
    new: Node | None
    pieces: tuple[Piece, ...] = ()
    parts: tuple[Change, ...] = ()
    move: int = 0


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the letterhead that differs."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`old_fields` and `new_fields` are whole; `fields` names what differs."""

    old_fields: Fields
    new_fields: Fields
    fields: tuple[FieldChange, ...] = ()
    blocks: tuple[Change, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.fields and all(c.kind == "same" for c in self.blocks)


def inside(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside; a paragraph's text is not a node."""
    if isinstance(node, ListBlock):
        return tuple(Item(item) for item in node.items)
    if isinstance(node, Table):
        return node.rows
    if isinstance(node, Row):
        return node.cells
    return node.blocks if isinstance(node, Cell | Item) else ()


def shell(node: Node) -> Node:
    """The node without what is inside it; of widths its table tells."""
    bare = _filled(node, (), ())
    return replace(bare, widths=()) if isinstance(bare, Cell) else bare


def inlines_of(node: Node) -> tuple[Inline, ...]:
    return node.inlines if isinstance(node, Paragraph) else ()


def side_of(change: Change, side: Side) -> Node | None:
    """The whole node of one side; None when it is not there."""
    node = change.old if side == "old" else change.new
    if node is None:
        return None
    found = (piece.old if side == "old" else piece.new for piece in change.pieces)
    inlines = merge_runs(inline for inline in found if inline is not None)
    return _filled(node, inlines, _sides(change.parts, side))


def content_of(comparison: Comparison, side: Side) -> Content:
    """The whole content of one side."""
    fields = comparison.old_fields if side == "old" else comparison.new_fields
    return Content(fields, tuple(_blocks(_sides(comparison.blocks, side))))


def every_change(changes: Iterable[Change]) -> Iterator[Change]:
    """Each change and those inside it, in the order of the text."""
    for change in changes:
        yield change
        yield from every_change(change.parts)


def _sides(changes: Iterable[Change], side: Side) -> tuple[Node, ...]:
    found = (side_of(change, side) for change in changes)
    return tuple(node for node in found if node is not None)


def _filled(node: Node, inlines: tuple[Inline, ...], nodes: tuple[Node, ...]) -> Node:
    if isinstance(node, Paragraph):
        return replace(node, inlines=inlines)
    if isinstance(node, ListBlock):
        items = tuple(n.blocks for n in nodes if isinstance(n, Item))
        return replace(node, items=items)
    if isinstance(node, Table):
        return replace(node, rows=tuple(n for n in nodes if isinstance(n, Row)))
    if isinstance(node, Row):
        return replace(node, cells=tuple(n for n in nodes if isinstance(n, Cell)))
    if isinstance(node, Cell | Item):
        return replace(node, blocks=tuple(_blocks(nodes)))
    return node


def _blocks(nodes: Iterable[Node]) -> Iterator[Block]:
    for node in nodes:
        if not isinstance(node, Item | Row | Cell):
            yield node


def is_picture(node: Node | None) -> bool:
    return isinstance(node, Image)
