"""Forward an incoming document: one lead with a term, any number who cooperate.

`forward` is told the whole list that shall hold from now on: who is new gets it, who
stays may get another term or direction, who is missing is withdrawn. So the first
transfer and every later change are one act, and its history says what each one was.
What is done is never withdrawn. Must never delete a forwarding.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Membership, User
from server.common import audit, clock, outbox
from server.common.errors import Conflict
from server.registry import register_events as events
from server.registry.access import as_id
from server.registry.actions.forwarding_plans import (
    Direction,
    Key,
    Plan,
    Wanted,
    check_term,
    checked,
)
from server.registry.actions.incoming import search_key_of
from server.registry.entry_fields import Checker, lines
from server.registry.incoming_access import (
    access_forwarding,
    access_incoming_document,
    live_forwardings,
)
from server.registry.models import (
    DIRECTION_LENGTH,
    PLACES_LENGTH,
    Forwarding,
    ForwardingAct,
    ForwardingRole,
    ForwardingState,
    ForwardingStep,
    IncomingDocument,
)
from server.registry.search.incoming import index_incoming


@transaction.atomic
def forward(actor: User, document_id: UUID | str, plan: Plan) -> tuple[Forwarding, ...]:
    """Make the plan hold. Returns the live forwardings, the lead first.

    Raises what the door raises; InvalidInput naming every unusable recipient or day;
    Conflict `lead_done` when another lead is named after the lead has finished.
    """
    access = access_incoming_document(actor, document_id, direct=True)
    # Two who direct the same document meet here.
    IncomingDocument.objects.select_for_update().get(pk=access.document.pk)
    access = access_incoming_document(actor, document_id, direct=True)
    document = access.document
    wanted, said = checked(actor, access, plan)
    live = {(f.unit_id, f.person_id): f for f in access.forwardings}
    _refuse_lost_work(wanted, live.values())
    withdrawn = _withdraw(actor, wanted, live)
    _make_room_for_lead(wanted, live)
    added: list[Forwarding] = []
    changed: list[Forwarding] = []
    for one in wanted:
        held = live.get(one.key)
        if held is None:
            added.append(_new(actor, document, one, said))
        elif not held.is_done and _change(actor, held, one, said):
            changed.append(held)
    note_in_book(document, deadline=wanted[0].deadline)
    if added or changed or withdrawn:
        told = {
            "added": [str(f.pk) for f in added],
            "changed": [str(f.pk) for f in changed],
            "withdrawn": [str(f.pk) for f in withdrawn],
        }
        audit.record(
            actor, "incoming.forwarded", "incoming", document.pk,
            to=document.forwarded_to,
            given_by=str(said.giver.pk) if said.giver else "",
            mandate=str(said.mandate.pk) if said.mandate else "",
            **told,
        )  # fmt: skip
        outbox.emit(
            events.INCOMING_FORWARDED, document.pk,
            register=str(document.register_id), **told,
        )  # fmt: skip
    return access_incoming_document(actor, document_id).forwardings


@transaction.atomic
def assign(
    actor: User,
    forwarding_id: UUID | str,
    *,
    person: UUID | str,
    deadline: date | None = None,
    direction: str = "",
) -> Forwarding:
    """The head of the unit, or who holds the head's mandate, names who settles it: the
    second level of the slip.

    The person works in the unit or below it; the term ends no later than the unit's.
    Raises what the door raises, and InvalidInput.
    """
    # The document first, as everybody takes it.
    IncomingDocument.objects.select_for_update(of=("self",)).filter(
        forwardings__pk=as_id(forwarding_id)
    ).first()
    forwarding, access = access_forwarding(actor, forwarding_id, head=True)
    check = Checker()
    words = check.paragraph("direction", direction, DIRECTION_LENGTH)
    check_term(check, "deadline", deadline, forwarding.assigned_deadline)
    if deadline and forwarding.deadline and deadline > forwarding.deadline:
        check.faults["deadline"] = _("Không thể sau hạn của đơn vị, %(day)s.") % {
            "day": f"{forwarding.deadline:%d/%m/%Y}"
        }
    found = next((p for p in members_of(forwarding) if str(p.pk) == str(person)), None)
    if found is None:
        check.faults["person"] = _("Hãy chọn một người của đơn vị.")
    check.finish()
    mandate = access.handler.mandate_for(forwarding)
    forwarding.assignee = found
    forwarding.assigned_by = actor
    forwarding.assigned_at = clock.now()
    forwarding.assigned_deadline = deadline
    forwarding.assigned_direction = words
    forwarding.due_on = _nearer(forwarding.deadline, deadline)
    forwarding.save(
        update_fields=[
            "assignee", "assigned_by", "assigned_at", "assigned_deadline",
            "assigned_direction", "due_on",
        ]
    )  # fmt: skip
    index_incoming(access.document)
    step(
        actor, forwarding, ForwardingAct.ASSIGNED,
        note=words, deadline=deadline, person=found,
    )  # fmt: skip
    audit.record(
        actor, "incoming.assigned", "incoming", forwarding.document_id,
        forwarding=str(forwarding.pk), person=str(person),
        mandate=str(mandate.pk) if mandate else "",
    )  # fmt: skip
    tell(events.INCOMING_ASSIGNED, forwarding)
    return forwarding


def members_of(forwarding: Forwarding) -> list[User]:
    """Whom the head may name: active people of the unit and the units below it."""
    below = ("unit", "unit__parent", "unit__parent__parent")
    memberships = Membership.objects.none()
    for path in below:
        memberships |= Membership.objects.filter(**{path: forwarding.unit_id})
    people = User.objects.filter(is_active=True, memberships__in=memberships)
    return list(people.distinct().order_by("name_key", "pk"))


def step(
    actor: User,
    forwarding: Forwarding,
    act: ForwardingAct,
    *,
    note: str = "",
    deadline: date | None = None,
    person: User | None = None,
) -> None:
    """Add a line to the history, in the caller's transaction."""
    ForwardingStep.objects.create(
        forwarding=forwarding,
        document_id=forwarding.document_id,
        act=act,
        by=actor,
        at=clock.now(),
        note=note,
        deadline=deadline,
        person=person,
    )


