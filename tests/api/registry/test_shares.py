"""Give access, change it, end it; who has access and why."""

from __future__ import annotations

from typing import Any

import pytest

from collab.ports import Level
from server.accounts.models import Unit
from server.common.models import AuditEntry
from server.registry.models import Draft, DraftShare

API = "/api/v1/drafts"


def put(browser: Any, draft: Draft, **body: Any) -> Any:
    return browser.put(f"{API}/{draft.pk}/shares", body, "application/json")


def level_of(draft: Draft, user: Any) -> int | None:
    found = DraftShare.objects.filter(draft=draft, user=user).first()
    return found.level if found else None


@pytest.mark.parametrize("level", list(Level))
def test_a_person_is_given_each_level_by_sign_in_name(
    level: Level, cast: Any, begin_draft: Any, signed_in: Any, events: Any
) -> None:
    draft = begin_draft()
    before = len(events())
    name = level.name.lower()
    answer = put(signed_in(cast.chuyenvien), draft, user="lanhdao", level=name)
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["level"]) == ("Bùi Hồng Quý", name)
    assert level_of(draft, cast.lanhdao) == level
    assert events()[before:] == [("draft.access_changed", str(draft.pk))]
    entry = AuditEntry.objects.get(action="draft.shared")
    assert (entry.details["user"], entry.details["level"]) == (
        str(cast.lanhdao.pk),
        name,
    )


def test_a_person_is_found_by_id_and_a_unit_by_abbreviation_or_id(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    unit = cast.units["VT"]
    assert (
        put(browser, draft, user=str(cast.vanthu.pk), level="view").status_code == 200
    )
    by_name = put(browser, draft, unit="VT", level="comment").json()
    by_id = put(browser, draft, unit=str(unit.pk), level="edit").json()
    assert by_name["id"] == by_id["id"]
    assert (by_id["kind"], by_id["level"]) == ("unit", "edit")


def test_of_two_units_with_one_abbreviation_the_offices_own_is_meant(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    Unit.objects.create(
        organisation=cast.department, name="Văn thư Sở", abbreviation="VT"
    )
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    answer = put(browser, draft, unit="VT", level="view")
    assert answer.json()["holder"] == str(cast.units["VT"].pk)
    Unit.objects.create(organisation=cast.province, name="Phòng 1", abbreviation="P")
    Unit.objects.create(organisation=cast.department, name="Phòng 2", abbreviation="P")
    assert "unit" in put(browser, draft, unit="P", level="view").json()["fields"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"user": "khongco", "level": "view"}, "user"),
        ({"unit": "KHONGCO", "level": "view"}, "unit"),
        ({"level": "view"}, "user"),
        ({"user": "lanhdao", "unit": "VT", "level": "view"}, "user"),
        ({"user": "lanhdao", "level": "admin"}, "level"),
        ({"user": "lanhdao"}, "level"),
        ({"unit": "VT", "level": "own"}, "level"),
    ],
)
def test_a_share_that_makes_no_sense_is_refused_by_field(
    body: dict[str, str], field: str, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    answer = put(signed_in(cast.chuyenvien), draft, **body)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert draft.shares.count() == 1


def test_changing_a_level_is_one_row_and_says_both_levels(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.EDIT})
    put(signed_in(cast.chuyenvien), draft, user="lanhdao", level="view")
    assert DraftShare.objects.filter(draft=draft, user=cast.lanhdao).count() == 1
    details = AuditEntry.objects.get(action="draft.share_changed").details
    assert (details["before"], details["level"]) == ("edit", "view")


def test_giving_the_level_one_has_tells_nobody(
    cast: Any, begin_draft: Any, signed_in: Any, events: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.EDIT})
    before = events()
    assert put(signed_in(cast.chuyenvien), draft, user="lanhdao", level="edit")
    assert events() == before


@pytest.mark.parametrize("level", [lv for lv in Level if lv < Level.OWN])
def test_only_an_owner_shares(
    level: Level, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.vanthu: level})
    answer = put(signed_in(cast.vanthu), draft, user="sotttt", level="view")
    assert answer.status_code == 403
    assert level_of(draft, cast.sotttt) is None


