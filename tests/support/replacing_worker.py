"""Documents that two drafts replace: `python -m tests.support.replacing_worker N`.

N times a document is issued, then two drafts that correct it at one moment, then two
that replace it at one moment. What came of it is printed as JSON.

It runs on the product's own settings (DATA_DIR, DUTHAO_DATABASE_URL), in a migrated
database.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import django

from tests.support.doubles_worker import together


class Office:
    """An official, a head, a leader, a clerk; one outgoing book."""

    def __init__(self) -> None:
        from server.accounts.models import Membership, Organisation, Role, Unit, User
        from server.registry.actions.registers import RegisterPlan, open_register

        house = Organisation.objects.create(name="Văn phòng UBND", abbreviation="VP")
        unit = Unit.objects.create(organisation=house, name="HCTC", abbreviation="HCTC")

        def person(name: str, role: Role) -> User:
            user = User.objects.create_user(name, None, full_name=f"Người {name}")
            Membership.objects.create(user=user, unit=unit, role=role, is_primary=True)
            return user

        self.official = person("chuyenvien", Role.OFFICIAL)
        self.head = person("truongphong", Role.HEAD)
        self.leader = person("lanhdao", Role.LEADER)
        self.clerk = person("vanthu", Role.CLERK)
        self.book = open_register(self.clerk, house.pk, RegisterPlan(name="Sổ đi"))

    def begun(self, number: int) -> Any:
        from server.registry.actions.drafts import create_draft

        return create_draft(self.official, title=f"V/v số {number}", type_code="CV")

    def linked(self, document: Any, kind: Any) -> Any:
        from server.registry.actions.linked_drafts import begin_linked_draft

        return self.approved(begin_linked_draft(self.official, document.pk, kind))

    def approved(self, draft: Any) -> Any:
        from server.registry.actions.process import Request, submit, take
        from server.registry.seen import seen_digest
        from server.registry.texts import committed
        from server.registry.workflow.table import Act
        from tests.support.issuing import write_letter

        write_letter(draft)
        submit(self.official, draft.pk, signer=self.leader)
        for who, act in (
            (self.head, Act.APPROVE_CONTENT),
            (self.clerk, Act.CHECK_FORMAT),
            (self.leader, Act.APPROVE),
        ):
            take(
                who,
                draft.pk,
                Request(act, seen=seen_digest(draft.pk, committed(draft.pk).digest)),
            )
        return draft

    def issue(self, draft: Any) -> Any:
        from server.registry.actions.issuing import issue
        from tests.support.issuing import plan_for

        return issue(self.clerk, draft.pk, plan_for(draft, self.book))

    def issued_together(self, drafts: list[Any]) -> list[str]:
        return together(lambda number: self.issue(drafts[number]), len(drafts))


def prove(rounds: int) -> None:
    from server.registry.models import DocumentLink, LinkKind, OutgoingDocument

    office = Office()
    told: dict[str, Counter[str]] = {kind.value: Counter() for kind in LinkKind}
    for number in range(rounds):
        old = office.issue(office.approved(office.begun(number)))
        drafts = {kind: [office.linked(old, kind) for _ in "ab"] for kind in LinkKind}
        for kind in (LinkKind.CORRECTS, LinkKind.REPLACES):
            told[kind.value].update(office.issued_together(drafts[kind]))
    numbers = sorted(OutgoingDocument.objects.values_list("number", flat=True))
    replaced = DocumentLink.objects.filter(kind=LinkKind.REPLACES)
    found = {
        "told": told,
        "gaps": numbers != list(range(1, len(numbers) + 1)),
        "issued": len(numbers),
        "replaced": replaced.values("target").distinct().count(),
        "replacements": replaced.count(),
        "corrections": DocumentLink.objects.filter(kind=LinkKind.CORRECTS).count(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    django.setup()
    prove(int(sys.argv[1]))
