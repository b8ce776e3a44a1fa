"""Anchors of comments, sought in stored documents as the editor seeks them."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import (
    Doc,
    Map,
    Text,
    UndoManager,
    XmlElement,
    XmlFragment,
    XmlText,
    merge_updates,
)

from collab.content.anchors import (
    GONE,
    Anchored,
    Anchors,
    Found,
    Spot,
    anchor_on,
    nowhere,
)
from collab.content.positions import read_position
from collab.content.read import read_content
from collab.content.tree import Paragraph
from collab.content.write import build_update
from collab.protocol.shape import read_state_vector
from collab.protocol.wire import var_uint
from tests.support.random_edits import STEPS, WORDS, Edits
from tests.unit.collab.content.strategies import contents

CASES = json.loads(Path(__file__).with_name("anchor_cases.json").read_text())
QUOTE = "trách nhiệm của người đứng đầu"


def encoded(client: int, clock: int, *, right: bool) -> str:
    side = b"\x00" if right else b"\x41"
    data = b"\x00" + var_uint(client) + var_uint(clock) + side
    return base64.b64encode(data).decode()


def begun(client: int = 7) -> tuple[Edits, XmlText, Anchored]:
    """A document of three paragraphs, and an anchor on words of the second one."""
    edits = Edits(client)
    texts = []
    for words in ("Căn cứ Luật", "Quy định  cơ quan", "Đề nghị báo cáo"):
        paragraph = XmlElement("paragraph")
        edits.body.children.append(paragraph)
        texts.append(paragraph.children.append(XmlText(words)))
    clock = read_state_vector(edits.doc.get_state())[client]
    texts[1].insert(index(texts[1], 9), QUOTE)
    last = read_state_vector(edits.doc.get_state())[client] - 1
    anchor = Anchored(
        "body",
        encoded(client, clock, right=True),
        encoded(client, last, right=False),
        1,
        QUOTE,
        "Quy định ",
        " cơ quan",
        echo=-1,
    )
    return edits, texts[1], anchor


def index(text: XmlText, letters: int) -> int:
    """The engine counts the bytes of a text of the body."""
    return len(str(text)[:letters].encode())


def found(edits: Edits, anchor: Anchored) -> Found:
    return Anchors(edits.doc.get_update(), [anchor]).find(anchor)


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_an_anchor_is_found_where_the_editor_finds_it(case: dict[str, Any]) -> None:
    anchor = Anchored(**case["anchor"])
    state = base64.b64decode(case["state"])
    here = Anchors(state, [anchor]).find(anchor)
    assert (here.kind, here.text) == (case["kind"], case["words"])


def test_it_tells_paragraph_and_offset() -> None:
    edits, text, anchor = begun()
    assert found(edits, anchor) == Found("here", Spot(1, 9), Spot(1, 39), QUOTE)
    text.insert(0, "🙂 ")
    assert found(edits, anchor).start == Spot(1, 11)


def test_writing_at_the_ends_stays_outside_and_inside_is_a_change() -> None:
    edits, text, anchor = begun()
    text.insert(index(text, 9 + len(QUOTE)), "!")
    text.insert(index(text, 9), "rõ ")
    assert found(edits, anchor).text == QUOTE
    text.insert(index(text, 12 + 5), "… ")
    here = found(edits, anchor)
    assert (here.kind, here.is_changed) == ("here", True)
    assert here.text.replace("… ", "") == QUOTE


def test_deleted_words_are_gone_and_come_back_with_their_text() -> None:
    edits, text, anchor = begun()
    undo = UndoManager(scopes=[edits.body])
    words = slice(index(text, 9), index(text, 9 + len(QUOTE)))
    del text[words]
    assert found(edits, anchor) == GONE
    undo.undo()
    assert found(edits, anchor).text == QUOTE
    del text[words]
    other = edits.body.children[2].children[0]
    other.insert(0, f"{QUOTE}: ")
    assert found(edits, anchor) == Found("moved", Spot(2, 0), Spot(2, 30), QUOTE)


def test_a_text_that_was_made_anew_goes_by_the_quote() -> None:
    _edits, _text, anchor = begun()
    anew, _text, _anchor = begun(client=8)
    assert found(anew, anchor).kind == "moved"
    assert found(anew, replace(anchor, quote="không có ở đây")) == GONE


def test_the_same_text_under_another_epoch_keeps_every_position() -> None:
    edits, text, anchor = begun()
    text.insert(index(text, 9 + 5), "… ")
    thawed: Doc[Any] = Doc()
    thawed.apply_update(edits.doc.get_update())
    here = Anchors(thawed.get_update(), [replace(anchor, epoch=7)]).find(anchor)
    assert (here.kind, here.text.replace("… ", "")) == ("here", QUOTE)


@pytest.mark.parametrize("echo", [-1, 0])
def test_words_that_stand_elsewhere_too_are_not_taken_for_those_that_went(
    echo: int,
) -> None:
    edits, text, anchor = begun()
    anchor = replace(anchor, echo=echo)
    edits.body.children[0].children[0].insert(0, f"{QUOTE}, ")
    assert found(edits, anchor).start == Spot(1, 9)
    del text[index(text, 9) : index(text, 9 + len(QUOTE))]
    if echo < 0:
        # They stood alone then, so these were written since: cut and pasted, it seems.
        assert found(edits, anchor).kind == "moved"
    else:
        assert found(edits, anchor) == GONE
        text.insert(index(text, 9), QUOTE)
        assert found(edits, anchor).start == Spot(1, 9)


def test_many_anchors_are_found_at_once_where_each_is() -> None:
    edits, text, anchor = begun()
    letters = [
        replace(
            anchor,
            start=encoded(7, at, right=True),
            end=encoded(7, at, right=False),
            quote=letter,
        )
        for at, letter in enumerate(QUOTE, read_position_clock(anchor))
    ]
    text.insert(0, "Dời đi. ")
    anchors = Anchors(edits.doc.get_update(), letters)
    assert "".join(anchors.find(each).text for each in letters) == QUOTE
    # The copy was written into, the document was not.
    assert QUOTE in str(text)


def read_position_clock(anchor: Anchored) -> int:
    item = read_position(base64.b64decode(anchor.start)).item
    assert item is not None
    return item[1]


def test_a_field_of_the_letterhead_is_one_block() -> None:
    edits, _text, anchor = begun()
    edits.fields["subject"] = Text("V/v kiểm tra")
    state = edits.doc.get_update()
    here = anchor_on(state, "subject", "kiểm tra", 1)
    assert Anchors(state, [here]).find(here) == Found(
        "moved", Spot(0, 4), Spot(0, 12), "kiểm tra"
    )
    # Positions that lead into another part lead nowhere in this one.
    assert found(edits, replace(anchor, part="subject")) == GONE


@pytest.mark.parametrize(
    "position",
    ["", "AA==", "////", "%%%", "AP///////w8BAA==", nowhere(), "Ag==", "AgcAAA=="],
)
def test_a_forged_anchor_is_gone_and_breaks_nothing(position: str) -> None:
    edits, _text, anchor = begun()
    forged = replace(anchor, start=position, end=position, quote="chưa từng có")
    assert found(edits, forged) == GONE
    assert found(edits, replace(forged, part="không có")) == GONE


@pytest.mark.parametrize("junk", [b"", b"\x07\x01\x01\x00", b"\x00" * 200, b"\x01"])
def test_bytes_that_are_no_position_are_refused(junk: bytes) -> None:
    with pytest.raises(ValueError, match=r"position|frame|integer"):
        read_position(junk)


@given(st.binary(max_size=40))
def test_any_bytes_are_a_position_or_a_value_error(data: bytes) -> None:
    with suppress(ValueError):
        read_position(data)


@given(contents)
@settings(max_examples=40, deadline=None)
def test_blocks_are_the_paragraphs_that_a_reader_counts(content: Any) -> None:
    state = build_update(content, client_id=3)
    paragraphs = [
        "".join(getattr(part, "text", "\n") for part in block.inlines)
        for block in paragraphs_of(read_content(state).blocks)
    ]
    anchors = Anchors(state, [])
    assert anchors.blocks_of("body") == paragraphs


def paragraphs_of(blocks: Any) -> Any:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        for item in getattr(block, "items", ()):
            yield from paragraphs_of(item)
        for row in getattr(block, "rows", ()):
            for cell in row.cells:
                yield from paragraphs_of(cell.blocks)


@pytest.mark.parametrize("written", ["", "Như trên;"])
def test_a_field_as_such_is_found_whatever_is_written_in_it(written: str) -> None:
    doc: Doc[Any] = Doc()
    doc.get("fields", type=Map)["recipients"] = Text(written)
    whole = Anchored("recipients", nowhere(), nowhere(), 1, "")
    found = Anchors(doc.get_update(), [whole])
    spots = Spot(0, 0), Spot(0, len(written))
    assert found.find(whole) == Found("here", *spots, written)
    assert found.find(replace(whole, part="body")) == GONE
    assert found.find(replace(whole, part="subject")) == GONE


@given(STEPS, STEPS, st.integers(0, 1_000), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_edit_elsewhere_loses_it_whatever_is_compacted(
    hers: Any, his: Any, at: int, compacts: bool
) -> None:
    """Two writers edit all but the quoted letters; one writes between them too."""
    edits, text, anchor = begun()
    other = Edits(9)
    other.doc.apply_update(edits.doc.get_update())
    before = edits.doc.get_update()
    mine = [edits.do(0, where, what) for kind, where, what in hers if kind]
    inserted = WORDS[at % len(WORDS)]
    text.insert(index(text, 9 + 1 + at % (len(QUOTE) - 1)), inserted)
    theirs = other.body.children[0].children[0]
    for _kind, where, what in his:
        place = index(theirs, where % (len(str(theirs)) + 1))
        theirs.insert(place, WORDS[what % len(WORDS)])
    parts = [before, *mine, edits.doc.get_update(), other.doc.get_update()]
    state = merge_updates(*parts)
    if compacts:
        opened: Doc[Any] = Doc()
        opened.get("body", type=XmlFragment)
        opened.apply_update(state)
        state = opened.get_update()
    here = Anchors(state, [anchor]).find(anchor)
    assert here.kind == "here"
    assert here.text.replace(inserted, "", 1) == QUOTE
