"""What may reach the CRDT engine, and what is stopped before it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from collab.errors import ProtocolError
from collab.protocol import shape
from collab.protocol.keystrokes import is_plain
from collab.protocol.nesting import depth_in_slices
from collab.protocol.wire import var_uint
from tests.support.random_edits import STEPS, Edits

HEADER = b"\x01\x01\x05\x00"
BOMBS = {
    "clients": var_uint(2**40),
    "structs": b"\x01" + var_uint(2**40) + b"\x05\x00",
    "JSON": HEADER + b"\x02\x01\x01t" + var_uint(2**40),
    "any": HEADER + b"\x08\x01\x01t" + var_uint(2**40),
    "array in any": HEADER + b"\x08\x01\x01t\x01\x75" + var_uint(2**40),
    "map in any": HEADER + b"\x08\x01\x01t\x01\x76" + var_uint(2**40),
    "string": HEADER + b"\x04\x01\x01t" + var_uint(2**40),
    "deletions": b"\x00" + var_uint(2**40),
    "ranges": b"\x00\x01\x05" + var_uint(2**40),
    "nesting": HEADER + b"\x08\x01\x01t\x01" + b"\x75\x01" * 500 + b"\x7e\x00",
    "length of nothing": HEADER + b"\x00" + var_uint(2**32) + b"\x00",
    "clock": b"\x01\x01\x05" + var_uint(2**33) + b"\x04\x01\x01t\x01x\x00",
    "deleted range": b"\x00\x01\x05\x01" + var_uint(2**32) + b"\x01",
    "client id": b"\x01\x01" + var_uint(2**53) + b"\x00\x04\x01\x01t\x01x\x00",
}


@given(steps=STEPS)
def test_updates_of_every_kind_of_edit_pass(steps: list[tuple[int, int, int]]) -> None:
    edits = Edits()
    for step in steps:
        shape.check_update(edits.do(*step))
    shape.check_update(edits.doc.get_update())
    shape.check_state_vector(edits.doc.get_state())


def test_every_value_that_a_map_can_hold_passes() -> None:
    doc: Doc[object] = Doc()
    values = doc.get("m", type=Map)
    for index, value in enumerate(
        [None, True, False, 0, -1, 63, 64, -64, 2**40, 1.5, "chữ", b"bytes", [1, [2]],
         {"a": {"b": [None]}}, Text("x"), Array([1]), Map({"k": 1})]
    ):  # fmt: skip
        values[str(index)] = value
    fragment = doc.get("body", type=XmlFragment)
    fragment.children.append(XmlElement("paragraph", {"style": "body"}))
    fragment.children.append(XmlText("chữ"))
    shape.check_update(doc.get_update())


@given(data=st.binary(max_size=300))
@example(b"")
def test_noise_never_raises_anything_else(data: bytes) -> None:
    for check in (shape.check_update, shape.check_state_vector):
        _refused_or_fine(check, data)


@given(
    steps=STEPS,
    damage=st.lists(
        st.tuples(st.integers(0, 5_000), st.integers(0, 255)), min_size=1, max_size=4
    ),
    end=st.integers(0, 5_000),
)
def test_damaged_updates_never_raise_anything_else(
    steps: list[tuple[int, int, int]], damage: list[tuple[int, int]], end: int
) -> None:
    edits = Edits()
    for step in steps:
        edits.do(*step)
    update = bytearray(edits.doc.get_update())
    for at, byte in damage:
        update[at % len(update)] = byte
    _refused_or_fine(shape.check_update, bytes(update))
    _refused_or_fine(shape.check_update, bytes(update[: end % len(update)]))


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_count_bomb_is_refused_before_the_engine(bomb: bytes) -> None:
    with pytest.raises(ProtocolError):
        shape.check_update(bomb)


@settings(max_examples=20, deadline=None)
@given(part=st.sampled_from([b"\x00\x01", b"\x0a\x01", b"\x84\x05\x00\x01x"]))
def test_work_grows_with_the_bytes_only(part: bytes) -> None:
    count = 20_000
    update = b"\x01" + var_uint(count) + b"\x05\x00" + part * count + b"\x00"
    started = time.process_time()
    shape.check_update(update)
    assert time.process_time() - started < 1.0


def test_one_byte_too_many_or_too_few_is_refused() -> None:
    doc: Doc[object] = Doc(client_id=5)
    doc.get("t", type=Text).insert(0, "chữ")
    update = doc.get_update()
    shape.check_update(update)
    for wrong in (update + b"\x00", update[:-1]):
        with pytest.raises(ProtocolError):
            shape.check_update(wrong)


def _refused_or_fine(check: Callable[[bytes], None], data: bytes) -> None:
    try:
        check(data)
    except ProtocolError:
        return


@given(steps=STEPS, place=st.integers(0), byte=st.integers(0, 255))
def test_what_looks_like_a_keystroke_is_one(
    steps: list[tuple[int, int, int]], place: int, byte: int
) -> None:
    """The quick look lets nothing pass that the long one refuses, also when a byte of
    a real edit is changed."""
    edits = Edits()
    for step in steps:
        update = edits.do(*step)
        changed = bytearray(update)
        if changed:
            changed[place % len(changed)] = byte
        for data in (update, bytes(changed), update[:-1], update + b"\0"):
            if is_plain(data):
                shape.check_bytewise(data)
                assert len(list(depth_in_slices(data))) == 1
                assert list(depth_in_slices(data)) == [0]


def test_typing_and_deleting_are_seen_as_keystrokes() -> None:
    doc: Doc[object] = Doc()
    text = doc.get("content", type=Text)
    updates: list[bytes] = []
    kept = doc.observe(lambda event: updates.append(event.update))
    text.insert(0, "abc")
    text.insert(3, "ệ")
    text.insert(1, "x")
    del text[1]
    doc.unobserve(kept)
    assert [is_plain(update) for update in updates] == [False, True, True, True]
