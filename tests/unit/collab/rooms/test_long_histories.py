"""Opening what many edits wrote: everything is there, and the guards still hold."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pycrdt import Doc, Text

from collab.protocol.keystrokes import is_plain
from collab.protocol.nesting import depth_of
from collab.protocol.updates import is_integrated, merge_tree
from collab.rooms.document import MAX_DEPTH, LiveDocument, measure_depth
from tests.support.nested import nested_update

DRAFT = "Can cu Nghi dinh so 30/2020/ND-CP ngay 05/3/2020 cua Chinh phu. "


def history(count: int) -> tuple[str, list[bytes]]:
    """The text, and the updates that wrote it: one in five deletes a letter."""
    doc: Doc[Any] = Doc()
    text = doc.get("content", type=Text)
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(event.update))
    for number in range(count):
        if number % 5 == 4:
            del text[len(text) // 2]
        else:
            text.insert(len(text) * 2 // 3, DRAFT[number % len(DRAFT)])
    doc.unobserve(subscription)
    return str(text), updates


def text_of(state: bytes) -> str:
    doc: Doc[Any] = Doc()
    text = doc.get("content", type=Text)
    doc.apply_update(state)
    return str(text)


def test_a_long_history_opens_as_the_text_it_wrote() -> None:
    text, updates = history(3_000)
    document = LiveDocument(updates)
    assert text_of(document.full()) == text
    assert not document.has_unintegrated


def test_a_history_in_any_order_opens_as_the_text_it_wrote() -> None:
    text, updates = history(400)
    random.Random(328).shuffle(updates)
    document = LiveDocument(updates)
    assert text_of(document.full()) == text
    assert not document.has_unintegrated


@pytest.mark.parametrize("seed", range(20))
def test_keystrokes_in_any_order_are_never_left_out(seed: int) -> None:
    chance = random.Random(seed)
    text, updates = history(60)
    # One piece at a time, and some together; what has come once may come again.
    order = [*updates[1:], *chance.sample(updates, 10)]
    chance.shuffle(order)
    document = LiveDocument(updates[:1])
    came = [updates[0]]
    while order:
        some, order = order[: (size := chance.choice((1, 1, 3)))], order[size:]
        plain = all(map(is_plain, some))
        document.take(some, is_flat=plain)
        came += some
        assert text_of(document.full()) == text_of(merge_tree(came))
        merged = merge_tree([document.full(), *updates])
        assert text_of(merged) == text
        lacks = is_integrated(merge_tree(came), document.state_vector())
        assert document.has_unintegrated is not lacks
    assert text_of(document.full()) == text


def test_what_lacks_its_beginning_is_kept_until_it_comes() -> None:
    text, updates = history(400)
    document = LiveDocument(updates[1:])
    assert document.has_unintegrated
    assert text_of(LiveDocument([document.full(), updates[0]]).full()) == text


def long_and_deep(levels: int) -> list[bytes]:
    _text, updates = history(12_000)
    return [*updates, nested_update(levels)]


async def test_the_depth_of_a_long_document_is_measured_beside_it() -> None:
    document = LiveDocument(long_and_deep(300))
    assert document.unmeasured == document.full()
    await measure_depth(document)
    assert document.unmeasured is None
    assert document.has_depth_for([nested_update(50, first=300)])
    assert not document.has_depth_for([nested_update(2 * MAX_DEPTH, first=300)])


def test_an_edit_that_comes_before_the_measure_is_judged_all_the_same() -> None:
    document = LiveDocument(long_and_deep(MAX_DEPTH - 50))
    assert document.unmeasured is not None
    added = nested_update(2 * MAX_DEPTH, first=MAX_DEPTH - 50)
    assert depth_of(added) > 0
    assert not document.has_depth_for([added])
    assert document.unmeasured is None
