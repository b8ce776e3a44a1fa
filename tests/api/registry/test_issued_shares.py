"""Who keeps reading issued files after a change of office: whoever has a share of one's
own; who read through a unit does not. The owner ends a share also after the issue."""

from __future__ import annotations

from typing import Any

import pytest

from collab.ports import Level
from server.accounts.models import Membership, User
from server.common.errors import NotFound
from server.registry.actions.drafts import create_draft
from server.registry.actions.issuing import issue
from server.registry.actions.process import submit
from server.registry.actions.shares import end_share, share
from server.registry.issued_access import access_issued_files
from server.registry.models import DraftShare, OutgoingDocument
from server.registry.workflow.table import State
from tests.support.cast import make_person
from tests.support.issuing import plan_for, write_letter
from tests.support.process import WAY, WHO, step


@pytest.fixture
def people(cast: Any) -> dict[str, User]:
    return {
        "by_name": make_person("tenrieng", "Đỗ Thị Mai", cast.units["TH"]),
        "by_unit": make_person("theophong", "Ngô Văn Bảy", cast.units["TH"]),
    }


@pytest.fixture
def document(
    cast: Any, people: dict[str, User], outgoing_register: Any
) -> OutgoingDocument:
    draft = create_draft(cast.chuyenvien, title="V/v chia sẻ", type_code="CV")
    write_letter(draft)
    share(cast.chuyenvien, draft.pk, to=people["by_name"], level=Level.VIEW)
    share(cast.chuyenvien, draft.pk, to=cast.units["TH"], level=Level.VIEW)
    submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
    for act in WAY[State.APPROVED]:
        step(cast.people[WHO[act]], draft, act)
    return issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))


def reads(person: User, document: OutgoingDocument) -> bool:
    person.refresh_from_db()
    try:
        access_issued_files(person, document.pk)
    except NotFound:
        return False
    return True


def test_a_share_to_a_person_goes_with_the_person_one_to_a_unit_stays(
    cast: Any, people: dict[str, User], document: OutgoingDocument
) -> None:
    assert all(reads(person, document) for person in people.values())
    moved = Membership.objects.filter(user__in=people.values())
    moved.update(unit=cast.units["VPS"])
    assert reads(people["by_name"], document)
    assert not reads(people["by_unit"], document)


def test_the_owner_ends_the_share_of_what_was_issued(
    cast: Any, people: dict[str, User], document: OutgoingDocument
) -> None:
    who = people["by_name"]
    Membership.objects.filter(user=who).update(unit=cast.units["VPS"])
    held = DraftShare.objects.get(draft=document.draft_id, user=who)
    end_share(cast.chuyenvien, held.draft_id, held.pk)
    assert not reads(who, document)


def test_an_account_that_was_closed_reads_nothing(
    people: dict[str, User], document: OutgoingDocument
) -> None:
    who = people["by_name"]
    User.objects.filter(pk=who.pk).update(is_active=False)
    assert not reads(who, document)
