"""One office that forwards: `python -m tests.support.forwarding_worker COMMAND`.

    prove CLERKS    clerks forward one document to different leads at the same moment,
                    then as many officials take up the same work; what came of it is
                    printed as JSON, with what the list of work shows

It runs on the product's own settings (DATA_DIR, DUTHAO_DATABASE_URL), in a migrated
database.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django


def _office(count: int) -> dict[str, Any]:
    from server.accounts.models import Membership, Organisation, Role, Unit, User
    from server.registry.actions.incoming import IncomingEntry, register_incoming
    from server.registry.actions.registers import RegisterPlan, open_register

    office = Organisation.objects.create(name="Văn phòng", abbreviation="VP")
    desk = Unit.objects.create(organisation=office, name="Văn thư", abbreviation="VT")
    units = [
        Unit.objects.create(
            organisation=office, name=f"Phòng {n}", abbreviation=f"P{n}"
        )
        for n in range(count)
    ]

    def person(name: str, unit: Unit, role: Role) -> User:
        user = User.objects.create_user(name, None, full_name=name)
        Membership.objects.create(user=user, unit=unit, role=role)
        return user

    clerks = [person(f"vanthu{n}", desk, Role.CLERK) for n in range(count)]
    officials = [person(f"cv{n}", units[0], Role.OFFICIAL) for n in range(count)]
    plan = RegisterPlan(name="Sổ văn bản đến", kind="incoming")
    book = open_register(clerks[0], office.pk, plan)
    entry = IncomingEntry("CV", "Sở Nội vụ", "thử", full_number="1/SNV")
    document = register_incoming(clerks[0], book.pk, entry)
    return {
        "clerks": clerks,
        "officials": officials,
        "units": units,
        "document": document,
    }


def _together(count: int, act: Callable[[int], str]) -> Counter[str]:
    """What came of it when all do it at one moment."""
    from django.db import connection

    gate = threading.Barrier(count)

    def one(number: int) -> str:
        gate.wait()
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return Counter(threads.map(one, range(count)))


def prove(count: int) -> None:
    from server.common.errors import Conflict
    from server.registry.actions.forwarding_plans import Plan
    from server.registry.actions.forwardings import forward
    from server.registry.actions.handling import take_up
    from server.registry.models import Forwarding, ForwardingStep
    from server.registry.queries.forwardings import Desk, Tab, count_work, list_work
    from tests.support.incoming import leading

    office = _office(count)
    document, units = office["document"], office["units"]

    def send(number: int) -> str:
        plan = Plan(leading(unit=units[number].pk))
        forward(office["clerks"][number], document.pk, plan)
        return "forwarded"

    forwarded = _together(count, send)
    live = Forwarding.objects.exclude(state="withdrawn")
    leads = live.filter(role="lead").count()
    others = live.exclude(role="lead").count()
    plan = Plan(leading(unit=units[0].pk))
    work = forward(office["clerks"][0], document.pk, plan)[0]

    def take(number: int) -> str:
        try:
            take_up(office["officials"][number], work.pk)
        except Conflict as refused:
            return refused.code
        return "taken"

    taken = _together(count, take)
    desk = Desk.of(office["officials"][0])
    shown = list_work(desk, Tab.IN_PROGRESS)
    result = {
        "forwarded": forwarded,
        "leads": leads,
        "others": others,
        "taken": taken,
        "steps": ForwardingStep.objects.filter(act="taken_up").count(),
        "counted": count_work(desk).in_progress,
        "shown": [str(row.pk) for row in shown.rows] == [str(work.pk)],
    }
    print(json.dumps(result))


if __name__ == "__main__":
    django.setup()
    prove(int(sys.argv[2]))
