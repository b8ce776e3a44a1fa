"""Mandates over pages: who may give, see and end them, and what a fault is called."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.accounts.models import Membership, Role
from server.common import clock
from server.registry.actions.delegations import Wish, delegate
from server.registry.models import Delegation
from server.registry.workflow.authority import Form, Power

LIST, NEW = "/account/delegations/", "/account/delegations/new/"
NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
PEOPLE = ["chuyenvien", "truongphong", "lanhdao", "vanthu", "sotttt", "quantri"]
# Who has a power of their own, or writes mandates down for others.
GIVERS = {"truongphong", "lanhdao", "quantri"}


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


def asked(to: Any, **more: Any) -> dict[str, Any]:
    return {
        "form": "KT",
        "delegate": str(to.pk),
        "starts_on": "2026-11-24",
        "ends_on": "2026-11-30",
        "powers": ["sign"],
        **more,
    }


def give(cast: Any, **more: Any) -> Delegation:
    wish: dict[str, Any] = {
        "form": Form.KT,
        "principal": cast.lanhdao,
        "delegate": cast.truongphong,
        "starts_on": date(2026, 11, 20),
        "ends_on": date(2026, 11, 30),
        **more,
    }
    return delegate(more.pop("by", cast.lanhdao), Wish(**wish))


@pytest.mark.parametrize("who", [*PEOPLE, "stranger"])
def test_only_who_has_a_power_is_offered_to_give_one(
    who: str, cast: Any, signed_in: Any, request: Any
) -> None:
    person = cast.people.get(who) or request.getfixturevalue(who)
    browser = signed_in(person)
    shown = browser.get(LIST).content.decode()
    assert (NEW in shown) is (who in GIVERS)
    status = 200 if who in GIVERS else 403
    assert browser.get(NEW).status_code == status
    assert browser.get(f"{LIST}people/?who=delegate").status_code == status
    if who not in GIVERS:
        assert browser.post(NEW, asked(cast.vanthu)).status_code == 403
        assert not Delegation.objects.exists()


def test_a_leader_gives_a_mandate_on_the_page(cast: Any, signed_in: Any) -> None:
    browser = signed_in(cast.lanhdao)
    document = "Quyết định số 12/QĐ-VPUBND"
    answer = browser.post(NEW, asked(cast.truongphong, document=document))
    assert answer["Location"] == LIST
    made = Delegation.objects.get()
    assert (made.principal, made.delegate) == (cast.lanhdao, cast.truongphong)
    assert (made.in_place_of, made.document) == ("Chánh Văn phòng", document)
    assert (made.may_sign, made.may_approve_content) == (True, False)
    shown = browser.get(LIST).content.decode()
    for words in ("Bùi Hồng Quý", "Nguyễn Văn Phi", document, "Đang có hiệu lực"):
        assert words in shown
    assert "từ 24/11/2026 đến hết 30/11/2026" in shown


def test_nobody_gives_anothers_power_by_naming_them(cast: Any, signed_in: Any) -> None:
    sent = asked(cast.vanthu, principal=str(cast.lanhdao.pk))
    page = signed_in(cast.truongphong).post(NEW, sent)
    # The head has no power to sign, and whom the form names is not asked.
    assert page.status_code == 400
    assert not Delegation.objects.exists()


def test_the_administrator_writes_down_whose_mandate_it_is(
    cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.quantri)
    assert browser.post(NEW, asked(cast.truongphong)).status_code == 400
    sent = asked(cast.truongphong, principal=str(cast.lanhdao.pk))
    assert browser.post(NEW, sent).status_code == 302
    acting = asked(
        cast.truongphong, form="Q", in_place_of="Chánh Văn phòng", ends_on=""
    )
    assert browser.post(NEW, acting).status_code == 302
    # The clock stands still here, so the rows are told apart by what they are.
    kinds = Delegation.objects.order_by("form").values_list("form", "principal")
    assert list(kinds) == [("KT", cast.lanhdao.pk), ("Q", None)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"delegate": ""}, "Hãy chọn người được ủy quyền"),
        ({"starts_on": ""}, "Từ ngày"),
        ({"starts_on": "2026-02-30"}, "không có trong lịch"),
        ({"ends_on": "2026-11-01"}, "Ngày hết hạn phải sau ngày bắt đầu"),
        ({"form": "TUQ"}, "phải bằng văn bản"),
        ({"form": "TUQ", "document": "QĐ 12", "ends_on": ""}, "phải có thời hạn"),
        ({"form": "Q"}, "Hình thức ký"),
        ({"form": "XX"}, "Hình thức ký"),
        ({"powers": []}, "ít nhất một quyền"),
        ({"powers": ["content"]}, "không có quyền này"),
        ({"in_place_of": "x" * 201}, "Dài quá 200 ký tự"),
        ({"document": "x" * 201}, "Dài quá 200 ký tự"),
    ],
)
def test_a_fault_is_named_and_what_was_typed_stays(
    change: dict[str, Any], words: str, cast: Any, signed_in: Any
) -> None:
    sent = {**asked(cast.truongphong, document="QĐ số 12"), **change}
    if change.get("form") == "TUQ" and "document" not in change:
        sent["document"] = ""
    page = signed_in(cast.lanhdao).post(NEW, sent)
    assert page.status_code == 400
    shown = page.content.decode()
    assert words in shown
    assert sent["document"] in shown
    if sent["delegate"]:
        assert f'value="{cast.truongphong.pk}" checked' in shown
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("who", [*PEOPLE, "stranger"])
def test_a_mandate_is_seen_by_whom_it_concerns_and_ended_by_its_giver(
    who: str, cast: Any, signed_in: Any, request: Any
) -> None:
    given = give(cast)
    person = cast.people.get(who) or request.getfixturevalue(who)
    browser = signed_in(person)
    concerned, enders = {"lanhdao", "truongphong", "quantri"}, {"lanhdao", "quantri"}
    shown = browser.get(LIST).content.decode()
    assert ("Chánh Văn phòng · Duyệt ký" in shown) is (who in concerned)
    end = f"{LIST}{given.pk}/end/"
    assert (end in shown) is (who in enders)
    assert browser.post(end).status_code == (302 if who in enders else 404)
    given.refresh_from_db()
    assert (given.ended_at is not None) is (who in enders)
    if who in enders:
        after = browser.get(LIST).content.decode()
        assert "Đã kết thúc" in after
        assert end not in after


def test_what_rests_on_an_ended_mandate_is_over_too(cast: Any, signed_in: Any) -> None:
    order = give(cast, form=Form.TL)
    passed = Wish(
        form=Form.KT,
        principal=cast.truongphong,
        delegate=cast.vanthu,
        starts_on=date(2026, 11, 24),
        ends_on=date(2026, 11, 30),
        powers=frozenset({Power.SIGN}),
        under=order.pk,
    )
    delegate(cast.truongphong, passed)
    browser = signed_in(cast.vanthu)
    assert "Đang có hiệu lực" in browser.get(LIST).content.decode()
    signed_in(cast.lanhdao).post(f"{LIST}{order.pk}/end/")
    assert "Đang có hiệu lực" not in browser.get(LIST).content.decode()


def test_a_mandate_that_may_be_passed_on_is_offered(cast: Any, signed_in: Any) -> None:
    order = give(cast, form=Form.TL, delegate=cast.chuyenvien)
    browser = signed_in(cast.chuyenvien)
    assert f'value="{order.pk}"' in browser.get(NEW).content.decode()
    sent = asked(cast.vanthu, under=str(order.pk))
    assert browser.post(NEW, sent).status_code == 302
    assert Delegation.objects.get(delegate=cast.vanthu).under == order
    stolen = signed_in(cast.truongphong).post(NEW, sent)
    assert stolen.status_code == 400


def test_people_are_found_without_marks_and_oneself_is_not(
    cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.lanhdao)
    found = browser.get(f"{LIST}people/?who=delegate&delegate_q=nguyen van phi")
    assert f'name="delegate" value="{cast.truongphong.pk}"' in found.content.decode()
    mine = browser.get(f"{LIST}people/?who=delegate&delegate_q=bui hong quy")
    assert "Không tìm thấy ai" in mine.content.decode()


def test_the_list_is_paged_and_asks_as_often_for_many_as_for_few(
    cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.lanhdao)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(LIST).status_code == 200
        return len(caught)

    give(cast)
    few = queries()
    for _ in range(30):
        give(cast)
    assert queries() == few
    first = browser.get(LIST).content.decode()
    assert first.count("Chánh Văn phòng · Duyệt ký") == 25
    assert "?page=2" in first
    second = browser.get(f"{LIST}?page=2").content.decode()
    assert second.count("Chánh Văn phòng · Duyệt ký") == 6
    assert browser.get(f"{LIST}?page=99").status_code == 200


def test_somebody_with_two_roles_gives_both_powers(cast: Any, signed_in: Any) -> None:
    Membership.objects.create(
        user=cast.lanhdao, unit=cast.units["LĐVP"], role=Role.HEAD
    )
    sent = asked(cast.truongphong, powers=["sign", "content"])
    assert signed_in(cast.lanhdao).post(NEW, sent).status_code == 302
    made = Delegation.objects.get()
    assert (made.may_sign, made.may_approve_content) == (True, True)
