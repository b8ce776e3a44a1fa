"""Edits for the tests of suggesting: of an honest program, and of others."""

from __future__ import annotations

from typing import Any

from pycrdt import Doc, Map, Text, XmlElement, XmlText

from tests.support.suggesting import (
    Edit,
    body_of,
    deletes,
    element,
    fields_of,
    inserts,
    mark,
    splits,
    text_of,
)

ME = "phuong"


def both(*edits: Edit) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        for each in edits:
            each(doc)

    return edit


def _restyles(author: str, **before: Any) -> Edit:
    look = {"style": "body", "align": None, "indent": 0, "number": None, **before}

    def edit(doc: Doc[Any]) -> None:
        attributes: Any = element(doc).attributes
        attributes["style"] = "article"
        attributes["formatting"] = {**mark(author), "before": look}

    return edit


def _emboldens(author: str, before: str = "") -> Edit:
    def edit(doc: Doc[Any]) -> None:
        change = {**mark(author), "before": before, "href": None}
        text_of(doc).format(0, 4, {"bold": {}, "formatting": change})

    return edit


def _image(author: str | None) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        image = XmlElement("image")
        body_of(doc).children.insert(1, image)
        attributes: Any = image.attributes
        attributes["src"], attributes["alt"], attributes["align"] = "", "x", "center"
        if author is not None:
            attributes["insertion"] = mark(author)

    return edit


HONEST: dict[str, Edit] = {
    "inserts": inserts("mới ", ME),
    "deletes": deletes(0, 4, ME),
    "splits": splits(6, ME),
    "emboldens": _emboldens(ME),
    "restyles": _restyles(ME),
    "image": _image(ME),
    "joins": lambda doc: element(doc).attributes.__setitem__("deletion", mark(ME)),  # type: ignore[index]
}


def writes(words: str, at: int = 0) -> Edit:
    return lambda doc: text_of(doc).insert(at, words)


def erases(doc: Doc[Any]) -> None:
    del text_of(doc)[0:4]


def _claims_as_own(doc: Doc[Any]) -> None:
    """Words that stand become somebody's insertion, to be rejected later."""
    text_of(doc).format(0, 4, {"insertion": mark(ME)})


def _writes_field(doc: Doc[Any]) -> None:
    subject = fields_of(doc)["subject"]
    assert isinstance(subject, Text)
    subject.insert(0, "lén")


def _adds_field(doc: Doc[Any]) -> None:
    fields_of(doc)["evil"] = "x"


def _new_root(doc: Doc[Any]) -> None:
    doc.get("more", type=Map)["x"] = 1


def _with_root(doc: Doc[Any]) -> None:
    """Something of a new root beside an honest suggestion."""
    inserts("x", ME)(doc)
    _new_root(doc)


def _moves_up(doc: Doc[Any]) -> None:
    body = body_of(doc)
    copy = XmlElement("paragraph")
    words = str(body.children[1].children[0])
    del body.children[1]
    body.children.insert(0, copy)
    copy.children.append(XmlText(words))


def _unknown_element(doc: Doc[Any]) -> None:
    body_of(doc).children.append(XmlElement("script"))


def _image_in_words(doc: Doc[Any]) -> None:
    """Read as nothing, yet every editor would throw the paragraph away."""
    image = XmlElement("image")
    element(doc).children.append(image)
    image.attributes["insertion"] = mark(ME)  # type: ignore[assignment]


def _unknown_attribute(doc: Doc[Any]) -> None:
    element(doc).attributes["onclick"] = "x"


def _bad_style(doc: Doc[Any]) -> None:
    element(doc).attributes["style"] = "bogus"


def _unknown_mark(doc: Doc[Any]) -> None:
    text_of(doc).format(0, 4, {"evil": {"x": 1}})


def _embed(doc: Doc[Any]) -> None:
    text_of(doc).insert_embed(2, {"image": "x"})


def _text_attribute(doc: Doc[Any]) -> None:
    text_of(doc).attributes["x"] = "y"


def _no_time(doc: Doc[Any]) -> None:
    text_of(doc).insert(0, "x", {"insertion": {**mark(ME), "at": "hôm qua"}})


def _short_time(doc: Doc[Any]) -> None:
    """Python reads it, browsers do not."""
    text_of(doc).insert(0, "x", {"insertion": {**mark(ME), "at": "2026-W48-5"}})


def _more_in_mark(doc: Doc[Any]) -> None:
    text_of(doc).insert(0, "x", {"insertion": {**mark(ME), "html": "<b>"}})


def _body_key(doc: Doc[Any]) -> None:
    other: Doc[Any] = Doc(client_id=doc.client_id)
    other.get("body", type=Map)["x"] = 1
    doc.apply_update(other.get_update())


HOSTILE: dict[str, Edit] = {
    "writes plainly": writes("lén "),
    "erases": erases,
    "claims what stands": _claims_as_own,
    "writes as somebody else": inserts("x", "quy"),
    "deletes as somebody else": deletes(0, 4, "quy"),
    "emboldens plainly": lambda doc: text_of(doc).format(0, 4, {"bold": {}}),
    "lies about the look before": _emboldens(ME, before="italic"),
    "lies about the style before": _restyles(ME, style="clause"),
    "restyles as somebody else": _restyles("quy"),
    "places an image plainly": _image(None),
    "writes a field": _writes_field,
    "adds a field": _adds_field,
    "makes a root": _new_root,
    "hides a root": _with_root,
    "moves a paragraph": _moves_up,
    "unknown element": _unknown_element,
    "image among words": _image_in_words,
    "unknown attribute": _unknown_attribute,
    "bad style": _bad_style,
    "unknown mark": _unknown_mark,
    "embed": _embed,
    "attribute of a text": _text_attribute,
    "no time": _no_time,
    "gives a time that browsers cannot read": _short_time,
    "more in a mark": _more_in_mark,
    "hides plain words": both(inserts("x", ME), writes("lén", 5)),
}
