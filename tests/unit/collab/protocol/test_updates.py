"""Work on updates as bytes: nothing that waits may be lost."""

from __future__ import annotations

import pytest
from pycrdt import Doc, Text, merge_updates

from collab.protocol import updates
from tests.support.rooms import text_update


def _three_edits() -> tuple[bytes, bytes, bytes]:
    doc: Doc[object] = Doc(client_id=7)
    text = doc.get("content", type=Text)
    made = []
    for word in ("một ", "hai ", "ba"):
        before = doc.get_state()
        text += word
        made.append(doc.get_update(before))
    return made[0], made[1], made[2]


def _doc(*parts: bytes) -> Doc[object]:
    doc: Doc[object] = Doc()
    for part in parts:
        doc.apply_update(part)
    return doc


def _text(doc: Doc[object]) -> str:
    return str(doc.get("content", type=Text))


def test_a_merge_keeps_what_waits_for_something() -> None:
    first, second, third = _three_edits()
    merged = updates.merge_tree([first, third])
    doc = _doc(merged)
    assert _text(doc) == "một "
    doc.apply_update(second)
    assert _text(doc) == "một hai ba"


def test_a_merge_of_thousands_is_the_merge_of_all() -> None:
    many = [text_update("x", client + 1) for client in range(3_001)]
    assert len(_text(_doc(updates.merge_tree(many)))) == 3_001


def test_one_update_is_returned_as_it_is_and_none_is_an_error() -> None:
    first, _, _ = _three_edits()
    assert updates.merge_tree([first]) is first
    with pytest.raises(ValueError, match="nothing"):
        updates.merge_tree([])


def test_an_update_is_integrated_once_what_it_needs_is_there() -> None:
    first, second, _ = _three_edits()
    doc = _doc(second)
    assert not updates.is_integrated(second, doc.get_state())
    doc.apply_update(first)
    assert updates.is_integrated(second, doc.get_state())


def test_a_deletion_waits_for_what_it_deletes() -> None:
    source: Doc[object] = Doc(client_id=7)
    text = source.get("content", type=Text)
    text += "xóa"
    whole = source.get_update()
    before = source.get_state()
    text.clear()
    deletion = source.get_update(before)
    doc = _doc(deletion)
    assert not updates.is_integrated(deletion, doc.get_state())
    doc.apply_update(whole)
    assert updates.is_integrated(deletion, doc.get_state())


def test_a_document_knows_what_would_add_nothing() -> None:
    first, second, third = _three_edits()
    doc = _doc(first, second)
    assert updates.adds_nothing(doc, first)
    assert updates.adds_nothing(doc, merge_updates(first, second))
    assert not updates.adds_nothing(doc, third)


def test_a_deletion_that_is_new_adds_something() -> None:
    source: Doc[object] = Doc(client_id=7)
    text = source.get("content", type=Text)
    text += "abcdef"
    whole = source.get_update()
    doc = _doc(whole)
    del text[1:3]
    assert not updates.adds_nothing(doc, source.get_update())
    doc.apply_update(source.get_update())
    assert updates.adds_nothing(doc, source.get_update())
    del text[2:3]
    assert not updates.adds_nothing(doc, source.get_update())


def test_who_is_in_step_adds_nothing_and_nobody_reads_its_deletions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every browser that comes in answers with all deletions of the document."""
    one, two = Doc(client_id=9), Doc(client_id=4_000_000_000)
    for doc, other in ((one, two), (two, one), (one, two)):
        text = doc.get("content", type=Text)
        for _ in range(40):
            text += "chu "
            del text[0:1]
        other.apply_update(doc.get_update(other.get_state()))
    answers = [one.get_update(two.get_state()), two.get_update(), one.get_update()]
    monkeypatch.setattr(updates, "read_deletions", None)
    assert all(updates.adds_nothing(two, answer) for answer in answers)


def test_a_deletion_over_several_ranges_is_covered_by_their_sum() -> None:
    assert updates._covered(2, 8, [(0, 4), (4, 6), (6, 9)])
    assert not updates._covered(2, 8, [(0, 4), (5, 9)])
    assert not updates._covered(0, 1, [])


def test_a_fault_of_the_engine_is_a_value_error() -> None:
    class Panic(BaseException):
        pass

    def fail() -> None:
        with updates.engine_faults():
            raise Panic

    with pytest.raises(ValueError, match="Panic"):
        fail()


def test_what_the_engine_cannot_decode_is_not_readable() -> None:
    good = text_update("abcdef", 5)
    assert updates.is_readable(good)
    assert not updates.is_readable(good.replace(b"abcdef", b"a\xff\xfedef"))