def test_the_last_owner_can_neither_leave_nor_step_down(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    own = DraftShare.objects.get(draft=draft)
    refused = [
        browser.delete(f"{API}/{draft.pk}/shares/{own.pk}"),
        put(browser, draft, user="chuyenvien", level="edit"),
    ]
    assert [(a.status_code, a.json()["code"]) for a in refused] == [
        (409, "last_owner")
    ] * 2
    assert level_of(draft, cast.chuyenvien) == Level.OWN


def test_an_owner_who_is_no_longer_active_does_not_count(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.OWN})
    cast.lanhdao.is_active = False
    cast.lanhdao.save(update_fields=["is_active"])
    own = DraftShare.objects.get(draft=draft, user=cast.chuyenvien)
    answer = signed_in(cast.chuyenvien).delete(f"{API}/{draft.pk}/shares/{own.pk}")
    assert answer.json()["code"] == "last_owner"


def test_an_owner_leaves_when_another_stays_and_then_sees_nothing(
    cast: Any, begin_draft: Any, signed_in: Any, events: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.OWN})
    browser = signed_in(cast.chuyenvien)
    own = DraftShare.objects.get(draft=draft, user=cast.chuyenvien)
    assert browser.delete(f"{API}/{draft.pk}/shares/{own.pk}").status_code == 204
    assert events()[-1] == ("draft.access_changed", str(draft.pk))
    assert browser.get(f"{API}/{draft.pk}").status_code == 404
    assert AuditEntry.objects.filter(action="draft.share_ended").count() == 1


def test_anyone_may_give_back_a_right_of_his_own_but_no_other(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.VIEW, cast.vanthu: Level.VIEW})
    browser = signed_in(cast.sotttt)
    rows = {s.user_id: s.pk for s in DraftShare.objects.filter(draft=draft)}
    other = browser.delete(f"{API}/{draft.pk}/shares/{rows[cast.vanthu.pk]}")
    assert other.status_code == 403
    mine = browser.delete(f"{API}/{draft.pk}/shares/{rows[cast.sotttt.pk]}")
    assert mine.status_code == 204
    assert level_of(draft, cast.vanthu) == Level.VIEW


def test_a_share_of_another_draft_is_not_found_here(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, other = begin_draft(), begin_draft(shared={cast.vanthu: Level.VIEW})
    foreign = DraftShare.objects.get(draft=other, user=cast.vanthu)
    answer = signed_in(cast.chuyenvien).delete(f"{API}/{draft.pk}/shares/{foreign.pk}")
    assert answer.status_code == 404
    assert DraftShare.objects.filter(pk=foreign.pk).exists()


def test_it_says_who_has_access_and_why(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.units["VT"]: Level.EDIT, cast.sotttt: Level.VIEW})
    listed = signed_in(cast.sotttt).get(f"{API}/{draft.pk}/shares").json()
    assert [(h["kind"], h["name"], h["level"], h["reason"]) for h in listed] == [
        ("user", "Trần Thị Ánh Tuyết", "own", "Người tạo dự thảo"),
        ("unit", "Văn thư", "edit", "Trần Thị Ánh Tuyết chia sẻ"),
        ("user", "Phạm Quốc Đạt", "view", "Trần Thị Ánh Tuyết chia sẻ"),
        ("head", "Nguyễn Văn Phi", "comment", "Trưởng Phòng Hành chính – Tổ chức"),
    ]
    assert listed[3]["id"] is None


def test_the_history_says_it_in_words_to_those_who_may_know(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft("Tên", shared={cast.lanhdao: Level.VIEW})
    put(signed_in(cast.chuyenvien), draft, user="lanhdao", level="comment")
    deeds = signed_in(cast.lanhdao).get(f"{API}/{draft.pk}/history").json()["items"]
    assert [d["sentence"] for d in deeds] == [
        "đổi quyền của Bùi Hồng Quý từ Xem thành Góp ý",
        "chia sẻ với Bùi Hồng Quý (quyền: Xem)",
        "tạo dự thảo “Tên”",
    ]
    assert {d["actor"] for d in deeds} == {"Trần Thị Ánh Tuyết"}
    put(signed_in(cast.chuyenvien), draft, user="sotttt", level="view")
    assert signed_in(cast.sotttt).get(f"{API}/{draft.pk}/history").status_code == 403
