"""Who wrote what of a draft's present text: shares, and the text with its authors.

What the log says of clients is learned once and then only from its new end; it is kept
in memory within a bound. It reads every epoch, and history keeps every update, so a
compaction changes nothing. Must never decide who may read.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext as _

from collab.content.authorship import UNKNOWN, Authored, Stretch, Writers, authored
from collab.content.brought_back import brought_back
from collab.content.comparing.changes import Change, Node, Piece, inside, shell
from collab.content.retyped import Retyped
from collab.content.tree import Paragraph
from server.common import providers
from server.common.models import AuditEntry
from server.registry.models import Draft, DraftSource
from server.review.past.reading import damage_told, state_at, timeline_of
from server.review.queries.versions import names_of
from storage.ports import PastUpdate

# The text that the draft began with: nobody typed it into the draft.
FIRST = "first"
COLOURS = 12
_KEPT = 32


@dataclass(frozen=True, slots=True)
class Contributor:
    """`key`: a person's id, FIRST or UNKNOWN. `colour`: 0…11, none for the latter."""

    key: str
    name: str
    characters: int
    percent: float
    colour: int | None


@dataclass(frozen=True, slots=True)
class Authorship:
    contributors: tuple[Contributor, ...]
    authored: Authored
    seq: int


@dataclass(slots=True)
class _Learned:
    writers: Writers
    epoch: int = 0
    seq: int = 0
    first: frozenset[int] = frozenset()
    stands_for: dict[str, int] = field(default_factory=dict)
    """For people whose words were brought back, a client id that no browser has."""

    def author_of(self) -> dict[int, str]:
        people = self.writers.resolve()
        of_restored = {client: who for who, client in self.stands_for.items()}
        return {**people, **dict.fromkeys(self.first, FIRST), **of_restored}

    def client_for(self, person: str) -> int:
        return self.stands_for.setdefault(person, -1 - len(self.stands_for))


_lock = threading.Lock()
_learned: OrderedDict[str, _Learned] = OrderedDict()


def forget() -> None:
    """Drop what is kept in memory: for tests."""
    with _lock:
        _learned.clear()
    _authored_at.cache_clear()


def authorship_of(draft: Draft) -> Authorship:
    """The saved text now. Raises NotFound and Unavailable as reading the past does."""
    document_id = str(draft.pk)
    seq = timeline_of(document_id).last_seq
    with damage_told():
        found = _authored_at(document_id, seq)
    return Authorship(_contributors(draft, found), found, seq)


@lru_cache(maxsize=8)
def _authored_at(document_id: str, seq: int) -> Authored:
    people, retyped = _author_of(document_id, seq)
    return authored(state_at(document_id, seq), people, retyped)


def _author_of(document_id: str, seq: int) -> tuple[dict[int, str], Retyped]:
    """The author of each client, from the log up to `seq` or later; and what was only
    made anew."""
    with _lock:
        known = _learned.pop(document_id, None) or _Learned(Writers())
        # What fails half-way is not kept: the next one begins anew.
        _learn(document_id, known, seq)
        _learned[document_id] = known
        while len(_learned) > _KEPT:
            _learned.popitem(last=False)
        return known.author_of(), known.writers.retyped


def _learn(document_id: str, known: _Learned, seq: int) -> None:
    store = providers.document_store.get()
    restored = _restored(document_id, known.seq)
    for past in store.walk(document_id, after_seq=known.seq, up_to_seq=seq):
        if past.seq == 1:
            known.first = known.writers.skip(past.update)
        elif past.epoch != known.epoch:
            known.writers.skip(past.update)
        elif past.seq in restored:
            _learn_restored(document_id, known, past, restored[past.seq])
        else:
            known.writers.learn(past.update, past.authors, past.at)
        known.epoch, known.seq = past.epoch, past.seq


def _restored(document_id: str, after_seq: int) -> dict[int, int]:
    """Which updates brought back the text of which earlier place."""
    told = AuditEntry.objects.filter(
        action="version.restored", subject_type="draft", subject_id=document_id
    )
    rows = told.order_by("id").values_list("details", flat=True)
    return {row["seq"]: row["version"] for row in rows if row["seq"] > after_seq}


def _learn_restored(
    document_id: str, known: _Learned, past: PastUpdate, version: int
) -> None:
    """The words are of whoever had written them then."""
    then = authored(
        state_at(document_id, version), known.author_of(), known.writers.retyped
    )
    parts = [
        (part, known.client_for(person))
        for part, person in brought_back(
            past.update, state_at(document_id, past.seq), then
        )
        if person != UNKNOWN
    ]
    known.writers.learn(past.update, past.authors, past.at, restored=parts)


def _contributors(draft: Draft, found: Authored) -> tuple[Contributor, ...]:
    counts = found.counts()
    total = counts.total() or 1
    names = names_of(key for key in counts if key not in (UNKNOWN, FIRST))
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    people = [key for key, _count in ranked if key not in (UNKNOWN, FIRST)]
    colours = {key: index % COLOURS for index, key in enumerate(people)}
    return tuple(
        Contributor(
            key,
            _name(draft, key, names),
            count,
            round(100 * count / total, 1),
            colours.get(key),
        )
        for key, count in ranked
        if count
    )


def _name(draft: Draft, key: str, names: dict[str, str]) -> str:
    if key == UNKNOWN:
        return _("Chưa rõ")
    if key == FIRST:
        by = {"name": draft.created_by.full_name}
        if draft.source == DraftSource.DOCX:
            return _("Tệp nhập vào, do %(name)s nhập") % by
        return _("Mẫu ban đầu, do %(name)s tạo") % by
    return names.get(key, _("một người đã bị xóa"))


def authored_changes(
    found: Authored,
) -> tuple[tuple[Change, ...], dict[int, str]]:
    """The text for the renderer, and the author of each of its pieces by `id`."""
    lines = iter(found.paragraphs)
    author_of: dict[int, str] = {}

    def change(node: Node) -> Change:
        bare = shell(node)
        if isinstance(node, Paragraph):
            return Change("same", bare, bare, _pieces(next(lines), author_of))
        parts = tuple(change(part) for part in inside(node))
        return Change("same", bare, bare, (), parts)

    return tuple(change(block) for block in found.content.blocks), author_of


def _pieces(
    stretches: Sequence[Stretch], author_of: dict[int, str]
) -> tuple[Piece, ...]:
    made = [Piece("same", s.inline, s.inline) for s in stretches]
    author_of.update(
        (id(piece), s.author) for piece, s in zip(made, stretches, strict=True)
    )
    return tuple(made)


def field_pieces(
    found: Authored, author_of: dict[int, str]
) -> dict[str, tuple[Piece, ...]]:
    """Pieces of the letterhead; their authors are added to `author_of`."""
    return {
        name: _pieces(stretches, author_of) for name, stretches in found.fields.items()
    }
