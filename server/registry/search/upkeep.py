"""Find what the index does not say, or no longer says truly, and put it right.

Every act keeps the index true in its own transaction. This is for what no act of ours
did: an upgrade of an office that had no index, a process that ended between a save and
its indexing, a row that somebody changed in the database. Works in short transactions,
one a document, so that it may run while people work, and in several processes at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Exists, Max, Model, OuterRef, Q, QuerySet

from server.common.models import OutboxEvent
from server.registry import events
from server.registry.models import (
    CaseFile,
    Draft,
    IncomingDocument,
    OutgoingDocument,
    SearchEntry,
    SearchKind,
    SearchText,
)
from server.registry.search import scope
from server.registry.search.attached import (
    forget_failures,
    missing_attached,
    read_new_files,
)
from server.registry.search.entries import (
    ARCHIVED,
    index_draft,
    index_outgoing,
    refresh_draft,
    reshare_draft,
)
from server.registry.search.filed import index_case_file
from server.registry.search.incoming import index_incoming
from server.registry.search.reading_apart import FileReader
from server.registry.search.received import (
    index_received,
    missing_received,
    readdress_received,
)
from server.registry.search.store import drop
from server.registry.search_due import Due

logger = logging.getLogger(__name__)

BATCH = 200
_OVERLAP = 500
Row = TypeVar("Row", bound=Model)
_SOURCES: tuple[tuple[SearchKind, type[Model]], ...] = (
    (SearchKind.DRAFT, Draft),
    (SearchKind.OUTGOING, OutgoingDocument),
    (SearchKind.INCOMING, IncomingDocument),
    (SearchKind.RECEIVED, OutgoingDocument),
    (SearchKind.ATTACHED, IncomingDocument),
    (SearchKind.CASE_FILE, CaseFile),
)


def index_drafts(log_ids: Iterable[str]) -> None:
    """Index the saved text of these drafts. Ids of no draft are fine."""
    for text in log_ids:
        try:
            draft_id = UUID(text)
        except ValueError:
            continue
        _attempt(index_draft, draft_id)


def refresh_drifted_drafts() -> int:
    """Drafts whose title or state is not what the index shows. How many there were."""
    told = SearchEntry.objects.filter(
        kind=SearchKind.DRAFT, object_id=OuterRef("pk"), title=OuterRef("title")
    )
    live = Q(archived_at__isnull=True)
    as_it_is = live & Exists(told.filter(state=OuterRef("state")))
    put_away = ~live & Exists(told.filter(state=ARCHIVED))
    drifted = Draft.objects.filter(~as_it_is & ~put_away)
    return sum(_attempt(_refreshed, row.pk) for row in in_batches(drifted.only("pk")))


def reshare_drafts(after: int | None) -> int:
    """Drafts that were shared anew, by the events since number `after` (None: recent
    ones). Returns the number to go on from.

    Every share changes the index itself; this is for one that came another way, as
    whoever gives a right must say so to open sessions, and that is an event."""
    last = OutboxEvent.objects.aggregate(last=Max("id"))["last"] or 0
    # PostgreSQL gives out numbers before the commit: some of before may appear now.
    start = (last if after is None else min(after, last)) - _OVERLAP
    told = OutboxEvent.objects.filter(id__gt=start, kind=events.ACCESS_CHANGED)
    for text in set(told.order_by().values_list("subject_id", flat=True)):
        _attempt(_reshared, UUID(text))
    return last


def index_missing_rows() -> int:
    """Rows of books, case files, and documents that somebody got, which the index does
    not know. How many there were."""
    found = 0
    for sent in in_batches(_missing(OutgoingDocument, SearchKind.OUTGOING)):
        found += _attempt(_written(index_outgoing), sent)
    for arrived in in_batches(_missing(IncomingDocument, SearchKind.INCOMING)):
        found += _attempt(_written(index_incoming), arrived)
    for filed in in_batches(_missing(CaseFile, SearchKind.CASE_FILE)):
        found += _attempt(_written(index_case_file), filed)
    for got in in_batches(missing_received().only("pk")):
        found += _attempt(index_received, got.pk)
    return found + index_missing_files() + index_missing_days()


def index_missing_files() -> int:
    """Documents whose files were read, and whose words the index does not have: they
    were attached while another process read the same file. How many there were."""
    act = _written(index_incoming)
    return sum(_attempt(act, row) for row in in_batches(missing_attached()))


def index_missing_days() -> int:
    """Entries that do not tell of a day by which some must still do something: they
    were written before entries did. How many there were."""
    told = SearchText.objects.filter(
        pk=OuterRef("pk"), scope__contains=f" {scope.OPEN_DEADLINE} "
    )
    untold = SearchEntry.objects.filter(Due.of_all().open(), ~Exists(told))
    found = 0
    for entry in in_batches(untold):
        if entry.kind == SearchKind.RECEIVED:
            sent = OutgoingDocument.objects.get(pk=entry.object_id)
            found += _attempt(_written(readdress_received), sent)
        elif entry.kind == SearchKind.INCOMING:
            came = IncomingDocument.objects.get(pk=entry.object_id)
            found += _attempt(_written(index_incoming), came)
    return found


def reindex_all() -> Iterator[tuple[SearchKind, int]]:
    """Index every document anew; tells each kind with how many are done, as it goes."""
    for draft_number, draft in enumerate(in_batches(Draft.objects.only("pk")), 1):
        _attempt(index_draft, draft.pk)
        if draft_number % BATCH == 0:
            yield SearchKind.DRAFT, draft_number
    yield SearchKind.DRAFT, Draft.objects.count()
    for kind, rows, write in (
        (SearchKind.OUTGOING, OutgoingDocument.objects.all(), index_outgoing),
        (SearchKind.INCOMING, IncomingDocument.objects.all(), index_incoming),
        (SearchKind.CASE_FILE, CaseFile.objects.all(), index_case_file),
    ):
        done = 0
        act: Callable[[Any], bool] = _written(write)
        for row in in_batches(rows):
            done += _attempt(act, row)
            if done % BATCH == 0:
                yield kind, done
        yield kind, done
    yield from _files_anew()
    told = 0
    for sent in in_batches(OutgoingDocument.objects.filter(draft__isnull=False)):
        told += _attempt(index_received, sent.pk)
        if told and told % BATCH == 0:
            yield SearchKind.RECEIVED, told
    yield SearchKind.RECEIVED, told
    drop_orphans()


def _files_anew() -> Iterator[tuple[SearchKind, int]]:
    """Read every attached file that was not read, or could not be. Pages that are
    pictures take long: the server recognises them as it runs."""
    forget_failures()
    done = 0
    files = read_new_files(FileReader(), with_pages=False)
    for done, _digest in enumerate(files, 1):
        if done % BATCH == 0:
            yield SearchKind.ATTACHED, done
    yield SearchKind.ATTACHED, done


def drop_orphans() -> None:
    """Entries of documents that are no more."""
    for kind, model in _SOURCES:
        alive = model._default_manager.filter(pk=OuterRef("object_id"))
        for entry in in_batches(SearchEntry.objects.filter(~Exists(alive), kind=kind)):
            with transaction.atomic():
                drop(kind, entry.object_id)


def in_batches(rows: QuerySet[Row, Row]) -> Iterator[Row]:
    """All rows in the order of their keys, a batch at a time, no cursor held open."""
    ordered = rows.order_by("pk")
    batch = list(ordered[:BATCH])
    while batch:
        yield from batch
        batch = list(ordered.filter(pk__gt=batch[-1].pk)[:BATCH])


def _missing(model: type[Row], kind: SearchKind) -> QuerySet[Row, Row]:
    told = SearchEntry.objects.filter(kind=kind, object_id=OuterRef("pk"))
    return model._default_manager.filter(~Exists(told))


def _written(write: Callable[[Any], None]) -> Callable[[Any], bool]:
    def act(row: Any) -> bool:
        with transaction.atomic():
            write(row)
        return True

    return act


def _reshared(draft_id: UUID) -> bool:
    with transaction.atomic():
        reshare_draft(draft_id)
    return True


def _refreshed(draft_id: UUID) -> bool:
    """Known with another title or state, or not known at all."""
    if not SearchEntry.objects.filter(
        kind=SearchKind.DRAFT, object_id=draft_id
    ).exists():
        return index_draft(draft_id)
    with transaction.atomic():
        refresh_draft(draft_id)
    return True


def _attempt(act: Callable[[Any], bool], subject: Any) -> bool:
    """One document that cannot be indexed must not keep the others from it."""
    try:
        return act(subject)
    except OperationalError:
        raise  # the database is away or busy: the next round tries again
    except Exception:
        logger.exception("could not be indexed: %s", getattr(subject, "pk", subject))
        return False
