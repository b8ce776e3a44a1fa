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
    var_string,
    var_uint,
)


class State(NamedTuple):
    """One client's entry. `value` None means that the client has left."""

    client: int
    clock: int
    value: dict[str, object] | None


def decode(data: bytes) -> list[State]:
    count, at = read_var_uint(data, 0)
    if count * 3 > len(data) - at + 1:
        raise malformed("a count is larger than the frame")
    states: list[State] = []
    for _ in range(count):
        client, at = read_var_uint(data, at)
        clock, at = read_var_uint(data, at)
        text, at = read_string(data, at)
        states.append(State(client, clock, _value(text)))
    if at != len(data):
        raise malformed("bytes after the end of the awareness update")
    return states


def encode(states: Iterable[State]) -> bytes:
    parts = [
        var_uint(s.client)
        + var_uint(s.clock)
        + var_string(json.dumps(s.value, ensure_ascii=False, separators=(",", ":")))
        for s in states
    ]
    return var_uint(len(parts)) + b"".join(parts)


def _value(text: str) -> dict[str, object] | None:
    try:
        value = json.loads(text)
        # What cannot be written again (NaN, half a surrogate pair) would stop the
        # presence of the whole room when it is told to others.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise malformed("an awareness state is not JSON") from None
    if value is None:
        return None
    if not isinstance(value, dict):
        raise malformed("an awareness state is not an object")
    return value
