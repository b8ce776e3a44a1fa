"""Steps that the tests of every log share: fixed documents, updates and authors."""

from __future__ import annotations

from datetime import timedelta

from storage.ports import Append, StoredDocument, StoredUpdate, UpdateLog
from tests.support.log_worlds import MOMENT

DRAFT = "01930000-0000-7000-8000-000000000001"
OTHER = "01930000-0000-7000-8000-000000000002"
ABSENT = "01930000-0000-7000-8000-00000000ffff"
AUTHORS = ("tuyet", "phi")


def append(
    update: bytes,
    document_id: str = DRAFT,
    epoch: int = 1,
    second: int = 0,
    authors: tuple[str, ...] = AUTHORS,
) -> Append:
    """`update` by these authors (both), `second` s after the fixed moment."""
    at = MOMENT + timedelta(seconds=second)
    return Append(document_id, epoch, update, authors, at)


def text(number: int) -> bytes:
    return b"update %d" % number


def stored(*numbers: int) -> tuple[StoredUpdate, ...]:
    """What the log gives back for `text` of these numbers."""
    return tuple(StoredUpdate(n, text(n)) for n in numbers)


async def fill(log: UpdateLog, count: int, *, first: int = 1, epoch: int = 1) -> None:
    """Append `text(first)` and so on; `first` is the next seq."""
    numbers = range(first, first + count)
    outcomes = await log.append_many([append(text(n), epoch=epoch) for n in numbers])
    assert [o.seq for o in outcomes] == list(numbers)


async def load(log: UpdateLog, document_id: str = DRAFT) -> StoredDocument:
    document = await log.load(document_id)
    assert document is not None
    return document
