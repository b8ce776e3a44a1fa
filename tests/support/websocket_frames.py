"""Frames of RFC 6455 of every kind, sound and not, as a stranger may send them."""

from __future__ import annotations

from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

MOST = 100_000
"""The longest frame that the servers of these tests allow."""


def frame(opcode: Opcode, data: bytes, *, fin: bool = True, mask: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=mask)


FRAMES = st.lists(
    st.one_of(
        st.binary(max_size=300).map(lambda d: frame(Opcode.BINARY, d)),
        st.binary(max_size=300).map(lambda d: frame(Opcode.BINARY, d)),
        st.sampled_from([126, 65_536]).map(lambda n: frame(Opcode.BINARY, b"x" * n)),
        st.text(max_size=20).map(lambda t: frame(Opcode.TEXT, t.encode())),
        st.binary(max_size=20).map(lambda d: frame(Opcode.PING, d)),
        st.binary(max_size=20).map(lambda d: frame(Opcode.PONG, d)),
        st.tuples(st.binary(max_size=50), st.binary(max_size=50)).map(
            lambda p: (
                frame(Opcode.BINARY, p[0], fin=False)
                + frame(Opcode.PING, b"between")
                + frame(Opcode.CONT, p[1])
            )
        ),
        st.just(frame(Opcode.CLOSE, b"\x03\xe8")),
        st.just(frame(Opcode.BINARY, b"unmasked", mask=False)),
        st.just(frame(Opcode.BINARY, b"x" * (MOST + 1))),
        st.just(frame(Opcode.CONT, b"of nothing")),
        st.just(b"\xf2\x80\x00\x00\x00\x00"),  # reserved bits
        st.just(b"\x85\x80\x00\x00\x00\x00"),  # an opcode that nobody has
    ),
    max_size=8,
)
