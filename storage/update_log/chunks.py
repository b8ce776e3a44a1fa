"""Pack a run of updates into one compressed blob, and back.

One blob instead of thousands of rows keeps a long-lived document small: single-letter
updates compress about tenfold together and hardly at all alone. The format carries its
version and is pure bytes, so an old chunk stays readable whatever the tables become.

    zlib( version u8 · JSON length u32 · JSON · update bytes, one after another )
    JSON = {"first": seq, "sizes": [...], "at": [first µs, then differences …],
            "people": [ids], "by": [[index into people, …], …]}
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from storage.ports import HistoryEntry, LogDamaged

_VERSION = 1
_PREFIX = struct.Struct(">BI")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def pack(entries: Sequence[HistoryEntry]) -> bytes:
    """`entries` are not empty and gap-free in `seq`."""
    people: dict[str, int] = {}
    at: list[int] = []
    by: list[list[int]] = []
    before = 0
    for entry in entries:
        moment = (entry.at - _EPOCH) // _MICROSECOND
        at.append(moment - before)
        before = moment
        by.append([people.setdefault(a, len(people)) for a in entry.authors])
    table = json.dumps(
        {
            "first": entries[0].seq,
            "sizes": [len(entry.update) for entry in entries],
            "at": at,
            "people": list(people),
            "by": by,
        },
        separators=(",", ":"),
    ).encode()
    body = b"".join(entry.update for entry in entries)
    return zlib.compress(_PREFIX.pack(_VERSION, len(table)) + table + body)


def unpack(payload: bytes) -> list[HistoryEntry]:
    """The entries that were packed. Raises LogDamaged."""
    try:
        raw = zlib.decompress(payload)
        version, table_size = _PREFIX.unpack_from(raw)
        if version != _VERSION:
            raise LogDamaged(f"history chunk of an unknown version {version}")
        table = json.loads(raw[_PREFIX.size : _PREFIX.size + table_size])
        people: list[str] = table["people"]
        entries: list[HistoryEntry] = []
        position = _PREFIX.size + table_size
        moment = 0
        for index, size in enumerate(table["sizes"]):
            moment += table["at"][index]
            entries.append(
                HistoryEntry(
                    seq=table["first"] + index,
                    update=raw[position : position + size],
                    authors=tuple(people[i] for i in table["by"][index]),
                    at=_EPOCH + timedelta(microseconds=moment),
                )
            )
            position += size
    except (zlib.error, struct.error, ValueError, LookupError, TypeError) as error:
        raise LogDamaged(f"history chunk cannot be read: {error}") from error
    if position != len(raw):
        raise LogDamaged("history chunk has another length than its table says")
    return entries
