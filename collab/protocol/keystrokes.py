"""Recognise keystrokes by their form, and join what one person typed on.

Nearly every update is one insertion of text beside a neighbour, or one deletion. None
of these is read byte by byte; and letters that were typed one after the other become
one insertion of all of them, as if they had been typed at once: the engine, the log and
every peer then have one struct to read instead of hundreds.

Format: Yjs update encoding version 1. Pure. Must never change what an update means:
two insertions are joined only where a Yjs document would itself keep them as one item
(same client, next clock, to the right of the last character, same right neighbour).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from collab.protocol.wire import var_bytes, var_uint

# Clocks are under 2^28 here, the text is under 128 bytes; else it is read the long way.
_ID = rb"(?:[\x80-\xff]{0,6}[\x00-\x7f]|[\x80-\xff]{7}[\x00-\x0f])"
_CLOCK = rb"[\x80-\xff]{0,3}[\x00-\x7f]"
_PLACE = _ID + _CLOCK
_BESIDE = rb"(?:[\x84\x44]" + _PLACE + rb"|\xc4" + _PLACE + _PLACE + rb")"
_TYPED = re.compile(rb"\x01\x01" + _PLACE + _BESIDE + rb"([\x01-\x7f])", re.DOTALL)
_DELETED = re.compile(rb"\x00\x01" + _ID + rb"\x01" + _CLOCK + _CLOCK, re.DOTALL)
# Text to the right of a character of the same client: client, clock, the neighbour's
# clock, what stands to the right.
_TYPED_ON = re.compile(
    rb"\x01\x01(%b)(%b)(?:\x84\1(%b)()|\xc4\1(%b)(%b))[\x01-\x7f]"
    % (_ID, _CLOCK, _CLOCK, _CLOCK, _PLACE),
    re.DOTALL,
)
_MOST_JOINED_BYTES = 10_000


def is_plain(update: bytes) -> bool:
    """Whether it is plainly a keystroke: well-formed, and without any shared type."""
    typed = _TYPED.match(update)
    if typed is None:
        return _DELETED.fullmatch(update) is not None
    end = typed.end() + update[typed.end() - 1]
    return end + 1 == len(update) and update[end] == 0


def join_typed(updates: Sequence[bytes]) -> list[bytes]:
    """The same edits in fewer updates, in any order: merging them gives what merging
    `updates` gives. Each must be well-formed (`shape.check_update`)."""
    if len(updates) == 1:
        return [updates[0]]
    runs: dict[bytes, _Run] = {}
    done: list[bytes] = []
    run: _Run | None = None
    for update in updates:
        if run is not None and run.takes(update):
            continue
        typed = _TYPED_ON.match(update)
        if typed is None:
            done.append(update)
            continue
        client = typed[1]
        run = runs.get(client)
        if run is not None:
            if run.takes(update):
                continue
            done.append(run.update())
        run = runs[client] = _Run(update, typed)
    done += [run.update() for run in runs.values()]
    return done


class _Run:
    """Letters of one client, each to the right of the one before."""

    __slots__ = (
        "_awaited", "_clock", "_first", "_left", "_right", "_size", "_start", "_texts",
        "_written",
    )  # fmt: skip

    def __init__(self, first: bytes, typed: re.Match[bytes]) -> None:
        client, clock, left, _, _, other_right = typed.groups()
        self._first = first
        self._start = b"\x01\x01" + client
        if left is None:
            self._left, self._right = b"\xc4" + client, other_right
        else:
            self._left, self._right = b"\x84" + client, b""
        self._texts: list[bytes] = []
        self._size = 0
        self._clock = _number(clock)
        self._written = clock
        """`_clock` as it is written: the one that the next text is awaited at."""
        self._awaited = first[: typed.end() - 1]
        """How the update begins that goes on with this run; empty: none does."""
        if not self.takes(first):
            self._awaited = b""

    def takes(self, update: bytes) -> bool:
        """Add what is typed on, and nothing else. Whether it was."""
        awaited = self._awaited
        if not awaited or not update.startswith(awaited):
            return False
        start = len(awaited)
        text = update[start + 1 : -1]
        size = len(text)
        # One byte tells the size, and no deletions follow.
        if update[start] != size or size > 127 or update[-1]:
            return False
        units = size if text.isascii() else _units(text)
        if not units or self._size > _MOST_JOINED_BYTES:
            return False  # what is no text the engine judges
        self._texts.append(text)
        self._size += size
        self._clock += units
        last = self._written if units == 1 else var_uint(self._clock - 1)
        self._written = var_uint(self._clock)
        self._awaited = b"".join(
            (self._start, self._written, self._left, last, self._right)
        )
        return True

    def update(self) -> bytes:
        if len(self._texts) < 2:
            return self._first
        first = self._first
        head = first[: len(first) - len(self._texts[0]) - 2]
        return head + var_bytes(b"".join(self._texts)) + b"\x00"


def _number(digits: bytes) -> int:
    value = 0
    for digit in reversed(digits):
        value = value << 7 | digit & 0x7F
    return value


def _units(text: bytes) -> int:
    """UTF-16 code units, as clocks count; 0 for what is not UTF-8."""
    try:
        return len(text.decode().encode("utf-16-le")) // 2
    except UnicodeDecodeError:
        return 0
