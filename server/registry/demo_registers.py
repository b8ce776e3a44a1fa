"""The registers of the demo office and the first rows of its books.

Data is in data/demo/registers.toml. Everything goes through the actions, on the days
that the rows stand for, so that the demo obeys the rules of an office. Must never run
by itself; only the `seed` command calls it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from server.accounts.models import Organisation, Role, Unit, User
from server.common import clock
from server.registry.actions.forwarding_plans import Plan, Recipient, leaders_of
from server.registry.actions.forwardings import forward
from server.registry.actions.handling import report_progress
from server.registry.actions.incoming import IncomingEntry, register_incoming
from server.registry.actions.numbers import void_number
from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.models import Register, RegisterKind

_FILE = Path(__file__).parent / "data" / "demo" / "registers.toml"
Data = Mapping[str, Any]


def seed_registers(
    office: Organisation, clerk: User, units: Mapping[str, Unit]
) -> None:
    """Open what is missing, with its rows; a book that exists is left as it is."""
    data = tomllib.loads(_FILE.read_text("utf-8"))
    now = clock.now()
    for kind in (RegisterKind.OUTGOING, RegisterKind.INCOMING):
        plan = data[kind.value]
        if Register.objects.filter(organisation=office, name=plan["name"]).exists():
            continue
        with clock.fixed(now - timedelta(days=plan["opened_days_ago"])):
            register = open_register(
                clerk,
                office.pk,
                RegisterPlan(
                    name=plan["name"],
                    kind=kind,
                    numbering_mode=plan.get("numbering_mode", "single"),
                    starts_after=plan["starts_after"],
                ),
            )
        write = _outgoing if kind == RegisterKind.OUTGOING else _incoming
        for row in plan["row"]:
            with clock.fixed(now - timedelta(days=row["days_ago"])):
                write(clerk, register, row, units, now)


def seed_department(department: Organisation, clerk: User) -> None:
    """The incoming book of who receives the office's documents."""
    plan = tomllib.loads(_FILE.read_text("utf-8"))["department"]
    if Register.objects.filter(organisation=department, name=plan["name"]).exists():
        return
    with clock.fixed(clock.now() - timedelta(days=plan["opened_days_ago"])):
        open_register(
            clerk,
            department.pk,
            RegisterPlan(
                name=plan["name"],
                kind=RegisterKind.INCOMING,
                starts_after={"": plan["starts_after"]},
            ),
        )


def _day(row: Data, name: str, now: datetime) -> date | None:
    """So many days before the seed; a negative count lies after it."""
    if name not in row:
        return None
    moment = now - timedelta(days=row[name])
    return moment.astimezone(clock.VIETNAM).date()


def _outgoing(
    clerk: User, register: Register, row: Data, units: Mapping[str, Unit], now: datetime
) -> None:
    entry = OutgoingEntry(
        document_type=row["document_type"],
        subject=row["subject"],
        signer_name=row["signer_name"],
        signer_position=row["signer_position"],
        signer_authority=row.get("signer_authority", ""),
        recipients_text=row["recipients_text"],
        archive_unit=row["archive_unit"],
        copies=row.get("copies"),
        urgency=row.get("urgency", "normal"),
        # Sent later than it was registered: the clerk adds that another day.
        sent_on=min(filter(None, (_day(row, "sent_days_ago", now), clock.today())))
        if "sent_days_ago" in row
        else None,
    )
    unit = units[row["unit"]].pk if "unit" in row else None
    written = register_outgoing(clerk, register.pk, entry, unit_id=unit)
    if "void" in row:
        void_number(clerk, written.issued_number_id, row["void"])


def _incoming(
    clerk: User, register: Register, row: Data, units: Mapping[str, Unit], now: datetime
) -> None:
    deadline = _day(row, "deadline_days_ago", now)
    forwarded_to = row.get("forwarded_to", "")
    entry = IncomingEntry(
        document_type=row["document_type"],
        issuer=row["issuer"],
        subject=row["subject"],
        full_number=row.get("full_number", ""),
        issued_on=_day(row, "issued_days_ago", now),
        channel=row.get("channel", "paper"),
        signer_name=row.get("signer_name", ""),
        urgency=row.get("urgency", "normal"),
        pages=row.get("pages"),
        forwarded_to=forwarded_to,
        forwarded_on=clock.today() if forwarded_to else None,
        file_notation=row.get("file_notation", ""),
        deadline=deadline,
    )
    written = register_incoming(clerk, register.pk, entry)
    if "lead" not in row:
        return
    leader = next(iter(leaders_of(register.organisation_id)), None)
    plan = Plan(
        Recipient(unit=units[row["lead"]].pk, deadline=deadline),
        [Recipient(unit=units[name].pk) for name in row.get("cooperating", ())],
        row.get("direction", ""),
        leader.pk if leader and "direction" in row else None,
    )
    lead = forward(clerk, written.pk, plan)[0]
    head = User.objects.filter(
        memberships__unit=lead.unit, memberships__role=Role.HEAD
    ).first()
    if "progress" in row and head is not None:
        report_progress(head, lead.pk, row["progress"])
