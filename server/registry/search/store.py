"""Write one entry with its words, in the caller's transaction.

The caller holds the lock of the document's own row, so that two writers of one entry
wait for each other. Must never decide what a document's words are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from uuid import UUID

from server.registry.models import SearchEntry, SearchText
from server.registry.search.index import index_of
from server.registry.search.scope import scope_of
from server.registry.search.words import columns_of

_FIRST_DAY = date(1900, 1, 1)
_ORDER_BITS, _NAME_BITS = 20, 26
# Where the days begin in an id.
DAY_BIT = _ORDER_BITS + _NAME_BITS


@dataclass(frozen=True, slots=True)
class Source:
    """An entry before it is stored. `order` sorts documents of one day: their number,
    or the second of the day. `heading` and `body` are lines."""

    entry: SearchEntry
    order: int
    heading: Sequence[str] = ()
    body: Sequence[str] = ()
    # Words of `scope` for whom a draft is shared with.
    shares: Sequence[str] = ()


def place_of(day: date, order: int, kind: str, object_id: UUID) -> int:
    """An id that grows with the day, then with `order`; alike for the same document.

    17 bits of days, 20 of order, 26 of a hash: two documents meet only when they are of
    one day and one order, and then once in 67 million.
    """
    digest = blake2b(f"{kind} {object_id.hex}".encode(), digest_size=8).digest()
    name = int.from_bytes(digest, "big") >> (64 - _NAME_BITS)
    days = max(0, (day - _FIRST_DAY).days)
    order = min(max(0, order), (1 << _ORDER_BITS) - 1)
    return (days << _ORDER_BITS | order) << _NAME_BITS | name


def put(source: Source) -> None:
    """Write the entry, in the place of the one that stood for this document."""
    entry = source.entry
    drop(entry.kind, entry.object_id)
    entry.pk = _free(place_of_source(source))
    entry.save(force_insert=True)
    text_of(source).save(force_insert=True)
    index_of().add([entry.pk])


def drop(kind: str, object_id: UUID) -> None:
    keys = list(
        SearchEntry.objects.filter(kind=kind, object_id=object_id).values_list(
            "pk", flat=True
        )
    )
    if keys:
        index_of().remove(keys)
        SearchText.objects.filter(pk__in=keys).delete()
        SearchEntry.objects.filter(pk__in=keys).delete()


def rescope(entry: SearchEntry, shares: Sequence[str]) -> None:
    """Other people reach the draft now; its words are as they were."""
    index = index_of()
    scope = scope_of(entry, shares)
    if not SearchText.objects.filter(pk=entry.pk).exclude(scope=scope).exists():
        return
    index.remove([entry.pk])
    SearchText.objects.filter(pk=entry.pk).update(scope=scope)
    index.add([entry.pk])


def text_of(source: Source) -> SearchText:
    """The words of a source whose entry has its id."""
    columns = columns_of(source.heading, source.body)
    return SearchText(
        pk=source.entry.pk,
        body="\n".join(_lines(source.body)),
        heading_words=columns.heading_words,
        heading_exact=columns.heading_exact,
        words=columns.words,
        exact=columns.exact,
        scope=scope_of(source.entry, source.shares),
    )


def place_of_source(source: Source) -> int:
    entry = source.entry
    return place_of(entry.dated_on, source.order, entry.kind, entry.object_id)


def row_lines(said: Sequence[str]) -> list[str]:
    """The columns of a row as lines, those that say something."""
    return [line for text in said for line in text.split("\n") if line]


def _lines(body: Iterable[str]) -> Iterable[str]:
    # PostgreSQL stores no NUL in a text.
    return (line.replace("\x00", " ") for line in body)


def _free(place: int) -> int:
    while SearchEntry.objects.filter(pk=place).exists():
        place += 1
    return place
