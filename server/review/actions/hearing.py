"""Note who suggested in a draft while opinions are asked, for the lists of requests.

To learn it the past of a text is looked through, which no list can do for each of its
rows. So it is done here, after the edits (`server.config.opinion_watch`), and a round
remembers who it was and up to which place of the log. Whoever shows one round looks
itself. Must never run inside a request, and never say more than the log does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Q

from server.common import providers
from server.registry.texts import place_of
from server.review.models import OpinionRound
from server.review.queries.opinion_suggestions import made_in


def unheard(document_ids: Iterable[str] | None = None) -> list[UUID]:
    """Rounds whose drafts were written on since they were last heard (of these
    documents, or of all): open ones, and those that were closed meanwhile."""
    rows = OpinionRound.objects.filter(Q(closed_at=None) | Q(heard_seq=None))
    if document_ids is not None:
        rows = rows.filter(draft_id__in=[*_ids(document_ids)])
    found = list(
        rows.order_by("asked_at", "pk").values_list("pk", "draft_id", "heard_seq")
    )
    store = providers.document_store.get()
    heads = store.heads([str(draft) for _pk, draft, _seq in found])
    return [
        pk
        for pk, draft, seq in found
        if (head := heads.get(str(draft))) is not None
        and (seq is None or seq < head.last_seq)
    ]


def hear(round_id: UUID) -> None:
    """Look through the log and note who suggested. Raises what reading it does."""
    begun = OpinionRound.objects.filter(pk=round_id).first()
    if begun is None:
        return
    _epoch, seq = place_of(begun.draft_id)
    authors = sorted(made_in(begun))
    # Closed just now, the round is heard once more, up to its end.
    rows = OpinionRound.objects.filter(pk=begun.pk, closed_at=begun.closed_at)
    rows.update(heard_seq=seq, suggested_by=authors)


def _ids(document_ids: Iterable[str]) -> Iterator[UUID]:
    for text in document_ids:
        try:
            yield UUID(text)
        except ValueError:
            continue
