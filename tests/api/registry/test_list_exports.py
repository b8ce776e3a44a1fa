"""Every list leaves as a spreadsheet: its own rows, its own rights, at a fixed cost."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from collab.ports import Level
from server.common import clock
from server.registry import list_exports
from server.registry.actions.delegations import Wish, delegate
from server.registry.actions.distribution import mark_opened
from server.registry.actions.numbers import reserve_number, void_number
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import NumberState
from server.registry.queries.distribution import Shown
from server.registry.queries.drafts import Scope
from server.registry.workflow.authority import Form, Power
from server.registry.workflow.table import State
from tests.api.registry.test_lists import fill


def cells(answer: Any) -> list[list[Any]]:
    """The rows of the sheet, the lines above the table among them."""
    data = answer if isinstance(answer, bytes) else answer.content
    return [[c.value for c in row] for row in load_workbook(BytesIO(data)).active.rows]


def texts(answer: Any) -> str:
    return "\n".join(str(value) for row in cells(answer) for value in row if value)


def cost(ask: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


# ── what is in them ─────────────────────────────────────────────────────────────


def test_drafts_leave_as_the_filters_show_them(
    chuyenvien: Any, begin_draft: Any, signed_in: Any
) -> None:
    begin_draft("Kế hoạch tập huấn")
    begin_draft("Báo cáo quý")
    browser = signed_in(chuyenvien)
    page = browser.get(reverse("draft_list"), {"q": "ke hoach", "sort": "title"})
    answer = browser.get(page.context["export"])
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    rows = cells(answer)
    assert rows[1][0] == "Tìm: “ke hoach”"
    assert rows[2][:3] == ["Tên dự thảo", "Loại văn bản", "Trạng thái"]
    assert [row[0] for row in rows[3:]] == ["Kế hoạch tập huấn"]


def test_a_text_that_looks_like_a_formula_stays_a_text(
    chuyenvien: Any, begin_draft: Any, signed_in: Any
) -> None:
    titles = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK('http://x')"]
    for title in titles:
        begin_draft(title)
    answer = signed_in(chuyenvien).get(reverse("draft_list_file"))
    sheet = load_workbook(BytesIO(answer.content)).active
    first = [row[0] for row in sheet.iter_rows(min_row=3)]
    assert {cell.value for cell in first} == set(titles)
    assert {cell.data_type for cell in first} == {"s"}


def test_an_address_kept_from_long_ago_still_gives_the_list(
    chuyenvien: Any, begin_draft: Any, signed_in: Any
) -> None:
    begin_draft("Kế hoạch")
    answer = signed_in(chuyenvien).get("/drafts/export.xlsx?scope=xyz&sort=size")
    assert "Kế hoạch" in texts(answer)


def test_a_list_that_was_cut_says_so(
    chuyenvien: Any, cast: Any, signed_in: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(list_exports, "MOST_ROWS", 3)
    browser = signed_in(chuyenvien)
    fill(chuyenvien, cast.units["HCTC"], 3)
    assert "bị cắt" not in texts(browser.get(reverse("draft_list_file")))
    fill(chuyenvien, cast.units["HCTC"], 1)
    rows = cells(browser.get(reverse("draft_list_file")))
    assert rows[1][0] == ("Danh sách bị cắt ở 3 dòng đầu. Hãy lọc bớt để có đủ.")
    assert len(rows) == 3 + 3


def test_what_was_received_leaves_as_it_is_shown(
    cast: Any, issued: Any, department_clerk: Any, signed_in: Any
) -> None:
    seen = issued(RecipientPlan(organisation=cast.department.pk))
    mark_opened(department_clerk, seen.recipients.get().pk)
    new = issued(
        RecipientPlan(
            organisation=cast.department.pk,
            deadline=clock.today() + timedelta(days=3),
        )
    )
    browser = signed_in(department_clerk)
    rows = cells(browser.get(reverse("received_file")))
    assert [row[1] for row in rows[2:]] == [new.full_number, seen.full_number]
    assert rows[2][8].date() == clock.today() + timedelta(days=3)
    unopened = cells(browser.get(reverse("received_file"), {"show": "unopened"}))
    assert [row[1] for row in unopened[2:]] == [new.full_number]


def test_a_distribution_list_leaves_with_its_filter(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    document = issued(
        RecipientPlan(person=cast.sotttt.pk), RecipientPlan(unit=cast.units["TH"].pk)
    )
    mark_opened(cast.sotttt, document.recipients.get(person=cast.sotttt).pk)
    browser = signed_in(cast.vanthu)
    address = reverse("distribution_file", args=[document.pk])
    rows = cells(browser.get(address))
    assert rows[1][0] == document.full_number
    assert [row[0] for row in rows[4:]] == [cast.sotttt.full_name, "Phòng Tổng hợp"]
    unopened = cells(browser.get(address, {"show": "unopened"}))
    assert [row[0] for row in unopened[4:]] == ["Phòng Tổng hợp"]


def test_numbers_of_a_register_leave_with_their_state(
    cast: Any, issued: Any, outgoing_register: Any, signed_in: Any
) -> None:
    document = issued(RecipientPlan(unit=cast.units["TH"].pk))
    held = reserve_number(
        cast.vanthu,
        outgoing_register.pk,
        document_type="CV",
        on_date=clock.today(),
        reason="chờ ký",
    )
    void_number(cast.vanthu, held.pk, "không ký nữa")
    browser = signed_in(cast.vanthu)
    address = reverse("register_numbers_file", args=[outgoing_register.pk])
    rows = cells(browser.get(address))
    assert [row[0] for row in rows[3:]] == ["02", "01"]
    assert rows[4][5] == document.full_number
    void = cells(browser.get(address, {"state": NumberState.VOID}))
    assert [(row[0], row[5]) for row in void[4:]] == [("02", "không ký nữa")]


def test_the_queue_of_approvals_leaves(cast: Any, moved: Any, signed_in: Any) -> None:
    draft = moved(State.IN_REVIEW)
    rows = cells(signed_in(cast.truongphong).get(reverse("approvals_file")))
    assert rows[3][:2] == ["Duyệt nội dung", draft.title]
    assert len(rows) == 4


def test_the_log_of_a_draft_leaves(
    chuyenvien: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft("Kế hoạch")
    answer = signed_in(chuyenvien).get(reverse("draft_activity_file", args=[draft.pk]))
    rows = cells(answer)
    assert rows[1][0] == "Kế hoạch"
    assert rows[3][0].date() == clock.today()
    assert rows[3][2:4] == [chuyenvien.full_name, "tạo dự thảo “Kế hoạch”"]


def give(principal: Any, to: Any) -> Any:
    return delegate(
        principal,
        Wish(
            form=Form.KT,
            delegate=to,
            principal=principal,
            in_place_of="CHÁNH VĂN PHÒNG",
            powers=frozenset({Power.SIGN}),
            starts_on=clock.today(),
            ends_on=clock.today() + timedelta(days=5),
        ),
    )


def test_mandates_leave(cast: Any, signed_in: Any) -> None:
    give(cast.lanhdao, cast.truongphong)
    rows = cells(signed_in(cast.truongphong).get(reverse("delegation_list_file")))
    assert rows[3][:3] == [
        "Đang có hiệu lực",
        cast.lanhdao.full_name,
        cast.truongphong.full_name,
    ]
    assert rows[3][5] == "Duyệt ký văn bản"


# ── who gets them ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "distribution", "numbers", "activity"),
    [
        ("vanthu", 200, 200, 200),
        ("chuyenvien", 200, 200, 200),
        ("truongphong", 200, 200, 200),
        ("quantri", 404, 404, 404),
        ("sotttt", 404, 404, 404),
        ("nguoila", 404, 404, 404),
    ],
)
def test_a_list_leaves_only_for_who_may_see_it(
    cast: Any,
    issued: Any,
    outgoing_register: Any,
    stranger: Any,
    signed_in: Any,
    who: str,
    distribution: int,
    numbers: int,
    activity: int,
) -> None:
    document = issued(RecipientPlan(organisation=cast.department.pk))
    browser = signed_in({**cast.people, "nguoila": stranger}[who])
    for name, key, status in (
        ("distribution", document.pk, distribution),
        ("register_numbers", outgoing_register.pk, numbers),
        ("draft_activity", document.draft_id, activity),
    ):
        file = browser.get(reverse(f"{name}_file", args=[key]))
        page = browser.get(reverse(name, args=[key]))
        assert (name, file.status_code) == (name, status)
        assert page.status_code == status


def test_a_stranger_takes_nothing_along(
    cast: Any, moved: Any, issued: Any, stranger: Any, signed_in: Any
) -> None:
    moved(State.IN_REVIEW)
    issued(RecipientPlan(organisation=cast.department.pk))
    give(cast.lanhdao, cast.truongphong)
    browser = signed_in(stranger)
    for name in ("draft_list", "received", "approvals", "delegation_list"):
        for row in cells(browser.get(reverse(f"{name}_file"))):
            assert all(person.full_name not in row for person in cast.people.values())


def test_nobody_gets_a_list_without_signing_in(client: Any, db: None) -> None:
    for name in ("draft_list", "received", "approvals", "delegation_list"):
        assert client.get(reverse(f"{name}_file")).status_code == 302


# ── what they cost ──────────────────────────────────────────────────────────────


def test_a_longer_list_asks_the_database_no_more(
    cast: Any,
    begin_draft: Any,
    issued: Any,
    moved: Any,
    outgoing_register: Any,
    department_clerk: Any,
) -> None:
    draft = begin_draft("Kế hoạch")

    def more() -> Any:
        begin_draft("Kế hoạch", shared={cast.truongphong: Level.EDIT})
        moved(State.IN_REVIEW)
        give(cast.lanhdao, cast.truongphong)
        return issued(RecipientPlan(organisation=cast.department.pk))

    document = more()
    asks = {
        "drafts": lambda: list_exports.drafts_file(cast.chuyenvien, Scope.MINE),
        "received": lambda: list_exports.received_file(department_clerk, ""),
        "distribution": lambda: list_exports.distribution_file(document, Shown.ALL),
        "numbers": lambda: list_exports.numbers_file(outgoing_register, ""),
        "waiting": lambda: list_exports.waiting_file(cast.lanhdao),
        "activity": lambda: list_exports.activity_file(draft),
        "delegations": lambda: list_exports.delegations_file(cast.truongphong),
    }
    before = {name: cost(ask) for name, ask in asks.items()}
    for _again in range(3):
        more()
    assert {name: cost(ask) for name, ask in asks.items()} == before
    assert before["drafts"] == 3
    assert before["numbers"] == 1
    assert before["delegations"] == 1


def test_the_list_of_registers_leaves_with_every_run(
    cast: Any, signed_in: Any, outgoing_register: Any
) -> None:
    by_type = RegisterPlan(name="Sổ theo loại", numbering_mode="per_type")
    book = open_register(cast.vanthu, cast.office.pk, by_type)
    for code in ("QĐ", "TB", "TB"):
        reserve_number(
            cast.vanthu, book.pk, document_type=code, on_date=clock.today(), reason="x"
        )
    browser = signed_in(cast.chuyenvien)
    assert reverse("register_list_file") in browser.get("/registers/").content.decode()
    rows = cells(browser.get(reverse("register_list_file")))
    held = [(row[0], row[5], row[6]) for row in rows[3:]]
    assert sorted(held) == [
        ("Sổ theo loại", "Quyết định", "01"),
        ("Sổ theo loại", "Thông báo", "02"),
        ("Sổ văn bản đi", None, "Chưa cấp số nào"),
    ]


def test_a_reservation_that_ran_out_says_so_in_the_file_as_on_the_page(
    cast: Any, signed_in: Any, outgoing_register: Any
) -> None:
    reserve_number(
        cast.vanthu,
        outgoing_register.pk,
        document_type="CV",
        on_date=clock.today(),
        reason="chờ ký",
    )
    address = reverse("register_numbers_file", args=[outgoing_register.pk])
    browser = signed_in(cast.vanthu)
    (row,) = cells(browser.get(address))[3:]
    assert (row[3], bool(row[4])) == ("Đang giữ", True)
    with clock.fixed(clock.now() + timedelta(days=2)):
        (row,) = cells(signed_in(cast.vanthu).get(address))[3:]
    assert (row[3], row[4]) == ("Hết hạn giữ", None)


def test_faults_of_form_leave_with_place_and_correction(
    cast: Any, begin_draft: Any, signed_in: Any, stranger: Any
) -> None:
    draft = begin_draft()
    browser = signed_in(cast.chuyenvien)
    page = browser.get(reverse("draft_check", args=[draft.pk]))
    address = reverse("draft_check_file", args=[draft.pk])
    assert address in page.content.decode()
    shown = [row for _name, rows in page.context["groups"] for row in rows]
    rows = cells(browser.get(address))[4:]
    assert [row[2] for row in rows] == [str(row.fault.message) for row in shown]
    assert [row[1] for row in rows] == [row.place for row in shown]
    assert signed_in(stranger).get(address).status_code == 404


def test_who_has_a_right_leaves_as_the_dialog_shows_it(
    cast: Any, begin_draft: Any, signed_in: Any, stranger: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.VIEW})
    browser = signed_in(cast.chuyenvien)
    address = reverse("draft_share_file", args=[draft.pk])
    assert (
        address in browser.get(reverse("draft_share", args=[draft.pk])).content.decode()
    )
    names = [row[0] for row in cells(browser.get(address))[3:]]
    assert names[:2] == [cast.chuyenvien.full_name, cast.sotttt.full_name]
    assert cast.truongphong.full_name in names
    assert signed_in(stranger).get(address).status_code == 404
