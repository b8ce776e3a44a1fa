"""Keep the index true: what each kind of document says in it.

Rows of books are indexed by the action that writes them, in its transaction. A draft is
indexed when it is begun and named, and again when its text was saved: `index_draft` is
called soon after (`server.config.search_watch`), outside any action. Must never raise
for what a text holds: a document that cannot be found is worse than a slow one, and one
that cannot be saved is worse than both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from collab.content.read import plain_text
from collab.content.tree import TEXT_FIELDS, URGENCIES, Content
from server.common import clock
from server.common.errors import NotFound
from server.registry.document_types import name_of
from server.registry.issuing.steps import is_waited_for
from server.registry.models import (
    SHOWN_LENGTH,
    Draft,
    DraftShare,
    DraftState,
    IncomingDocument,
    NumberState,
    OutgoingDocument,
    OutgoingState,
    Recipient,
    SearchEntry,
    SearchKind,
    SearchText,
    Urgency,
)
from server.registry.search import scope
from server.registry.search.incoming import VOID, index_incoming
from server.registry.search.store import Source, put, rescope, row_lines
from server.registry.texts import committed

ARCHIVED = "archived"
_ENDED = frozenset({DraftState.ISSUED, DraftState.FILED, DraftState.CANCELLED})


def index_draft(draft_id: UUID) -> bool:
    """Index the committed text. False when there is no such draft, or no news.

    Reads the text before its transaction; a text that was saved meanwhile is another
    call's affair.
    """
    if not Draft.objects.filter(pk=draft_id).exists():
        return False
    try:
        now = committed(draft_id)
    except NotFound:
        return False
    with transaction.atomic():
        draft = _locked_draft(draft_id)
        if draft is None:
            return False
        entry = _entry(SearchKind.DRAFT, draft_id)
        if entry is not None and (entry.epoch, entry.seq) > now.place:
            return False
        put(source_of_draft(draft, now.content, now.place))
        return True


def index_new_draft(draft: Draft, content: Content) -> None:
    """In the transaction that begins the draft: its text is the log's first update."""
    put(source_of_draft(draft, content, (1, 1)))


def refresh_draft(draft_id: UUID) -> None:
    """Title, state and archive changed; the text that is indexed stays. In the
    caller's transaction; for a draft that is not indexed yet the watch will see to it.
    """
    draft = _locked_draft(draft_id)
    entry = _entry(SearchKind.DRAFT, draft_id)
    if draft is None or entry is None:
        return
    text = _body(entry)[1:] or [""]
    fresh = _draft_entry(draft, entry.urgency, entry.deadline, entry.number)
    fresh.epoch, fresh.seq = entry.epoch, entry.seq
    put(_draft_source(draft, fresh, text))


def reshare_draft(draft_id: UUID) -> None:
    """The draft is shared with others than before. In the caller's transaction."""
    draft = _locked_draft(draft_id)
    entry = _entry(SearchKind.DRAFT, draft_id)
    if draft is not None and entry is not None:
        rescope(entry, share_words(draft_id))


def share_words(draft_id: UUID) -> tuple[str, ...]:
    """Whom the draft is shared with, as words of the index. One query."""
    shares = DraftShare.objects.filter(draft_id=draft_id).order_by("pk")
    holders: list[Any] = list(shares.values_list("user_id", "unit_id"))
    return tuple(
        scope.shared_with_person(user) if user else scope.shared_with_unit(unit)
        for user, unit in holders
    )


def index_outgoing(row: OutgoingDocument) -> None:
    """In the transaction that writes the row, or that a recipient takes a step in. What
    the document says is found by those who got it (`search.received`), because
    everybody in the office reads the book."""
    # What another clerk has just changed is read, not written over.
    row = (
        OutgoingDocument.objects.select_for_update(of=("self",))
        .select_related("issued_number")
        .get(pk=row.pk)
    )
    put(source_of_outgoing(row))


def index_number(number_id: UUID) -> None:
    """The number of a row became void: the row says so too."""
    for sent in OutgoingDocument.objects.filter(issued_number_id=number_id):
        index_outgoing(sent)
    for arrived in IncomingDocument.objects.filter(issued_number_id=number_id):
        index_incoming(arrived)


