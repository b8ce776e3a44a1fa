"""The demo office that a newcomer meets."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from collab.ports import Level
from server.accounts.models import Organisation, User
from server.registry.abilities import Action
from server.registry.access import access_draft, find_access
from server.registry.actions.drafts import rename
from server.registry.exports import committed_content
from server.registry.models import CaseFile, Draft
from server.registry.queries.approvals import waiting_for

LETTER = "0198a000-0000-7000-8000-000000000328"


@pytest.fixture
def office(db: None) -> None:
    call_command("seed", verbosity=0)


def test_seeding_twice_adds_nothing_and_undoes_nothing(office: None) -> None:
    person = User.objects.get(username="chuyenvien")
    rename(person, LETTER, "Tên đã đổi")
    person.set_password("mat-khau-rieng-2026")
    person.save(update_fields=["password"])
    before = (Draft.objects.count(), User.objects.count(), Organisation.objects.count())
    out = StringIO()
    call_command("seed", stdout=out)
    assert "0 drafts added" in out.getvalue()
    after = (Draft.objects.count(), User.objects.count(), Organisation.objects.count())
    assert after == before
    assert Draft.objects.get(pk=LETTER).title == "Tên đã đổi"
    person.refresh_from_db()
    assert person.check_password("mat-khau-rieng-2026")


def test_the_office_has_case_files_with_documents(office: None) -> None:
    files = CaseFile.objects.order_by("created_at")
    assert [(f.code, f.state, f.entries.count()) for f in files] == [
        ("01.HCTC", "open", 3),
        ("01.TH", "closed", 2),
        ("02.HCTC", "open", 1),
    ]
    call_command("seed", verbosity=0)
    assert CaseFile.objects.count() == 3


def test_there_is_a_sign_in_for_each_role(office: None) -> None:
    roles = User.objects.values_list("username", "memberships__role")
    assert dict(roles) == {
        "chuyenvien": "official",
        "truongphong": "head",
        "lanhdao": "leader",
        "vanthu": "clerk",
        "sotttt": "official",
        "quantri": "administrator",
    }


@pytest.mark.parametrize(
    ("username", "level"),
    [
        ("chuyenvien", Level.OWN),
        ("truongphong", Level.EDIT),
        ("lanhdao", Level.COMMENT),
        ("sotttt", Level.VIEW),
        ("quantri", None),
    ],
)
def test_the_letter_is_shared_as_the_tour_says(
    username: str, level: Level | None, office: None
) -> None:
    found = find_access(User.objects.get(username=username), LETTER)
    assert (found.level if found else None) == level


def test_the_letter_has_all_its_parts_and_no_number_yet(office: None) -> None:
    person = User.objects.get(username="chuyenvien")
    content = committed_content(access_draft(person, LETTER, Action.OPEN).draft)
    fields = content.fields
    assert (fields.issuer_parent, fields.issuer) == ("UBND TỈNH ĐẮK LẮK", "VĂN PHÒNG")
    assert fields.notation == "VPUBND-HCTC"
    assert fields.subject == "đảm bảo hoạt động hiệu quả của Hệ thống idesk"
    assert fields.addressees == "Sở Thông tin và Truyền thông"
    assert fields.recipients.splitlines()[-1] == "Lưu: VT, HCTC (T/Phi)."
    assert fields.signer_name == "Bùi Hồng Quý"
    assert fields.number == ""
    assert len(content.blocks) == 9


@pytest.mark.parametrize(
    ("username", "act"),
    [("truongphong", "approve_content"), ("lanhdao", "approve")],
)
def test_a_draft_waits_for_the_head_and_one_for_the_leader(
    username: str, act: str, office: None
) -> None:
    waiting = waiting_for(User.objects.get(username=username))
    assert [item.act for item in waiting] == [act]
