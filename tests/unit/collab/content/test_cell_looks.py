"""Cells that are suggested to be headers, wider, merged or split: nothing is lost by
it, what is rejected leaves no trace, and no order of decisions makes another table."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from collab.content.comparing.compare import compare
from collab.content.digest import digest_of
from collab.content.grid import column_count, column_widths, place_cells
from collab.content.normal import normalise
from collab.content.read import read_content
from collab.content.suggested import final, original, resolve
from collab.content.suggestions import has_suggestions, has_waiting, open_suggestions
from collab.content.tree import (
    Cell,
    Celled,
    Content,
    Paragraph,
    Row,
    Run,
    Suggested,
    Table,
    iter_paragraphs,
)
from collab.content.write import build_update

AT = "2026-11-27T08:00:00Z"
PEOPLE = ("an", "binh", "chi")


def para(text: str) -> Paragraph:
    return Paragraph((Run(text),) if text else ())


def cell(text: str, *spans: int, **more: Any) -> Cell:
    return Cell((para(text),), *spans, **more)


def of(*rows: tuple[Cell, ...] | Row, widths: tuple[int | None, ...] = ()) -> Content:
    made = tuple(row if isinstance(row, Row) else Row(row) for row in rows)
    return normalise(Content(blocks=(Table(made, widths),)))


def table_of(content: Content) -> Table:
    (table,) = content.blocks
    assert isinstance(table, Table)
    return table


def say(held: Cell, author: str, **wishes: Any) -> Cell:
    """One more suggestion on top of those that stand there."""
    top = held.formatting
    under = () if top is None else (*top.under, replace(top, under=()))
    now = {"headed": held.headed, "shape": held.shape, "widths": held.widths}
    layer = Celled(f"s-{author}", author, AT, **now, under=under)
    return replace(held, **wishes, formatting=layer)


def texts(content: Content) -> list[str]:
    return sorted(p.text for p in iter_paragraphs(content.blocks) if p.text)


def with_rows(content: Content, change: Any) -> Content:
    """`change` gets each placed cell and gives what is to stand there."""
    table = table_of(_with_widths(content))
    rows = tuple(
        replace(row, cells=tuple(change(placed) for placed in line))
        for row, line in zip(table.rows, place_cells(table.rows), strict=True)
    )
    made = replace(table, rows=rows)
    made = replace(made, column_widths=column_widths(made))
    return normalise(Content(blocks=(made,)))


@st.composite
def plain_tables(draw: Any) -> Content:
    width, height = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    spans = st.sampled_from([1, 1, 1, 2])
    number = iter(range(100))
    rows = tuple(
        tuple(
            cell(
                draw(st.sampled_from(["", "chữ", "số"])) and f"ô {next(number)}",
                draw(spans),
                draw(spans),
                header=draw(st.booleans()),
            )
            for _ in range(width)
        )
        for _ in range(height)
    )
    sizes = draw(st.lists(st.sampled_from([None, 60, 240]), max_size=4))
    return of(*rows, widths=tuple(sizes))


@st.composite
def suggested_tables(draw: Any) -> tuple[Content, Content]:
    """A table, and the same with what three people suggest about its cells."""
    plain = draw(plain_tables())
    marked = plain
    for number in range(draw(st.integers(1, 5))):
        author = draw(st.sampled_from(PEOPLE))
        table = table_of(marked)
        columns = column_count(place_cells(table.rows))
        top, left = draw(st.integers(0, len(table.rows) - 1)), draw(st.integers(0, 3))
        bottom, right = top + draw(st.integers(1, 2)), left + draw(st.integers(1, 2))
        kind = draw(st.sampled_from(["merge", "split", "head", "width", "row", "col"]))
        wide = draw(st.sampled_from([30, 90]))

        def change(
            placed: Any,
            kind: str = kind,
            box: tuple[int, ...] = (top, left, bottom, right),
            named: tuple[str, int, int] = (author, number, wide),
        ) -> Cell:
            held: Cell = placed.cell
            by, at, width = named
            over = range(placed.column, placed.column + placed.colspan)
            is_in = (
                placed.row < box[2]
                and placed.row + placed.rowspan > box[0]
                and any(box[1] <= column < box[3] for column in over)
            )
            if kind == "head" and placed.row == 0:
                return say(held, by, headed=not (held.headed or held.header))
            if kind == "width" and box[1] in over:
                sizes = list(held.widths or [None] * placed.colspan)
                sizes[box[1] - placed.column] = width
                return say(held, by, widths=tuple(sizes))
            if kind == "merge" and is_in:
                return say(held, by, shape=f"merge-{at}")
            if kind == "split" and is_in:
                return say(held, by, shape="split")
            return held

        if kind == "row":
            added = Row(
                tuple(cell(f"mới {number}", widths=(None,)) for _ in range(columns)),
                Suggested(f"s-{author}", author, AT),
            )
            fits = all(c.rowspan == 1 for row in table.rows for c in row.cells)
            rows = (*table.rows[:top], added, *table.rows[top:])
            if fits:
                marked = normalise(Content(blocks=(replace(table, rows=rows),)))
            continue
        marked = with_rows(marked, change)
    return plain, marked


def _with_widths(content: Content) -> Content:
    """As the reader gives a table of which a cell says something; new rows say nothing
    of their widths, as the editor makes them."""
    table = table_of(content)
    rows = tuple(
        replace(
            row,
            cells=tuple(
                replace(
                    p.cell,
                    widths=(None,) * p.colspan
                    if row.insertion
                    else p.cell.widths
                    or table.column_widths[p.column : p.column + p.colspan],
                )
                for p in line
            ),
        )
        for row, line in zip(table.rows, place_cells(table.rows), strict=True)
    )
    return Content(blocks=(replace(table, rows=rows),))


@given(suggested_tables())
def test_what_is_rejected_leaves_no_trace(tables: tuple[Content, Content]) -> None:
    plain, marked = tables
    assert original(marked) == plain


@given(suggested_tables())
def test_what_is_accepted_loses_no_text(tables: tuple[Content, Content]) -> None:
    _plain, marked = tables
    made = final(marked)
    assert texts(made) == texts(marked)
    assert not has_suggestions(made) and not has_waiting(made)
    assert normalise(made) == made


@given(suggested_tables(), st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_no_order_of_decisions_makes_another_table(
    tables: tuple[Content, Content], verdicts: tuple[bool, bool, bool]
) -> None:
    _plain, marked = tables
    said = dict(zip(PEOPLE, verdicts, strict=True))
    together = resolve(marked, lambda s: said[s.author])
    for order in permutations(PEOPLE):
        step = marked
        for author in order:
            step = resolve(step, lambda s, a=author: said[a] if s.author == a else None)
        assert step == together, order


@given(suggested_tables())
def test_what_is_stored_is_what_is_read(tables: tuple[Content, Content]) -> None:
    _plain, marked = tables
    assert read_content(build_update(marked)) == marked
    step = resolve(marked, lambda s: True if s.author == "an" else None)
    assert read_content(build_update(step)) == step


LETTER = of((cell("a"), cell("b")), (cell("c"), cell("d")), widths=(120, 60))


def _merged(by: str = "an") -> Content:
    def change(placed: Any) -> Cell:
        held: Cell = placed.cell
        return say(held, by, shape="merge-1") if placed.row == 0 else held

    return with_rows(LETTER, change)


def test_each_is_listed_once_with_who_suggests_it() -> None:
    (found,) = open_suggestions(_merged())
    assert (found.author, found.others) == ("an", 2)


def test_a_table_without_suggestions_keeps_the_digest_that_it_had() -> None:
    assert digest_of(final(_merged())) != digest_of(LETTER)
    assert digest_of(original(_merged())) == digest_of(LETTER)
    assert digest_of(_merged()) != digest_of(LETTER)


def test_a_comparison_tells_of_the_cells_that_are_concerned_alone() -> None:
    (change,) = compare(LETTER, _merged()).blocks
    kinds = [[cell.kind for cell in row.parts] for row in change.parts]
    assert kinds == [["formatted", "formatted"], ["same", "same"]]


def test_what_waits_for_nobody_any_more_stands_merged() -> None:
    """A row was in its way when it was accepted; its writer took it back."""
    waiting = resolve(_merged(), lambda _: True)
    table = table_of(waiting)
    assert [len(row.cells) for row in table.rows] == [1, 2]
    said = with_rows(
        LETTER,
        lambda p: replace(p.cell, shape="merge-1") if p.row == 0 else p.cell,
    )
    assert not has_suggestions(said) and has_waiting(said)
    assert original(said) == waiting
