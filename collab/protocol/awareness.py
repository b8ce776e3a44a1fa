"""Awareness updates of y-protocols: who is here, as (client, clock, JSON state).

Format: count, then client, clock and a JSON string each; "null" means gone. Must
never trust what a state says about its owner: the presence keeper overwrites it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from collab.protocol.wire import (
    malformed,
    read_string,
    read_var_uint,
    var_bytes,
    var_uint,
)

NOBODY = b"null"


class State(NamedTuple):
    """One client's entry. `value` None means that the client has left."""

    client: int
    clock: int
    value: dict[str, object] | None
    size_bytes: int = 0
    """Of the JSON that came."""


class Said(NamedTuple):
    """The same as it is sent: the value as JSON."""

    client: int
    clock: int
    text: bytes


def decode(data: bytes) -> list[State]:
    """Raises ProtocolError. A value may still be none that can be `written`."""
    count, at = read_var_uint(data, 0)
    if count * 3 > len(data) - at + 1:
        raise malformed("a count is larger than the frame")
    states: list[State] = []
    for _ in range(count):
        client, at = read_var_uint(data, at)
        clock, at = read_var_uint(data, at)
        text, end = read_string(data, at)
        states.append(State(client, clock, _value(text), end - at))
        at = end
    if at != len(data):
        raise malformed("bytes after the end of the awareness update")
    return states


def encode(states: Iterable[Said]) -> bytes:
    parts = [
        var_uint(client) + var_uint(clock) + var_bytes(text)
        for client, clock, text in states
    ]
    return var_uint(len(parts)) + b"".join(parts)


def written(value: dict[str, object] | None) -> bytes:
    """The value as JSON. Raises ProtocolError for what cannot be written again (NaN,
    half a surrogate pair): it would stop the presence of the whole room."""
    try:
        return _write(value).encode()
    except (ValueError, RecursionError):
        raise malformed("an awareness state is not JSON") from None


_write = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":")
).encode


def _value(text: str) -> dict[str, object] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise malformed("an awareness state is not JSON") from None
    if value is None:
        return None
    if not isinstance(value, dict):
        raise malformed("an awareness state is not an object")
    return value
