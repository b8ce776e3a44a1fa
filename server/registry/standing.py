"""What a person is to a draft: the facts that the table of the workflow asks for.

Rights of others may be held by a mandate; then it is said which one, because an act is
recorded as "on behalf of". Reads only. Must never decide: `workflow.table` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from uuid import UUID

from django.db.models import Q

from collab.ports import Level
from server.accounts.models import Membership, Role, User
from server.common import clock
from server.registry.access import Access, Reach, reach_of
from server.registry.models import (
    Approval,
    ApprovalStep,
    Delegation,
    Draft,
    OfficePolicy,
    SignedCopy,
    SignOff,
)
from server.registry.workflow.approvals import turn_of
from server.registry.workflow.authority import Form, Mandate, Power, holds
from server.registry.workflow.table import Facts, State, Who

# A mandate rests on one that rests on one: no office writes a longer chain.
_CHAIN = "under__under"


def mandate_of(delegation: Delegation) -> Mandate:
    powers = {Power.CONTENT} if delegation.may_approve_content else set()
    if delegation.may_sign:
        powers.add(Power.SIGN)
    if delegation.may_direct:
        powers.add(Power.DIRECT)
    return Mandate(
        form=Form(delegation.form),
        in_place_of=delegation.in_place_of,
        starts_on=delegation.starts_on,
        ends_on=_last_day(delegation),
        powers=frozenset(powers),
        is_written=bool(delegation.document),
        under=mandate_of(delegation.under) if delegation.under else None,
    )


def _last_day(delegation: Delegation) -> date | None:
    """A mandate that was ended gives nothing from that moment on."""
    if delegation.ended_at is not None:
        return date.min
    return delegation.ends_on


def _stands_for(delegation: Delegation) -> UUID | None:
    """The person whose right it is: at the far end, when a mandate was passed on."""
    found: UUID | None = None
    link: Delegation | None = delegation
    while link is not None:
        found = link.principal_id or found
        link = link.under
    return found


def live_mandates(user_id: UUID, on: date | None = None) -> list[Delegation]:
    """Mandates that this person holds and that hold on that day (today). One query."""
    day = on or clock.today()
    found = (
        Delegation.objects.filter(delegate_id=user_id, ended_at__isnull=True)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
        .select_related("principal", _CHAIN)
        .order_by("created_at", "pk")
    )
    return [d for d in found if any(holds(mandate_of(d), p, day) for p in Power)]


def standing_in_to_direct(
    organisation_id: UUID, leaders: Sequence[User]
) -> list[Delegation]:
    """Mandates of these leaders, or of nobody (Q.) in this organisation, by which
    somebody who is no leader directs today; one for each. One query."""
    today = clock.today()
    known = {leader.pk for leader in leaders}
    rows = (
        Delegation.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
            may_direct=True,
            starts_on__lte=today,
            ended_at__isnull=True,
            delegate__is_active=True,
        )
        .select_related("delegate", "principal", _CHAIN)
        .order_by("delegate__name_key", "created_at", "pk")
    )
    found: dict[UUID, Delegation] = {}
    for mandate in rows:
        whose = _stands_for(mandate)
        is_ours = whose in known or (
            whose is None and mandate.organisation_id == organisation_id
        )
        is_new = mandate.delegate_id not in known | found.keys()
        if is_ours and is_new and holds(mandate_of(mandate), Power.DIRECT, today):
            found[mandate.delegate_id] = mandate
    return list(found.values())


@dataclass(frozen=True)
class Worker:
    """One person in the office, read once for any number of drafts."""

    user: User
    reach: Reach
    mandates: Sequence[Delegation] = ()

    @classmethod
    def of(cls, user: User) -> Worker:
        """Two queries; some answers below cost one more, once."""
        return cls(user, reach_of(user.pk), live_mandates(user.pk))

    def _principals(self, power: Power) -> dict[UUID, Delegation]:
        today = clock.today()
        return {
            principal: d
            for d in self.mandates
            if holds(mandate_of(d), power, today)
            and (principal := _stands_for(d)) is not None
        }

    @cached_property
    def may_sign_for(self) -> dict[UUID, Delegation]:
        return self._principals(Power.SIGN)

    @cached_property
    def may_head_for(self) -> dict[UUID, tuple[Delegation, frozenset[UUID]]]:
        """By principal: the mandate, and the units that the principal heads."""
        principals = self._principals(Power.CONTENT)
        headed: dict[UUID, set[UUID]] = {key: set() for key in principals}
        if principals:
            rows = Membership.objects.filter(user__in=principals, role=Role.HEAD)
            for user_id, unit_id in rows.values_list("user_id", "unit_id"):
                headed[user_id].add(unit_id)
        return {key: (principals[key], frozenset(headed[key])) for key in principals}

    @cached_property
    def directs_for(self) -> dict[UUID, Delegation]:
        """The mandate to direct incoming documents, by the organisation whose leader
        gave it; one that rests on no person (Q.) by the organisation it names."""
        today = clock.today()
        held = [d for d in self.mandates if holds(mandate_of(d), Power.DIRECT, today)]
        principals = {d.pk: _stands_for(d) for d in held}
        leads: dict[UUID, list[UUID]] = {}
        if named := [p for p in principals.values() if p is not None]:
            rows = Membership.objects.filter(
                user__in=named, user__is_active=True, role=Role.LEADER
            )
            for user_id, office in rows.values_list("user_id", "unit__organisation_id"):
                leads.setdefault(user_id, []).append(office)
        found: dict[UUID, Delegation] = {}
        for mandate in held:
            principal = principals[mandate.pk]
            offices = (
                [mandate.organisation_id]
                if principal is None
                else leads.get(principal, [])
            )
            for office in offices:
                found.setdefault(office, mandate)
        return found

    @cached_property
    def headed(self) -> frozenset[UUID]:
        """Units that this person heads, or stands in for the head of."""
        others = (units for _mandate, units in self.may_head_for.values())
        return self.reach.headed.union(*others)

    @cached_property
    def checks_for(self) -> frozenset[UUID]:
        """Organisations whose drafts this person checks the format of."""
        named = OfficePolicy.objects.filter(checking_unit__in=self.reach.units)
        return self.clerk_of | frozenset(
            named.values_list("organisation_id", flat=True)
        )

    @cached_property
    def clerk_of(self) -> frozenset[UUID]:
        """Organisations whose registers this person keeps."""
        rows = Membership.objects.filter(user=self.user, role=Role.CLERK)
        return frozenset(rows.values_list("unit__organisation_id", flat=True))


@dataclass(frozen=True)
class Standing:
    """The facts, and in whose place the person is each `Who` that a mandate gives."""

    facts: Facts
    in_place: Mapping[Who, Delegation] = field(default_factory=dict)


def policy_of(organisation_id: UUID | None) -> OfficePolicy:
    """The organisation's own rules; without any, nothing more is allowed."""
    found = OfficePolicy.objects.filter(organisation=organisation_id).first()
    return found or OfficePolicy()


