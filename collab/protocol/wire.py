"""The bytes of lib0: variable-length integers, strings and byte arrays.

Frames come from strangers, so every read is bounded by what is left in the frame
and every failure is a ProtocolError. Must never allocate by a length it only read.
"""

from __future__ import annotations

from collab.errors import MALFORMED_FRAME, ProtocolError

# lib0 numbers are JavaScript safe integers: a larger one would be cut by the engine
# and stop every browser that reads it.
MAX_SAFE_INTEGER = 2**53 - 1
_MAX_SHIFT = 49


def malformed(detail: str) -> ProtocolError:
    return ProtocolError(MALFORMED_FRAME, detail)


def read_var_uint(data: bytes, at: int) -> tuple[int, int]:
    """Return (value, next position)."""
    try:
        byte = data[at]
        at += 1
        if byte < 0x80:
            return byte, at
        value = byte & 0x7F
        shift = 7
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value > MAX_SAFE_INTEGER:
                    raise malformed("integer too large")
                return value, at
            shift += 7
            if shift > _MAX_SHIFT:
                raise malformed("integer too long")
    except IndexError:
        raise malformed("frame ends inside an integer") from None


def read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    """Read a length-prefixed byte array."""
    length, at = read_var_uint(data, at)
    end = at + length
    if end > len(data):
        raise malformed("frame ends inside a byte array")
    return data[at:end], end


def read_string(data: bytes, at: int) -> tuple[str, int]:
    """Read a length-prefixed UTF-8 string."""
    raw, at = read_bytes(data, at)
    try:
        return raw.decode(), at
    except UnicodeDecodeError:
        raise malformed("string is not UTF-8") from None


def var_uint(value: int) -> bytes:
    if value < 0x80:
        return bytes((value,))
    if value < 0x4000:
        return bytes((value & 0x7F | 0x80, value >> 7))
    if value < 0x20_0000:
        return bytes((value & 0x7F | 0x80, value >> 7 & 0x7F | 0x80, value >> 14))
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def var_bytes(data: bytes) -> bytes:
    return var_uint(len(data)) + data


def var_string(text: str) -> bytes:
    return var_bytes(text.encode())
