"""Updates with elements inside elements, as a hostile program would write them."""

from __future__ import annotations

from collab.protocol.wire import var_string, var_uint

_ELEMENT = b"\x07"  # a struct with a shared type, and no neighbours
_XML_ELEMENT = b"\x03"


def nested_update(
    levels: int, *, client: int = 7, first: int = 0, delete: bool = False
) -> bytes:
    """`levels` elements, each inside the one before; the outermost in "body".

    With `first`, the chain goes on from that many levels of the same client. With
    `delete`, the outermost is deleted by the same update.
    """
    parts = [var_uint(1), var_uint(levels), var_uint(client), var_uint(first)]
    for clock in range(first, first + levels):
        parent = (
            var_uint(0) + var_uint(client) + var_uint(clock - 1)
            if clock
            else var_uint(1) + var_string("body")
        )
        parts.append(_ELEMENT + parent + _XML_ELEMENT + var_string("a"))
    parts.append(b"\x01" + var_uint(client) + b"\x01\x00\x01" if delete else b"\x00")
    return b"".join(parts)
