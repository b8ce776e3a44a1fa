"""What stands in a row that comes or goes as a whole: no revision of its own.

Word and our export mark the letters and ends of such a row too. With them taken for
suggestions, whoever rejects the row would still have to reject each of its cells. Must
never drop what somebody else, or at another time, did in the row. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from collab.content.normal import merge_runs
from collab.content.tree import Suggested
from server.publishing.marked import (
    Flow,
    MarkedAtom,
    MarkedParagraph,
    MarkedRow,
    MarkedTable,
    Node,
)

Ends = tuple[Suggested | None, Suggested | None]


def as_a_whole(row: MarkedRow) -> MarkedRow:
    ends = (row.insertion, row.deletion)
    if ends == (None, None):
        return row
    return replace(row, cells=tuple(_flow(cell, ends) for cell in row.cells))


def _flow(flow: Flow, ends: Ends) -> Flow:
    return tuple(_node(node, ends) for node in flow)


def _node(node: Node, ends: Ends) -> Node:
    if isinstance(node, MarkedTable):
        rows = (
            replace(row, cells=tuple(_flow(cell, ends) for cell in row.cells))
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


def _left(insertion: Suggested | None, deletion: Suggested | None, ends: Ends) -> Ends:
    return (
        None if insertion == ends[0] else insertion,
        None if deletion == ends[1] else deletion,
    )
