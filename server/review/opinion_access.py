"""The doors of opinion rounds.

- The *drafting side* is whoever may write the draft (EDIT or OWN, frozen or not): it
  sees the whole round and handles what was said. Asking, extending and closing belong
  to the owner, because asking gives rights.
- *Who was asked* (the person, or anybody who belongs to the unit or to one below it)
  sees the request and the own side's opinions, nothing of what others said. The way to
  it is the request itself and reaching the draft: both must hold.

Everybody else gets NotFound. Must never be bypassed with a bare query.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from collab.ports import Level
from server.accounts.models import User
from server.common.errors import NotAllowed, NotFound
from server.registry.abilities import Action
from server.registry.access import Access, access_draft, as_id, find_access, reach_of
from server.review.models import OpinionRequest, OpinionRound


@dataclass(frozen=True, slots=True)
class RoundAccess:
    round: OpinionRound
    access: Access

    @property
    def may_ask(self) -> bool:
        return may_ask(self.access)


def may_ask(access: Access) -> bool:
    """Whether this person may begin a round and change one."""
    return access.level >= Level.OWN and access.draft.archived_at is None


def is_drafting_side(access: Access) -> bool:
    return access.level >= Level.EDIT


def access_rounds(user: User, draft_id: UUID | str) -> Access:
    """The draft, for its rounds. Raises NotFound, also for those who only read it."""
    access = access_draft(user, draft_id, Action.OPEN)
    if not is_drafting_side(access):
        raise NotFound
    return access


def access_round(user: User, round_id: UUID | str, *, ask: bool = False) -> RoundAccess:
    """The round, for the drafting side; with `ask`, for the owner.

    Raises NotFound, and NotAllowed when only the owner may.
    """
    found = (
        OpinionRound.objects.filter(pk=as_id(round_id))
        .select_related("asked_by", "closed_by")
        .first()
    )
    access = find_access(user, found.draft_id) if found is not None else None
    if found is None or access is None or not is_drafting_side(access):
        raise NotFound
    result = RoundAccess(found, access)
    if ask and not result.may_ask:
        raise NotAllowed
    return result


def asked(user: User) -> Q:
    """Condition on OpinionRequest: what this person is asked, himself or his units."""
    reach = reach_of(user.pk)
    return Q(user_id=user.pk) | Q(unit_id__in=reach.above)


def access_request(user: User, request_id: UUID | str) -> tuple[OpinionRequest, Access]:
    """The request, for those who are asked. Raises NotFound."""
    found = (
        OpinionRequest.objects.filter(
            asked(user), pk=as_id(request_id), withdrawn_at__isnull=True
        )
        .select_related("round__asked_by", "user", "unit")
        .first()
    )
    access = find_access(user, found.round.draft_id) if found is not None else None
    if found is None or access is None:
        raise NotFound
    return found, access
