"""What is written into a Y document is what is read from it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from collab.content.normal import normalise
from collab.content.read import plain_text, read_content, spans_of
from collab.content.tree import (
    Cell,
    Content,
    Fields,
    Image,
    LineBreak,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Rule,
    Run,
    Table,
)
from collab.content.write import build_update
from tests.unit.collab.content.strategies import contents


def line(text: str, **attributes: Any) -> Paragraph:
    return Paragraph((Run(text),), **attributes)


SAMPLE = Content(
    Fields(subject="V/v đảm bảo", document_type="CV", urgency="urgent"),
    (
        line("Luật Tổ chức chính quyền địa phương;", style="basis"),
        line("QUY ĐỊNH CHUNG", style="chapter", align="center"),
        line("Phạm vi", style="article"),
        Paragraph(
            (
                Run("Một "),
                Run("đậm", frozenset({"bold", "italic"})),
                LineBreak(),
                Run("liên kết", href="https://daklak.gov.vn"),
            ),
            style="clause",
            indent=2,
        ),
        line("điểm", style="point", number="a1)"),
        ListBlock(((line("x"), ListBlock(((line("y"),),), True, 4)), (line("z"),))),
        Table(
            (
                Row((Cell((line("1"),), 2, 1, True), Cell((line("2"),), 1, 2))),
                Row((Cell((line("3"),)), Cell((line("4"),)))),
            ),
            (100, None, 50),
        ),
        Image("/api/v1/drafts/1/images/ab", "Sơ đồ", 120.5, "left"),
        PageBreak(),
        Rule(),
    ),
)


@given(contents)
@settings(max_examples=150, deadline=None)
def test_reading_gives_what_was_written(content: Content) -> None:
    assert read_content(build_update(content, 1)) == normalise(content)


def test_every_kind_of_block_is_kept() -> None:
    assert read_content(build_update(SAMPLE)) == SAMPLE


def test_same_client_id_gives_same_bytes() -> None:
    assert build_update(SAMPLE, 7) == build_update(SAMPLE, 7)
    assert build_update(SAMPLE, 7) != build_update(SAMPLE, 8)


def test_plain_text_carries_automatic_labels() -> None:
    assert plain_text(SAMPLE).split("\n") == [
        "Luật Tổ chức chính quyền địa phương;",
        "Chương I",
        "QUY ĐỊNH CHUNG",
        "Điều 1. Phạm vi",
        "1. Một đậm",
        "liên kết",
        "a1) điểm",
        "- x",
        "4. y",
        "- z",
        "1\t2",
        "3\t4",
        "Sơ đồ",
    ]


def test_text_fields_are_shared_texts_and_scalars_are_strings() -> None:
    doc: Doc[Any] = Doc()
    doc.apply_update(build_update(SAMPLE))
    fields: Map[Any] = doc.get("fields", type=Map)
    assert isinstance(fields["subject"], Text)
    assert fields["document_type"] == "CV"
    assert fields["schema"] == "1"


def test_plain_strings_in_text_fields_are_read_too() -> None:
    doc: Doc[Any] = Doc()
    fields: Map[Any] = doc.get("fields", type=Map)
    fields["subject"] = "Về việc"
    fields["number"] = Text("328")
    fields["place"] = 3
    fields["issuer"] = Map({"a": "b"})
    read = read_content(doc.get_update()).fields
    assert read == Fields(subject="Về việc", number="328")


def test_empty_state_is_an_empty_draft() -> None:
    empty = Content(Fields(), (Paragraph(),))
    assert read_content(b"") == empty
    assert read_content(Doc().get_update()) == empty


def test_bytes_that_are_no_update_are_refused() -> None:
    with pytest.raises(ValueError):
        read_content(b"\x01\xff\xff")


def body_of(doc: Doc[Any]) -> XmlFragment:
    return doc.get("body", type=XmlFragment)


def read_body(*elements: XmlElement | XmlText) -> tuple[Any, ...]:
    doc: Doc[Any] = Doc()
    for element in elements:
        body_of(doc).children.append(element)
    return read_content(doc.get_update()).blocks


def test_unknown_elements_keep_their_text() -> None:
    blocks = read_body(
        XmlElement("blockquote", {}, [XmlElement("paragraph", {}, [XmlText("a")])]),
        XmlText("loose"),
        XmlElement("heading", {"level": "2"}, [XmlText("h")]),
        XmlElement(
            "paragraph", {}, [XmlText("x "), XmlElement("mention", {}, [XmlText("@b")])]
        ),
        XmlElement("bulletList", {}, [XmlElement("paragraph", {}, [XmlText("item")])]),
        XmlElement(
            "table", {}, [XmlElement("caption", {}, [XmlText("c")]), XmlText("t")]
        ),
    )
    assert blocks == (
        line("a"),
        line("loose"),
        line("h", style="heading"),
        line("x @b"),
        ListBlock(((line("item"),),)),
        Table((Row((Cell((line("c"),)),)), Row((Cell((line("t"),)),))), (None,)),
    )


ATTRIBUTES = ["style", "align", "indent", "number", "src", "alt", "width", "start"]
ATTRIBUTES += ["colspan", "rowspan", "colwidth"]


@pytest.mark.parametrize(
    "value", ["nonsense", "", "NaN", "inf", True, [1], {"a": 1}, -3, 1e300, 2.7]
)
def test_bad_attributes_fall_back(value: Any) -> None:
    doc: Doc[Any] = Doc()
    body = body_of(doc)
    for tag in ("paragraph", "image", "orderedList", "table"):
        node = XmlElement(tag)
        body.children.append(node)
        if tag == "orderedList":
            node.children.append(XmlElement("listItem"))
        if tag == "table":
            node.children.append(XmlElement("tableRow"))
            node.children[0].children.append(XmlElement("tableCell"))
            node = node.children[0].children[0]
        for name in [
            "style",
            "align",
            "indent",
            "number",
            "src",
            "alt",
            "width",
            "start",
            "colspan",
            "rowspan",
            "colwidth",
        ]:
            node.attributes[name] = value
    paragraph, image, listing, table = read_content(doc.get_update()).blocks
    assert (paragraph.style, paragraph.align) == ("body", None)
    assert 0 <= paragraph.indent <= 8
    assert image.align == "center"
    assert image.width_mm in (None, 2.7)
    assert 0 <= listing.start <= 100_000
    assert 1 <= table.rows[0].cells[0].colspan <= 63


def test_deep_nesting_is_flattened_and_its_text_kept() -> None:
    doc: Doc[Any] = Doc()
    here: Any = body_of(doc)
    with doc.transaction():
        for depth in range(2000):
            tags = ("bulletList", "listItem", "table", "tableRow", "tableCell")
            node = XmlElement(tags[depth % 5])
            here.children.append(node)
            here = node
        here.children.append(XmlText("bottom"))
    assert "bottom" in plain_text(read_content(doc.get_update()))


def test_marks_of_newer_clients_are_understood_or_ignored() -> None:
    doc: Doc[Any] = Doc()
    paragraph = XmlElement("paragraph")
    body_of(doc).children.append(paragraph)
    text = XmlText("")
    paragraph.children.append(text)
    text.insert(0, "a", {"bold--aGFzaDEy": {}, "glitter": {"x": 1}})
    text.insert(len(text), "b", {"link": {"href": "/x", "target": "_blank"}})
    text.insert(len(text), "c", {"bold": None, "link": {"href": 5}})
    text.insert_embed(len(text), {"image": "x"})
    (block,) = read_content(doc.get_update()).blocks
    assert block.inlines == (
        Run("a", frozenset({"bold"})),
        Run("b", frozenset(), "/x"),
        Run("c"),
    )


def test_foreign_roots_stay_and_do_not_disturb() -> None:
    doc: Doc[Any] = Doc()
    doc["content"] = Text("of another program")
    doc["list"] = Array([1, 2])
    doc.apply_update(build_update(SAMPLE))
    state = doc.get_update()
    assert read_content(state) == SAMPLE
    again: Doc[Any] = Doc()
    again.apply_update(state)
    assert str(again.get("content", type=Text)) == "of another program"


@pytest.mark.parametrize("root", [Text("x"), Array([1]), Map({"subject": "s"})])
def test_roots_of_another_type_do_not_raise(root: Any) -> None:
    doc: Doc[Any] = Doc()
    doc["body"] = root
    doc["fields"] = Array([1])
    assert read_content(doc.get_update()).fields == Fields()


@pytest.mark.parametrize("written", [float("nan"), float("inf"), True, "ba", None, -4])
def test_a_cell_whose_spans_make_no_sense_covers_one_place(written: object) -> None:
    assert spans_of({"colspan": written, "rowspan": written}) == (1, 1)
