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
from server.publishing.docx_formats import W, value_of, whole_of
from server.publishing.docx_marked_runs import revision_of
from server.publishing.marked import (
    Flow,
    MarkedAtom,
    MarkedCell,
    MarkedParagraph,
    MarkedRow,
    MarkedTable,
    Node,
)

Mark = Suggested | None
Ends = tuple[frozenset[Mark], frozenset[Mark]]
"""Whose insertions and whose deletions are those of what stands around."""


@dataclass(slots=True)
class _Row:
    cells: list[MarkedCell]
    reached: list[tuple[int, int]]
    insertion: Mark
    deletion: Mark


def rows_of(table: Any, flow_of: Callable[[Any], Flow]) -> tuple[MarkedRow, ...]:
    """`flow_of` reads what stands in a cell, in document order. A row that is all
    reached from above is none."""
    rows: list[_Row] = []
    # Column → the row and the number of the cell that reaches down there.
    begun: dict[int, tuple[_Row, int]] = {}
    for element in row_children(table):
        form = element.find(W + "trPr")
        row = _Row([], [], _mark(form, "ins"), _mark(form, "del"))
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
                come, gone = _mark(given, "cellIns"), _mark(given, "cellDel")
                made = MarkedCell(flow_of(item), column, span, 1, come, gone)
                row.cells.append(made)
            column += span
        if row.cells:
            rows.append(row)
            for above, number in reaching:
                cell = above.cells[number]
                above.cells[number] = replace(cell, rowspan=cell.rowspan + 1)
    return tuple(
        as_a_whole(MarkedRow(tuple(r.cells), r.insertion, r.deletion, tuple(r.reached)))
        for r in rows
    )


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
