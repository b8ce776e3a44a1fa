"""What a person is to a draft: the facts that the table of the workflow asks for.

Rights of others may be held by a mandate; then it is said which one, because an act is
recorded as "on behalf of". Reads only. Must never decide: `workflow.table` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from uuid import UUID

from collab.ports import Level
from server.accounts.models import Membership, Role, User
from server.accounts.queries import with_those_above
from server.common import clock
from server.registry.access import Access, Reach, reach_of
from server.registry.mandates import (
    CHAIN,
    bound_by,
    gives,
    live_mandates,
    root_of,
    stands_for,
)
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
from server.registry.workflow.authority import Power
from server.registry.workflow.table import Facts, State, Who


@dataclass(frozen=True, slots=True)
class SigningRight:
    """To sign what was submitted to `signer`, in these organisations and those below
    them. Without a mandate: one's own."""

    signer: UUID
    offices: frozenset[UUID]
    mandate: Delegation | None = None


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

    def _holding(self, power: Power) -> dict[UUID, list[Delegation]]:
        """Mandates that give this power today, by the person whose right it is."""
        today = clock.today()
        found: dict[UUID, list[Delegation]] = {}
        for mandate in self.mandates:
            if gives(mandate, power, today):
                found.setdefault(stands_for(mandate), []).append(mandate)
        return found

    @cached_property
    def signs(self) -> tuple[SigningRight, ...]:
        """The own right first, then by mandate: one that rests on nobody is for the
        organisation that it names. A right to sign is asked for anew at every act:
        who leads no more signs nothing, and nobody signs in that person's place. One
        query, if a mandate is held."""
        held = self._holding(Power.SIGN)
        led: dict[UUID, set[UUID]] = {}
        if held:
            rows = Membership.objects.filter(
                user__in=held, user__is_active=True, role=Role.LEADER
            )
            for user_id, office in rows.values_list("user_id", "unit__organisation_id"):
                led.setdefault(user_id, set()).add(office)
        mine = self._offices_as(Role.LEADER)
        own = [SigningRight(self.user.pk, mine)] if mine else []
        return (
            *own,
            *(
                SigningRight(signer, frozenset(offices), mandate)
                for signer, mandates in held.items()
                for mandate in mandates
                if (offices := _own_office(mandate) or led.get(signer))
            ),
        )

    def right_to_sign(self, draft: Draft) -> SigningRight | None:
        """The right by which this person signs the draft today. A read for each level
        above the draft's organisation, if there is such a right at all."""
        rights = [right for right in self.signs if right.signer == draft.signer_id]
        if not rights:
            return None
        above = with_those_above(draft.organisation)
        return next((r for r in rights if not above.isdisjoint(r.offices)), None)

    @cached_property
    def heads_for(self) -> tuple[tuple[Delegation, frozenset[UUID]], ...]:
        """Mandates of heads, each with the units that the head heads; one that rests on
        nobody with the unit that it names. One query."""
        held = self._holding(Power.CONTENT)
        headed: dict[UUID, set[UUID]] = {}
        if held:
            rows = Membership.objects.filter(
                user__in=held, user__is_active=True, role=Role.HEAD
            )
            for user_id, unit_id in rows.values_list("user_id", "unit_id"):
                headed.setdefault(user_id, set()).add(unit_id)
        return tuple(
            (mandate, frozenset(units))
            for head, mandates in held.items()
            for mandate in mandates
            if (units := _own_unit(mandate, headed.get(head)))
        )

    @cached_property
    def directs_for(self) -> dict[UUID, Delegation]:
        """The mandate to direct incoming documents, by the organisation whose leader
        gave it; one that rests on no person (Q.) by the organisation it names."""
        today = clock.today()
        held = [d for d in self.mandates if gives(d, Power.DIRECT, today)]
        principals = {d.pk: root_of(d).principal_id for d in held}
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
                [root_of(mandate).organisation_id]
                if principal is None
                else leads.get(principal, [])
            )
            for office in offices:
                found.setdefault(office, mandate)
        return found

    @cached_property
    def headed(self) -> frozenset[UUID]:
        """Units that this person heads, or stands in for the head of."""
        others = (units for _mandate, units in self.heads_for)
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
        return self._offices_as(Role.CLERK)

    def _offices_as(self, role: Role) -> frozenset[UUID]:
        return frozenset(office for held, office in self._offices if held == role)

    @cached_property
    def _offices(self) -> list[tuple[str, UUID]]:
        rows = Membership.objects.filter(user=self.user)
        return list(rows.values_list("role", "unit__organisation_id"))


def _own_office(mandate: Delegation) -> set[UUID]:
    """The organisation that a mandate of nobody names."""
    root = root_of(mandate)
    return set() if root.principal_id else {root.organisation_id}


def _own_unit(mandate: Delegation, headed: set[UUID] | None) -> set[UUID]:
    """The unit that a mandate of nobody names; else those of the head."""
    root = root_of(mandate)
    if root.principal_id is not None:
        return headed or set()
    return {root.unit_id} if root.unit_id else set()


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
    """The person of `worker` before this draft. Few short queries."""
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
        for mandate, units in worker.heads_for:
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
    right = worker.right_to_sign(draft)
    if right is not None:
        who.add(Who.SIGNER)
        if right.mandate is not None:
            in_place[Who.SIGNER] = right.mandate
    # Whoever stands in for somebody is bound by what that person did, too; and by what
    # was done in that person's place, however often the mandate was passed on.
    mine = {me}.union(*map(bound_by, in_place.values()))
    content: set[UUID] = set()
    for given in approvals:
        if given.step == ApprovalStep.CONTENT:
            content.add(given.by_id)
            content |= bound_by(given.mandate) if given.mandate else set()
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
    chain = (f"mandate__{step}" for step in CHAIN)
    return list(rows.select_related("by", "on_behalf_of", *chain))


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
