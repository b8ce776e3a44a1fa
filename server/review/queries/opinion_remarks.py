"""What those who were asked said in the draft itself, for the table of opinions.

A comment counts for whoever was asked and wrote it between the question and the end of
the round, whoever began the thread: for the person when the person was asked, else for
the unit that the author belongs to, or the nearest asked one above it. Who asks is
never counted among those who answer, though the own unit be asked. Must never be shown
to anybody but the drafting side and who said it, and must never write.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from server.accounts.models import Membership, Unit, User
from server.accounts.queries import main_unit
from server.registry.access import find_access
from server.review.models import (
    FieldSuggestion,
    OpinionRequest,
    OpinionRound,
    SuggestionState,
    ThreadComment,
    ThreadState,
)
from server.review.opinion_access import is_drafting_side
from server.review.queries.opinion_holders import Holders, above
from server.review.queries.opinion_suggestions import Fate, Made, made_in, short
from server.review.templatetags.versions import any_field_label
from server.review.thread_places import place_words

_PATH = "unit__parent__parent__parent"
MOST_LISTED = 20
_FATES = {
    SuggestionState.ACCEPTED: Fate.ACCEPTED,
    SuggestionState.REJECTED: Fate.REJECTED,
    SuggestionState.WITHDRAWN: Fate.TAKEN_BACK,
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What was said in one thread, with the words that it is about; `answer` is the
    last that the drafting side said to it, with a name."""

    thread_id: UUID
    part: str
    quote: str
    text: str
    by: str
    is_resolved: bool
    answer: str = ""
    count: int = 1
    at: datetime | None = None
    """How many comments these words are, and when the last was written or changed."""

    @property
    def place(self) -> str:
        """The words, or what it is called where there are none."""
        return place_words(self.part, self.quote)


@dataclass(frozen=True, slots=True)
class InDraft:
    """What one who was asked left in the draft: remarks, and what they suggested, in
    the letterhead and in the text."""

    remarks: tuple[Remark, ...] = ()
    made: tuple[Made, ...] = ()

    @property
    def is_something(self) -> bool:
        """What was taken back is nothing, though an answer to it is told."""
        return bool(self.made) or any(remark.text for remark in self.remarks)

    @property
    def amount(self) -> int:
        """How much was said: it grows with every comment and suggestion."""
        return self.changes + sum(r.count for r in self.remarks if r.text)

    @property
    def said_at(self) -> datetime | None:
        """When the newest words were written or changed; None without comments."""
        return max((r.at for r in self.remarks if r.at and r.text), default=None)

    @property
    def changes(self) -> int:
        return len(self.made)

    @property
    def suggested(self) -> int:
        """Those that are still open."""
        return sum(made.is_open for made in self.made)

    @property
    def decided(self) -> int:
        """Those that stand no more, whichever way."""
        return self.changes - self.suggested

    @property
    def listed(self) -> tuple[Made, ...]:
        """As many as a table of opinions holds."""
        return self.made[:MOST_LISTED]

    @property
    def unlisted(self) -> int:
        return max(0, self.changes - MOST_LISTED)

    @property
    def fates(self) -> dict[Fate, int]:
        """How many went which way; those that are none are left out."""
        found = Counter(made.fate for made in self.made)
        return {fate: found[fate] for fate in Fate if found[fate]}

    @property
    def resolved(self) -> int:
        return sum(remark.is_resolved for remark in self.remarks)


NOTHING = InDraft()


def in_draft(
    begun: OpinionRound,
    requests: Sequence[OpinionRequest],
    *,
    with_fates: bool = False,
) -> dict[UUID, InDraft]:
    """By the request's id. A fixed number of queries; where something was written
    since the question, the past of the text is looked through, too. `with_fates`:
    what became of suggestions is to be shown."""
    asked = Holders(begun.asked_by_id, requests)
    remarks = _remarks(begun, asked)
    of_fields = _of_fields(begun, asked)
    made = _suggestions(asked, made_in(begun, with_fates=with_fates))
    return {
        request.pk: InDraft(
            tuple(remarks[request.pk]),
            (*of_fields[request.pk], *made[request.pk]),
        )
        for request in requests
    }


