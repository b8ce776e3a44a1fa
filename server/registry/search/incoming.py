"""What an incoming document says in the index: its row, and the words of its files.

Everybody in the office reads the row; the files are opened by those who handle the
document (`server.registry.incoming_access`). So where files say something there are two
entries: the row for the others, and row and files together for those who handle it;
nobody finds both (`server.registry.search_access`). The files were read before, by
`server.registry.search.attached`. Must never read a file: this runs in the transaction
of whoever registers, forwards or settles the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from server.publishing.file_words import MAX_CHARACTERS
from server.registry.models import (
    ENDED,
    FileWords,
    Forwarding,
    ForwardingState,
    IncomingDocument,
    IncomingFile,
    NumberState,
    SearchEntry,
    SearchKind,
)
from server.registry.search import scope
from server.registry.search.store import Source, drop, put, row_lines

VOID = "void"
OPEN, ANSWERED = "open", "answered"


@dataclass(frozen=True, slots=True)
class Work:
    """One live forwarding: to whom, and whether something is due."""

    unit: UUID | None
    person: UUID | None
    assignee: UUID | None
    due_on: date | None
    state: str

    @property
    def words(self) -> list[str]:
        """For whom it is, as words of the index: the unit, its head, the person."""
        people = {key for key in (self.person, self.assignee) if key}
        found = [scope.shared_with_person(key) for key in sorted(people)]
        if self.unit:
            found += [scope.shared_with_unit(self.unit), scope.of_unit(self.unit)]
        return found

    @property
    def days(self) -> list[str]:
        """That it has a deadline, and whether that may pass."""
        if self.due_on is None:
            return []
        is_open = self.state != ForwardingState.DONE
        return [scope.HAS_DEADLINE, *([scope.OPEN_DEADLINE] if is_open else [])]


def index_incoming(row: IncomingDocument) -> None:
    """In the transaction that writes the row, forwards it, or changes its files."""
    row = (
        IncomingDocument.objects.select_for_update(of=("self",))
        .select_related("issued_number", "register")
        .get(pk=row.pk)
    )
    works = _works_of(row)
    texts = texts_of(row)
    put(source_of_incoming(row, works, has_more=bool(texts)))
    if texts:
        put(source_of_attached(row, works, texts))
    else:
        drop(SearchKind.ATTACHED, row.pk)


def index_holders(digest: str) -> None:
    """Something else is known of this file. In the caller's transaction, in the order
    in which everybody locks the documents."""
    documents = IncomingDocument.objects.filter(
        files__digest=digest, files__removed_at=None
    )
    for document in list(documents.distinct().order_by("pk")):
        index_incoming(document)


def texts_of(row: IncomingDocument) -> list[str]:
    """What the files say that are attached now, in the order they came. One query."""
    held = IncomingFile.objects.filter(document=row, removed_at=None)
    digests = list(held.order_by("added_at", "pk").values_list("digest", flat=True))
    if not digests:
        return []
    read = FileWords.objects.filter(digest__in=digests).exclude(text="")
    texts = dict(read.values_list("digest", "text"))
    return [texts[digest] for digest in digests if digest in texts]


def source_of_incoming(
    row: IncomingDocument, works: Sequence[Work] = (), *, has_more: bool = False
) -> Source:
    entry = _entry(SearchKind.INCOMING, row)
    entry.has_more = has_more
    shares = tuple(word for work in works for word in work.days)
    return Source(entry, row.number, _heading(row), _body(row), shares)


def source_of_attached(
    row: IncomingDocument, works: Sequence[Work], texts: Sequence[str]
) -> Source:
    entry = _entry(SearchKind.ATTACHED, row)
    entry.epoch = len(texts)
    shares = [scope.for_clerks_of(row.organisation_id)]
    for work in works:
        shares += [*work.words, *work.days]
    # Of many long files the first words are found: a row must be written at once.
    said = "\n".join(texts)[:MAX_CHARACTERS].split("\n")
    return Source(entry, row.number, _heading(row), [*_body(row), *said], tuple(shares))


def _works_of(row: IncomingDocument) -> list[Work]:
    """What is forwarded and was neither returned nor withdrawn. One query."""
    live = Forwarding.objects.filter(document=row).exclude(state__in=ENDED)
    fields = live.order_by("created_at", "pk").values_list(
        "unit_id", "person_id", "assignee_id", "due_on", "state"
    )
    return [Work(*values) for values in fields]


def _entry(kind: SearchKind, row: IncomingDocument) -> SearchEntry:
    is_void = row.issued_number.state == NumberState.VOID
    is_answered = row.answered_on is not None
    return SearchEntry(
        kind=kind,
        object_id=row.pk,
        organisation_id=row.organisation_id,
        register_id=row.register_id,
        document_type=row.document_type,
        year=row.arrived_on.year,
        state=VOID if is_void else ANSWERED if is_answered else OPEN,
        is_open=not is_void and not is_answered,
        urgency=row.urgency,
        deadline=row.deadline,
        dated_on=row.arrived_on,
        number=row.full_number,
        title=row.subject,
        origin=row.issuer,
    )


def _heading(row: IncomingDocument) -> list[str]:
    return [
        row.full_number,
        row.written,
        f"{row.type_name} {row.subject}",
    ]


def _body(row: IncomingDocument) -> list[str]:
    return row_lines(
        [
            row.issuer,
            f"{row.signer_position} {row.signer_name}".strip(),
            row.forwarded_to,
            row.file_notation,
            row.progress,
            row.answer_number,
            row.note,
        ]
    )
