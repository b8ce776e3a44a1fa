"""Stretches of days as words of an index, which is then read for those days only.

The id of an entry begins with its day (`store.place_of`), so a stretch is a number of
its first bits. Each entry lies in one stretch of each length; a range of entries is
named by a few of the length that fits. Pure. Must never miss an entry of the range: it
may name more.
"""

from __future__ import annotations

from server.registry.search.store import DAY_BIT

# 4, 32 and 256 days.
_LENGTHS = tuple(DAY_BIT + bits for bits in (2, 5, 8))
_MOST_WORDS = 12
_LARGEST = (1 << 63) - 1


def stretch_of(first: int, last: int) -> tuple[str, ...]:
    """Words, of which each entry from one id to the other has one; in either order."""
    start, end = min(first, last), max(first, last)
    for bits in _LENGTHS:
        places = range(start >> bits, (end >> bits) + 1)
        if len(places) <= _MOST_WORDS:
            break
    return tuple(_word(bits, place) for place in places)


def lengthened(first: int, last: int, times: float) -> int:
    """The end of a range that begins with `first` and has so many times its days; by a
    day at least."""
    if times <= 1 or first == last:
        return last
    step = int((last - first) * times)
    if abs(step) < 1 << DAY_BIT:
        step = (1 << DAY_BIT) * (1 if last > first else -1)
    return max(0, min(first + step, _LARGEST))


def _word(bits: int, place: int) -> str:
    """No word of a text begins so: see `words.LETTERS`."""
    return f"d{bits}x{place}"


def stretch_words_sql(key: str) -> str:
    """The words of the entry whose id is in this column, as an array of PostgreSQL."""
    words = (f"'d{bits}x' || ({key} >> {bits})" for bits in _LENGTHS)
    return f"ARRAY[{', '.join(words)}]"
