"""Ragged and overlapping tables become full grids without losing a cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collab.content.grid import column_count, place_cells
from collab.content.normal import normalise_blocks
from collab.content.tree import (
    MAX_COLUMNS,
    Cell,
    Paragraph,
    Row,
    Run,
    Table,
    iter_paragraphs,
)

cells = st.builds(
    Cell, st.just(()), st.integers(-2, 70), st.integers(-2, 9), st.booleans()
)
tables = st.lists(
    st.lists(cells, max_size=4).map(lambda c: Row(tuple(c))), max_size=5
).map(lambda rows: Table(tuple(rows)))


@given(tables)
def test_a_normal_table_covers_each_place_once(table: Table) -> None:
    for block in normalise_blocks([table]):
        assert isinstance(block, Table)
        placed = place_cells(block.rows)
        seen = [
            (row, column)
            for line in placed
            for c in line
            for row in range(c.row, c.row + c.rowspan)
            for column in range(c.column, c.column + c.colspan)
        ]
        width = column_count(placed)
        assert sorted(seen) == [
            (r, c) for r in range(len(block.rows)) for c in range(width)
        ]
        assert len(block.column_widths) == width
        assert normalise_blocks([block]) == (block,)


def test_overlapping_spans_are_cut_and_the_text_stays() -> None:
    def cell(text: str, colspan: int, rowspan: int) -> Cell:
        return Cell((Paragraph((Run(text),)),), colspan, rowspan)

    table = Table((Row((cell("a", 1, 1), cell("b", 1, 2))), Row((cell("c", 3, 1),))))
    (normal,) = normalise_blocks([table])
    assert isinstance(normal, Table)
    assert [c.colspan for c in normal.rows[1].cells] == [1]
    texts = [
        p.text
        for row in normal.rows
        for c in row.cells
        for p in c.blocks
        if isinstance(p, Paragraph)
    ]
    assert texts == ["a", "b", "c"]


def _claims(width: int, height: int) -> Table:
    """A few kilobytes that claim `height` rows of `width` columns."""
    wide = Row(tuple(Cell((Paragraph((Run(f"{n} "),)),)) for n in range(width)))
    return Table((wide, *(Row((Cell(),)) for _ in range(height))))


def test_cells_past_the_last_column_keep_their_text_in_it() -> None:
    (normal,) = normalise_blocks([_claims(3_000, 3_000)])
    assert isinstance(normal, Table)
    assert {len(row.cells) for row in normal.rows} == {MAX_COLUMNS}
    texts = "".join(p.text for p in iter_paragraphs([normal]))
    assert texts.split() == [str(n) for n in range(3_000)]


def test_a_stair_of_tall_cells_is_no_wider_than_a_table_may_be() -> None:
    steps = [
        Row((Cell((Paragraph((Run(f"{n} "),)),), 1, 9_999),)) for n in range(3_000)
    ]
    (normal,) = normalise_blocks([Table(tuple(steps))])
    assert isinstance(normal, Table)
    assert column_count(place_cells(normal.rows)) == MAX_COLUMNS
    texts = "".join(p.text for p in iter_paragraphs([normal]))
    assert texts.split() == [str(n) for n in range(3_000)]
