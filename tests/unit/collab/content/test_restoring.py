"""A former version comes back as an edit: exact, minimal, and merging with typing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text, XmlElement, XmlFragment, XmlText, merge_updates

from collab.content.normal import normalise
from collab.content.read import plain_text, read_content
from collab.content.restoring import restoring_update
from collab.content.tree import Block, Content, Fields, Paragraph, Run
from collab.content.write import build_update
from tests.unit.collab.content.strategies import blocks

texts = st.lists(blocks, max_size=4)
EMPTY = b"\x00\x00"


def built(content: Content) -> bytes:
    return build_update(content, client_id=7)


def paragraphs(*lines: str) -> Content:
    return Content(blocks=tuple(Paragraph((Run(line),)) for line in lines))


def edited(state: bytes, edit: Callable[[XmlFragment, Map[Any]], None]) -> bytes:
    """The state after somebody's edit in a browser."""
    doc: Doc[Any] = Doc(client_id=99)
    doc.apply_update(state)
    edit(doc.get("body", type=XmlFragment), doc.get("fields", type=Map))
    return doc.get_update()


def text_of(body: XmlFragment, index: int) -> XmlText:
    paragraph = body.children[index]
    assert isinstance(paragraph, XmlElement)
    text = paragraph.children[0]
    assert isinstance(text, XmlText)
    return text


def restored(now: bytes, then: bytes) -> bytes:
    return merge_updates(now, restoring_update(now, then) or EMPTY)


@given(texts, texts)
def test_the_document_says_what_it_said(one: list[Block], other: list[Block]) -> None:
    then = built(normalise(Content(blocks=tuple(one))))
    later = built(normalise(Content(Fields(subject="V/v khác"), tuple(other))))
    now = restored(then, later)
    assert read_content(now) == read_content(later)
    assert read_content(restored(now, then)) == read_content(then)


@given(texts)
def test_nothing_is_done_when_nothing_differs(text: list[Block]) -> None:
    state = built(normalise(Content(blocks=tuple(text))))
    assert restoring_update(state, state) is None


def test_a_paragraph_that_stayed_takes_what_is_typed_meanwhile() -> None:
    then = built(paragraphs("Một hai ba", "Giữ nguyên đoạn này", "Bốn năm sáu"))

    def spoil(body: XmlFragment, fields: Map[Any]) -> None:
        del body.children[2]
        text_of(body, 0).insert(0, "Sai ")

    now = edited(then, spoil)
    update = restoring_update(now, then)
    assert update is not None
    typed = edited(now, lambda body, _f: text_of(body, 1).insert(0, "Tôi đang gõ. "))
    for merged in (merge_updates(typed, update), merge_updates(update, typed)):
        assert plain_text(read_content(merged)).split("\n") == [
            "Một hai ba",
            "Tôi đang gõ. Giữ nguyên đoạn này",
            "Bốn năm sáu",
        ]


def test_what_stayed_within_a_paragraph_is_not_written_again() -> None:
    long = "Căn cứ Luật Tổ chức chính quyền địa phương " * 50
    then = built(paragraphs(long))
    now = edited(then, lambda body, _f: text_of(body, 0).insert(10, "thừa "))
    update = restoring_update(now, then)
    assert update is not None
    assert len(update) < 60


def test_typing_in_the_restored_paragraph_itself_is_kept() -> None:
    then = built(paragraphs("Đề nghị các sở báo cáo trước ngày 15"))
    now = edited(then, lambda body, _f: text_of(body, 0).insert(0, "Bỏ. "))
    update = restoring_update(now, then)
    assert update is not None
    end = len("Bỏ. Đề nghị các sở báo cáo trước ngày 15".encode())
    typed = edited(now, lambda body, _f: text_of(body, 0).insert(end, " tháng 3"))
    said = plain_text(read_content(merge_updates(typed, update)))
    assert said == "Đề nghị các sở báo cáo trước ngày 15 tháng 3"


def test_marks_that_nobody_knows_come_back_too() -> None:
    then = edited(
        built(paragraphs("gõ chữ")),
        lambda body, _f: text_of(body, 0).format(0, 3, {"insertion": {"id": "x1"}}),
    )
    now = edited(
        then, lambda body, _f: text_of(body, 0).format(0, 3, {"insertion": None})
    )
    doc: Doc[Any] = Doc()
    doc.apply_update(restored(now, then))
    chunks = text_of(doc.get("body", type=XmlFragment), 0).diff()
    assert chunks == [("gõ", {"insertion": {"id": "x1"}}), (" chữ", None)]


def test_fields_of_the_letterhead_come_back_in_their_own_texts() -> None:
    then = built(Content(Fields(subject="V/v kiểm tra hệ thống", urgency="urgent")))

    def spoil(body: XmlFragment, fields: Map[Any]) -> None:
        subject = fields["subject"]
        assert isinstance(subject, Text)
        subject.insert(0, "Sai ")
        fields["urgency"] = "normal"
        fields["schema"] = "2"

    now = edited(then, spoil)
    update = restoring_update(now, then)
    assert update is not None

    def type_on(body: XmlFragment, fields: Map[Any]) -> None:
        subject = fields["subject"]
        subject.insert(len(str(subject).encode()), " năm 2026")

    found = read_content(merge_updates(edited(now, type_on), update)).fields
    assert found.subject == "V/v kiểm tra hệ thống năm 2026"
    assert found.urgency == "urgent"
    # The structure stays what the newest editor made of it.
    assert found.schema == "2"


def test_an_element_that_nobody_knows_comes_back() -> None:
    def add(body: XmlFragment, fields: Map[Any]) -> None:
        box = XmlElement("callout", {"tone": "note"})
        body.children.append(box)
        box.children.append(XmlText("lưu ý"))

    def remove(body: XmlFragment, fields: Map[Any]) -> None:
        del body.children[1]

    then = edited(built(paragraphs("Đoạn đầu")), add)
    doc: Doc[Any] = Doc()
    doc.apply_update(restored(edited(then, remove), then))
    again = doc.get("body", type=XmlFragment)
    assert str(again.children[1]) == '<callout tone="note">lưu ý</callout>'