def source_of_draft(draft: Draft, content: Content, place: tuple[int, int]) -> Source:
    fields = content.fields
    urgency = fields.urgency if fields.urgency in URGENCIES else Urgency.NORMAL
    # A notation without a number names nothing yet; it is found in the text.
    number = f"{fields.number}/{fields.notation}" if fields.number.strip() else ""
    entry = _draft_entry(draft, urgency, _day(fields.deadline), number[:60])
    entry.epoch, entry.seq = place
    said = [getattr(fields, name) for name in TEXT_FIELDS if name != "subject"]
    subject = " ".join(fields.subject.split())
    text = plain_text(content).split("\n")
    return _draft_source(draft, entry, [subject, *row_lines(said), *text])


def source_of_outgoing(row: OutgoingDocument) -> Source:
    is_void = row.issued_number.state == NumberState.VOID
    is_open, deadline = awaited(row)
    entry = SearchEntry(
        kind=SearchKind.OUTGOING,
        object_id=row.pk,
        organisation_id=row.organisation_id,
        register_id=row.register_id,
        document_type=row.document_type,
        year=row.issued_on.year,
        state=VOID if is_void else row.state,
        is_open=is_open and not is_void,
        urgency=row.urgency,
        deadline=deadline,
        dated_on=row.issued_on,
        number=row.full_number,
        title=row.subject,
        origin=row.signer_name,
    )
    said = [
        f"{row.signer_authority} {row.signer_position} {row.signer_name}".strip(),
        row.recipients_text,
        row.archive_unit,
        row.note,
    ]
    heading = [row.full_number, f"{row.type_name} {row.subject}"]
    return Source(entry, row.number, heading, row_lines(said))


def awaited(row: OutgoingDocument) -> tuple[bool, date | None]:
    """Whether something is still to be done about what went out, and by which day.

    Where recipients must act, they say so: it waits for the first of those who are not
    done, and putting the document away changes nothing about that. Where none must,
    nobody reports, and it waits for the day it bears until it is put away. One query.
    """
    holds = row.state in (OutgoingState.ISSUED, OutgoingState.CORRECTED)
    asked = Recipient.objects.filter(document_id=row.pk, must_act=True)
    states = list(asked.order_by().values_list("state", "deadline"))
    if not states:
        return holds, row.deadline
    waiting = [day for state, day in states if is_waited_for(state, True)]
    is_open = bool(waiting) and (holds or row.state == OutgoingState.FILED)
    return is_open, min(filter(None, waiting), default=row.deadline)


def _draft_entry(
    draft: Draft, urgency: str, deadline: date | None, number: str
) -> SearchEntry:
    day = draft.updated_at.astimezone(clock.VIETNAM).date()
    is_archived = draft.archived_at is not None
    return SearchEntry(
        kind=SearchKind.DRAFT,
        object_id=draft.pk,
        organisation_id=draft.organisation_id,
        unit_id=draft.unit_id,
        document_type=draft.document_type,
        year=day.year,
        state=ARCHIVED if is_archived else draft.state,
        is_open=not is_archived and draft.state not in _ENDED,
        urgency=urgency,
        deadline=deadline,
        dated_on=day,
        number=number,
        title=draft.title[:SHOWN_LENGTH],
        origin=draft.unit.name if draft.unit else "",
        log_id=str(draft.pk),
    )


def _draft_source(draft: Draft, entry: SearchEntry, text: Sequence[str]) -> Source:
    """The first line of `text` is the subject, so that it can be told apart later."""
    heading = [entry.number, f"{name_of(draft.document_type)} {draft.title}", text[0]]
    creator = f"{draft.created_by.full_name} {entry.origin}".strip()
    return Source(
        entry,
        _second(draft.updated_at),
        heading,
        [creator, *text],
        share_words(draft.pk),
    )


def _locked_draft(draft_id: UUID) -> Draft | None:
    drafts = Draft.objects.select_for_update(of=("self",))
    return drafts.select_related("unit", "created_by").filter(pk=draft_id).first()


def _entry(kind: SearchKind, object_id: UUID) -> SearchEntry | None:
    return SearchEntry.objects.filter(kind=kind, object_id=object_id).first()


def _body(entry: SearchEntry) -> list[str]:
    texts = SearchText.objects.filter(pk=entry.pk).values_list("body", flat=True)
    return (texts.first() or "").split("\n")


def _second(moment: datetime) -> int:
    local = moment.astimezone(clock.VIETNAM)
    return local.hour * 3600 + local.minute * 60 + local.second


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
