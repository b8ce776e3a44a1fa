"""What a .docx can hold of a draft: the draft that must come back after export."""

from __future__ import annotations

from dataclasses import replace

from collab.content.labels import Labeller, format_label
from collab.content.normal import merge_runs, normalise
from collab.content.tree import (
    Block,
    Content,
    Fields,
    Image,
    Inline,
    LineBreak,
    ListBlock,
    Paragraph,
    Run,
    Table,
)
from server.publishing.letterhead import (
    bare_line,
    bare_subject,
    clean_text,
    lines_of,
)
from server.publishing.links import safe_href


def kept(content: Content) -> Content:
    """NFC, merged runs, safe links, labels only where they differ from automatic."""
    content = normalise(content)
    labeller = Labeller()
    blocks = tuple(_block(block, labeller) for block in content.blocks)
    return normalise(Content(_fields(content.fields), blocks))


def _block(block: Block, labeller: Labeller) -> Block:
    if isinstance(block, Paragraph):
        number = None if block.number is None else clean_text(block.number)
        expected = labeller.expected(block)
        if number == expected or (number == "" and not format_label(block.style, 1)):
            number = None
        block = replace(block, number=number, inlines=_inlines(block.inlines))
        labeller.label(block)
        return block
    if isinstance(block, ListBlock):
        items = tuple(tuple(_block(b, labeller) for b in i) for i in block.items)
        return replace(block, items=items)
    if isinstance(block, Table):
        rows = tuple(
            replace(
                row,
                cells=tuple(
                    replace(c, blocks=tuple(_block(b, labeller) for b in c.blocks))
                    for c in row.cells
                ),
            )
            for row in block.rows
        )
        return replace(block, rows=rows)
    if isinstance(block, Image):
        return replace(block, src=block.src[-64:], alt=clean_text(block.alt))
    return block


def _inlines(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, LineBreak):
            found.append(inline)
            continue
        marks = inline.marks
        if "superscript" in marks:
            marks -= {"subscript"}
        for index, line in enumerate(clean_text(inline.text).split("\n")):
            if index:
                found.append(LineBreak())
            found.append(Run(line, marks, safe_href(inline.href)))
    return merge_runs(found)


def _fields(fields: Fields) -> Fields:
    def lines(text: str) -> str:
        return "\n".join(lines_of(text))

    def bare(text: str) -> str:
        return "\n".join(b for b in map(bare_line, lines_of(text)) if b)

    subject = lines(fields.subject)
    if fields.document_type == "CV":
        subject = bare_subject(subject)
    return replace(
        fields,
        subject=subject,
        addressees=bare(fields.addressees),
        recipients=bare(fields.recipients),
    )
