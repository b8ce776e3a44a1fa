"""Check the shape of a Yjs update or state vector before the CRDT engine sees it.

The engine reserves memory by the counts it reads: five hostile bytes can claim
hundreds of megabytes and stop the process. Here every count is held against the
bytes that are left, and nesting is bounded. This checks form only; whether the
update fits the document is the engine's own affair.

Format: Yjs update encoding version 1 (yjs `src/utils/updates.js`, `structs/*`).
Must never build objects for what it reads: it runs for every keystroke.
"""

from __future__ import annotations

from collab.protocol.keystrokes import is_plain
from collab.protocol.wire import malformed, read_var_uint

_MAX_NESTING = 64
# The engine counts clocks in 32 bits and wraps silently; JavaScript does not.
_MAX_CLOCK = 2**31

ORIGIN = 0x80
RIGHT_ORIGIN = 0x40
PARENT_SUB = 0x20
GC, DELETED, JSON, BINARY, STRING, EMBED, FORMAT, TYPE, ANY, DOC, SKIP = range(11)
_XML_ELEMENT, _XML_HOOK = 3, 5
_LAST_TYPE_REF = 6

EMPTY_UPDATE = b"\x00\x00"


def check_update(data: bytes) -> None:
    """Raise ProtocolError unless `data` is one well-formed update and nothing more."""
    if not is_plain(data):
        check_bytewise(data)


def check_bytewise(data: bytes) -> None:
    """As `check_update`, for an update of any kind."""
    clients, at = _count(data, 0, 3)
    seen: set[int] = set()
    for _ in range(clients):
        structs, at = _count(data, at, 2)
        client, at = read_var_uint(data, at)
        if client in seen:
            # Which of the two the engine would believe is not for us to guess.
            raise malformed("a client stands twice")
        seen.add(client)
        clock, at = read_var_uint(data, at)
        for _ in range(structs):
            claimed, at = skip_struct(data, at)
            clock += claimed
        if clock > _MAX_CLOCK:
            raise malformed("a clock is too large")
    at = _deletions(data, at)
    if at != len(data):
        raise malformed("bytes after the end of the update")


def check_state_vector(data: bytes) -> None:
    """Raise ProtocolError unless `data` is a state vector: count, then pairs."""
    clients, at = _count(data, 0, 2)
    for _ in range(clients):
        _, at = read_var_uint(data, at)
        _, at = read_var_uint(data, at)
    if at != len(data):
        raise malformed("bytes after the end of the state vector")


def read_deletions(data: bytes) -> list[tuple[int, int, int]]:
    """Read (client, clock, length) from an update that holds no structs."""
    if data[:1] != b"\x00":
        raise malformed("the update holds structs")
    ranges: list[tuple[int, int, int]] = []
    clients, at = _count(data, 1, 2)
    for _ in range(clients):
        client, at = read_var_uint(data, at)
        count, at = _count(data, at, 2)
        for _ in range(count):
            clock, at = read_var_uint(data, at)
            length, at = read_var_uint(data, at)
            ranges.append((client, clock, length))
    return ranges


def read_state_vector(data: bytes) -> dict[int, int]:
    """Decode to {client: clock}."""
    clients, at = _count(data, 0, 2)
    clocks: dict[int, int] = {}
    for _ in range(clients):
        client, at = read_var_uint(data, at)
        clocks[client], at = read_var_uint(data, at)
    return clocks


def _count(data: bytes, at: int, least_bytes_each: int) -> tuple[int, int]:
    """Read a count and refuse one that the rest of the frame cannot hold."""
    count, at = read_var_uint(data, at)
    if count * least_bytes_each > len(data) - at + 1:
        raise malformed("a count is larger than the frame")
    return count, at


def skip_bytes(data: bytes, at: int) -> int:
    length, at = read_var_uint(data, at)
    at += length
    if at > len(data):
        raise malformed("frame ends inside a value")
    return at


def skip_struct(data: bytes, at: int) -> tuple[int, int]:
    """Skip one struct. Returns the length it claims without content, and the place."""
    if at >= len(data):
        raise malformed("frame ends before a struct")
    info = data[at]
    at += 1
    content = info & 0x1F
    if content in (GC, SKIP):
        return read_var_uint(data, at)
    if info & ORIGIN:
        _, at = read_var_uint(data, at)
        _, at = read_var_uint(data, at)
    if info & RIGHT_ORIGIN:
        _, at = read_var_uint(data, at)
        _, at = read_var_uint(data, at)
    if not info & (ORIGIN | RIGHT_ORIGIN):
        named, at = read_var_uint(data, at)
        if named == 1:
            at = skip_bytes(data, at)
        else:
            _, at = read_var_uint(data, at)
            _, at = read_var_uint(data, at)
        if info & PARENT_SUB:
            at = skip_bytes(data, at)
    if content == DELETED:
        return read_var_uint(data, at)
    return 0, _content(data, at, content)


def _content(data: bytes, at: int, content: int) -> int:
    if content in (STRING, BINARY, EMBED):
        return skip_bytes(data, at)
    if content == FORMAT:
        return skip_bytes(data, skip_bytes(data, at))
    if content == TYPE:
        kind, at = read_var_uint(data, at)
        if kind > _LAST_TYPE_REF:
            raise malformed("unknown shared type")
        return skip_bytes(data, at) if kind in (_XML_ELEMENT, _XML_HOOK) else at
    if content == JSON:
        count, at = _count(data, at, 1)
        for _ in range(count):
            at = skip_bytes(data, at)
        return at
    if content == ANY:
        count, at = _count(data, at, 1)
        for _ in range(count):
            at = _any(data, at, 0)
        return at
    if content == DOC:
        return _any(data, skip_bytes(data, at), 0)
    raise malformed("unknown content")


def _any(data: bytes, at: int, depth: int) -> int:
    """Skip one lib0 "any" value (lib0 encoding.js `writeAny`)."""
    if depth > _MAX_NESTING:
        raise malformed("a value is nested too deeply")
    if at >= len(data):
        raise malformed("frame ends before a value")
    kind = data[at]
    at += 1
    if kind in (127, 126, 121, 120):
        return at
    if kind == 125:
        return read_var_uint(data, at)[1]
    if kind in (124, 123, 122):
        at += 4 if kind == 124 else 8
        if at > len(data):
            raise malformed("frame ends inside a number")
        return at
    if kind in (119, 116):
        return skip_bytes(data, at)
    if kind == 118:
        count, at = _count(data, at, 2)
        for _ in range(count):
            at = _any(data, skip_bytes(data, at), depth + 1)
        return at
    if kind == 117:
        count, at = _count(data, at, 1)
        for _ in range(count):
            at = _any(data, at, depth + 1)
        return at
    raise malformed("unknown kind of value")


def _deletions(data: bytes, at: int) -> int:
    clients, at = _count(data, at, 2)
    for _ in range(clients):
        _, at = read_var_uint(data, at)
        ranges, at = _count(data, at, 2)
        for _ in range(ranges):
            clock, at = read_var_uint(data, at)
            length, at = read_var_uint(data, at)
            if clock + length > _MAX_CLOCK:
                raise malformed("a clock is too large")
    return at
