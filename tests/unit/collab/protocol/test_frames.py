"""The bytes of both dialects: what we send, what we take, what we refuse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import UNKNOWN_MESSAGE, ProtocolError
from collab.protocol.frames import (
    Encoder,
    Kind,
    Message,
    decode_hocuspocus,
    decode_y_websocket,
    document_of,
)

GOLDEN_HOCUSPOCUS = {
    b"\x01d\x00\x00\x01\x00": Message(Kind.SYNC_STEP_1, "d", b"\x00"),
    b"\x01d\x00\x01\x02\x00\x00": Message(Kind.SYNC_STEP_2, "d", b"\x00\x00"),
    b"\x01d\x04\x01\x02\x00\x00": Message(Kind.SYNC_STEP_2, "d", b"\x00\x00"),
    b"\x01d\x00\x02\x02\x00\x00": Message(Kind.UPDATE, "d", b"\x00\x00"),
    b"\x01d\x01\x01\x00": Message(Kind.AWARENESS, "d", b"\x00"),
    b"\x01d\x02\x00\x03tok\x054.0.0": Message(Kind.AUTH, "d", b"tok"),
    b"\x01d\x02\x00\x00": Message(Kind.AUTH, "d", b""),
    b"\x01d\x03": Message(Kind.QUERY_AWARENESS, "d", b""),
    b"\x01d\x05\x02hi": Message(Kind.STATELESS, "d", b"hi"),
    b"\x01d\x07": Message(Kind.CLOSE, "d", b""),
    b"\x09": Message(Kind.PING, "", b""),
    b"\x0a": Message(Kind.PONG, "", b""),
}
GOLDEN_Y_WEBSOCKET = {
    b"\x00\x00\x01\x00": Message(Kind.SYNC_STEP_1, "", b"\x00"),
    b"\x00\x01\x02\x00\x00": Message(Kind.SYNC_STEP_2, "", b"\x00\x00"),
    b"\x00\x02\x02\x00\x00": Message(Kind.UPDATE, "", b"\x00\x00"),
    b"\x01\x01\x00": Message(Kind.AWARENESS, "", b"\x00"),
    b"\x03": Message(Kind.QUERY_AWARENESS, "", b""),
}


@pytest.mark.parametrize(("frame", "message"), GOLDEN_HOCUSPOCUS.items())
def test_hocuspocus_frames_mean_what_the_provider_means(
    frame: bytes, message: Message
) -> None:
    assert decode_hocuspocus(frame) == message


@pytest.mark.parametrize(("frame", "message"), GOLDEN_Y_WEBSOCKET.items())
def test_y_websocket_frames_mean_what_the_provider_means(
    frame: bytes, message: Message
) -> None:
    assert decode_y_websocket(frame) == message


def test_answers_have_the_bytes_that_providers_expect() -> None:
    to = Encoder("d")
    assert to.step_1(b"\x00") == b"\x01d\x00\x00\x01\x00"
    assert to.step_2(b"\x00\x00") == b"\x01d\x00\x01\x02\x00\x00"
    assert to.update(b"\x00\x00") == b"\x01d\x00\x02\x02\x00\x00"
    assert to.awareness(b"\x00") == b"\x01d\x01\x01\x00"
    assert to.authenticated(may_write=True) == b"\x01d\x02\x02\x0aread-write"
    assert to.authenticated(may_write=False) == b"\x01d\x02\x02\x08readonly"
    assert to.denied("no") == b"\x01d\x02\x01\x02no"
    assert to.stateless("{}") == b"\x01d\x05\x02{}"
    assert to.left("x") == b"\x01d\x07\x01x"
    assert to.sync_status(saved=True) == b"\x01d\x08\x01"
    assert to.sync_status(saved=False) == b"\x01d\x08\x00"
    plain = Encoder(None)
    assert plain.update(b"\x00\x00") == b"\x00\x02\x02\x00\x00"


@pytest.mark.parametrize(
    ("decode", "frame"),
    [
        (decode_hocuspocus, b"\x01d\x06\x02hi"),
        (decode_hocuspocus, b"\x01d\x08\x01"),
        (decode_hocuspocus, b"\x01d\x02\x02\x0aread-write"),
        (decode_hocuspocus, b"\x01d\x02\x01\x02no"),
        (decode_hocuspocus, b"\x01d\x63"),
        (decode_hocuspocus, b"\x01d\x00\x03\x00"),
        (decode_y_websocket, b"\x02\x00"),
        (decode_y_websocket, b"\x63"),
        (decode_y_websocket, b"\x00\x07\x00"),
    ],
)
def test_what_only_a_server_may_say_is_an_unknown_message(
    decode: Callable[[bytes], Message], frame: bytes
) -> None:
    with pytest.raises(ProtocolError) as error:
        decode(frame)
    assert error.value.close is UNKNOWN_MESSAGE


@pytest.mark.parametrize("decode", [decode_hocuspocus, decode_y_websocket])
@given(frame=st.binary(max_size=200))
def test_noise_is_a_message_or_a_protocol_error(
    decode: Callable[[bytes], Message], frame: bytes
) -> None:
    try:
        assert isinstance(decode(frame), Message)
    except ProtocolError:
        return


@given(
    frame=st.sampled_from([*GOLDEN_HOCUSPOCUS]), at=st.integers(0, 30), byte=st.binary()
)
def test_damaged_frames_are_messages_or_protocol_errors(
    frame: bytes, at: int, byte: bytes
) -> None:
    try:
        decode_hocuspocus(frame[:at] + byte + frame[at:])
        decode_y_websocket(frame[2:at] + byte + frame[at:])
    except ProtocolError:
        return


def test_bytes_after_the_end_and_long_addresses_are_refused() -> None:
    for frame in (b"\x01d\x00\x02\x02\x00\x00!", b"\xad\x02" + b"d" * 301 + b"\x03"):
        with pytest.raises(ProtocolError):
            decode_hocuspocus(frame)


def test_an_address_may_carry_a_session() -> None:
    assert document_of("doc\0session") == document_of("doc") == "doc"
