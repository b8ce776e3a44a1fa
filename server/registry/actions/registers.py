"""Open and close registers. Numbers and rows are in the modules beside this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, Unit, User
from server.common import audit, clock, outbox
from server.common.errors import Conflict, InvalidInput, NotFound
from server.registry import register_events as events
from server.registry.access import as_id
from server.registry.actions.numbers import types_of
from server.registry.entry_fields import Checker
from server.registry.models import Register, RegisterCounter, RegisterKind
from server.registry.numbering.notation import Form
from server.registry.numbering.series import (
    Mode,
    Period,
    faults_of_groups,
    group_of,
    period_label,
)
from server.registry.register_access import access_register, kept_organisations


@dataclass(frozen=True, slots=True)
class RegisterPlan:
    """How a new register shall be.

    `starts_after` maps a document type ("" when all share one run) to the last number
    of the paper book, for an office that begins in the middle of a year.
    """

    name: str
    kind: str = RegisterKind.OUTGOING
    form: str = Form.DECREE_30
    period: str = Period.YEAR
    starts_on: date | None = None
    ends_on: date | None = None
    numbering_mode: str = Mode.SINGLE
    groups: Sequence[Mapping[str, Any]] = ()
    body: UUID | str | None = None
    starts_after: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic
def open_register(
    actor: User, organisation_id: UUID | str, plan: RegisterPlan
) -> Register:
    """A clerk of the organisation may. Incoming books have one run a year.

    Raises NotFound for an organisation that is not this clerk's, InvalidInput for an
    unusable plan, Conflict `register_exists` for a second register of that name.
    """
    organisation = kept_organisations(actor).filter(pk=as_id(organisation_id)).first()
    if organisation is None:
        raise NotFound
    check = Checker()
    name = check.text("name", plan.name, 200, required=True)
    check.choice("kind", plan.kind, RegisterKind.values)
    check.choice("form", plan.form, Form)
    check.choice("period", plan.period, Period)
    check.choice("numbering_mode", plan.numbering_mode, Mode)
    if plan.period == Period.TERM and (plan.starts_on is None or plan.ends_on is None):
        check.faults["starts_on"] = _("Nhiệm kỳ cần ngày bắt đầu và ngày kết thúc.")
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        check.faults["ends_on"] = _("Ngày kết thúc đứng trước ngày bắt đầu.")
    check.finish()
    incoming = plan.kind == RegisterKind.INCOMING
    # Copies share one series (article 26), incoming numbers run through the year (22).
    single = incoming or plan.kind == RegisterKind.COPIES
    register = Register(
        organisation=organisation,
        body=_body(organisation, plan.body),
        name=name,
        kind=plan.kind,
        form=plan.form,
        period=Period.YEAR if incoming else plan.period,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        numbering_mode=Mode.SINGLE if single else plan.numbering_mode,
        groups=[
            {
                "name": str(group.get("name", "")).strip(),
                "types": list(group.get("types", ())),
            }
            for group in plan.groups
        ]
        if plan.numbering_mode == Mode.GROUPS and not single
        else [],
        created_by=actor,
        created_at=clock.now(),
    )
    _check_groups(register)
    if Register.objects.filter(organisation=organisation, name=name).exists():
        raise Conflict(
            _("Cơ quan đã có sổ mang tên này."),
            code="register_exists",
            fields={"name": _("Hãy đặt tên khác.")},
        )
    register.save(force_insert=True)
    _start_counters(register, plan.starts_after)
    audit.record(
        actor,
        "register.opened",
        "register",
        register.pk,
        name=name,
        kind=register.kind,
        numbering_mode=register.numbering_mode,
        starts_after=dict(plan.starts_after),
    )
    outbox.emit(events.REGISTER_OPENED, register.pk)
    return register


@transaction.atomic
def close_register(actor: User, register_id: UUID | str) -> Register:
    """No number is given and no row written any more; it is read for ever."""
    register = access_register(actor, register_id, keep=True).register
    if not register.is_active:
        raise Conflict(_("Sổ đã khóa."), code="register_closed")
    register.is_active = False
    register.save(update_fields=["is_active"])
    audit.record(actor, "register.closed", "register", register.pk)
    outbox.emit(events.REGISTER_CLOSED, register.pk)
    return register


def _body(organisation: Organisation, unit_id: UUID | str | None) -> Unit | None:
    if not unit_id:
        return None
    unit = Unit.objects.filter(pk=as_id(unit_id), organisation=organisation).first()
    if unit is None:
        raise InvalidInput(fields={"body": _("Không có đơn vị này.")})
    return unit


def _check_groups(register: Register) -> None:
    known = {kind.code for kind in types_of(register)}
    fault = faults_of_groups(register.groups, known)
    if fault is not None:
        raise InvalidInput(
            fields={"groups": _("Nhóm chưa rõ ràng ở: %(word)s.") % {"word": fault}}
        )


def _start_counters(register: Register, starts_after: Mapping[str, int]) -> None:
    today = clock.today()
    period = period_label(
        Period(register.period), today, register.starts_on, register.ends_on
    )
    known = {kind.code for kind in types_of(register)} | {""}
    for code, last in starts_after.items():
        if code not in known or not 0 <= last <= 9_999_999 or period is None:
            raise InvalidInput(fields={"starts_after": _("Số bắt đầu chưa hợp lệ.")})
        group = group_of(Mode(register.numbering_mode), register.groups, code)
        RegisterCounter.objects.update_or_create(
            register=register,
            period=period,
            group=group,
            defaults={"first_number": last + 1, "last_number": last},
        )
