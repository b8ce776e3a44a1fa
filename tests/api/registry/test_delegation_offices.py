"""An administrator writes mandates for the own organisation, and for no other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from server.accounts.models import Membership, Role
from server.common import clock
from server.registry.models import Delegation
from tests.support.cast import make_person, make_unit

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
PEOPLE = ["chuyenvien", "truongphong", "lanhdao", "vanthu", "sotttt", "quantri"]
HERE = {"principal": "lanhdao", "delegate": "truongphong"}
THERE = {"principal": "giamdoc", "delegate": "sotttt"}
OUT = {"principal": "lanhdao", "delegate": "sotttt"}

# Who gives the mandate of `pair` for whom: what the server answers.
GIVING = [
    *[(who, HERE, 201 if who in {"lanhdao", "quantri"} else 403) for who in PEOPLE],
    ("quantriso", HERE, 403),
    ("stranger", HERE, 403),
    *[(who, THERE, 403) for who in PEOPLE],
    ("quantriso", THERE, 201),
    ("giamdoc", THERE, 201),
    # One's own power goes to anybody; an administrator gives it to nobody outside.
    ("lanhdao", OUT, 201),
    ("quantri", OUT, 403),
    # What rests on no person belongs to the organisation of who acts.
    ("quantri", {"principal": None, "delegate": "lanhdao"}, 201),
    ("quantri", {"principal": None, "delegate": "giamdoc"}, 403),
    ("quantriso", {"principal": None, "delegate": "giamdoc"}, 201),
    # Nobody makes himself a stand-in, or an acting head.
    ("quantri", {"principal": "lanhdao", "delegate": "quantri"}, 403),
    ("quantri", {"principal": None, "delegate": "quantri"}, 403),
    ("quantriso", {"principal": "giamdoc", "delegate": "quantriso"}, 403),
    ("quantriso", {"principal": None, "delegate": "quantriso"}, 403),
    # The other one's administrator does not help.
    ("quantriso", {"principal": "lanhdao", "delegate": "quantri"}, 403),
    # A leader lets the administrator stand in: that is the leader's to decide.
    ("lanhdao", {"principal": "lanhdao", "delegate": "quantri"}, 201),
    # With nobody else the mandate is refused, whoever writes it.
    ("lanhdao", {"principal": "lanhdao", "delegate": "lanhdao"}, 400),
]


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def people(cast: Any, stranger: Any) -> dict[str, Any]:
    unit = cast.units["VPS"]
    return {
        **cast.people,
        "stranger": stranger,
        "giamdoc": make_person(
            "giamdoc", "Lan Êban", unit, Role.LEADER, title="Giám đốc"
        ),
        "quantriso": make_person(
            "quantriso", "Lý Văn Tư", unit, Role.ADMINISTRATOR, title="Quản trị"
        ),
    }


def send(browser: Any, people: dict[str, Any], pair: dict[str, Any]) -> Any:
    principal = pair["principal"]
    body = {
        "form": "KT" if principal else "Q",
        "principal": people[principal].username if principal else None,
        "of_nobody": principal is None,
        "delegate": people[pair["delegate"]].username,
        "in_place_of": "" if principal else "Giám đốc",
        "starts_on": "2026-11-24",
        "ends_on": "2026-11-30",
        "powers": ["sign"],
    }
    return browser.post("/api/v1/delegations", body, content_type="application/json")


@pytest.mark.parametrize(("who", "pair", "status"), GIVING)
def test_who_may_give_which_mandate(
    who: str, pair: dict[str, Any], status: int, people: Any, signed_in: Any
) -> None:
    answer = send(signed_in(people[who]), people, pair)
    assert answer.status_code == status, answer.content.decode()
    assert Delegation.objects.count() == (status == 201)


def test_an_administrator_of_the_parent_gives_to_who_works_below(
    cast: Any, people: Any, signed_in: Any
) -> None:
    unit = make_unit(cast.province, "Lãnh đạo UBND", "LĐUB")
    people["chutich"] = make_person(
        "chutich", "Phạm Ngọc Nghị", unit, Role.LEADER, title="Chủ tịch"
    )
    admin = make_person("quantritinh", "Mã Văn Ba", unit, Role.ADMINISTRATOR)
    pair = {"principal": "chutich", "delegate": "lanhdao"}
    assert send(signed_in(admin), people, pair).status_code == 201
    # Whoever stands below does not reach up, nor does the parent reach down.
    assert send(signed_in(cast.quantri), people, pair).status_code == 403
    assert send(signed_in(admin), people, HERE).status_code == 403


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *[(who, 204 if who in {"lanhdao", "quantri"} else 404) for who in PEOPLE],
        ("quantriso", 404),
        ("giamdoc", 404),
        ("stranger", 404),
    ],
)
def test_who_may_end_a_mandate(
    who: str, status: int, people: Any, signed_in: Any
) -> None:
    made = send(signed_in(people["quantri"]), people, HERE).json()
    Delegation.objects.filter(pk=made["id"]).update(created_by=people["lanhdao"])
    browser = signed_in(people[who])
    answer = browser.delete(f"/api/v1/delegations/{made['id']}")
    assert answer.status_code == status
    ended = Delegation.objects.get(pk=UUID(made["id"])).ended_at
    assert (ended is not None) == (status == 204)


def test_the_list_offers_to_end_only_what_may_be_ended(
    people: Any, signed_in: Any
) -> None:
    send(signed_in(people["quantriso"]), people, THERE)
    # The administrator of the office holds a mandate of the department himself.
    Delegation.objects.update(delegate=people["quantri"])
    shown = signed_in(people["quantri"]).get("/account/delegations/").content.decode()
    assert people["giamdoc"].full_name in shown
    assert "Kết thúc</button>" not in shown


def test_who_left_administration_ends_nothing(people: Any, signed_in: Any) -> None:
    made = send(signed_in(people["lanhdao"]), people, HERE).json()
    Membership.objects.filter(user=people["quantri"]).update(role=Role.OFFICIAL)
    browser = signed_in(people["quantri"])
    assert browser.delete(f"/api/v1/delegations/{made['id']}").status_code == 404
    assert Delegation.objects.get().starts_on == date(2026, 11, 24)


def to_note(browser: Any) -> list[str]:
    return [one["id"] for one in browser.get("/api/v1/approvals").json()["mandates"]]


@pytest.mark.parametrize("ended", [False, True])
def test_a_mandate_that_somebody_else_wrote_is_shown_to_its_giver_until_noted(
    ended: bool, people: Any, signed_in: Any
) -> None:
    administrator, leader = signed_in(people["quantri"]), signed_in(people["lanhdao"])
    made = send(administrator, people, HERE).json()
    if ended:
        # What was ended before it was seen has given something meanwhile.
        administrator.delete(f"/api/v1/delegations/{made['id']}")
    assert to_note(leader) == [made["id"]]
    shown = leader.get("/approvals/").content.decode()
    assert "Hoàng Minh Khôi đã ghi ủy quyền của bạn cho Nguyễn Văn Phi" in shown
    assert leader.get("/approvals/count/").content == b"1"
    noted = f"/account/delegations/{made['id']}/noted/"
    assert noted in shown
    assert leader.post(noted)["Location"] == "/approvals/"
    assert to_note(leader) == []
    assert "đã ghi ủy quyền của bạn" not in leader.get("/approvals/").content.decode()
    assert leader.get("/approvals/count/").content == b""


@pytest.mark.parametrize(
    ("pair", "by"),
    [(HERE, "lanhdao"), ({"principal": None, "delegate": "truongphong"}, "quantri")],
)
def test_what_one_gave_oneself_or_rests_on_nobody_asks_for_no_note(
    pair: Any, by: str, people: Any, signed_in: Any
) -> None:
    send(signed_in(people[by]), people, pair)
    for who in ("lanhdao", "quantri", "truongphong"):
        assert to_note(signed_in(people[who])) == []


@pytest.mark.parametrize("who", [*PEOPLE, "quantriso", "giamdoc", "stranger"])
def test_only_its_giver_notes_a_mandate(who: str, people: Any, signed_in: Any) -> None:
    made = send(signed_in(people["quantri"]), people, HERE).json()
    browser = signed_in(people[who])
    assert (to_note(browser) == [made["id"]]) is (who == "lanhdao")
    answer = browser.post(f"/api/v1/delegations/{made['id']}/noted")
    assert answer.status_code == (204 if who == "lanhdao" else 404)
    noted = Delegation.objects.get(pk=made["id"]).noted_at
    assert (noted is not None) is (who == "lanhdao")
