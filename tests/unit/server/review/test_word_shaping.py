"""Whatever cells are merged or split, they are laid out again as they stood."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from collab.content.tree import Run
from server.publishing.marked import (
    Look,
    MarkedCell,
    MarkedParagraph,
    MarkedRow,
    MarkedTable,
)
from server.review.word.shaping import Shaped, as_they_stood

LOOK = Look("body", "left", 0)
Box = tuple[int, int, int, int]
"""Top, left, height and width."""


def table(rows: int, columns: int, boxes: dict[tuple[int, int], Box]) -> MarkedTable:
    """With cells of these sizes; each holds the number of its place."""
    covered = {
        (row, column): spot
        for spot, (top, left, height, width) in boxes.items()
        for row in range(top, top + height)
        for column in range(left, left + width)
    }
    made = []
    for row in range(rows):
        cells, reached = [], []
        for column in range(columns):
            spot = covered.get((row, column), (row, column))
            _top, left, height, width = boxes.get(spot, (*spot, 1, 1))
            if spot == (row, column):
                mark = row * columns + column
                text = MarkedParagraph((Run(f"{row}.{column}"),), LOOK, mark)
                cells.append(MarkedCell((text,), column, width, height))
            elif column == left and spot[0] < row:
                reached.append((column, width))
        made.append(MarkedRow(tuple(cells), reached=tuple(reached)))
    return MarkedTable(tuple(made))


def merged(old: MarkedTable, box: Box) -> MarkedTable:
    """As Word: the words of all in the one of the corner."""
    top, left, height, width = box
    flow = tuple(
        node
        for row in old.rows[top : top + height]
        for cell in row.cells
        if left <= cell.column < left + width
        for node in cell.flow
    )
    rows = list(old.rows)
    for index in range(top, top + height):
        row = rows[index]
        cells = [c for c in row.cells if not left <= c.column < left + width]
        reached = [r for r in row.reached if not left <= r[0] < left + width]
        if index == top:
            cells.append(MarkedCell(flow, left, width, height))
        else:
            reached.append((left, width))
        cells.sort(key=lambda cell: cell.column)
        rows[index] = replace(row, cells=tuple(cells), reached=tuple(sorted(reached)))
    return MarkedTable(tuple(rows))


@st.composite
def changes(draw: st.DrawFn) -> tuple[MarkedTable, Box]:
    """A table in which one cell is larger, and what is merged in it."""
    rows, columns = draw(st.integers(2, 4)), draw(st.integers(3, 5))
    boxes: dict[tuple[int, int], Box] = {}
    if draw(st.booleans()):
        top, left = draw(st.integers(0, rows - 2)), draw(st.integers(0, columns - 2))
        boxes[top, left] = (top, left, draw(st.integers(1, 2)), draw(st.integers(1, 2)))
    top, left = draw(st.integers(0, rows - 1)), draw(st.integers(0, columns - 2))
    height = draw(st.integers(1, rows - top))
    width = draw(st.integers(1, columns - 1 - left))  # no row is all in it
    for spot, (t, ln, h, w) in boxes.items():
        is_inside = top <= t and t + h <= top + height
        is_inside = is_inside and left <= ln and ln + w <= left + width
        is_apart = t >= top + height or top >= t + h
        is_apart = is_apart or ln >= left + width or left >= ln + w
        if not (is_inside or is_apart):
            boxes = {}
            assert spot
    return table(rows, columns, boxes), (top, left, height, width)


def spots_in(old: MarkedTable, box: Box) -> list[tuple[int, int]]:
    top, left, height, width = box
    return [
        (index, number)
        for index in range(top, top + height)
        for number, cell in enumerate(old.rows[index].cells)
        if left <= cell.column < left + width
    ]


@settings(max_examples=300, deadline=None)
@given(changes())
def test_a_merge_is_told_and_taken_back(change: tuple[MarkedTable, Box]) -> None:
    old, box = change
    pairs = [(row, row) for row in range(len(old.rows))]
    spots = spots_in(old, box)
    found = as_they_stood(old, merged(old, box), pairs)
    if len(spots) < 2:
        assert found == (old, [])
    else:
        assert found == (old, [Shaped("merge", tuple(spots))])


@settings(max_examples=300, deadline=None)
@given(changes())
def test_a_split_is_told_and_taken_back(change: tuple[MarkedTable, Box]) -> None:
    """The other way round: what was one is several, and its words in the first."""
    plain, (top, left, height, width) = change
    bare = table(len(plain.rows), len(plain.rows[0].cells) + 2, {})
    if top + height > len(bare.rows) or left + width > len(bare.rows[0].cells):
        return
    old = merged(bare, (top, left, height, width))
    blank = [
        replace(
            row,
            cells=tuple(
                replace(cell, flow=())
                if spot in spots_in(bare, (top, left, height, width))
                and spot != (top, left)
                else cell
                for spot, cell in (((index, n), c) for n, c in enumerate(row.cells))
            ),
        )
        for index, row in enumerate(bare.rows)
    ]
    corner = next(c for c in old.rows[top].cells if c.column == left)
    cells = list(blank[top].cells)
    cells[left] = replace(cells[left], flow=corner.flow)
    blank[top] = replace(blank[top], cells=tuple(cells))
    pairs = [(row, row) for row in range(len(old.rows))]
    stood, shaped = as_they_stood(old, MarkedTable(tuple(blank)), pairs)
    assert stood == old
    number = [c.column for c in old.rows[top].cells].index(left)
    is_split = height * width > 1
    assert shaped == ([Shaped("split", ((top, number),))] if is_split else [])


def test_rows_that_are_no_longer_side_by_side_are_left_alone() -> None:
    old = table(3, 3, {})
    new = merged(old, (0, 0, 2, 1))
    assert as_they_stood(old, new, [(0, 0), (2, 1), (1, 2)]) == (new, [])
