"""An office with a book for each clerk: `python -m tests.support.doubles_worker N`.

N times all enter the same document at one moment, each into another incoming book;
then all give a number at one moment, each in another outgoing book, where the same one
comes next. Whoever is warned confirms afterwards. What came of it is printed as JSON.

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

CLERKS = 4


def _office() -> tuple[list[Any], list[Any], list[Any]]:
    """Clerks, their incoming books, their outgoing books."""
    from server.accounts.models import Membership, Organisation, Role, Unit, User
    from server.registry.actions.registers import RegisterPlan, open_register

    office = Organisation.objects.create(name="Văn phòng", abbreviation="VP")
    desk = Unit.objects.create(organisation=office, name="Văn thư", abbreviation="VT")
    clerks, books = [], {"incoming": [], "outgoing": []}
    for n in range(CLERKS):
        clerk = User.objects.create_user(f"vanthu{n}", None, full_name=f"Văn Thư {n}")
        Membership.objects.create(user=clerk, unit=desk, role=Role.CLERK)
        clerks.append(clerk)
        for kind, opened in books.items():
            plan = RegisterPlan(name=f"Sổ {kind} {n}", kind=kind)
            opened.append(open_register(clerk, office.pk, plan))
    return clerks, books["incoming"], books["outgoing"]


def together(act: Callable[[int], object], people: int = CLERKS) -> list[str]:
    """What each was told when all do it at one moment."""
    gate = threading.Barrier(people)

    def one(number: int) -> str:
        from django.db import connection

        gate.wait()
        try:
            return _told(lambda: act(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as threads:
        return list(threads.map(one, range(people)))


def _told(act: Callable[[], object]) -> str:
    """SQLite's queue is unfair: who waits too long is sent away, and asks again."""
    from django.db import OperationalError

    from server.common.errors import Conflict

    while True:
        try:
            act()
        except Conflict as refused:
            return refused.code
        except OperationalError as error:
            if "locked" not in str(error):
                raise
        else:
            return "in"


def prove(rounds: int) -> None:
    from server.registry.actions.incoming import IncomingEntry, register_incoming
    from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
    from server.registry.models import IncomingDocument, OutgoingDocument

    clerks, incoming, outgoing = _office()
    letter = OutgoingEntry("CV", "mời họp", "Bùi Hồng Quý")

    def enter(number: int, document: str) -> None:
        entry = IncomingEntry("CV", "Sở Nội vụ", "báo cáo", full_number=document)
        register_incoming(clerks[number], incoming[number].pk, entry)

    def give(number: int, is_second: bool = False) -> None:
        book = outgoing[number].pk
        register_outgoing(clerks[number], book, letter, is_second=is_second)

    entered: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for turn in range(1, rounds + 1):
        told = together(lambda number, turn=turn: enter(number, f"{turn}/SNV"))
        entered.update(told)
        told = together(give)
        given.update(told)
        for number, word in enumerate(told):
            if word != "in":
                give(number, is_second=True)
    found = {
        "entered": entered,
        "given": given,
        "incoming": IncomingDocument.objects.count(),
        "outgoing": OutgoingDocument.objects.count(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    django.setup()
    prove(int(sys.argv[1]))