def standing_of(access: Access, worker: Worker) -> Standing:
    """The person of `worker` before this draft. Three to six short queries."""
    draft = access.draft
    return standing_from(
        draft,
        worker,
        is_owner=access.level == Level.OWN,
        path=unit_path(draft),
        policy=policy_of(draft.organisation_id),
        approvals=live_approvals(draft),
        sign_offs=current_sign_offs(draft),
        is_signed=partial(is_signed, draft),
    )


def standing_from(
    draft: Draft,
    worker: Worker,
    *,
    is_owner: bool,
    path: frozenset[UUID],
    policy: OfficePolicy,
    approvals: Iterable[Approval],
    sign_offs: Sequence[SignOff],
    is_signed: Callable[[], bool],
) -> Standing:
    """The same from rows that were read before, for lists.

    `is_signed` is asked only where it matters: whether a signed copy may be issued.
    """
    me = worker.user.pk
    who: set[Who] = set()
    in_place: dict[Who, Delegation] = {}
    if is_owner:
        who.add(Who.OWNER)
    if not worker.reach.headed.isdisjoint(path):
        who.add(Who.UNIT_HEAD)
    else:
        for mandate, units in worker.may_head_for.values():
            if not units.isdisjoint(path):
                who.add(Who.UNIT_HEAD)
                in_place[Who.UNIT_HEAD] = mandate
                break
    turn = turn_of((s.order, s.done_at is not None) for s in sign_offs)
    if any(
        s.person_id == me and s.done_at is None and s.order == turn for s in sign_offs
    ):
        who.add(Who.SIGN_OFF_TURN)
    if draft.organisation_id in worker.checks_for:
        who.add(Who.FORMAT_CHECKER)
    if draft.organisation_id in worker.clerk_of:
        who.add(Who.CLERK)
    if draft.signer_id == me:
        who.add(Who.SIGNER)
    elif draft.signer_id in worker.may_sign_for:
        who.add(Who.SIGNER)
        in_place[Who.SIGNER] = worker.may_sign_for[draft.signer_id]
    # Whoever stands in for somebody is bound by what that person did, too.
    mine = {me, *(m.principal_id for m in in_place.values())}
    content = {
        person
        for a in approvals
        if a.step == ApprovalStep.CONTENT
        for person in (a.by_id, a.on_behalf_of_id)
        if person
    }
    facts = Facts(
        state=State(draft.state),
        who=frozenset(who),
        drafted=not mine.isdisjoint({draft.created_by_id, draft.submitted_by_id}),
        approved_content=not mine.isdisjoint(content),
        has_unit=draft.unit_id is not None,
        # A submission names the signer, so none is needed before.
        has_signer=draft.signer_id is not None or draft.state == State.DRAFTING,
        sign_offs_done=turn is None,
        needs_signature=draft.state == State.APPROVED
        and policy.signs_digitally
        and not is_signed(),
        drafter_may_approve=policy.drafter_may_approve,
        content_approver_may_check=policy.content_approver_may_check,
    )
    return Standing(facts, in_place)


def signed_copy_of(draft: Draft) -> SignedCopy | None:
    """The signed PDF that may be issued today. One query.

    Only for the live approval, and only in the year that is printed on it.
    """
    return (
        SignedCopy.objects.filter(
            draft=draft,
            approval__voided_at__isnull=True,
            year=clock.today().year,
        )
        .order_by("-at", "-pk")
        .first()
    )


def is_signed(draft: Draft) -> bool:
    return signed_copy_of(draft) is not None


def live_approvals(draft: Draft) -> list[Approval]:
    rows = Approval.objects.filter(draft=draft, voided_at__isnull=True)
    return list(rows.select_related("by", "on_behalf_of", "mandate"))


def current_sign_offs(draft: Draft) -> Sequence[SignOff]:
    """Of the present round; none before the first submission."""
    rows = SignOff.objects.filter(draft=draft, round=draft.round)
    return list(rows.select_related("person"))


def unit_path(draft: Draft) -> frozenset[UUID]:
    """The draft's unit and those above it."""
    if draft.unit_id is None:
        return frozenset()
    # `find_access` has read it; other callers pay up to three queries.
    path = [getattr(draft, f"path_{i}", None) for i in range(4)]
    if path[0] is not None:
        return frozenset(unit for unit in path if unit)
    found: set[UUID] = set()
    unit = draft.unit
    while unit is not None and unit.pk not in found:
        found.add(unit.pk)
        unit = unit.parent
    return frozenset(found)
