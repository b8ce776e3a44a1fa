"""What those who got an issued document find of it: its text, too.

Everybody in an office reads its books, but an issued document is read by those who got
it. So the text has an entry of its own, with its recipients as words, and the condition
of the search (`server.registry.search_access`) is the door's. After a recall the text
is gone from here as the files are closed. What a recipient must do by a day is another
day for each: the entry says that there is one, `server.registry.search_due` whose. Must
never index the text while a number is being drawn: clerks would wait for it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from collab.content.read import plain_text, read_content
from server.common import providers
from server.registry.issuing.steps import ENDED
from server.registry.models import (
    IssuedFiles,
    OutgoingDocument,
    OutgoingState,
    Recipient,
    RecipientChannel,
    SearchEntry,
    SearchKind,
)
from server.registry.search import scope
from server.registry.search.store import Source, drop, put, rescope
from storage.ports import BlobDamaged, BlobMissing

logger = logging.getLogger(__name__)


def index_received(document_id: UUID) -> bool:
    """Index an issued document for its recipients. False when nobody here got it.

    Reads the text before its transaction: what was issued never changes.
    """
    files = IssuedFiles.objects.filter(document_id=document_id).first()
    if files is None:
        return False
    text = _text_of(files)
    with transaction.atomic():
        return _write(document_id, text)


def close_received(document: OutgoingDocument) -> None:
    """The document is recalled: its text is found by nobody any more. In the caller's
    transaction."""
    _write(document.pk, ())


def readdress_received(document: OutgoingDocument) -> None:
    """Others have it now, have entered it into their book, or went a step further; the
    text is as it was. In the caller's transaction; what is not indexed yet the watch
    will see to."""
    entry = SearchEntry.objects.filter(
        kind=SearchKind.RECEIVED, object_id=document.pk
    ).first()
    if entry is not None:
        rescope(entry, addressed_to(document))


def missing_received() -> QuerySet[OutgoingDocument, OutgoingDocument]:
    """Documents that somebody got and that the index does not know, or knows in another
    state. No query yet."""
    told = SearchEntry.objects.filter(
        kind=SearchKind.RECEIVED, object_id=OuterRef("pk"), state=OuterRef("shown_as")
    )
    shown_as = Case(
        When(state=OutgoingState.FILED, then=Value(OutgoingState.ISSUED.value)),
        default="state",
    )
    got = _lines().filter(document=OuterRef("pk"))
    return OutgoingDocument.objects.annotate(shown_as=shown_as).filter(
        Exists(got), ~Exists(told), issued_files__isnull=False
    )


def addressed_to(document: OutgoingDocument) -> tuple[str, ...]:
    """Who may find it, and that some have a deadline, as words of the index. One
    query."""
    return tuple(dict.fromkeys(_words(document)))


def _words(document: OutgoingDocument) -> Iterator[str]:
    lines = _lines().filter(document=document).select_related("incoming")
    for line in lines.order_by("position", "pk"):
        if line.person_id:
            yield scope.shared_with_person(line.person_id)
        elif line.unit_id:
            yield scope.shared_with_unit(line.unit_id)
        elif line.organisation_id:
            yield scope.for_clerks_of(line.organisation_id)
        if line.incoming:
            # Whoever it was forwarded to reads that book.
            yield scope.of_register(line.incoming.register_id)
        if line.deadline is not None:
            yield scope.HAS_DEADLINE
            if line.state not in ENDED and not line.recall_state:
                yield scope.OPEN_DEADLINE


def _lines() -> QuerySet[Recipient, Recipient]:
    return Recipient.objects.filter(channel=RecipientChannel.IN_APP)


def _write(document_id: UUID, text: Sequence[str]) -> bool:
    row = (
        OutgoingDocument.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=document_id)
    )
    words = addressed_to(row)
    if not words:
        drop(SearchKind.RECEIVED, document_id)
        return False
    is_closed = row.state == OutgoingState.RECALLED
    put(_source(row, () if is_closed else text, words))
    return True


def _source(
    row: OutgoingDocument, text: Sequence[str], words: tuple[str, ...]
) -> Source:
    # That its own office has put it away is nothing to those who got it.
    is_filed = row.state == OutgoingState.FILED
    entry = SearchEntry(
        kind=SearchKind.RECEIVED,
        object_id=row.pk,
        organisation_id=row.organisation_id,
        document_type=row.document_type,
        year=row.issued_on.year,
        state=OutgoingState.ISSUED if is_filed else row.state,
        is_open=False,
        urgency=row.urgency,
        dated_on=row.issued_on,
        number=row.full_number,
        title=row.subject,
        origin=row.organisation.name,
    )
    heading = [row.full_number, f"{row.type_name} {row.subject}"]
    signed = f"{row.signer_authority} {row.signer_position} {row.signer_name}".strip()
    return Source(entry, row.number, heading, [signed, *text], words)


def _text_of(files: IssuedFiles) -> Sequence[str]:
    """A damaged text is found by number and subject; `verify-records` tells of it."""
    try:
        state = providers.blob_store.get().get(files.state)
    except (BlobMissing, BlobDamaged) as fault:
        logger.error("text of %s is not indexed: %r", files.document_id, fault)
        return ()
    return plain_text(read_content(state)).split("\n")
