"""An office that issues while its machine dies: `python -m tests.support.issue_worker`.

    prepare COUNT  an office with so many approved drafts, signed by the signer
    kill EVERY     the first draft; a child process is killed before every EVERY-th
                   statement of the issue, and once right after the commit
    crowd CLERKS   as many processes at once issue all the drafts

Each act is a process of its own: the program that draws pages has threads and must not
be forked, so only children draw. All work on the product's own settings (DATA_DIR,
DUTHAO_DATABASE_URL), in a migrated database, with files and keys on disk. What the
database holds after each death is printed as JSON.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django


def prepare(drafts: int) -> None:
    from django.conf import settings

    from server.accounts.models import Membership, Organisation, Role, Unit, User
    from server.registry.actions.drafts import create_draft
    from server.registry.actions.process import Request, submit, take
    from server.registry.actions.registers import RegisterPlan, open_register
    from server.registry.actions.stamps import set_seal_image, set_signature_image
    from server.registry.models import OfficePolicy
    from server.registry.texts import committed
    from server.registry.workflow.table import Act
    from tests.support import signing
    from tests.support.issuing import write_letter

    house = Organisation.objects.create(name="Văn phòng UBND", abbreviation="VPUBND")
    unit = Unit.objects.create(organisation=house, name="HCTC", abbreviation="HCTC")
    people = {}
    for name, full_name, role in (
        ("chuyenvien", "Trần Thị Ánh Tuyết", Role.OFFICIAL),
        ("truongphong", "Nguyễn Văn Phi", Role.HEAD),
        ("lanhdao", "Bùi Hồng Quý", Role.LEADER),
        ("vanthu", "Lê Thị Hồng Đào", Role.CLERK),
    ):
        people[name] = User.objects.create_user(name, None, full_name=full_name)
        Membership.objects.create(
            user=people[name], unit=unit, role=role, is_primary=True
        )
    OfficePolicy.objects.create(organisation=house, signs_digitally=True)
    keys = signing.keys()
    settings.PERSON_KEYS.mkdir(parents=True, exist_ok=True)
    for path, key in (
        (settings.ORGANISATION_KEY, keys.office),
        (settings.PERSON_KEYS / "lanhdao.p12", keys.leader),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(key.data)
        path.with_suffix(".password").write_bytes(key.password)
    set_signature_image(people["lanhdao"], signing.handwriting().data)
    set_seal_image(people["vanthu"], house, signing.seal().data)
    open_register(people["vanthu"], house.pk, RegisterPlan(name="Sổ đi"))
    for number in range(drafts):
        draft = create_draft(
            people["chuyenvien"], title=f"V/v số {number}", type_code="CV"
        )
        write_letter(draft)
        submit(people["chuyenvien"], draft.pk, signer=people["lanhdao"])
        for who, act in (
            ("truongphong", Act.APPROVE_CONTENT),
            ("vanthu", Act.CHECK_FORMAT),
            ("lanhdao", Act.APPROVE),
        ):
            seen = committed(draft.pk).digest
            take(people[who], draft.pk, Request(act, seen=seen))


def office() -> tuple[Any, Any, list[Any]]:
    """The clerk, the register and the approved drafts."""
    from server.accounts.models import User
    from server.registry.models import Draft, Register

    drafts = list(Draft.objects.select_related("unit").order_by("pk"))
    return User.objects.get(username="vanthu"), Register.objects.get(), drafts


def issue_one(clerk: Any, register: Any, draft: Any) -> Any:
    from server.common import clock
    from server.registry.actions.issuing import issue
    from server.registry.issuing.plan import RecipientPlan
    from tests.support.issuing import plan_for

    outside = RecipientPlan(name="Đảng ủy phường", channel="paper")
    here = RecipientPlan(unit=draft.unit_id, must_act=True, deadline=clock.today())
    return issue(clerk, draft.pk, plan_for(draft, register, here, outside))


def child(work: Callable[[], None]) -> int:
    """Run it in a process of its own; the signal or the exit code that ended it."""
    from django.db import connections

    connections.close_all()
    process = os.fork()
    if process == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _process, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def holds() -> dict[str, int]:
    """How much of an issue the database holds."""
    from server.common.models import OutboxEvent
    from server.registry import models

    counter = models.RegisterCounter.objects.first()
    return {
        "numbers": models.IssuedNumber.objects.count(),
        "last": counter.last_number if counter else 0,
        "rows": models.OutgoingDocument.objects.count(),
        "files": models.IssuedFiles.objects.count(),
        "recipients": models.Recipient.objects.count(),
        "records": models.IssueRecord.objects.count(),
        "issued": models.Draft.objects.filter(state="issued").count(),
        "told": OutboxEvent.objects.filter(kind="outgoing.issued").count(),
    }


def faults() -> list[str]:
    from server.registry.queries.records import Fault, check_records

    return [found.what for found in check_records() if isinstance(found, Fault)]


def kill(every: int) -> None:
    from django.conf import settings
    from django.db import connection

    from server.common import outbox
    from server.registry.actions import issuing

    clerk, register, (draft, *_others) = office()
    # Drawing and signing ask no database, so those who die share one drawing; who
    # comes to the end draws for itself.
    drawn = Path(settings.DATA_DIR, "drawn.pickle")
    assert child(lambda: draw_once(clerk, register, draft, drawn)) == 0

    def dying_at(statement: int) -> Callable[[], None]:
        def work() -> None:
            seen = 0

            def count(execute: Any, *rest: Any) -> Any:
                nonlocal seen
                seen += 1
                if seen == statement:
                    die()
                return execute(*rest)

            with connection.execute_wrapper(count):
                # The last child of all dies right after its commit.
                if statement == 0:
                    outbox.listen(lambda _event: die())
                else:
                    files = pickle.loads(drawn.read_bytes())
                    issuing.make_files = lambda *_asked: files
                issue_one(clerk, register, draft)

        return work

    deaths, statement = [], 1
    while True:
        # The whole issue would be done in this child: stop before it is.
        ended = child(rehearsed(dying_at(statement)))
        if ended != -signal.SIGKILL:
            break
        deaths.append(holds())
        statement += every
    assert ended == 0, f"ended with {ended}"
    after_commit = child(dying_at(0))
    committed = holds()
    repeated = child(lambda: issue_one(clerk, register, draft))
    print(
        json.dumps(
            {
                "statements": statement,
                "deaths": deaths,
                "after_commit": after_commit,
                "committed": committed,
                "repeated": repeated,
                "at_last": holds(),
                "faults": faults(),
            }
        )
    )


def draw_once(clerk: Any, register: Any, draft: Any, path: Path) -> None:
    """The files of the issue, as `issue` would make them, left for the others."""
    from server.registry.issuing.files import make_files
    from server.registry.issuing.preparation import prepare as ready_for
    from tests.support.issuing import plan_for

    ready = ready_for(clerk, draft, plan_for(draft, register))
    path.write_bytes(pickle.dumps(make_files(ready.source, ready.guess)))


def rehearsed(work: Callable[[], None]) -> Callable[[], None]:
    """The same, but what is not killed is rolled back in the end."""

    def run() -> None:
        from django.db import transaction

        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    return run


def crowd(clerks: int) -> None:
    from django.db import connections

    clerk, register, drafts = office()
    connections.close_all()
    processes = []
    for first in range(clerks):
        process = os.fork()
        if process == 0:
            code = 1
            try:
                for draft in drafts[first::clerks]:
                    issue_patiently(clerk, register, draft)
                code = 0
            finally:
                os._exit(code)
        processes.append(process)
    codes = [os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]) for p in processes]
    from server.registry.models import OutgoingDocument

    numbers = sorted(OutgoingDocument.objects.values_list("number", flat=True))
    print(
        json.dumps(
            {"codes": codes, "numbers": numbers, "holds": holds(), "faults": faults()}
        )
    )


def issue_patiently(clerk: Any, register: Any, draft: Any) -> None:
    """SQLite's queue is unfair: who waits too long is sent away, and asks again."""
    from django.db import OperationalError

    while True:
        try:
            issue_one(clerk, register, draft)
        except OperationalError as error:
            if "locked" not in str(error):
                raise
        else:
            return


def main() -> None:
    django.setup()
    act, *words = sys.argv[1:]
    {"prepare": prepare, "kill": kill, "crowd": crowd}[act](*map(int, words))


if __name__ == "__main__":
    main()
