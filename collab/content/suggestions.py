"""The open suggestions of a draft, listed: who, when, what. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collab.content.tree import (
    Block,
    Celled,
    Content,
    Image,
    ListBlock,
    Paragraph,
    Pictured,
    Reformatted,
    Restyled,
    Run,
    Suggested,
    Table,
)


@dataclass(frozen=True, slots=True)
class OpenSuggestion:
    """All that stands under one id of one author, in the order of the text."""

    id: str
    author: str
    at: str
    inserted: str = ""
    deleted: str = ""
    others: int = 0  # ends of paragraphs, blocks, changes of look


def has_suggestions(content: Content) -> bool:
    return next(_marks(content.blocks), None) is not None


def has_waiting(content: Content) -> bool:
    """Whether something is said that is not made yet, as a merge of cells that waited
    for a row in it to be decided, or a list that was decided in a Word file."""
    return any(map(_waits, _flat(content.blocks)))


def _waits(block: Block) -> bool:
    if isinstance(block, Paragraph):
        return block.listed is not None or bool(block.nested)
    return isinstance(block, Table) and any(
        cell.headed is not None
        or cell.shape is not None
        or has_waiting(Content(blocks=cell.blocks))
        for row in block.rows
        for cell in row.cells
    )


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """With those in lists."""
    for block in blocks:
        if isinstance(block, ListBlock):
            for item in block.items:
                yield from _flat(item)
        else:
            yield block


def open_suggestions(content: Content) -> tuple[OpenSuggestion, ...]:
    found: dict[tuple[str, str], list[tuple[Suggested, str, str]]] = {}
    for suggested, kind, text in _marks(content.blocks):
        key = (suggested.author, suggested.id)
        found.setdefault(key, []).append((suggested, kind, text))
    return tuple(
        OpenSuggestion(
            id=ident,
            author=author,
            at=min(suggested.at for suggested, _, _ in parts),
            inserted="".join(text for _, kind, text in parts if kind == "insertion"),
            deleted="".join(text for _, kind, text in parts if kind == "deletion"),
            others=sum(1 for _, _, text in parts if not text),
        )
        for (author, ident), parts in found.items()
    )


def marks_of(blocks: Iterable[Block]) -> Iterator[Suggested]:
    """Every mark of every suggestion, also of what another takes with it."""
    for suggested, _kind, _text in _marks(blocks):
        yield suggested


def _marks(blocks: Iterable[Block]) -> Iterator[tuple[Suggested, str, str]]:
    """Each suggestion with what it does to which text; no text: not about text."""
    for block in blocks:
        if isinstance(block, ListBlock):
            for item in block.items:
                yield from _marks(item)
            continue
        if isinstance(block, Paragraph):
            yield from _inline_marks(block)
            if block.formatting is not None:
                yield from _looks(block.formatting)
        if isinstance(block, Image) and block.formatting is not None:
            yield from _looks(block.formatting)
        yield from _ends(block.insertion, block.deletion, "")
        if isinstance(block, Table):
            for row in block.rows:
                yield from _ends(row.insertion, row.deletion, "")
                for cell in row.cells:
                    yield from _ends(cell.insertion, cell.deletion, "")
                    if cell.formatting is not None:
                        yield from _looks(cell.formatting)
                    yield from _marks(cell.blocks)


def _inline_marks(block: Paragraph) -> Iterator[tuple[Suggested, str, str]]:
    for inline in block.inlines:
        text = inline.text if isinstance(inline, Run) else "\n"
        yield from _ends(inline.insertion, inline.deletion, text)
        if isinstance(inline, Run) and inline.formatting is not None:
            yield from _looks(inline.formatting)


def _looks(
    top: Reformatted | Restyled | Pictured | Celled,
) -> Iterator[tuple[Suggested, str, str]]:
    for each in (*top.under, top):
        yield each, "formatting", ""


def _ends(
    insertion: Suggested | None, deletion: Suggested | None, text: str
) -> Iterator[tuple[Suggested, str, str]]:
    if insertion is not None:
        yield insertion, "insertion", text
    if deletion is not None:
        yield deletion, "deletion", text
