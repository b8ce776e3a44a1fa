"""Anchors on pictures and on choices of the letterhead, sought in stored documents."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Doc, Text, UndoManager, XmlElement, XmlText

from collab.content.anchors import GONE, Anchored, Anchors, Found, Spot, nowhere
from collab.protocol.shape import read_state_vector
from collab.protocol.wire import var_uint
from tests.support.random_edits import Edits

SEAL, MAP = "a" * 64, "b" * 64


def src(file: str) -> str:
    return f"/api/v1/drafts/0192f0a0-0000-7000-8000-000000000001/images/{file}"


def image(file: str) -> XmlElement:
    return XmlElement("image", {"src": src(file), "alt": "Con dấu"})


def encoded(client: int, clock: int, *, right: bool) -> str:
    side = b"\x00" if right else b"\x41"
    data = b"\x00" + var_uint(client) + var_uint(clock) + side
    return base64.b64encode(data).decode()


def at(client: int, clock: int, file: str = SEAL, echo: int = -1) -> Anchored:
    start, end = (encoded(client, clock, right=right) for right in (True, False))
    return Anchored("picture", start, end, 1, "Con dấu", file, echo=echo)


def begun(client: int = 7) -> tuple[Edits, Anchored]:
    """A paragraph, a picture of a map, another paragraph and the seal; on the seal."""
    edits = Edits(client)
    for words in ("Căn cứ", "Nơi nhận"):
        paragraph = XmlElement("paragraph")
        edits.body.children.append(paragraph)
        paragraph.children.append(XmlText(words))
        if words == "Căn cứ":
            edits.body.children.append(image(MAP))
    clock = read_state_vector(edits.doc.get_state())[client]
    edits.body.children.append(image(SEAL))
    return edits, at(client, clock)


def found(edits: Edits, anchor: Anchored) -> Found:
    return Anchors(edits.doc.get_update(), [anchor]).find(anchor)


def shown(index: int, kind: Any = "here", **more: Any) -> Found:
    return Found(kind, Spot(index, 0), Spot(index, 1), **more)


def test_a_picture_is_found_and_counted_among_the_pictures() -> None:
    edits, anchor = begun()
    assert found(edits, anchor) == shown(1)
    edits.body.children.insert(0, image(MAP))
    edits.body.children.insert(4, image(MAP))
    assert found(edits, anchor) == shown(3)


def test_many_are_found_at_once_and_the_document_is_as_it_was() -> None:
    edits, anchor = begun()
    clock = read_state_vector(edits.doc.get_state())[7]
    edits.body.children.insert(0, image(SEAL))
    other, before = at(7, clock), str(edits.body)
    anchors = Anchors(edits.doc.get_update(), [anchor, other])
    assert (anchors.find(anchor), anchors.find(other)) == (shown(2), shown(0))
    assert str(edits.body) == before


def test_another_file_in_its_place_is_a_change() -> None:
    edits, anchor = begun()
    edits.body.children[3].attributes["src"] = src(MAP)
    assert found(edits, anchor) == shown(1, is_changed=True)


def test_one_that_was_cut_and_pasted_is_found_by_its_file() -> None:
    edits, anchor = begun()
    del edits.body.children[3]
    assert found(edits, anchor) == GONE
    edits.body.children.insert(0, image(SEAL))
    assert found(edits, anchor) == shown(0, "moved")


def test_one_that_an_undo_brings_back_is_found() -> None:
    edits, anchor = begun()
    undo = UndoManager(scopes=[edits.body])
    del edits.body.children[3]
    undo.undo()
    assert found(edits, anchor).start == Spot(1, 0)


def test_the_same_picture_elsewhere_is_never_taken_for_the_one_that_went() -> None:
    edits, anchor = begun()
    twice = replace(anchor, echo=0)
    edits.body.children.insert(0, image(SEAL))
    assert found(edits, twice) == shown(2)
    del edits.body.children[4]
    assert found(edits, twice) == GONE
    edits.body.children.insert(0, image(SEAL))
    # Two now: either could be meant.
    assert found(edits, anchor) == GONE


def test_in_a_document_that_was_made_anew_the_file_finds_it() -> None:
    _edits, anchor = begun()
    anew, _anchor = begun(client=8)
    assert found(anew, anchor) == shown(1, "moved")
    assert found(anew, replace(anchor, before="c" * 64)) == GONE


def test_a_forged_place_leads_to_no_picture_and_moves_no_other_thread() -> None:
    edits, anchor = begun()
    text = edits.body.children[0].children[0]
    letter = read_state_vector(edits.doc.get_state())[7]
    text.insert(3, "x")
    edits.fields["subject"] = Text("V/v kiểm tra")
    edits.fields["urgency"] = "urgent"
    edits.body.children[0].attributes["style"] = "body"
    del edits.body.children[1]
    every = read_state_vector(edits.doc.get_state())[7]
    forged = [at(7, clock, "c" * 64) for clock in range(every + 3)]
    words = Anchored(
        "body",
        encoded(7, letter, right=True),
        encoded(7, letter, right=False),
        1,
        "x",
    )
    anchors = Anchors(edits.doc.get_update(), [*forged, words, anchor])
    told = [anchors.find(each) for each in forged]
    # Only the picture that stands leads to one, and is not the one it says.
    assert [each for each in told if each.kind != "gone"] == [shown(0, is_changed=True)]
    assert anchors.find(words).text == "x"
    assert anchors.find(anchor) == shown(0)


@pytest.mark.parametrize(
    "position",
    ["", "AA==", "////", "%%%", "AP///////w8BAA==", nowhere(), "Ag==", "AgcAAA=="],
)
def test_what_is_no_position_leads_to_no_picture(position: str) -> None:
    edits, anchor = begun()
    forged = replace(anchor, start=position, end=position, before="")
    assert found(edits, forged) == GONE
    half = replace(anchor, end=position, before="c" * 64)
    assert found(edits, half) == GONE


@pytest.mark.parametrize(
    ("part", "quote", "now"),
    [
        ("date", "2026-11-20", "2026-11-25"),
        ("urgency", "normal", "flash"),
        ("number", "", "45"),
        ("document_type", "CV", "TTr"),
        ("deadline", "2026-12-01", ""),
    ],
)
def test_a_choice_is_found_and_says_whether_it_changed(
    part: str, quote: str, now: str
) -> None:
    edits, _anchor = begun()
    chosen = Anchored(part, nowhere(), nowhere(), 1, quote, echo=-1)
    edits.fields[part] = quote
    assert found(edits, chosen) == Found("here", Spot(0, 0), Spot(0, len(quote)), quote)
    edits.fields[part] = now
    here = found(edits, chosen)
    assert (here.kind, here.text, here.is_changed) == ("here", now, True)


def test_a_draft_that_says_no_urgency_has_the_normal_one() -> None:
    doc: Doc[Any] = Doc()
    chosen = Anchored("urgency", nowhere(), nowhere(), 1, "normal", echo=-1)
    assert not Anchors(doc.get_update(), [chosen]).find(chosen).is_changed