def tell(event: str, forwarding: Forwarding) -> None:
    outbox.emit(event, forwarding.document_id, forwarding=str(forwarding.pk))


def note_in_book(document: IncomingDocument, *, deadline: date | None = None) -> None:
    """Write columns 7 and 8 of the book from what is forwarded now."""
    live = list(live_forwardings().filter(document=document))
    live.sort(key=lambda f: (not f.is_lead, f.created_at, f.pk))
    names = "; ".join(
        f"{f.recipient_name} (chủ trì)" if f.is_lead else f.recipient_name for f in live
    )
    document.forwarded_to = names[:PLACES_LENGTH]
    if any(f.is_lead for f in live):
        document.forwarded_on = document.forwarded_on or clock.today()
    else:
        # Nobody leads: it waits with the clerk again.
        document.forwarded_on = None
    if deadline is not None:
        document.deadline = deadline
    document.search_key = search_key_of(document)
    document.save(
        update_fields=["forwarded_to", "forwarded_on", "deadline", "search_key"]
    )
    index_incoming(document)


def _refuse_lost_work(wanted: list[Wanted], live: Iterable[Forwarding]) -> None:
    keys = {one.key: one.role for one in wanted}
    for forwarding in live:
        key = (forwarding.unit_id, forwarding.person_id)
        if forwarding.is_lead and forwarding.is_done and keys.get(key) != "lead":
            raise Conflict(
                _("Nơi chủ trì đã giải quyết xong; không chuyển cho nơi khác được."),
                code="lead_done",
            )


def _withdraw(
    actor: User, wanted: list[Wanted], live: dict[Key, Forwarding]
) -> list[Forwarding]:
    kept = {one.key for one in wanted}
    gone = [f for key, f in live.items() if key not in kept and not f.is_done]
    for forwarding in gone:
        forwarding.state = ForwardingState.WITHDRAWN
        forwarding.state_at = clock.now()
        forwarding.save(update_fields=["state", "state_at"])
        step(actor, forwarding, ForwardingAct.WITHDRAWN)
    return gone


def _make_room_for_lead(wanted: list[Wanted], live: dict[Key, Forwarding]) -> None:
    """The old lead steps back first: two leads never stand side by side."""
    lead = wanted[0].key
    for key, forwarding in live.items():
        if forwarding.is_lead and key != lead and forwarding.is_open:
            forwarding.role = ForwardingRole.COOPERATING
            forwarding.save(update_fields=["role"])


def _new(
    actor: User,
    document: IncomingDocument,
    one: Wanted,
    said: Direction,
) -> Forwarding:
    unit, person = one.key
    forwarding = Forwarding.objects.create(
        document=document,
        role=one.role,
        unit_id=unit,
        person_id=person,
        assignee_id=person,
        deadline=one.deadline,
        due_on=one.deadline,
        direction=said.words,
        given_by=said.giver,
        mandate=said.mandate,
        given_on=said.on,
        created_by=actor,
        created_at=clock.now(),
        state_at=clock.now(),
    )
    step(
        actor, forwarding, ForwardingAct.FORWARDED,
        note=said.words, deadline=one.deadline,
    )  # fmt: skip
    return forwarding


def _change(
    actor: User,
    held: Forwarding,
    one: Wanted,
    said: Direction,
) -> bool:
    """Whether anything of it is other than before; the assignment stays."""
    before = (held.role, held.deadline, lines(held.direction))
    if before == (one.role, one.deadline, said.words):
        return False
    held.role, held.deadline, held.direction = one.role, one.deadline, said.words
    held.given_by, held.mandate, held.given_on = said.giver, said.mandate, said.on
    held.due_on = _nearer(held.deadline, held.assigned_deadline)
    held.save(
        update_fields=[
            "role", "deadline", "direction", "given_by", "mandate", "given_on",
            "due_on",
        ]
    )  # fmt: skip
    step(actor, held, ForwardingAct.CHANGED, note=said.words, deadline=one.deadline)
    return True


def _nearer(*days: date | None) -> date | None:
    return min(filter(None, days), default=None)