def _of_fields(begun: OpinionRound, asked: Holders) -> dict[UUID, list[Made]]:
    """What was suggested for fields of the letterhead, by request. One query."""
    rows = FieldSuggestion.objects.filter(
        thread__draft_id=begun.draft_id, thread__created_at__gte=begun.asked_at
    ).select_related(f"thread__{_PATH}")
    if begun.closed_at is not None:
        rows = rows.filter(thread__created_at__lte=begun.closed_at)
    found: dict[UUID, list[Made]] = defaultdict(list)
    for row in rows.order_by("thread__created_at", "thread_id"):
        thread = row.thread
        request = asked.request_of(thread.author_id, above(thread.unit))
        if request is None or not (row.old or row.new):
            continue
        open_fate = Fate.OPEN if thread.state == ThreadState.OPEN else Fate.DECIDED
        fate = _FATES.get(SuggestionState(row.state), open_fate)
        made = Made(
            any_field_label(thread.part),
            short(row.new),
            short(row.old),
            fate,
            thread.part,
        )
        found[request].append(made)
    return found


def _comments(begun: OpinionRound) -> list[ThreadComment]:
    """All that was said in the draft since the question."""
    rows = ThreadComment.objects.filter(
        removed_at__isnull=True,
        thread__draft_id=begun.draft_id,
        created_at__gte=begun.asked_at,
    )
    places = Membership.objects.select_related(_PATH).order_by("-is_primary", "id")
    return list(
        rows.select_related("author", f"thread__{_PATH}")
        .prefetch_related(
            Prefetch("author__memberships", places, to_attr="main_memberships")
        )
        .order_by("thread__created_at", "thread_id", "number")
    )


def _words(
    begun: OpinionRound, asked: Holders
) -> tuple[dict[tuple[UUID, UUID], list[ThreadComment]], list[ThreadComment]]:
    """What counts, by request and thread, and what else was said since the question."""
    said: dict[tuple[UUID, UUID], list[ThreadComment]] = defaultdict(list)
    others: list[ThreadComment] = []
    for comment in _comments(begun):
        # Of a thread's first comment the unit was noted; people move.
        began = comment.number == 1
        unit = comment.thread.unit if began else main_unit(comment.author)
        request = asked.request_of(comment.author_id, above(unit))
        if request is None:
            others.append(comment)
        elif begun.closed_at is None or comment.created_at <= begun.closed_at:
            said[request, comment.thread_id].append(comment)
    return said, others


def _remarks(begun: OpinionRound, asked: Holders) -> dict[UUID, list[Remark]]:
    said, others = _words(begun, asked)
    drafts = _drafting(begun)
    found: dict[UUID, list[Remark]] = defaultdict(list)
    for (request, thread_id), words in said.items():
        after = (
            other
            for other in reversed(others)
            if other.thread_id == thread_id and other.number > words[0].number
        )
        answer = next((other for other in after if drafts(other.author)), None)
        if answer is not None or any(comment.text for comment in words):
            found[request].append(_remark(words, answer))
    return found


def _drafting(begun: OpinionRound) -> Callable[[User], bool]:
    """Whether somebody stands on the drafting side; each person is looked up once."""
    known = {begun.asked_by_id: True}

    def drafts(user: User) -> bool:
        if user.pk not in known:
            access = find_access(user, begun.draft_id)
            known[user.pk] = access is not None and is_drafting_side(access)
        return known[user.pk]

    return drafts


def _remark(said: Sequence[ThreadComment], answer: ThreadComment | None) -> Remark:
    first, thread = said[0], said[0].thread
    return Remark(
        thread.pk,
        thread.part,
        thread.quote,
        "\n".join(comment.text for comment in said if comment.text),
        first.author.full_name,
        thread.state == ThreadState.RESOLVED,
        f"{answer.author.full_name}: {answer.text}" if answer else "",
        len(said),
        max(comment.edited_at or comment.created_at for comment in said),
    )


def _suggestions(
    asked: Holders, made: dict[str, tuple[Made, ...]]
) -> dict[UUID, list[Made]]:
    """The same by request. Authors who are no people of this office (a name out of a
    Word file) were not asked."""
    found: dict[UUID, list[Made]] = defaultdict(list)
    people = dict(_people(made))
    if not people:
        return found
    places: dict[UUID, Unit] = {}
    held = Membership.objects.filter(user_id__in=people).select_related(_PATH)
    for membership in held.order_by("-is_primary", "id"):
        places.setdefault(membership.user_id, membership.unit)
    for user, author in people.items():
        request = asked.request_of(user, above(places.get(user)))
        if request is not None:
            found[request] += made[author]
    return found


def _people(authors: Iterable[str]) -> Iterable[tuple[UUID, str]]:
    for author in authors:
        with suppress(ValueError):
            yield UUID(author), author
