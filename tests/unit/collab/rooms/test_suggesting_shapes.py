"""Lists, columns, images and second looks, of an honest program and of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlText

from collab.content.read import read_content
from collab.content.suggested import original
from collab.content.tree import Cell, Content, Image, Paragraph, Row, Run, Table
from collab.content.write import build_update
from collab.rooms.suggesting import only_suggests
from tests.support.suggesting import Edit, body_of, element, mark, text_of, update_of
from tests.support.suggesting_edits import ME, both

COLLEAGUE = "quy"
LOOK = {"style": "body", "align": None, "indent": 0, "number": None}


def _para(text: str) -> Paragraph:
    return Paragraph((Run(text),))


FIRST = Content(
    blocks=(
        _para("Điều một hai"),
        _para("Ba bốn"),
        Table(
            tuple(Row((Cell((_para(a),)), Cell((_para(b),)))) for a, b in ("ab", "cd"))
        ),
        Image("", "ảnh"),
    )
)


def _attributes(doc: Doc[Any], index: int) -> Any:
    return element(doc, index).attributes


def _lays(doc: Doc[Any], author: str, name: str, before: str, **more: Any) -> None:
    """A layer over the look of the first letters, as the editor's binding writes it."""
    claim = {**mark(author, name), "before": before, "href": None, **more}
    text_of(doc).format(0, 6, {f"formatting--{name}{'x' * (8 - len(name))}": claim})


def _colleagues(doc: Doc[Any]) -> None:
    """What a colleague suggests beforehand: bold words, a style, a column, a list."""
    text_of(doc).format(0, 6, {"bold": {}})
    _lays(doc, COLLEAGUE, "q", "", about="bold", rank=0)
    attributes = _attributes(doc, 0)
    attributes["style"] = "article"
    attributes["formatting"] = {**mark(COLLEAGUE, "q2"), "before": LOOK}


def _column(
    author: str, ends: str = "insertion", at: int = 1, rows: tuple[int, ...] = (0, 1)
) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        for number in rows:
            cell = XmlElement("tableCell")
            element(doc, 2).children[number].children.insert(at, cell)
            attributes: Any = cell.attributes
            attributes["colspan"] = attributes["rowspan"] = 1
            if ends:
                attributes[ends] = mark(author)
            inner = XmlElement("paragraph")
            cell.children.append(inner)
            inner.children.append(XmlText("mới"))

    return edit


def _cells(name: str, value: Any, rows: tuple[int, ...] = (0, 1)) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        for number in rows:
            cell = element(doc, 2).children[number].children[0]
            cell.attributes[name] = value  # type: ignore[index]

    return edit


def _lists(
    author: str | None, listed: str = "bullet", before: str | None = None
) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        attributes = _attributes(doc, 1)
        attributes["listed"] = listed
        if author is not None:
            was = {**LOOK, "listed": before, "nested": 0}
            attributes["formatting"] = {**mark(author), "before": was}

    return edit


def _resizes(author: str, before: Any = None) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        was = {"alt": "ảnh", "width": before, "align": "center"}
        attributes = _attributes(doc, 3)
        attributes["width"] = 90
        attributes["formatting"] = {**mark(author), "before": was}

    return edit


def _over(doc: Doc[Any]) -> None:
    text_of(doc).format(0, 6, {"italic": {}})
    _lays(doc, ME, "m", "", about="italic", rank=1)


def _against(doc: Doc[Any]) -> None:
    text_of(doc).format(0, 6, {"bold": None})
    _lays(doc, ME, "m", "bold", about="bold", rank=1)


def _restyles(doc: Doc[Any], **change: Any) -> None:
    under = {**mark(COLLEAGUE, "q2"), "before": {**LOOK, **change.pop("lowest", {})}}
    under |= change
    attributes = _attributes(doc, 0)
    attributes["align"] = "center"
    before = {**LOOK, "style": "article"}
    attributes["formatting"] = {**mark(ME), "before": before, "under": under}


HONEST: dict[str, Edit] = {
    "another look over a colleague's": _over,
    "the opposite of what a colleague wants": _against,
    "a paragraph over a colleague's": _restyles,
    "a list": _lists(ME),
    "a column": _column(ME),
    "a column that goes": _cells("deletion", mark(ME)),
    "the size of an image": _resizes(ME),
}


def _drops_layer(doc: Doc[Any]) -> None:
    text_of(doc).format(0, 6, {"formatting--qxxxxxxx": None, "bold": None})


def _keeps_bold(doc: Doc[Any]) -> None:
    """A colleague's suggestion becomes what stands."""
    text_of(doc).format(0, 6, {"formatting--qxxxxxxx": None})


def _twice(doc: Doc[Any]) -> None:
    _over(doc)
    claim = {**mark(ME, "m"), "before": "", "href": None, "about": "italic", "rank": 1}
    text_of(doc).format(0, 6, {"formatting--zzzzzzzz": claim})


def _too_many(doc: Doc[Any]) -> None:
    for number in range(20):
        _lays(doc, ME, f"m{number}", "", about="italic", rank=number)
    text_of(doc).format(0, 6, {"italic": {}})


