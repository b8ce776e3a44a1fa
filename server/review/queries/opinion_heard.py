"""Of many requests at once: whether those who were asked said something in the draft.

A list of what one is asked shows that and no more, so no text and no past is read
here: comments and what is suggested for the letterhead are counted where they stand,
and who suggested in the text was noted by `actions.hearing` when the log was looked
through. A fixed number of queries, whatever the number of requests. Must never write.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from server.accounts.models import Membership
from server.review.models import (
    FieldSuggestion,
    OpinionRequest,
    OpinionRound,
    ThreadComment,
)
from server.review.queries.opinion_holders import Holders, UnitTree


@dataclass(frozen=True, slots=True)
class _Word:
    """Something that somebody said in a draft. `unit`: as it was noted then, where
    `is_noted`; else where the author belongs now counts."""

    author: UUID
    at: datetime
    unit: UUID | None
    is_noted: bool


def with_words_in_draft(requests: Sequence[OpinionRequest]) -> frozenset[UUID]:
    """The ids of those whose holders spoke in the draft. `round` was read with each."""
    rounds = {request.round_id: request.round for request in requests}
    if not rounds:
        return frozenset()
    holders = _holders(rounds.values())
    drafts = {begun.draft_id for begun in rounds.values()}
    since = min(begun.asked_at for begun in rounds.values())
    words = _words(drafts, since)
    suggested = {begun.pk: tuple(_people(begun)) for begun in rounds.values()}
    authors = {word.author for said in words.values() for word in said}
    authors.update(author for people in suggested.values() for author in people)
    places, tree = _places(authors), UnitTree()
    found: set[UUID | None] = set()
    for begun in rounds.values():
        of = holders[begun.pk]
        for word in words[begun.draft_id]:
            if _counts(begun, word.at):
                unit = word.unit if word.is_noted else places.get(word.author)
                found.add(of.request_of(word.author, tree.above(unit)))
        for author in suggested[begun.pk]:
            found.add(of.request_of(author, tree.above(places.get(author))))
    return frozenset(pk for pk in found if pk is not None)


def _counts(begun: OpinionRound, at: datetime) -> bool:
    return begun.asked_at <= at and (begun.closed_at is None or at <= begun.closed_at)


def _holders(rounds: Iterable[OpinionRound]) -> dict[UUID, Holders]:
    asks = {begun.pk: begun.asked_by_id for begun in rounds}
    asked: dict[UUID, list[OpinionRequest]] = defaultdict(list)
    rows = OpinionRequest.objects.filter(round_id__in=asks)
    for request in rows.only("pk", "round_id", "user_id", "unit_id").order_by():
        asked[request.round_id].append(request)
    return {pk: Holders(by, asked[pk]) for pk, by in asks.items()}


def _words(drafts: Iterable[UUID], since: datetime) -> dict[UUID, list[_Word]]:
    """By draft. Two queries."""
    found: dict[UUID, list[_Word]] = defaultdict(list)
    comments = ThreadComment.objects.filter(
        ~Q(text=""),
        removed_at__isnull=True,
        created_at__gte=since,
        thread__draft_id__in=drafts,
    )
    for draft, author, at, unit, number in comments.order_by().values_list(
        "thread__draft_id", "author_id", "created_at", "thread__unit_id", "number"
    ):
        # Of a thread's first comment the unit was noted; people move.
        found[draft].append(_Word(author, at, unit, number == 1))
    of_fields = FieldSuggestion.objects.filter(
        ~Q(old="", new=""),
        thread__created_at__gte=since,
        thread__draft_id__in=drafts,
    )
    for draft, author, at, unit in of_fields.order_by().values_list(
        "thread__draft_id", "thread__author_id", "thread__created_at", "thread__unit_id"
    ):
        found[draft].append(_Word(author, at, unit, True))
    return found


def _places(authors: Iterable[UUID]) -> dict[UUID, UUID]:
    """Where each of them belongs: the primary unit, else the first."""
    places: dict[UUID, UUID] = {}
    held = Membership.objects.filter(user_id__in=authors)
    for user, unit in held.order_by("-is_primary", "id").values_list(
        "user_id", "unit_id"
    ):
        places.setdefault(user, unit)
    return places


def _people(begun: OpinionRound) -> Iterator[UUID]:
    """Authors who are no people of this office (a name out of a Word file) were not
    asked."""
    for author in begun.suggested_by:
        with suppress(ValueError):
            yield UUID(author)
