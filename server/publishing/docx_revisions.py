"""A draft in Word: suggestions as revisions, and marks by which it is known again.

Insertions, deletions and changes of look are Word's own (w:ins, w:del, w:cellIns,
w:cellDel, w:rPrChange, w:pPrChange; those of cells are in `docx_cell_looks`), so that
whoever has Word accepts and rejects them there. Each paragraph begins with a hidden
bookmark that counts it: Word and LibreOffice keep bookmarks through any edit, and move
them with the text. Must never decide about a suggestion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zlib import crc32

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from collab.content.grid import has_looks
from collab.content.tree import (
    Block,
    Cell,
    Image,
    Inline,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Rule,
    Run,
    Suggested,
    Table,
)
from server.publishing.docx_blocks import BlockWriter, Images, Place, column_twips
from server.publishing.docx_cell_looks import CellLooks
from server.publishing.docx_elements import element
from server.publishing.docx_inlines import append_break, append_text, marked_properties
from server.publishing.docx_listed import SuggestedLists
from server.publishing.docx_points import Points
from server.publishing.docx_rows import LINK_MARK, strike, track_inside
from server.publishing.letterhead import clean_text
from server.publishing.links import safe_href

PARAGRAPH_MARK = "_dtp_"
BLOCK_MARK = "_dtb_"
MAX_AUTHOR = 200
_EMU_PER_TENTH = 3600  # of a millimetre

Names = Callable[[str], str]
"""The name that an author of suggestions has in Word."""
LabelEnds = tuple[Suggested | None, Suggested | None]
_NO_ENDS: LabelEnds = (None, None)


class Ids:
    """Annotations of a document are numbered once through."""

    def __init__(self) -> None:
        self._next = 1

    def take(self) -> str:
        self._next += 1
        return str(self._next - 1)


class ReviewWriter(BlockWriter):
    """Writes what its base does, with revisions, marks and the points given."""

    def __init__(
        self,
        document: Any,
        images: Images,
        names: Names,
        points: Points,
        ids: Ids,
        labels: Sequence[LabelEnds] = (),
    ) -> None:
        super().__init__(document, images)
        self._labels = labels
        self._names = names
        self._points = points
        self._ids = ids
        self._looks: list[CellLooks] = []  # of the tables in which it is, inner last
        self._lists = SuggestedLists(self._numbering)
        self._paragraphs = 0
        self._atoms = 0
        self._pictures = 0

    def _paragraph(self, block: Paragraph, place: Place) -> Any:
        paragraph = self._shaped(block, self._lists.place(block, place))
        self._close(paragraph, block.insertion, block.deletion)
        if block.formatting is not None:
            before = block.formatting.lowest
            old = self._shaped(
                replace(
                    block,
                    style=before.style,
                    align=before.align,
                    indent=before.indent,
                    number=before.number,
                ),
                self._lists.place_of(before.listed, before.nested, place),
            )
            change = self._revision("w:pPrChange", block.formatting)
            change.append(old.pPr)
            paragraph.pPr.append(change)
        self._mark(paragraph, PARAGRAPH_MARK, self._paragraphs)
        start = len(paragraph)
        self._append_label(paragraph, block)
        if self._paragraphs < len(self._labels):
            self._wrap(paragraph, start, *self._labels[self._paragraphs])
        self._append_inlines(
            paragraph, block.inlines, self._points.of(self._paragraphs)
        )
        self._paragraphs += 1
        return paragraph

    def _atom(self, block: Image | PageBreak | Rule, place: Place) -> Any:
        paragraph = super()._atom(block, place)
        start = 1  # after the properties
        self._wrap(paragraph, start, block.insertion, block.deletion)
        if isinstance(block, Image):
            self._points.set_around(self._pictures, paragraph, start)
            self._pictures += 1
        self._close(paragraph, block.insertion, block.deletion)
        self._mark(paragraph, BLOCK_MARK, f"{self._atoms}{_size_of(paragraph)}")
        self._atoms += 1
        return paragraph

    def _table(self, block: Table, place: Place) -> Any:
        if not has_looks(block):
            return super()._table(block, place)
        looks = CellLooks(
            block,
            lambda table, columns: column_twips(
                table.column_widths, columns, place.width_mm
            ),
            self._revision,
        )
        self._looks.append(looks)
        made = super()._table(looks.shown, place)
        self._looks.pop()
        looks.table_done(made, self._ids.take())
        return made

    def _row_done(self, row: Any, read: Row, table: Table) -> None:
        self._mark_row(row, read, table)
        for looks in self._looks[-1:]:
            looks.row_done(row, read)

    def _mark_row(self, row: Any, read: Row, table: Table) -> None:
        insertion = read.insertion or table.insertion
        deletion = read.deletion or table.deletion
        if insertion is None and deletion is None:
            return
        properties = row.find(qn("w:trPr"))
        if properties is None:
            properties = element("w:trPr")
            row.insert(0, properties)
        for tag, suggested in (("w:ins", insertion), ("w:del", deletion)):
            if suggested is not None:
                properties.append(self._revision(tag, suggested))
                track_inside(row, tag, partial(self._revision, tag, suggested))

    def _cell_done(self, cell: Any, read: Cell, *, is_below: bool) -> None:
        self._mark_cell(cell, read)
        for looks in self._looks[-1:]:
            looks.cell_done(cell, read, is_below=is_below)

    def _mark_cell(self, cell: Any, read: Cell) -> None:
        """The format has one mark for a cell: one that came and is to go again has
        come, and is no more there whichever way that is decided."""
        suggested, names = read.insertion, ("w:cellIns", "w:ins")
        if suggested is None:
            suggested, names = read.deletion, ("w:cellDel", "w:del")
        if suggested is None:
            return
        mark, inner = names
        cell.tcPr.append(self._revision(mark, suggested))
        track_inside(cell, inner, partial(self._revision, inner, suggested))

    def _append_inlines(
        self,
        paragraph: Any,
        inlines: Iterable[Inline],
        points: Sequence[tuple[int, Any]],
    ) -> None:
        waiting = list(points)
        at = 0
        for inline in inlines:
            size = len(inline.text) if isinstance(inline, Run) else 1
            done = 0
            while waiting and waiting[0][0] < at + size:
                offset, made = waiting.pop(0)
                here = max(0, offset - at)
                if isinstance(inline, Run) and here > done:
                    self._append_run(paragraph, inline, inline.text[done:here])
                    done = here
                paragraph.append(made)
            if isinstance(inline, Run):
                self._append_run(paragraph, inline, inline.text[done:])
            else:
                start = len(paragraph)
                append_break(paragraph)
                self._wrap(paragraph, start, inline.insertion, inline.deletion)
            at += size
        for _offset, made in waiting:
            paragraph.append(made)

    def _append_run(self, paragraph: Any, run: Run, text: str) -> None:
        if not text:
            return
        change = run.formatting
        if change is None or not _leads_elsewhere(run):
            self._append_linked(paragraph, run, text)
            return
        # Word tracks no link: the old one is struck, the new one stands beside it.
        by = Suggested(change.id, change.author, change.at)
        ident = self._ids.take()
        whose = name_sum(self._name(by.author), word_time(by.at) or "")
        name = f"{LINK_MARK}{ident}_{whose:08x}"
        paragraph.append(element("w:bookmarkStart", id=ident, name=name))
        was = Run(text, change.marks, change.href, deletion=by)
        self._append_linked(paragraph, was, text)
        now = Run(text, run.marks, run.href, insertion=by)
        self._append_linked(paragraph, now, text)
        paragraph.append(element("w:bookmarkEnd", id=ident))

    def _append_linked(self, paragraph: Any, run: Run, text: str) -> None:
        parent = paragraph
        href = safe_href(run.href)
        if href is not None:
            parent = element("w:hyperlink")
            kind = RELATIONSHIP_TYPE.HYPERLINK
            linked = self._part.relate_to(href, kind, is_external=True)
            parent.set(qn("r:id"), linked)
            paragraph.append(parent)
        start = len(parent)
        append_text(parent, text, marks=run.marks)
        if run.formatting is not None:
            made = parent[start]
            change = self._revision("w:rPrChange", run.formatting)
            change.append(marked_properties(run.formatting.lowest.marks))
            made.get_or_add_rPr().append(change)
        self._wrap(parent, start, run.insertion, run.deletion)

    def _wrap(
        self,
        parent: Any,
        start: int,
        insertion: Suggested | None,
        deletion: Suggested | None,
    ) -> None:
        """The runs of `parent` from `start` on, as inserted, deleted, or both."""
        # The outer one is made last: what was inserted may be deleted, in that order.
        for tag, suggested in (("w:del", deletion), ("w:ins", insertion)):
            runs = list(parent[start:])
            if suggested is None or not runs:
                continue
            wrapper = self._revision(tag, suggested)
            parent.insert(start, wrapper)
            wrapper.extend(runs)
            if tag == "w:del":
                strike(wrapper)

    def _close(
        self, paragraph: Any, insertion: Suggested | None, deletion: Suggested | None
    ) -> None:
        """What is suggested of the end of the paragraph."""
        if insertion is None and deletion is None:
            return
        properties = element("w:rPr")
        if insertion is not None:
            properties.append(self._revision("w:ins", insertion))
        if deletion is not None:
            properties.append(self._revision("w:del", deletion))
        paragraph.pPr.append(properties)

    def _mark(self, paragraph: Any, kind: str, number: int | str) -> None:
        name, ident = f"{kind}{number}", self._ids.take()
        begin = element("w:bookmarkStart", id=ident, name=name)
        paragraph.pPr.addnext(begin)
        begin.addnext(element("w:bookmarkEnd", id=ident))

    def _revision(self, tag: str, suggested: Suggested) -> Any:
        made = element(tag, id=self._ids.take(), author=self._name(suggested.author))
        at = word_time(suggested.at)
        if at is not None:
            made.set(qn("w:date"), at)
        return made

    def _name(self, author: str) -> str:
        name = " ".join(clean_text(self._names(author)).split())
        return name[:MAX_AUTHOR] or "?"


def _size_of(paragraph: Any) -> str:
    """Of a picture, in tenths of a millimetre: Word tracks no size, so its mark says
    with which one it went out."""
    extent = next(paragraph.iter(qn("wp:extent")), None)
    if extent is None:
        return ""
    width, height = (round(int(extent.get(n)) / _EMU_PER_TENTH) for n in ("cx", "cy"))
    return f"_{width}x{height}"


def _leads_elsewhere(run: Run) -> bool:
    """Whether a run that stands is suggested to lead elsewhere, or nowhere."""
    change = run.formatting
    if change is None or run.insertion is not None or run.deletion is not None:
        return False
    return safe_href(change.href) != safe_href(run.href)


def label_ends(blocks: Iterable[Block]) -> list[LabelEnds]:
    """Of each paragraph in document order, what its label comes and goes with.

    A label is text in Word, so the right one must be left whether an end of a paragraph
    is accepted or rejected. Where the next paragraph has a label of the same kind, that
    one comes or goes: the first stays with what the two become.
    """
    found: list[LabelEnds] = []
    for flow in _flows(blocks):
        start = len(found)
        found += [_NO_ENDS] * len(flow)
        for index, paragraph in enumerate(flow):
            ends = (paragraph.insertion, paragraph.deletion)
            after = flow[index + 1] if index + 1 < len(flow) else None
            is_like = after is not None and after.style == paragraph.style
            if ends != _NO_ENDS:
                found[start + index + is_like] = ends
    return found


def _flows(blocks: Iterable[Block]) -> Iterator[list[Paragraph]]:
    """Paragraphs that can run into each other, in document order."""
    flow: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            flow.append(block)
            continue
        if flow:
            yield flow
            flow = []
        if isinstance(block, ListBlock):
            yield from _flows(part for item in block.items for part in item)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from _flows(cell.blocks)
    if flow:
        yield flow


def name_sum(author: str, at: str) -> int:
    """By which a mark knows the revisions of one person and time; no secret."""
    return crc32(f"{author}|{at}".encode())


def word_time(at: str) -> str | None:
    """ISO time as Word has it: UTC, to the second; None for what is no time."""
    try:
        moment = datetime.fromisoformat(re.sub(r"Z$", "+00:00", at.strip()))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return None
    return moment.replace(tzinfo=None, microsecond=0).isoformat() + "Z"
