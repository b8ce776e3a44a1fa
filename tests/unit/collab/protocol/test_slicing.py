"""A cut update is the same update, and each piece finds what it needs before it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlFragment

from collab.protocol.shape import check_update, read_state_vector
from collab.protocol.slicing import slices
from collab.protocol.structs import structs_of
from collab.protocol.updates import adds_nothing, is_integrated, merge_tree
from collab.protocol.wire import var_uint
from tests.support.random_edits import STEPS, Edits


def written_by_three(steps: list[tuple[int, int, int]]) -> bytes:
    """A document in which three browsers write into each other's text."""
    hands = [Edits(client_id=client) for client in (11, 7, 400)]
    for number, step in enumerate(steps):
        hand = hands[step[1] % 3]
        update = hand.do(*step)
        if number % 2:
            for other in hands:
                other.doc.apply_update(hand.doc.get_update(other.doc.get_state()))
        else:
            hands[0].doc.apply_update(update)
    for other in hands[1:]:
        hands[0].doc.apply_update(other.doc.get_update())
    return hands[0].doc.get_update()


@given(steps=STEPS, most=st.integers(1, 200))
def test_pieces_in_order_make_the_same_document(
    steps: list[tuple[int, int, int]], most: int
) -> None:
    update = written_by_three(steps)
    whole: Doc[Any] = Doc()
    whole.apply_update(update)
    doc: Doc[Any] = Doc()
    for piece in slices(update, most):
        check_update(piece)
        doc.apply_update(piece)
        assert is_integrated(piece, doc.get_state())
    # The engine writes the clients down in any order.
    assert clocks(doc) == clocks(whole)
    assert adds_nothing(doc, update)
    assert shown(doc) == shown(whole)


def clocks(doc: Doc[Any]) -> dict[int, int]:
    return read_state_vector(doc.get_state())


def shown(doc: Doc[Any]) -> list[Any]:
    return [
        str(doc.get("content", type=Text)),
        doc.get("fields", type=Map).to_py(),
        doc.get("list", type=Array).to_py(),
        str(doc.get("body", type=XmlFragment)),
    ]


def long_text() -> bytes:
    doc: Doc[Any] = Doc(client_id=5)
    text = doc.get("content", type=Text)
    places = random.Random(328)
    for number in range(3_000):
        # Seldom where the last letter stands: nearly each stays a struct of its own.
        text.insert(places.randrange(len(text) + 1), "abc"[number % 3])
    del text[500:900]
    return doc.get_update()


def test_pieces_are_about_as_large_as_was_asked() -> None:
    update = long_text()
    pieces = list(slices(update, 2_000))
    assert len(pieces) > len(update) // 2_100
    assert max(map(len, pieces)) < 2_100
    assert sum(map(len, pieces)) < len(update) + 20 * len(pieces)


def test_what_has_gaps_is_left_whole() -> None:
    doc: Doc[Any] = Doc(client_id=5)
    text = doc.get("content", type=Text)
    made: list[bytes] = []
    kept = doc.observe(lambda event: made.append(event.update))
    for word in ("một ", "hai ", "ba "):
        text += word
    doc.unobserve(kept)
    merged = merge_tree([made[0], made[2]])
    assert list(slices(merged, 1)) == [merged]


def test_deletions_of_many_writers_share_pieces() -> None:
    """Each piece is held against all writers: one for each would be quadratic."""
    clients = range(3_000, 0, -1)
    structs = [b"\x01" + var_uint(c) + b"\x00\x04\x01\x01t\x01a" for c in clients]
    deletions = [var_uint(client) + b"\x01\x00\x01" for client in clients]
    count = var_uint(3_000)
    update = count + b"".join(structs) + count + b"".join(deletions)
    check_update(update)
    pieces = list(slices(update, 2_000))
    assert len(pieces) < len(update) // 2_000 + 3
    assert max(len(piece) for piece in pieces if piece[0] == 0) < 2_100
    doc: Doc[Any] = Doc()
    for piece in pieces:
        check_update(piece)
        doc.apply_update(piece)
    assert adds_nothing(doc, update)
    assert str(doc.get("t", type=Text)) == ""


@pytest.mark.parametrize("nothing", [b"\x00\x00", b"\x01\x01\x01t\x00"])
def test_a_struct_without_length_moves_no_clock(nothing: bytes) -> None:
    """The engine leaves such a one out; whoever counts it cuts at wrong places."""
    text = b"\x04\x01\x01t\x01a"
    update = b"\x01\x03\x05\x00" + nothing + text + b"\x84\x05\x00\x01b" + b"\x00"
    check_update(update)
    doc: Doc[Any] = Doc()
    for piece in slices(update, 1):
        doc.apply_update(piece)
    assert str(doc.get("t", type=Text)) == "ab"
    assert [(s.clock, s.length) for s in structs_of(update)] == [(0, 0), (0, 1), (1, 1)]


@pytest.mark.parametrize("most", [1, 10, 10_000])
def test_two_that_wait_for_each_other_are_cut_without_end(most: int) -> None:
    """No engine makes such a thing; a hostile log must not hang the process."""

    def struct(client: int, beside: int) -> bytes:
        return b"\x01" + bytes((client, 0)) + b"\x84" + bytes((beside, 0)) + b"\x01a"

    circle = b"\x02" + struct(1, 2) + struct(2, 1) + b"\x00"
    check_update(circle)
    assert len(list(slices(circle, most))) in (1, 2)
