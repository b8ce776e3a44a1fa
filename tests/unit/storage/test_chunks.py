"""A history chunk gives back what was packed, or says that it is damaged."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ports import HistoryEntry, LogDamaged
from storage.update_log.chunks import pack, unpack

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ENTRIES = [
    HistoryEntry(7, b"a", ("tuyet",), NOON),
    HistoryEntry(8, b"", (), NOON + timedelta(microseconds=1)),
    HistoryEntry(9, b"\x00\xff" * 500, ("phi", "tuyet"), NOON - timedelta(hours=1)),
]

written = st.tuples(
    st.binary(max_size=50),
    st.lists(st.text(max_size=8), max_size=3).map(tuple),
    st.timedeltas(timedelta(0), timedelta(days=80_000)).map(lambda d: NOON + d),
)


def test_entries_come_back_as_they_were() -> None:
    assert unpack(pack(ENTRIES)) == ENTRIES


@given(st.integers(1, 2**53), st.lists(written, min_size=1, max_size=20))
def test_any_entries_come_back(first: int, rows: list[tuple]) -> None:
    entries = [HistoryEntry(first + n, *row) for n, row in enumerate(rows)]
    assert unpack(pack(entries)) == entries


def test_single_letters_take_little_room() -> None:
    letters = [
        HistoryEntry(n, b"\x01\x01\x92\x8f%c\x00\x04" % (n % 128), ("tuyet",), NOON)
        for n in range(1, 1001)
    ]
    assert len(pack(letters)) < 6 * len(letters)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"not compressed",
        pack(ENTRIES)[:-3],
        zlib.compress(b""),
        zlib.compress(b"\x01\x00\x00\x00\x02{}"),
        zlib.compress(b"\x01\x00\x00\x00\x02[]"),
        zlib.compress(zlib.decompress(pack(ENTRIES))[:-1]),
        zlib.compress(zlib.decompress(pack(ENTRIES)) + b"!"),
    ],
)
def test_damaged_chunk_is_never_read_in_part(payload: bytes) -> None:
    with pytest.raises(LogDamaged):
        unpack(payload)


def test_chunk_of_a_later_version_is_refused() -> None:
    later = b"\x02" + zlib.decompress(pack(ENTRIES))[1:]
    with pytest.raises(LogDamaged, match="unknown version 2"):
        unpack(zlib.compress(later))
