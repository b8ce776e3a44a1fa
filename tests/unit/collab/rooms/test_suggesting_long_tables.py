"""A letter in a long table is judged by the cell it stands in, and judged the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pycrdt import Doc, XmlElement, XmlText

from collab.content.by_cell import say_the_same
from collab.content.read import read_child
from collab.content.tree import Cell, Content, Paragraph, Row, Run, Suggested, Table
from collab.content.write import build_update
from collab.rooms import suggesting
from tests.support.suggesting import Edit, element, mark, update_of
from tests.support.suggesting_edits import ME

COLLEAGUE = "quy"
CAME = Suggested("r1", ME, "2026-11-27T08:00:00Z")


def _cell(text: str, **more: Any) -> Cell:
    return Cell((Paragraph((Run(text),)),), **more)


def _draft(rows: int = 3, *, is_flat: bool = False) -> Content:
    """A wide cell, one that reaches down unless it is flat, a row of one's own."""
    high = 1 if is_flat else 2
    more = (_cell("thấp"),) if is_flat else ()
    table = Table(
        (
            Row((_cell("rộng", colspan=2), _cell("cao", rowspan=high))),
            Row((_cell("a"), _cell("b"), *more)),
            Row((_cell("mới"), _cell("của"), _cell("tôi")), insertion=CAME),
            *(Row(tuple(map(_cell, f"{n}xy"))) for n in range(rows)),
        )
    )
    first, last = Paragraph((Run("Đầu"),)), Paragraph((Run("Cuối"),))
    return Content(blocks=(first, table, last))


def _at(doc: Doc[Any], row: int, number: int) -> Any:
    table = element(doc, 1)
    row %= len(table.children)
    here: Any = table.children[row]
    return here.children[number % len(here.children)]


def _text(doc: Doc[Any], row: int, number: int) -> XmlText:
    for block in _at(doc, row, number).children:
        if isinstance(block, XmlElement) and block.tag == "paragraph":
            for child in block.children:
                if isinstance(child, XmlText):
                    return child
            block.children.append(XmlText())
            made = block.children[0]
            assert isinstance(made, XmlText)
            return made
    raise LookupError


def _size(text: XmlText) -> int:
    """In bytes, as the engine counts here."""
    return sum(len(part.encode()) for part, _ in text.diff() if isinstance(part, str))


def _writes(marks: Any) -> Callable[[int, int], Edit]:
    return lambda row, number: lambda doc: _text(doc, row, number).insert(0, "x", marks)


def _strikes(row: int, number: int) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        text = _text(doc, row, number)
        text.insert(0, "y", {"insertion": mark(ME)})
        text.format(0, _size(text), {"deletion": mark(ME)})

    return edit


def _takes_back(row: int, number: int) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        text = _text(doc, row, number)
        text.insert(0, "z", {"insertion": mark(ME)})
        text.format(0, _size(text), {"deletion": None, "insertion": None})

    return edit


def _erases(row: int, number: int) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        text = _text(doc, row, number)
        text.insert(0, "z")
        del text[0 : _size(text)]

    return edit


def _paragraph(**attributes: Any) -> Callable[[int, int], Edit]:
    def made(row: int, number: int) -> Edit:
        def edit(doc: Doc[Any]) -> None:
            block = XmlElement("paragraph")
            _at(doc, row, number).children.insert(0, block)
            held: Any = block.attributes
            held["style"], held["indent"] = "body", 0
            for name, value in attributes.items():
                held[name] = value

        return edit

    return made


def _odd(row: int, number: int) -> Edit:
    return lambda doc: _at(doc, row, number).children.append(XmlElement("script"))


def _row(marks: Any) -> Callable[[int, int], Edit]:
    def made(row: int, number: int) -> Edit:
        def edit(doc: Doc[Any]) -> None:
            table: Any = element(doc, 1)
            line = XmlElement("tableRow")
            table.children.insert(max(2, row % len(table.children)), line)
            if marks:
                line.attributes["insertion"] = marks
            for _ in range(3):
                cell = XmlElement("tableCell")
                line.children.append(cell)
                cell.attributes["colspan"] = cell.attributes["rowspan"] = 1
                block = XmlElement("paragraph")
                cell.children.append(block)
                block.attributes["style"], block.attributes["indent"] = "body", 0

        return edit

    return made


def _sets(name: str, value: Any) -> Callable[[int, int], Edit]:
    def made(row: int, number: int) -> Edit:
        def edit(doc: Doc[Any]) -> None:
            _text(doc, row, number).insert(0, "m", {"insertion": mark(ME)})
            _at(doc, row, number).attributes[name] = value

        return edit

    return made


