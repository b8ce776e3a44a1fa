"""An office of clerks as one process: `python -m tests.support.number_worker`.

    prepare CLERKS            an organisation, its clerks, a register: its id as JSON
    work REGISTER FIRST COUNT FROM TO
                              clerks FIRST … FIRST+COUNT-1, a thread each, do their
                              tasks FROM … TO-1; begins at a line on standard input
    report REGISTER           what the database holds, as JSON

It runs on the product's own settings (DATA_DIR, DUTHAO_DATABASE_URL), in a migrated
database. A clerk prints "clerk task number" only after the commit, so what was printed
must be found later.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import django

TYPES = ("CV", "QĐ", "TB")


class Withdrawn(Exception):
    """The clerk changes their mind inside the transaction."""


def prepare(clerks: int) -> None:
    from server.accounts.models import Membership, Organisation, Role, Unit, User
    from server.registry.actions.registers import RegisterPlan, open_register

    office = Organisation.objects.create(name="Văn phòng", abbreviation="VP")
    unit = Unit.objects.create(organisation=office, name="Văn thư", abbreviation="VT")
    people = [
        User.objects.create_user(f"vanthu{n}", None, full_name=f"Văn Thư {n}")
        for n in range(clerks)
    ]
    for person in people:
        Membership.objects.create(user=person, unit=unit, role=Role.CLERK)
    plan = RegisterPlan(name="Sổ văn bản đi")
    print(json.dumps(str(open_register(people[0], office.pk, plan).pk)))


def work(register: str, first: int, count: int, start: int, end: int) -> None:
    from server.accounts.models import User

    people = {
        n: User.objects.get(username=f"vanthu{n}") for n in range(first, first + count)
    }
    said = threading.Lock()
    print("ready", flush=True)
    sys.stdin.readline()

    def clerk(name: int) -> None:
        from django.db import connection

        for task in range(start, end):
            done = patiently(partial(do_task, people[name], register, name, task))
            with said:
                print(name, task, done, flush=True)
        connection.close()

    with ThreadPoolExecutor(count) as pool:
        for desk in [pool.submit(clerk, name) for name in people]:
            desk.result()


def patiently(act: Callable[[], int]) -> int:
    """SQLite's queue is unfair: who waits too long is sent away, and asks again."""
    from django.db import OperationalError

    while True:
        try:
            return act()
        except OperationalError as error:
            if "locked" not in str(error):
                raise


def do_task(person: object, register: str, name: int, task: int) -> int:
    """The number that was given: mostly to a document, now and then made void."""
    from django.db import transaction

    from server.common import clock
    from server.registry.actions import numbers, outgoing

    kind = TYPES[(name + task) % len(TYPES)]
    entry = outgoing.OutgoingEntry(kind, f"Văn bản {name}-{task}", "Nguyễn Văn An")
    if (name + task) % 6 == 3:
        try:
            with transaction.atomic():
                outgoing.register_outgoing(person, register, entry)
                raise Withdrawn
        except Withdrawn:
            pass
    if (name + task) % 9 == 5:
        held = numbers.reserve_number(
            person,
            register,
            document_type=kind,
            on_date=clock.today(),
            reason="giữ chỗ",
        )
        return numbers.void_number(person, held.pk, "không dùng").number
    return outgoing.register_outgoing(person, register, entry).number


def report(register: str) -> None:
    from server.registry.models import IssuedNumber, OutgoingDocument, RegisterCounter

    numbers = IssuedNumber.objects.filter(register=register)
    rows = OutgoingDocument.objects.filter(register=register)
    (counter,) = RegisterCounter.objects.filter(register=register)
    found = {
        "last": counter.last_number,
        "numbers": list(numbers.values_list("number", "state")),
        "rows": list(rows.values_list("number", "full_number", "subject")),
        "loose": rows.exclude(issued_number__state="used").count(),
    }
    print(json.dumps(found))


def main() -> None:
    django.setup()
    act, *words = sys.argv[1:]
    if act == "prepare":
        prepare(int(words[0]))
    elif act == "work":
        work(words[0], *map(int, words[1:]))
    else:
        report(words[0])


if __name__ == "__main__":
    main()
