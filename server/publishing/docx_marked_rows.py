"""The rows and cells of a table in an edited file, with what was tracked of them.

Word and our export mark the letters and ends of a row or column that comes or goes,
too. With them taken for suggestions, whoever rejects the column would still have to
reject each of its cells: so they belong to the row or column, and are no revision of
their own. Must never drop what somebody else, or at another time, did in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from collab.content.normal import merge_runs
from collab.content.tree import MAX_COLUMNS, Suggested
from server.publishing.docx_body import cell_children, row_children
from server.publishing.docx_formats import W, switch_of, value_of, whole_of
from server.publishing.docx_marked_runs import revision_of
from server.publishing.layout import HEADER_CELL_FILL
from server.publishing.marked import (
    CellLook,
    Flow,
    MarkedAtom,
    MarkedCell,
    MarkedParagraph,
    MarkedRow,
    MarkedTable,
    Merging,
    Node,
)

Mark = Suggested | None
Ends = tuple[frozenset[Mark], frozenset[Mark]]
"""Whose insertions and whose deletions are those of what stands around."""


@dataclass(slots=True)
class _Row:
    cells: list[MarkedCell]
    reached: list[tuple[int, int]]
    bare: MarkedRow

    def made(self) -> MarkedRow:
        held = replace(self.bare, cells=tuple(self.cells), reached=tuple(self.reached))
        return as_a_whole(held)


def rows_of(table: Any, flow_of: Callable[[Any], Flow]) -> tuple[MarkedRow, ...]:
    """`flow_of` reads what stands in a cell, in document order. A row that is all
    reached from above is none."""
    rows: list[_Row] = []
    # Column → the row and the number of the cell that reaches down there.
    begun: dict[int, tuple[_Row, int]] = {}
    for element in row_children(table):
        form = element.find(W + "trPr")
        row = _Row([], [], _bare_row(form))
        reaching: list[tuple[_Row, int]] = []
        column = max(0, min(whole_of(value_of(form, "gridBefore")) or 0, MAX_COLUMNS))
        for item in cell_children(element):
            given = item.find(W + "tcPr")
            span = max(1, min(whole_of(value_of(given, "gridSpan")) or 1, MAX_COLUMNS))
            merge = given.find(W + "vMerge") if given is not None else None
            is_more = merge is not None and merge.get(W + "val") != "restart"
            if is_more and column in begun:
                row.reached.append((column, span))
                reaching.append(begun[column])
                _keep_words(begun[column], flow_of(item))
            else:
                for covered in range(column, column + span):
                    begun.pop(covered, None)
                if merge is not None:
                    begun[column] = (row, len(row.cells))
                row.cells.append(
                    replace(
                        read_look(given),
                        flow=flow_of(item),
                        column=column,
                        colspan=span,
                    )
                )
            column += span
        if row.cells:
            rows.append(row)
            for above, number in reaching:
                cell = above.cells[number]
                above.cells[number] = replace(cell, rowspan=cell.rowspan + 1)
    return tuple(row.made() for row in rows)


def _keep_words(above: tuple[_Row, int], hidden: Flow) -> None:
    """What a program left in a place that a cell reaches: it is of that cell."""
    said = [
        node
        for node in hidden
        if not isinstance(node, MarkedParagraph) or node.text.strip()
    ]
    if said:
        row, number = above
        cell = row.cells[number]
        row.cells[number] = replace(cell, flow=(*cell.flow, *said))


def _bare_row(form: Any) -> MarkedRow:
    change = form.find(W + "trPrChange") if form is not None else None
    return MarkedRow(
        (),
        _mark(form, "ins"),
        _mark(form, "del"),
        is_header=bool(switch_of(form, "tblHeader")),
        restyled=None if change is None else revision_of(change),
        was_header=change is not None
        and bool(switch_of(change.find(W + "trPr"), "tblHeader")),
    )


def read_look(form: Any) -> MarkedCell:
    """Of the properties of a cell; what it says of its place is left to the caller."""
    if form is None:
        return MarkedCell()
    change, merging = form.find(W + "tcPrChange"), form.find(W + "cellMerge")
    return MarkedCell(
        insertion=_mark(form, "cellIns"),
        deletion=_mark(form, "cellDel"),
        look=_look(form),
        restyled=None if change is None else revision_of(change),
        was=None if change is None else _look(change.find(W + "tcPr")),
        merging=None if merging is None else _merging(merging),
    )


def _look(form: Any) -> CellLook:
    if form is None:
        return CellLook()
    width, shade = form.find(W + "tcW"), form.find(W + "shd")
    twips = 0
    if width is not None and width.get(W + "type") == "dxa":
        twips = max(0, whole_of(width.get(W + "w")) or 0)
    fill = "" if shade is None else (shade.get(W + "fill") or "")
    return CellLook(twips, fill.upper() == HEADER_CELL_FILL)


def _merging(element: Any) -> Merging:
    was, now = (
        value if (value := element.get(W + name)) in ("rest", "cont") else ""
        for name in ("vMergeOrig", "vMerge")
    )
    return Merging(revision_of(element), was, now)


def _mark(form: Any, name: str) -> Mark:
    found = form.find(W + name) if form is not None else None
    return None if found is None else revision_of(found)


def as_a_whole(row: MarkedRow) -> MarkedRow:
    return replace(
        row, cells=tuple(cell_as_a_whole(cell, (row, cell)) for cell in row.cells)
    )


def cell_as_a_whole(
    cell: MarkedCell, around: Iterable[MarkedRow | MarkedCell]
) -> MarkedCell:
    """Without what was done to its letters by whoever did it to what is `around`."""
    held = list(around)
    ends = (
        frozenset(one.insertion for one in held) - {None},
        frozenset(one.deletion for one in held) - {None},
    )
    return replace(cell, flow=_flow(cell.flow, ends)) if any(ends) else cell


def _flow(flow: Flow, ends: Ends) -> Flow:
    return tuple(_node(node, ends) for node in flow)


def _node(node: Node, ends: Ends) -> Node:
    if isinstance(node, MarkedTable):
        rows = (
            replace(
                row,
                cells=tuple(replace(c, flow=_flow(c.flow, ends)) for c in row.cells),
            )
            for row in node.rows
        )
        return MarkedTable(tuple(rows))
    insertion, deletion = _left(node.insertion, node.deletion, ends)
    if isinstance(node, MarkedAtom):
        return replace(node, insertion=insertion, deletion=deletion)
    inlines = []
    for inline in node.inlines:
        come, gone = _left(inline.insertion, inline.deletion, ends)
        inlines.append(replace(inline, insertion=come, deletion=gone))
    made: MarkedParagraph = replace(node, inlines=merge_runs(inlines))
    return replace(made, insertion=insertion, deletion=deletion)


def _left(insertion: Mark, deletion: Mark, ends: Ends) -> tuple[Mark, Mark]:
    return (
        None if insertion in ends[0] else insertion,
        None if deletion in ends[1] else deletion,
    )