def _deep(doc: Doc[Any]) -> None:
    layer: dict[str, Any] | None = None
    for number in range(40):
        layer = {**mark(ME, f"m{number}"), "before": LOOK, "under": layer}
    _attributes(doc, 1)["formatting"] = layer


def _odd_name(doc: Doc[Any]) -> None:
    claim = {**mark(ME), "before": "", "href": None}
    text_of(doc).format(0, 6, {"formatting--<b>": claim})


def _below(doc: Doc[Any]) -> None:
    """Slips under a colleague's layer, so that what stands would be bold."""
    _lays(doc, ME, "a", "bold", about="bold", rank=0, at="2000-01-01T00:00:00Z")


HOSTILE: dict[str, Edit] = {
    "takes a colleague's layer away": _drops_layer,
    "makes a colleague's layer stand": _keeps_bold,
    "slips under a colleague's layer": _below,
    "the same layer twice": _twice,
    "more layers than are read": _too_many,
    "layers without end": _deep,
    "a layer under an odd name": _odd_name,
    "a layer as somebody else": lambda doc: both(
        lambda d: text_of(d).format(0, 6, {"italic": {}}),
        lambda d: _lays(d, COLLEAGUE, "q9", "", about="italic", rank=1),
    )(doc),
    "lies about a colleague's style": lambda doc: _restyles(
        doc, lowest={"style": "clause"}
    ),
    "gives a colleague's style to another": lambda doc: _restyles(doc, author="thao"),
    "more in a layer": lambda doc: _restyles(doc, html="<b>"),
    "a list at once": _lists(None),
    "lies about the list before": _lists(ME, before="bullet"),
    "a list of an odd kind": _lists(ME, listed="evil"),
    "a list as somebody else": _lists(COLLEAGUE),
    "a column at once": _column(ME, ends=""),
    "a column as somebody else": _column(COLLEAGUE),
    "a cell in one row only": _column(ME, rows=(0,)),
    "claims a column that stands": _cells("insertion", mark(ME)),
    "deletes a column as somebody else": _cells("deletion", mark(COLLEAGUE)),
    "widens a cell": _cells("colspan", 2, rows=(0,)),
    "lengthens a cell": _cells("rowspan", 2, rows=(0,)),
    "widens a cell under a new column": both(
        _column(ME), _cells("colspan", 3, rows=(0,))
    ),
    "more in a mark of a cell": _cells("deletion", {**mark(ME), "html": "<b>"}),
    "lies about the size before": _resizes(ME, before=10),
    "the size as somebody else": _resizes(COLLEAGUE),
    "another image": lambda doc: _attributes(doc, 3).__setitem__("src", "/evil"),
}


@pytest.fixture
def held() -> Doc[Any]:
    doc: Doc[Any] = Doc()
    doc.apply_update(build_update(FIRST, client_id=7))
    with doc.transaction():
        _colleagues(doc)
    return doc


def _admits(doc: Doc[Any], edit: Edit) -> bool:
    state = doc.get_update()
    theirs: Doc[Any] = Doc()
    theirs.apply_update(state)
    update = update_of(theirs, edit)
    admitted = only_suggests(state, update, lambda by: by.author == ME)
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


def test_one_list_is_not_joined_to_the_one_beside_it() -> None:
    """An item that only says that it is one would be taken into the list above it."""

    def build(doc: Doc[Any]) -> None:
        for index, word in enumerate(("một", "hai")):
            items, item = XmlElement("bulletList"), XmlElement("listItem")
            paragraph = XmlElement("paragraph")
            body_of(doc).children.insert(index, items)
            items.children.append(item)
            item.children.append(paragraph)
            paragraph.children.append(XmlText(word))

    def joins(doc: Doc[Any]) -> None:
        del body_of(doc).children[1]
        paragraph = XmlElement("paragraph")
        body_of(doc).children.insert(1, paragraph)
        paragraph.attributes["listed"] = "bullet"
        paragraph.children.append(XmlText("hai"))

    doc: Doc[Any] = Doc()
    update_of(doc, build)
    assert not _admits(doc, joins)


@pytest.mark.parametrize("edit", [_over, _restyles, _lists(ME), _column(ME)])
def test_it_can_be_taken_back_by_its_author(
    held: Doc[Any], edit: Callable[[Doc[Any]], object]
) -> None:
    before = held.get_update()
    assert _admits(held, edit)

    def takes_back(doc: Doc[Any]) -> None:
        text_of(doc).format(0, 6, {"italic": None, "formatting--mxxxxxxx": None})
        attributes = _attributes(doc, 0)
        attributes["align"] = None
        attributes["formatting"] = {**mark(COLLEAGUE, "q2"), "before": LOOK}
        for name in ("listed", "formatting"):
            _attributes(doc, 1)[name] = None
        for row in element(doc, 2).children:
            if len(row.children) > 2:
                del row.children[1]

    assert _admits(held, takes_back)
    assert read_content(held.get_update()) == read_content(before)
