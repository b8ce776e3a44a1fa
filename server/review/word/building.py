"""Blocks of a draft out of what is new in a Word file, all of it suggested. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import cast

from collab.content.tree import (
    IMAGE_ALIGNMENTS,
    Align,
    Block,
    Cell,
    Image,
    ImageAlign,
    Inline,
    LineBreak,
    PageBreak,
    Paragraph,
    Row,
    Rule,
    Run,
    Suggested,
    Table,
)
from server.publishing.docx_structure import without_typed_label
from server.publishing.marked import (
    Flow,
    Look,
    MarkedAtom,
    MarkedParagraph,
    MarkedRow,
    Node,
)

_ALIGNMENTS = frozenset(("left", "center", "right", "justify"))
Author = Callable[[Suggested], Suggested]


def align_of(look: Look) -> Align | None:
    is_known = look.is_aligned and look.align in _ALIGNMENTS
    return cast(Align, look.align) if is_known else None


def authored(inlines: Iterable[Inline], author: Author) -> tuple[Inline, ...]:
    """What is new has no look that it had before."""
    found: list[Inline] = []
    for inline in inlines:
        insertion = inline.insertion and author(inline.insertion)
        deletion = inline.deletion and author(inline.deletion)
        if isinstance(inline, Run):
            found.append(
                Run(inline.text, inline.marks, inline.href, insertion, deletion)
            )
        else:
            found.append(LineBreak(insertion, deletion))
    return tuple(found)


def paragraph_of(node: MarkedParagraph, author: Author) -> Paragraph:
    inlines = authored(node.inlines, author)
    made = Paragraph(
        inlines,
        node.look.style or "body",
        align_of(node.look) if node.look.style else None,
        node.look.indent if node.look.style else 0,
    )
    return replace(
        without_typed_label(made),
        insertion=node.insertion and author(node.insertion),
        deletion=node.deletion and author(node.deletion),
    )


def block_of(node: Node, author: Author) -> Block:
    """Of a picture that has an address; no text box comes here."""
    if isinstance(node, MarkedParagraph):
        return paragraph_of(node, author)
    if isinstance(node, MarkedAtom):
        by = node.insertion and author(node.insertion)
        if node.kind == "image":
            return picture_of(node, by)
        return PageBreak(by) if node.kind == "pageBreak" else Rule(by)
    first = node.rows[0].insertion
    by = first and author(first)
    return Table(tuple(row_of(row, None) for row in node.rows), insertion=by)


def picture_of(node: MarkedAtom, by: Suggested | None) -> Image:
    side = cast(ImageAlign, node.align if node.align in IMAGE_ALIGNMENTS else "center")
    return Image(node.src, node.text, node.width_mm, side, by)


def row_of(row: MarkedRow, by: Suggested | None) -> Row:
    """Its cells are new with it, so that nothing in them is suggested by itself."""
    cells = (
        Cell(plain(cell.flow), cell.colspan, cell.rowspan)
        for cell in row.cells
        if cell.deletion is None
    )
    return Row(tuple(cells), insertion=by)


def plain(flow: Flow) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for node in flow:
        if isinstance(node, MarkedParagraph):
            inlines = tuple(
                replace(i, insertion=None, deletion=None)
                for i in node.inlines
                if i.insertion or not i.deletion
            )
            bare = replace(node, inlines=inlines, insertion=None, deletion=None)
            blocks.append(paragraph_of(bare, lambda by: by))
        elif isinstance(node, MarkedAtom):
            if node.kind == "textBox" or (node.kind == "image" and not node.src):
                continue
            blocks.append(block_of(replace(node, insertion=None), lambda by: by))
        else:
            blocks.append(Table(tuple(row_of(row, None) for row in node.rows)))
    return tuple(blocks) or (Paragraph(),)
