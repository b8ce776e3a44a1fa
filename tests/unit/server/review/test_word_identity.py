"""What goes out to Word and comes back untouched is what it was."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings

from collab.content.normal import merge_runs
from collab.content.tree import (
    Block,
    Content,
    LineBreak,
    ListBlock,
    Paragraph,
    Table,
    iter_paragraphs,
)
from server.publishing.docx_marked import read_marked
from server.publishing.docx_revisions import word_time
from server.publishing.letterhead import clean_text
from server.publishing.links import safe_href
from server.publishing.marked import paragraphs_in
from tests.unit.server.publishing.review_samples import SUGGESTED
from tests.unit.server.review.suggested_contents import contents
from tests.unit.server.review.word_worlds import exported, name_of, plain, take_in

Letters = list[tuple[object, ...]]
Ends = tuple[set[object], set[object]]


def said(by: object) -> tuple[str, str | None] | None:
    if by is None:
        return None
    return name_of(getattr(by, "author")), word_time(getattr(by, "at"))  # noqa: B009


def letters(inlines: object) -> Letters:
    found: Letters = []
    for inline in merge_runs(inlines):  # type: ignore[arg-type]
        if isinstance(inline, LineBreak):
            found.append(("\n", said(inline.insertion), said(inline.deletion)))
            continue
        look = inline.formatting
        marks = without_double(inline.marks)
        for char in clean_text(inline.text):
            found.append(
                (
                    char,
                    said(inline.insertion),
                    said(inline.deletion),
                    marks,
                    safe_href(inline.href),
                    look and (said(look), without_double(look.marks)),
                )
            )
    return found


def without_double(marks: frozenset[str]) -> frozenset[str]:
    """Word has one vertical position."""
    return marks - {"subscript"} if "superscript" in marks else marks


def ends(paragraph: object) -> tuple[object, object]:
    return (
        said(getattr(paragraph, "insertion")),  # noqa: B009
        said(getattr(paragraph, "deletion")),  # noqa: B009
    )


def whole_rows(block: Block) -> Block:
    """What stands in a row or column that comes or goes has no suggestion of its own,
    when it is of the same name and time: Word marks all of it."""
    if isinstance(block, ListBlock):
        items = (tuple(map(whole_rows, item)) for item in block.items)
        return replace(block, items=tuple(items))
    if not isinstance(block, Table):
        return block
    rows = []
    for row in block.rows:
        cells = []
        for cell in row.cells:
            # A cell bears one mark: that it came, else that it is to go.
            goes = None if cell.insertion else cell.deletion
            come: set[object]
            gone: set[object]
            come = {said(row.insertion or block.insertion), said(cell.insertion)}
            gone = {said(row.deletion or block.deletion), said(goes)}
            left = partial(_left, (come, gone))
            inside = tuple(map(left, map(whole_rows, cell.blocks)))
            cells.append(replace(cell, blocks=inside))
        rows.append(replace(row, cells=tuple(cells)))
    return replace(block, rows=tuple(rows))


def _left(ends: Ends, block: Block) -> Block:
    def bare(part: Any) -> Any:
        come = None if said(part.insertion) in ends[0] else part.insertion
        gone = None if said(part.deletion) in ends[1] else part.deletion
        return replace(part, insertion=come, deletion=gone)

    if isinstance(block, ListBlock):
        items = (tuple(_left(ends, part) for part in item) for item in block.items)
        return replace(block, items=tuple(items))
    if isinstance(block, Table):
        rows = (
            replace(
                row,
                cells=tuple(
                    replace(c, blocks=tuple(_left(ends, b) for b in c.blocks))
                    for c in row.cells
                ),
            )
            for row in block.rows
        )
        return replace(block, rows=tuple(rows))
    if isinstance(block, Paragraph):
        return bare(replace(block, inlines=tuple(map(bare, block.inlines))))  # type: ignore[no-any-return]
    return block


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents)
def test_suggestions_are_read_back_as_they_were(content: Content) -> None:
    content = plain(content)
    was = list(iter_paragraphs(map(whole_rows, content.blocks)))
    now = list(paragraphs_in(read_marked(exported(content)).flow))
    assert [line.mark for line in now] == list(range(len(was)))
    assert [letters(line.inlines) for line in now] == [letters(p.inlines) for p in was]
    assert [ends(line) for line in now] == [ends(p) for p in was]
    changed = [said(p.formatting) for p in was]
    assert [said(line.restyled) for line in now] == changed


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents)
def test_an_untouched_file_changes_nothing(content: Content) -> None:
    found = take_in(content, exported(content))
    assert found.compared.steps == []
    assert found.compared.missed == []
    assert found.after == plain(content)


def test_the_sample_of_everything_comes_back() -> None:
    data = exported(SUGGESTED)
    assert take_in(SUGGESTED, data).compared.steps == []
