"""The demo office that a newcomer meets."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from collab.ports import Level
from server.accounts.models import Organisation, User
from server.publishing.signing.images import Ink
from server.registry.abilities import Action
from server.registry.access import access_draft, find_access
from server.registry.actions.drafts import rename
from server.registry.actions.policy import Rules, set_policy
from server.registry.actions.stamps import set_seal_image, set_signature_image
from server.registry.exports import committed_content
from server.registry.models import (
    CaseFile,
    Draft,
    OfficePolicy,
    SealImage,
    SignatureImage,
)
from server.registry.queries.approvals import waiting_for
from server.registry.stamps import seal_stamp, signature_stamp
from tests.support.signing import handwriting, seal

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
        "vanthuso": "clerk",
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


def test_the_leader_has_a_signature_and_the_office_a_seal(office: None) -> None:
    leader = User.objects.get(username="lanhdao")
    seat = Organisation.objects.get(abbreviation="VPUBND")
    assert signature_stamp(leader).ink is Ink.BLUE
    assert seal_stamp(seat).ink is Ink.RED


def test_seeding_again_brings_no_picture_back(office: None) -> None:
    leader = User.objects.get(username="lanhdao")
    clerk = User.objects.get(username="vanthu")
    seat = Organisation.objects.get(abbreviation="VPUBND")
    set_signature_image(leader, handwriting().data)
    set_seal_image(clerk, seat, seal().data)
    call_command("seed", verbosity=0)
    assert signature_stamp(leader).data == handwriting().data
    assert seal_stamp(seat).data == seal().data
    assert (SignatureImage.objects.count(), SealImage.objects.count()) == (2, 2)


def test_without_keys_the_demo_office_does_not_sign(office: None) -> None:
    assert not OfficePolicy.objects.exists()


def test_with_keys_it_signs_until_a_leader_rules_otherwise(
    db: None, tmp_path: Path, settings: Any
) -> None:
    settings.ORGANISATION_KEY = tmp_path / "organisation.p12"
    settings.ORGANISATION_PASSWORD = tmp_path / "organisation.password"
    settings.PERSON_KEYS = tmp_path / "people"
    settings.TRUST_DIR = tmp_path / "trust"
    call_command("seed", "--with-keys", verbosity=0)
    policy = OfficePolicy.objects.get()
    assert policy.organisation.abbreviation == "VPUBND"
    assert policy.signs_digitally
    keys = {path: path.read_bytes() for path in tmp_path.rglob("*.p12")}
    assert {path.stem for path in keys} == {"organisation", "lanhdao"}
    leader = User.objects.get(username="lanhdao")
    set_policy(leader, policy.organisation_id, Rules(signs_digitally=False))
    call_command("seed", "--with-keys", verbosity=0)
    policy.refresh_from_db()
    assert not policy.signs_digitally
    assert {path: path.read_bytes() for path in keys} == keys
