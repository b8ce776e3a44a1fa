"""The record of an issue: one canonical JSON, one digest, and a chain of them.

A record names the SHA-256 of the .docx, the PDF and the CRDT state, who contributed,
who approved, the entries of the audit trail and the record before it. Whoever holds a
later digest can tell that nothing earlier was changed. Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

VERSION = 1


@dataclass(frozen=True, slots=True)
class Link:
    """A stored record, as far as the chain is concerned."""

    sequence: int
    previous: str
    digest: str
    payload: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold. `sequence` counts from 1."""

    sequence: int
    fault: str


def canonical(value: Mapping[str, Any]) -> str:
    """The one way to write it down: sorted keys, no spaces, NFC left as it came."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(payload: str) -> str:
    return hashlib.sha256(payload.encode()).hexdigest()


def digest_of_trail(entries: Iterable[Mapping[str, Any]]) -> str:
    """One digest over the audit entries of a draft, in their order."""
    return digest_of(canonical({"entries": list(entries)}))


def breaks(links: Iterable[Link], length: int, head: str) -> Iterator[Break]:
    """Every place at which the chain of one organisation does not hold.

    `links` come in order of `sequence`; `length` and `head` are those that the chain
    itself remembers. An untouched chain gives nothing.
    """
    expected, before = 1, ""
    for link in links:
        if link.sequence != expected:
            yield Break(expected, "missing")
            expected = link.sequence
        elif link.previous != before:
            yield Break(link.sequence, "previous")
        if digest_of(link.payload) != link.digest:
            yield Break(link.sequence, "digest")
        elif not _says(link):
            yield Break(link.sequence, "payload")
        before = link.digest
        expected += 1
    if expected - 1 != length or before != head:
        yield Break(length, "end")


def _says(link: Link) -> bool:
    """Whether the payload itself names its place in the chain."""
    try:
        said = json.loads(link.payload)
    except ValueError:
        return False
    return (
        isinstance(said, dict)
        and said.get("sequence") == link.sequence
        and said.get("previous") == link.previous
    )
