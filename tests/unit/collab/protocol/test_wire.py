"""Numbers, strings and byte arrays of lib0, and what strangers make of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import MALFORMED_FRAME, ProtocolError
from collab.protocol import wire


@given(st.integers(0, wire.MAX_SAFE_INTEGER))
def test_a_number_comes_back(value: int) -> None:
    data = wire.var_uint(value)
    assert wire.read_var_uint(data, 0) == (value, len(data))


@pytest.mark.parametrize(
    ("value", "data"),
    [(0, b"\x00"), (127, b"\x7f"), (128, b"\x80\x01"), (300, b"\xac\x02")],
)
def test_numbers_have_the_bytes_of_lib0(value: int, data: bytes) -> None:
    assert wire.var_uint(value) == data


@pytest.mark.parametrize("value", [2**53, 2**56, 2**63, 2**200])
def test_a_number_that_javascript_cannot_hold_is_refused(value: int) -> None:
    with pytest.raises(ProtocolError):
        wire.read_var_uint(wire.var_uint(value), 0)


@given(st.text())
def test_a_string_comes_back(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert wire.read_string(wire.var_string(text), 0)[0] == text


@pytest.mark.parametrize(
    "data",
    [b"", b"\x80", b"\x05abc", b"\xff\xff\xff\x7f", b"\x02\xff\xfe"],
    ids=["empty", "half a number", "short", "claims megabytes", "not utf-8"],
)
def test_a_broken_string_is_a_malformed_frame(data: bytes) -> None:
    with pytest.raises(ProtocolError) as error:
        wire.read_string(data, 0)
    assert error.value.close is MALFORMED_FRAME
