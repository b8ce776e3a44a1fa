"""What waits for a person: steps and sign-offs that are theirs, and void approvals.

A draft is listed only for who reaches it and may take the step now; the same facts as
on the draft's own page. Few drafts wait at a time, so they are judged one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db.models import Q, QuerySet

from server.accounts.models import User
from server.common import clock
from server.registry.access import Reach, highest_share, units_under
from server.registry.mandates import CHAIN
from server.registry.models import (
    Approval,
    Delegation,
    Draft,
    OfficePolicy,
    Reading,
    SignedCopy,
    SignOff,
    VoidReason,
)
from server.registry.standing import Standing, Worker, standing_from, unit_path
from server.registry.texts import place_of
from server.registry.workflow.table import (
    STEP_OF_ACT,
    Act,
    State,
    Who,
    open_acts,
)

_WAITED_FOR = frozenset({*STEP_OF_ACT, Act.SIGN, Act.ISSUE})
# More than anybody can look through; the rest come up as these are done.
MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One draft that waits for this person. `act` is None for a ký nháy."""

    draft: Draft
    act: Act | None
    in_place: Delegation | None
    looked_before: bool
    is_new_since: bool

    @property
    def step(self) -> str:
        return self.act.value if self.act else "sign_off"


def waiting_for(user: User) -> tuple[Waiting, ...]:
    """The longest waiting first. A fixed number of queries and one a draft."""
    found = _candidates(user)
    readings = {
        r.draft_id: r
        for r in Reading.objects.filter(
            user=user, draft__in=[draft for draft, _act, _place in found]
        ).defer("text", "letterhead")
    }
    return tuple(
        Waiting(draft, act, place, draft.pk in readings, _is_new(draft, readings))
        for draft, act, place in found
    )


def count_waiting(user: User) -> int:
    """How many wait: the number beside the word in the bar of every page."""
    return len(_candidates(user))


def void_notices(user: User) -> tuple[Approval, ...]:
    """Approvals of this person that a change of the text voided, not yet noted."""
    rows = Approval.objects.filter(
        by=user,
        void_reason=VoidReason.CHANGED,
        voided_at__isnull=False,
        noted_at__isnull=True,
        draft__archived_at__isnull=True,
    )
    with_drafts = rows.select_related("draft__created_by", "draft__unit")
    return tuple(with_drafts.order_by("-voided_at")[:MOST])


def _is_new(draft: Draft, readings: dict[UUID, Reading]) -> bool:
    reading = readings.get(draft.pk)
    return reading is not None and (reading.epoch, reading.seq) != place_of(draft.pk)


Found = tuple[Draft, Act | None, Delegation | None]


def _candidates(user: User) -> list[Found]:
    if not user.is_active:
        return []
    worker = Worker.of(user)
    return list(_judged(worker, list(_in_question(worker)[:MOST])))


def is_queue_full(user: User) -> bool:
    """Whether more drafts may wait than are looked at. Few queries."""
    if not user.is_active:
        return False
    return _in_question(Worker.of(user))[: MOST + 1].count() > MOST


def _in_question(worker: Worker) -> QuerySet[Draft, Draft]:
    """What may wait for this person, the longest first; each is judged yet."""
    user = worker.user
    asked = SignOff.objects.filter(person=user, done_at__isnull=True)
    mine = Q(state=State.IN_REVIEW, pk__in=asked.values("draft"))
    headed = units_under(worker.headed)
    if headed:
        mine |= Q(state=State.IN_REVIEW, unit__in=headed)
    if worker.checks_for:
        mine |= Q(state=State.CONTENT_APPROVED, organisation__in=worker.checks_for)
    signers = {right.signer for right in worker.signs}
    mine |= Q(state=State.FORMAT_CHECKED, signer__in=signers)
    # Approved, and waiting for a number; or for a signature where one is needed.
    mine |= Q(state=State.APPROVED, organisation__in=worker.clerk_of)
    mine |= Q(
        state=State.APPROVED,
        signer__in=signers,
        organisation__policy__signs_digitally=True,
    )
    return (
        Draft.objects.filter(mine, archived_at__isnull=True)
        .annotate(shared_level=highest_share(worker.reach))
        .select_related(
            "unit__parent__parent",
            "organisation__parent__parent",
            "created_by",
            "signer",
        )
        .defer("search_key", "title_key")
        .order_by("state_at", "pk")
    )


def _judged(worker: Worker, drafts: list[Draft]) -> Iterable[Found]:
    if not drafts:
        return
    approvals: dict[UUID, list[Approval]] = defaultdict(list)
    live = Approval.objects.filter(draft__in=drafts, voided_at__isnull=True)
    for given in live.select_related(*(f"mandate__{step}" for step in CHAIN)):
        approvals[given.draft_id].append(given)
    sign_offs: dict[UUID, list[SignOff]] = defaultdict(list)
    rounds = {draft.pk: draft.round for draft in drafts}
    for asked in SignOff.objects.filter(draft__in=drafts):
        if asked.round == rounds[asked.draft_id]:
            sign_offs[asked.draft_id].append(asked)
    policies = {
        p.organisation_id: p
        for p in OfficePolicy.objects.filter(
            organisation__in={draft.organisation_id for draft in drafts}
        )
    }
    signed = set(
        SignedCopy.objects.filter(
            draft__in=drafts,
            approval__voided_at__isnull=True,
            year=clock.today().year,
        ).values_list("draft_id", flat=True)
    )
    for draft in drafts:
        if not _reaches(worker.reach, draft):
            continue
        standing = standing_from(
            draft,
            worker,
            is_owner=False,
            path=unit_path(draft),
            policy=_policy(policies, draft),
            approvals=approvals[draft.pk],
            sign_offs=sign_offs[draft.pk],
            is_signed=partial(signed.__contains__, draft.pk),
        )
        act = _step_of(standing)
        if act is not None:
            yield draft, act, _in_place(standing, act)
        elif Who.SIGN_OFF_TURN in standing.facts.who and draft.state == State.IN_REVIEW:
            yield draft, None, None


def _policy(policies: dict[UUID, OfficePolicy], draft: Draft) -> OfficePolicy:
    found = policies.get(draft.organisation_id) if draft.organisation_id else None
    return found or OfficePolicy()


def _reaches(reach: Reach, draft: Draft) -> bool:
    shared = getattr(draft, "shared_level", None)
    return bool(shared) or not reach.headed.isdisjoint(unit_path(draft))


def _step_of(standing: Standing) -> Act | None:
    """The approval, the signature or the issue that is this person's to do now."""
    return next((a for a in open_acts(standing.facts) if a in _WAITED_FOR), None)


def _in_place(standing: Standing, act: Act) -> Delegation | None:
    role = {
        Act.APPROVE_CONTENT: Who.UNIT_HEAD,
        Act.APPROVE: Who.SIGNER,
        Act.SIGN: Who.SIGNER,
    }.get(act)
    return standing.in_place.get(role) if role else None