def _shape(row: int, number: int) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        before = {"headed": None, "shape": None, "colwidth": None}
        held: Any = _at(doc, row, number).attributes
        held["shape"] = "merge-m1"
        held["formatting"] = {**mark(ME, "m"), "before": before}

    return edit


EDITS: dict[str, Callable[[int, int], Edit]] = {
    "suggests a letter": _writes({"insertion": mark(ME)}),
    "writes a letter": _writes({}),
    "writes in a colleague's name": _writes({"insertion": mark(COLLEAGUE)}),
    "an odd mark": _writes({"insertion": {"id": "s"}}),
    "strikes": _strikes,
    "takes back": _takes_back,
    "erases": _erases,
    "suggests a paragraph": _paragraph(insertion=mark(ME)),
    "writes a paragraph": _paragraph(),
    "an odd element": _odd,
    "suggests a row": _row(mark(ME)),
    "writes a row": _row(None),
    "makes a cell higher": _sets("rowspan", 2),
    "an odd attribute": _sets("onclick", "x"),
    "suggests a merge": _shape,
}
Step = tuple[str, int, int, bool]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(sorted(EDITS)),
        st.integers(0, 5),
        st.integers(0, 2),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)

ODD_ELSEWHERE = [
    ("suggests a letter", 3, 0, True),
    ("an odd element", 4, 0, False),
    ("suggests a letter", 3, 1, True),
]
REACHING_OUT_OF_MY_ROW = [
    ("makes a cell higher", 2, 0, False),
    ("writes a letter", 2, 0, True),
]


@settings(max_examples=150, deadline=None)
@given(STEPS, st.booleans())
@example(ODD_ELSEWHERE, True)
@example(REACHING_OUT_OF_MY_ROW, True)
@example([("writes a letter", 3, 0, True)], True)
@example([("writes a letter", 2, 0, True)], True)
def test_the_verdict_is_that_of_whoever_looks_at_the_whole_table(
    steps: list[Step], is_flat: bool
) -> None:
    """Whatever was judged before, by me or by a colleague who may write."""
    doc: Doc[Any] = Doc()
    doc.apply_update(build_update(_draft(is_flat=is_flat), client_id=7))
    shadow = suggesting.Shadow(doc.get_update())
    for name, row, number, is_mine in steps:
        theirs: Doc[Any] = Doc()
        theirs.apply_update(doc.get_update())
        update = update_of(theirs, EDITS[name](row, number))
        if not is_mine:
            shadow.take(update)
            doc.apply_update(update)
        else:
            whole = _admits_whole(doc.get_update(), update)
            if shadow.admits(update, lambda by: by.author == ME) != whole:
                raise AssertionError((name, whole))
            if whole:
                doc.apply_update(update)
            else:
                shadow = suggesting.Shadow(doc.get_update())
        body = doc.get("body", type=type(shadow._body))
        said = [child.blocks for child in shadow._children]
        assert said == [read_child(child) for child in body.children]


def _admits_whole(state: bytes, update: bytes) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suggesting, "read_cells", lambda *_: None)
        patch.setattr(suggesting, "changed_cells", lambda *_: None)
        return suggesting.only_suggests(state, update, lambda by: by.author == ME)


def test_a_letter_in_a_long_table_reads_one_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    doc: Doc[Any] = Doc()
    doc.apply_update(build_update(_draft(40), client_id=7))
    shadow = suggesting.Shadow(doc.get_update())
    writes = EDITS["suggests a letter"]
    first = update_of(doc, writes(9, 1))
    assert shadow.admits(first, lambda by: by.author == ME)

    def refuse(*_: Any) -> None:
        raise AssertionError("the whole table was looked at")

    for name in ("read_child", "is_sound_block", "resolve_blocks"):
        monkeypatch.setattr(suggesting, name, refuse)
    for row in (9, 20, 2):
        update = update_of(doc, writes(row, 0))
        assert shadow.admits(update, lambda by: by.author == ME)


def test_what_would_leave_a_paragraph_in_a_merged_cell_is_not_the_same() -> None:
    """A table without a cell vanishes, but the cell in which it stood was not empty."""
    empty, held = Cell((Paragraph(),)), Cell((Paragraph(), Table((Row(()),))))
    assert say_the_same([(None, empty, empty)], lambda _: False)
    assert not say_the_same([(None, empty, held)], lambda _: False)
