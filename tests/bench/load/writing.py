"""What people type, encoded before the clock starts, and when each types it.

An update is the bytes that Yjs makes for one insertion at the end of one's own words (a
test compares them with an engine's); written out here, because an engine takes ten
times as long as the run that uses them. Must never draw on chance or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from collab.protocol.wire import var_string, var_uint
from tests.bench.load.peer import LoadPeer, probe

_FIRST_CLIENT = 1_000_000
ROOT = "content"


def insertion(client: int, clock: int, words: str) -> bytes:
    """One string at the end of what `client` wrote so far, `clock` characters."""
    who = var_uint(client)
    # A string (4) after its left neighbour (0x80).
    place = b"\x84" + who + var_uint(clock - 1) if clock else _beginning()
    start = b"\x01\x01" + who + var_uint(clock)
    return start + place + var_string(words) + b"\x00"


def history(count: int) -> list[bytes]:
    """One text written by `count` single-character edits, one in five a deletion."""
    client = 328
    who = var_uint(client)
    updates: list[bytes] = []
    alive: list[int] = []
    clock = 0
    for number in range(count):
        if number % 5 == 4:
            gone = var_uint(alive.pop())
            updates.append(b"\x00\x01" + who + b"\x01" + gone + b"\x01")
            continue
        place = b"\x84" + who + var_uint(alive[-1]) if alive else _beginning()
        letter = var_string("aăâbcdđeê"[number % 9])
        updates.append(b"\x01\x01" + who + var_uint(clock) + place + letter + b"\x00")
        alive.append(clock)
        clock += 1
    return updates


def left_by_history(count: int) -> int:
    """How many characters are left when all of it is written."""
    return count - 2 * (count // 5)


def _beginning() -> bytes:
    """A string (4), first in the text."""
    return b"\x04\x01" + var_string(ROOT)


@dataclass
class Writer:
    """One person who types: the updates, and their frames to this person's socket."""

    peer: LoadPeer
    updates: list[bytes] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)
    marks: dict[int, int] = field(default_factory=dict)
    """Which of the updates are probes: number → mark."""
    characters: int = 0
    sent: int = 0


def prepare(
    peers: list[LoadPeer], updates: int, probe_every: int, *, carets: bool = False
) -> list[Writer]:
    """A writer at each of `peers`, with `updates` of all together."""
    count = max(1, round(updates / len(peers)))
    every = max(1, min(probe_every, count))
    writers = [Writer(peer) for peer in peers]
    mark = 0
    for index, writer in enumerate(writers):
        first = mark
        # Probes of different writers do not fall together.
        turn = index * every // len(writers)
        for number in range(count):
            words = "a"
            if number % every == turn:
                words = probe(mark)
                writer.marks[number] = mark
                mark += 1
            update = insertion(_FIRST_CLIENT + index, writer.characters, words)
            writer.characters += len(words)
            writer.updates.append(update)
            frames = writer.peer.update_frame(update)
            if carets:
                client = _FIRST_CLIENT + index
                frames += writer.peer.caret_frame(client, writer.characters)
            writer.frames.append(frames)
        writer.peer.own = range(first, mark)
    return writers


def due(number_of_all: int, index: int, writers: int) -> int:
    """How many updates writer `index` has written when all have written so many.

    They take turns: people do not type in step.
    """
    return (number_of_all - index + writers - 1) // writers
