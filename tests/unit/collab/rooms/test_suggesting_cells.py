"""Headers, widths, merged and split cells, of an honest program and of others."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlText

from collab.content.read import read_content
from collab.content.suggested import original
from collab.content.tree import Cell, Content, Paragraph, Row, Run, Table
from collab.content.write import build_update
from collab.rooms.suggesting import only_suggests
from tests.support.suggesting import Edit, element, mark, update_of
from tests.support.suggesting_edits import ME, both

COLLEAGUE = "quy"
PLAIN = {"headed": None, "shape": None, "colwidth": None}


def _para(text: str) -> Paragraph:
    return Paragraph((Run(text),))


FIRST = Content(
    blocks=(
        Table(
            (
                Row((Cell((_para("rộng"),), colspan=2), Cell((_para("e"),)))),
                Row(tuple(Cell((_para(text),)) for text in "abc")),
                Row(tuple(Cell((_para(text),)) for text in "dfg")),
            ),
        ),
    )
)


def _cell(doc: Doc[Any], row: int, number: int) -> Any:
    return element(doc).children[row].children[number]


def _says(
    *spots: tuple[int, int], by: str = ME, was: Any = None, **wishes: Any
) -> Edit:
    """A layer on each of these cells, with what it wishes."""

    def edit(doc: Doc[Any]) -> None:
        for spot in spots:
            attributes = _cell(doc, *spot).attributes
            held = dict(attributes)
            before = {name: held.get(name) for name in PLAIN} | (was or {})
            under = held.get("formatting")
            layer = {**mark(by), "before": before}
            attributes["formatting"] = layer if not under else {**layer, "under": under}
            for name, value in wishes.items():
                if value is None:
                    del attributes[name]
                else:
                    attributes[name] = value

    return edit


def _sets(name: str, value: Any, *spots: tuple[int, int]) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        for spot in spots:
            _cell(doc, *spot).attributes[name] = value

    return edit


def _drops(name: str, *spots: tuple[int, int]) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        for spot in spots:
            del _cell(doc, *spot).attributes[name]

    return edit


COLUMN = ((0, 0), (1, 0), (2, 0))
TOP = ((0, 0), (0, 1))
LEFT = ((1, 0), (2, 0))

HONEST: dict[str, Edit] = {
    "merges cells": _says(*LEFT, shape="merge-m1"),
    "merges over a colleague's merge": _says((1, 1), (1, 2), shape="merge-m1"),
    "wants a colleague's merge not": _says((1, 1), (2, 1), shape=None),
    "splits a cell": _says((0, 0), shape="split"),
    "a header row": _says(*TOP, headed=True),
    "a width": both(
        _says((0, 0), colwidth=[80, 0]), _says((1, 0), (2, 0), colwidth=[80])
    ),
    "joins a colleague's merge": _says((1, 0), shape="merge-q1"),
}


def _makes_header(doc: Doc[Any]) -> None:
    """The cell anew, as a header that stands."""
    row = element(doc).children[1]
    text = str(row.children[0].children[0].children[0])
    del row.children[0]
    made = XmlElement("tableHeader")
    row.children.insert(0, made)
    attributes: Any = made.attributes
    attributes["colspan"] = attributes["rowspan"] = 1
    inner = XmlElement("paragraph")
    made.children.append(inner)
    inner.children.append(XmlText(text))


def _deep(doc: Doc[Any]) -> None:
    for _ in range(40):
        _says((1, 0), shape="merge-x")(doc)


HOSTILE: dict[str, Edit] = {
    "merges at once": _sets("shape", "merge-m1", *LEFT),
    "splits at once": _sets("shape", "split", (0, 0)),
    "makes a header at once": _sets("headed", True, *TOP),
    "makes the cell a header": _makes_header,
    "widens at once": _sets("colwidth", [80], (1, 0)),
    "spans at once": _sets("colspan", 2, (1, 0)),
    "spans under a layer": both(
        _says((1, 0), shape="split"), _sets("colspan", 2, (1, 0))
    ),
    "takes a colleague's merge away": both(
        _drops("shape", (1, 1), (2, 1)), _drops("formatting", (1, 1), (2, 1))
    ),
    "takes a cell out of a colleague's merge": both(
        _drops("shape", (1, 1)), _drops("formatting", (1, 1))
    ),
    "makes a colleague's merge stand": _drops("formatting", (1, 1), (2, 1)),
    "joins a colleague's merge in their name": _says(
        (1, 0), by=COLLEAGUE, shape="merge-q1"
    ),
    "a merge as somebody else": _says(*LEFT, by=COLLEAGUE, shape="merge-m1"),
    "a header as somebody else": _says(*TOP, by=COLLEAGUE, headed=True),
    "lies about the shape before": _says(
        *LEFT, was={"shape": "merge-m2"}, shape="merge-m1"
    ),
    "lies about the header before": _says((1, 0), was={"headed": True}, headed=False),
    "lies about the width before": _says(*LEFT, was={"colwidth": [10]}, colwidth=[80]),
    "a shape that is none": _says(*LEFT, shape="evil"),
    "a shape with a name of its own kind": _says(*LEFT, shape="merge-<b>"),
    "a header that is no flag": _says(*TOP, headed="yes"),
    "more in what was before": _says(*LEFT, was={"html": "<b>"}, shape="merge-m1"),
    "layers without end": _deep,
    "more in a cell": _sets("onclick", "x", (1, 0)),
}


@pytest.fixture
def held() -> Doc[Any]:
    """With a merge that a colleague suggests in the second column."""
    doc: Doc[Any] = Doc()
    doc.apply_update(build_update(FIRST, client_id=7))
    with doc.transaction():
        _says((1, 1), (2, 1), by=COLLEAGUE, shape="merge-q1")(doc)
    return doc


def _admits(doc: Doc[Any], edit: Edit, who: str = ME) -> bool:
    theirs: Doc[Any] = Doc()
    theirs.apply_update(doc.get_update())
    update = update_of(theirs, edit)
    admitted = only_suggests(doc.get_update(), update, lambda by: by.author == who)
    if admitted:
        doc.apply_update(update)
    return admitted


@pytest.mark.parametrize("edit", HONEST.values(), ids=HONEST)
def test_a_suggestion_is_taken_and_changes_nothing_that_stands(
    held: Doc[Any], edit: Edit
) -> None:
    before = read_content(held.get_update())
    assert _admits(held, edit)
    after = read_content(held.get_update())
    assert after != before
    assert original(after) == original(before)


@pytest.mark.parametrize("edit", HOSTILE.values(), ids=HOSTILE)
def test_anything_else_is_refused(held: Doc[Any], edit: Edit) -> None:
    assert not _admits(held, edit)


def test_a_suggestion_is_taken_back_by_its_author_alone(held: Doc[Any]) -> None:
    before = read_content(held.get_update())
    assert _admits(held, _says(*LEFT, shape="merge-m1"))
    takes_back = both(_drops("shape", *LEFT), _drops("formatting", *LEFT))
    assert not _admits(held, takes_back, COLLEAGUE)
    assert _admits(held, takes_back)
    assert read_content(held.get_update()) == before


def test_a_table_takes_no_more_merges_than_can_be_decided(held: Doc[Any]) -> None:
    """Else a table of a few kilobytes could cost the server seconds at each letter."""

    def names(doc: Doc[Any]) -> None:
        for row in range(1, 3):
            for number in range(3):
                layer: Any = None
                for level in range(16):
                    before = {**PLAIN, "shape": f"merge-{row}-{number}-{level}"}
                    made = {**mark(ME, f"s{level}"), "before": before}
                    layer = made if layer is None else {**made, "under": layer}
                _cell(doc, row, number).attributes["formatting"] = layer

    def grows(doc: Doc[Any]) -> None:
        for _ in range(40):
            row = XmlElement("tableRow")
            element(doc).children.append(row)
            attributes: Any = row.attributes
            attributes["insertion"] = mark(ME)
            for number in range(3):
                cell = XmlElement("tableCell")
                row.children.insert(number, cell)
                inside: Any = cell.attributes
                inside["colspan"] = inside["rowspan"] = 1
                inside["shape"] = f"merge-{len(element(doc).children)}-{number}"
                cell.children.append(XmlElement("paragraph"))

    assert not _admits(held, names)
    assert _admits(held, grows)
    assert not _admits(held, grows)
