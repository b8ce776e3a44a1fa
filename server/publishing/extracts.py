"""An extract (trích sao): chosen parts of a document, word for word.

Decree 30/2020/NĐ-CP, article 25.3: the letterhead and the end stand as they were, of
the text only what was asked for. What is left out must not renumber what stays, so
every automatic label is written down first, as it was in the whole. Pure; must never
add a word, nor change the order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from collab.content.labels import Labeller
from collab.content.normal import normalise
from collab.content.tree import (
    Block,
    Cell,
    Content,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Table,
    iter_paragraphs,
)
from server.publishing.parts import split_parts
from server.publishing.rules.model import RuleSet

LONGEST_PART = 160
# What belongs under what: a part of the text holds all that follows, up to the next
# of its own rank or a higher one.
_RANKS = {
    "part": 1,
    "chapter": 2,
    "section": 3,
    "subsection": 4,
    "article": 5,
    "heading": 5,
    "clause": 6,
    "point": 7,
}
_LOWEST = 99


@dataclass(frozen=True, slots=True)
class ExtractPart:
    """A block that may be chosen. `index` names it, `depth` counts what it stands
    under, `text` is its first words with its label, "" for what has no words."""

    index: int
    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class _Piece:
    block: Block
    above: tuple[int, ...]
    is_choice: bool


def parts_of(content: Content, rules: RuleSet) -> tuple[ExtractPart, ...]:
    """What of the text may be chosen, in its order."""
    pieces = _pieces(with_labels(content), rules)
    return tuple(
        ExtractPart(index, len(piece.above), _words(piece.block))
        for index, piece in enumerate(pieces)
        if piece.is_choice
    )


def extract(content: Content, rules: RuleSet, chosen: Collection[int]) -> Content:
    """The document with nothing of its text but the chosen parts.

    A part brings what stands under it, and the lines of Điều, Chương … that it stands
    under. Raises LookupError when nothing is chosen, or what is no part.
    """
    labelled = with_labels(content)
    pieces = _pieces(labelled, rules)
    known = {index for index, piece in enumerate(pieces) if piece.is_choice}
    if not chosen or not set(chosen) <= known:
        raise LookupError
    kept: set[int] = set()
    for index, piece in enumerate(pieces):
        if index in chosen or any(above in chosen for above in piece.above):
            kept |= {index, *piece.above}
    blocks = tuple(piece.block for i, piece in enumerate(pieces) if i in kept)
    return replace(labelled, blocks=blocks)


def with_labels(content: Content) -> Content:
    """The same text with every automatic label written out."""
    content = normalise(content)
    labeller = Labeller()
    return replace(content, blocks=_labelled(content.blocks, labeller))


def _labelled(blocks: Iterable[Block], labeller: Labeller) -> tuple[Block, ...]:
    return tuple(_labelled_block(block, labeller) for block in blocks)


def _labelled_block(block: Block, labeller: Labeller) -> Block:
    if isinstance(block, Paragraph):
        label = labeller.label(block)
        return replace(block, number=label) if label else block
    if isinstance(block, ListBlock):
        items = tuple(_labelled(item, labeller) for item in block.items)
        return replace(block, items=items)
    if isinstance(block, Table):
        return replace(block, rows=tuple(_row(row, labeller) for row in block.rows))
    return block


def _row(row: Row, labeller: Labeller) -> Row:
    cells: list[Cell] = [
        replace(cell, blocks=_labelled(cell.blocks, labeller)) for cell in row.cells
    ]
    return replace(row, cells=tuple(cells))


def _pieces(content: Content, rules: RuleSet) -> list[_Piece]:
    """Every block of the main text, then of each appendix under its heading."""
    found: list[_Piece] = []
    for part in split_parts(content.blocks, rules):
        head: tuple[int, ...] = ()
        if part.is_appendix:
            # The page break makes it an appendix; the first line of its heading
            # stands for all of it, and brings the others.
            head = (len(found),)
            found.append(_Piece(PageBreak(), (), False))
            for block in part.blocks[: part.heading]:
                is_first = len(head) == 1
                found.append(_Piece(block, head, is_first))
                head = (*head, len(found) - 1)
        open_: list[tuple[int, int]] = []
        for block in part.blocks[part.heading :]:
            rank = _rank(block)
            while open_ and open_[-1][0] >= rank:
                open_.pop()
            above = (*head, *(index for _rank_, index in open_))
            if rank < _LOWEST:
                open_.append((rank, len(found)))
            found.append(_Piece(block, above, _may_be_chosen(block)))
    return found


def _rank(block: Block) -> int:
    style = block.style if isinstance(block, Paragraph) else ""
    return _RANKS.get(style, _LOWEST)


def _may_be_chosen(block: Block) -> bool:
    if isinstance(block, Paragraph):
        return bool(block.text.strip() or block.number)
    return not isinstance(block, PageBreak)


def _words(block: Block) -> str:
    lines = [
        f"{paragraph.number or ''} {paragraph.text}"
        for paragraph in iter_paragraphs((block,))
    ]
    words = " ".join(" ".join(lines).split())
    return words if len(words) <= LONGEST_PART else f"{words[: LONGEST_PART - 1]}…"
