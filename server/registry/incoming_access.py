"""The one door to the handling of an incoming document: files, directions, progress.

Who passes: the clerk and the leaders of the organisation whose book it is in, and
everybody who got it: the person, the members of the unit (and of its sub-units), the
head above and whoever holds the head's mandate in its days, whoever was named to
settle it. Whoever holds
a leader's mandate to direct stands where that leader stands, in its days; a mandate
that says only how to sign opens nothing. A forwarding that was returned or withdrawn
opens nothing any more. Colleagues of other units go on reading the row in the book
(`register_access`), but not what is kept here; for them, and for strangers, there is
no such document: NotFound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Membership, Role, User
from server.common.errors import Conflict, NotAllowed, NotFound
from server.registry.access import Reach, as_id, units_under
from server.registry.models import (
    ENDED,
    Delegation,
    Forwarding,
    ForwardingRole,
    IncomingDocument,
    NumberState,
)
from server.registry.standing import Worker

DIRECTORS = (Role.LEADER, Role.CLERK)


@dataclass(frozen=True, slots=True)
class Handler:
    """A person before forwardings. `headed` are the units this person answers for,
    `lent` those of them that a mandate of their head gives until it ends, `directs`
    the organisations whose leader lets this person direct."""

    user: User
    reach: Reach
    headed: frozenset[UUID]
    lent: Mapping[UUID, Delegation] = field(default_factory=dict)
    directs: Mapping[UUID, Delegation] = field(default_factory=dict)

    @classmethod
    def of(cls, user: User) -> Handler:
        """Two queries, one more for a head, two more for who stands in for one, one
        more for who stands in for a leader."""
        worker = Worker.of(user)
        own = units_under(worker.reach.headed)
        lent: dict[UUID, Delegation] = {}
        for mandate, units in worker.heads_for:
            for unit in units_under(units) - own:
                lent.setdefault(unit, mandate)
        return cls(user, worker.reach, own | lent.keys(), lent, worker.directs_for)

    def mandate_for(self, forwarding: Forwarding) -> Delegation | None:
        """The mandate by which this person heads the unit that got it."""
        return self.lent.get(forwarding.unit_id) if forwarding.unit_id else None

    def got(self, forwarding: Forwarding) -> bool:
        """Whether it came to this person, to one of the units or to one headed."""
        return (
            self.user.pk in (forwarding.person_id, forwarding.assignee_id)
            or forwarding.unit_id in self.reach.above
            or forwarding.unit_id in self.headed
        )

    def heads(self, forwarding: Forwarding) -> bool:
        return forwarding.unit_id is not None and forwarding.unit_id in self.headed

    def settles(self, forwarding: Forwarding) -> bool:
        """Whether the work is this person's to do: as long as nobody was named, any
        member of the unit may take it up; afterwards the one named, and the head."""
        if forwarding.assignee_id is not None:
            return forwarding.assignee_id == self.user.pk or self.heads(forwarding)
        return self.heads(forwarding) or forwarding.unit_id in self.reach.above


@dataclass(frozen=True, slots=True)
class IncomingAccess:
    """The document, its live forwardings (the lead first), and what one may do."""

    document: IncomingDocument
    handler: Handler
    forwardings: tuple[Forwarding, ...]
    may_keep: bool
    may_direct: bool

    @property
    def lead(self) -> Forwarding | None:
        return next((f for f in self.forwardings if f.is_lead), None)

    @property
    def is_void(self) -> bool:
        return self.document.issued_number.state == NumberState.VOID

    @property
    def may_answer(self) -> bool:
        """Who settles the document as the lead may write the answer; those who direct
        it, too. Not when it is answered or its number is void."""
        if self.is_void or self.document.answered_on is not None:
            return False
        lead = self.lead
        return self.may_direct or (lead is not None and self.handler.settles(lead))


def live_forwardings() -> QuerySet[Forwarding]:
    """Those that were neither returned nor withdrawn, with the people. No query yet."""
    return Forwarding.objects.exclude(state__in=ENDED).select_related(
        "unit", "person", "assignee", "assigned_by", "given_by", "created_by", "mandate"
    )


def in_hand(handler: Handler) -> Q:
    """Condition on Forwarding: the work that is this person's, see `Handler.settles`.

    A head sees all the work of the unit, whoever does it.
    """
    return (
        Q(assignee=handler.user.pk)
        | Q(unit__in=handler.headed)
        | Q(unit__in=handler.reach.above, assignee__isnull=True)
    )


def directed_organisations(handler: Handler) -> list[UUID]:
    """The organisations whose documents this person forwards. One query."""
    held = Membership.objects.filter(user=handler.user, role__in=DIRECTORS)
    own = set(held.values_list("unit__organisation_id", flat=True))
    return list(own | handler.directs.keys())


def find_incoming_document(
    user: User, document_id: UUID | str
) -> IncomingAccess | None:
    """None when it is absent or not reached.

    Five queries, six for a head, seven for who stands in for one; one more for who
    stands in for a leader.
    """
    if not user.is_active:
        return None
    document = (
        IncomingDocument.objects.filter(pk=as_id(document_id))
        .select_related(
            "register__organisation__parent", "issued_number", "created_by", "answer"
        )
        .first()
    )
    if document is None:
        return None
    roles = set(
        Membership.objects.filter(
            user=user,
            role__in=DIRECTORS,
            unit__organisation_id=document.organisation_id,
        ).values_list("role", flat=True)
    )
    handler = Handler.of(user)
    forwardings = sorted(
        live_forwardings().filter(document=document),
        key=lambda f: (f.role != ForwardingRole.LEAD, f.created_at, f.pk),
    )
    may_direct = bool(roles) or document.organisation_id in handler.directs
    if not may_direct and not any(map(handler.got, forwardings)):
        return None
    for forwarding in forwardings:
        forwarding.document = document
    return IncomingAccess(
        document, handler, tuple(forwardings), Role.CLERK in roles, may_direct
    )


def access_incoming_document(
    user: User, document_id: UUID | str, *, keep: bool = False, direct: bool = False
) -> IncomingAccess:
    """The document for whoever got it, and for those who register and direct it.

    `keep`: only the clerk of the organisation; `direct`: the clerk, a leader, or who
    holds a leader's mandate to direct. Raises
    NotFound, NotAllowed for a reader who wants more, Conflict `number_void` when a
    document whose number was made void is to be changed.
    """
    access = find_incoming_document(user, document_id)
    if access is None:
        raise NotFound
    if keep and not access.may_keep:
        raise NotAllowed(_("Chỉ văn thư của cơ quan được làm việc này."))
    if direct and not access.may_direct:
        raise NotAllowed(
            _(
                "Chỉ lãnh đạo, người được lãnh đạo ủy quyền chỉ đạo và văn thư của "
                "cơ quan được chuyển văn bản."
            )
        )
    if (keep or direct) and access.is_void:
        raise _void()
    return access


def access_forwarding(
    user: User, forwarding_id: UUID | str, *, settle: bool = False, head: bool = False
) -> tuple[Forwarding, IncomingAccess]:
    """One live forwarding of a document that this person may see.

    `settle`: whoever does the work; `head`: the head of the unit that got it. Raises
    NotFound; NotAllowed; Conflict `number_void`, or `forwarding_done` when the work is
    finished already.
    """
    found = Forwarding.objects.filter(pk=as_id(forwarding_id))
    document_id = found.values_list("document_id", flat=True).first()
    access = find_incoming_document(user, document_id) if document_id else None
    if access is None:
        raise NotFound
    forwarding = next(
        (f for f in access.forwardings if f.pk == as_id(forwarding_id)), None
    )
    if forwarding is None:
        raise NotFound
    if settle and not access.handler.settles(forwarding):
        raise NotAllowed(_("Việc này do người khác được giao giải quyết."))
    if head and not access.handler.heads(forwarding):
        raise NotAllowed(
            _("Chỉ trưởng đơn vị nhận văn bản được giao người giải quyết.")
        )
    if settle or head:
        if access.is_void:
            raise _void()
        if not forwarding.is_open:
            raise Conflict(_("Phần việc này đã hoàn thành."), code="forwarding_done")
    return forwarding, access


def _void() -> Conflict:
    return Conflict(_("Số đến của văn bản này đã hủy."), code="number_void")
