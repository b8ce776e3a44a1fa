"""Presence on the wire: everything that is taken can be told to others."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import ProtocolError
from collab.protocol.awareness import NOBODY, Said, decode, encode, written
from collab.protocol.wire import var_string, var_uint

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text('aạ🙂\\"'),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3)
    ),
    max_leaves=8,
)


def one(text: str, client: int = 5) -> bytes:
    return b"\x01" + var_uint(client) + b"\x01" + var_string(text)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2**53 - 1),
            st.integers(0, 2**31),
            st.none() | st.dictionaries(st.text("abc"), VALUES, max_size=3),
        )
    )
)
def test_states_come_back(
    rows: list[tuple[int, int, dict[str, object] | None]],
) -> None:
    said = [Said(client, clock, written(value)) for client, clock, value in rows]
    assert [state[:3] for state in decode(encode(said))] == rows


def test_the_bytes_are_those_of_y_protocols() -> None:
    assert encode([Said(5, 1, written({"a": 1}))]) == b'\x01\x05\x01\x07{"a":1}'
    assert encode([Said(5, 2, NOBODY)]) == b"\x01\x05\x02\x04null"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '"x"',
        "1",
        '{"a":NaN}',
        '{"a":-Infinity}',
        '{"a":1e999}',
        '{"a":"\\ud800"}',
        '{"\\udfff":1}',
        '{"a":' + "9" * 5_000 + "}",
        '{"a":' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
    ids=lambda text: text[:14],
)
def test_what_could_not_be_told_to_others_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError):
        (state,) = decode(one(text))
        written(state.value)


@given(st.binary(max_size=100))
def test_noise_never_raises_anything_else(data: bytes) -> None:
    try:
        decode(data)
    except ProtocolError:
        return


def test_a_count_larger_than_the_frame_is_refused() -> None:
    with pytest.raises(ProtocolError):
        decode(var_uint(2**40) + one("{}")[1:])


def test_what_is_taken_is_json_for_everybody() -> None:
    (state,) = decode(one('{"cursor":{"anchor":"Đắk"}}'))
    assert json.loads(written(state.value)) == {"cursor": {"anchor": "Đắk"}}
