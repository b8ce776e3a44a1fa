"""Colleagues at one case file at once: `python -m tests.support.case_file_worker`.

Makes an office, lets COLLEAGUES threads open a file in one unit and all put the same
document into the first file, and prints what the database holds, as JSON. Runs on the
product's own settings (DATA_DIR, DUTHAO_DATABASE_URL), in a migrated database.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import django

COLLEAGUES = 12


def main() -> None:
    from django.db import connection

    from server.accounts.models import Membership, Organisation, Role, Unit, User
    from server.common.errors import Conflict
    from server.registry.actions.case_file_ends import tell_what_is_due
    from server.registry.actions.case_file_entries import add_entry
    from server.registry.actions.case_files import CaseFilePlan, create_case_file
    from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
    from server.registry.actions.registers import RegisterPlan, open_register
    from server.registry.case_files.documents import DocumentKind
    from server.registry.models import CaseFile

    office = Organisation.objects.create(name="Văn phòng", abbreviation="VP")
    unit = Unit.objects.create(organisation=office, name="Văn thư", abbreviation="VT")
    clerk = User.objects.create_user("vanthu", None, full_name="Văn Thư")
    Membership.objects.create(user=clerk, unit=unit, role=Role.CLERK)
    book = open_register(clerk, office.pk, RegisterPlan(name="Sổ văn bản đi"))
    letter = register_outgoing(
        clerk, book.pk, OutgoingEntry("CV", "kiểm tra", "Bùi Hồng Quý")
    )
    plan = CaseFilePlan("Hồ sơ chung", "y10")
    shared = create_case_file(clerk, unit.pk, plan)
    line = threading.Barrier(COLLEAGUES)

    def at_once(act: Callable[[], str]) -> list[str]:
        def one(_number: int) -> str:
            line.wait()
            try:
                return act()
            except Conflict as refused:
                return refused.code
            finally:
                connection.close()

        with ThreadPoolExecutor(COLLEAGUES) as people:
            return sorted(people.map(one, range(COLLEAGUES)))

    def put() -> str:
        add_entry(clerk, shared.pk, DocumentKind.OUTGOING, letter.pk)
        return "in"

    def tell() -> str:
        return str(tell_what_is_due())

    found = {
        "codes": at_once(lambda: create_case_file(clerk, unit.pk, plan).code),
        "put": at_once(put),
        "entries": shared.entries.count(),
    }
    CaseFile.objects.update(
        state="closed",
        ends_on="2026-01-01",
        starts_on="2026-01-01",
        due_on="2026-01-02",
        notice_on="2026-01-01",
    )
    found["told"] = sum(map(int, at_once(tell)))
    print(json.dumps(found))


if __name__ == "__main__":
    django.setup()
    main()
