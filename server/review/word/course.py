"""The way from our export to the file that came: over files that were taken before.

What found no place when one of those was taken is tried once more, on its own terms:
somebody with more rights may bring it now. Must never write; a taken file that cannot
be read any more is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from server.common import providers
from server.common.errors import AppError
from server.publishing.docx_marked import read_marked
from server.publishing.docx_package import Limits
from server.publishing.marked import Marked, MarkedComment
from server.registry.models import Draft
from server.review.models import WordFile
from server.review.word.comparing import compare_files
from server.review.word.going_on import (
    TOLD,
    UNTURNED,
    Earlier,
    continued,
    print_of,
    prints_of,
)
from server.review.word.outcome import Outcome
from server.review.word.steps import Compared, Step
from storage.ports import BlobDamaged, BlobMissing

Place = tuple[int, int]
"""Epoch and `seq` of the text that was exported."""
Seen = frozenset[tuple[int, int, bool]]
NOWHERE: Place = (0, 0)
Prepare = Callable[[Marked], Marked]
"""Gives the pictures of a file their addresses."""


@dataclass(slots=True)
class Link:
    """From one file to the next one. `row`: that one, when it was taken before; then
    only the steps that were `left` are tried. `earlier`: ids that came before it."""

    digest: str
    base: Marked
    edited: Marked
    compared: Compared
    row: WordFile | None = None
    earlier: frozenset[str] = frozenset()
    outcome: Outcome = field(default_factory=Outcome)

    @property
    def steps(self) -> list[Step]:
        if self.row is None:
            return self.compared.steps
        wanted = set(self.row.left)
        return [step for step in self.compared.steps if print_of(step) in wanted]

    def left(self) -> list[str]:
        """What is to be tried when the file comes again."""
        still = {print_of(step) for step in self.outcome.left}
        if self.row is not None:
            still |= {TOLD}
            return [one for one in self.row.left if one in still]
        known = {print_of(step) for step in self.compared.steps} if still else set()
        return [*sorted(still & known), *([TOLD] if self.compared.missed else [])]


@dataclass(frozen=True, slots=True)
class Course:
    """`rows`: the taken files that the edited one holds, the oldest first; `seen`: what
    was taken by then at all, `before`: the comments of the last of them."""

    place: Place
    digest: str
    rows: tuple[WordFile, ...]
    links: tuple[Link, ...]
    before: tuple[MarkedComment, ...]
    prints: tuple[str, ...]
    seen: Seen

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the suggestions that came with them, one for each change."""
        return tuple(ident for row in self.rows for ident in row.suggestions)


class Files:
    """The files that were taken into a draft."""

    def __init__(self, draft: Draft, limits: Limits) -> None:
        self._limits = limits
        held = WordFile.objects.filter(draft=draft).order_by("taken_seq", "pk")
        self._rows = {row.pk: row for row in held}

    def course(
        self, edited: Marked, sent: Marked, place: Place, digest: str, prepare: Prepare
    ) -> Course:
        """`sent` is our export of the text at `place`."""
        standing = [row for row in self._rows.values() if not row.is_void]
        same = next((row for row in standing if row.digest == digest), None)
        last: Link | None = None
        before: Sequence[MarkedComment] = ()
        if same is not None:
            rows, before = self._line(same), edited.comments
        else:
            alike = [row for row in standing if (row.epoch, row.seq) == place]
            found = continued(edited, sent, [self._earlier(row) for row in alike])
            number = found.number
            rows = self._line(None if number is None else self._rows[number])
            before = () if number is None else found.base.comments
            last = Link(digest, found.base, edited, found.compared)
            last.earlier = _ids(rows)
        if rows and UNTURNED in rows[-1].left:
            before = ()
        links = [*self._tried_again(rows, sent, prepare), *([last] if last else [])]
        return Course(
            place,
            digest,
            tuple(rows),
            tuple(links),
            tuple(before),
            tuple(prints_of(edited.flow)),
            _seen(self._rows.values()),
        )

    def _line(self, row: WordFile | None) -> list[WordFile]:
        found: list[WordFile] = []
        while row is not None:
            found.append(row)
            row = None if row.base_id is None else self._rows[row.base_id]
        return found[::-1]

    def _earlier(self, row: WordFile) -> Earlier:
        return Earlier(row.pk, row.prints, partial(self._read, row))

    def _read(self, row: WordFile) -> Marked | None:
        try:
            data = providers.blob_store.get().get(row.digest)
            return read_marked(data, self._limits)
        except (AppError, BlobDamaged, BlobMissing):
            return None

    def _tried_again(
        self, rows: Sequence[WordFile], sent: Marked, prepare: Prepare
    ) -> Iterator[Link]:
        for index, row in enumerate(rows):
            if not set(row.left) - {UNTURNED}:
                continue
            base = sent if not index else self._read(rows[index - 1])
            edited = self._read(row)
            if base is None or edited is None:
                continue
            edited = prepare(edited)
            compared = compare_files(base, edited)
            earlier = _ids(rows[:index])
            yield Link(row.digest, base, edited, compared, row, earlier)


def taken_by_now(draft_id: UUID) -> Seen:
    return _seen(WordFile.objects.filter(draft_id=draft_id))


def _seen(rows: Iterable[WordFile]) -> Seen:
    return frozenset((row.pk, row.times, row.is_void) for row in rows)


def _ids(rows: Iterable[WordFile]) -> frozenset[str]:
    return frozenset(ident for row in rows for ident in row.suggestions)
