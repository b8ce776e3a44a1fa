"""Lists, columns and second looks as suggestions of two people, in real browsers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.server]


def _panel(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Các đề xuất sửa").click()


def _row(desk: Desk, author: str, words: str) -> None:
    """Accept what one person suggests, found by what the list says of it."""
    group = desk.page.locator(".sg-group").filter(has_text=author)
    row = group.locator(".sg-row").filter(has_text=words).first
    row.get_by_role("button", name="Đồng ý").click()


def _select(desk: Desk, paragraph: int, until_words: str, *keys: str) -> None:
    """Again when a colleague's caret or edit came just then and took the selection."""

    def is_selected() -> bool:
        desk.click_start(paragraph)
        desk.press(*keys)
        return until_words in desk.page.evaluate("String(getSelection())")

    until(is_selected, what=f"{until_words} selected")


def test_reviewers_suggest_lists_columns_and_looks(
    office: Office, person: Person
) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "suggest")
    office.share(draft, "quantri", "suggest")
    tuyet = person("chuyenvien").open(draft)
    tuyet.save_status("saved")
    tuyet.click_end(0)
    tuyet.type("Các đơn vị báo cáo")
    for line in ("Kết quả thực hiện", "Khó khăn, vướng mắc"):
        tuyet.press("Enter")
        tuyet.type(line)
    tuyet.save_status("saved")
    dat = person("sotttt").open(draft)
    second = person("quantri").open(draft)
    dat.sees("Khó khăn, vướng mắc")

    # He makes the two lines a list; the other reviewer goes on writing in one.
    _select(dat, 1, "Khó khăn, vướng mắc", "Shift+ArrowDown", "Shift+End")
    dat.press("Control+Shift+8")
    marked = tuyet.body.locator("p[data-listed=bullet]")
    expect(marked).to_have_count(2)
    second.click_end(2)
    second.type(", kiến nghị")
    expect(tuyet.body.locator("ins")).to_contain_text(", kiến nghị")

    # Both want the first line to look otherwise; neither waits for the other.
    for desk, key in ((dat, "b"), (second, "i")):
        _select(desk, 0, "Các đơn vị báo cáo", "Shift+End")
        desk.press(f"Control+{key}")
        desk.save_status("saved")
    expect(tuyet.body.locator("p").nth(0).locator(".sg-formatting")).to_have_count(2)
    expect(dat.page.locator(".ed-toast")).to_have_count(0)
    stands = "Các đơn vị báo cáo\nKết quả thực hiện\nKhó khăn, vướng mắc"
    until(lambda: office.text(draft).strip() == stands, what="what stands")

    # The drafter takes the list and the italics, and the bold not.
    _panel(tuyet)
    _row(tuyet, "Phạm Quốc Đạt", "danh sách")
    expect(tuyet.body.locator("ul > li")).to_have_count(2)
    expect(marked).to_have_count(0)
    expect(tuyet.body.locator("li").nth(1).locator("ins")).to_contain_text(
        ", kiến nghị"
    )
    bold = tuyet.page.locator(".sg-row").filter(has_text="đậm")
    bold.get_by_role("button", name="Bỏ").click()
    expect(tuyet.body.locator("strong")).to_have_count(0)
    expect(tuyet.body.locator("p").nth(0).locator("em")).to_have_count(1)
    for desk in (dat, second):
        expect(desk.body.locator("ul > li")).to_have_count(2)
        expect(desk.body.locator("strong")).to_have_count(0)


def test_a_reviewer_suggests_a_column(office: Office, person: Person) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "suggest")
    tuyet = person("chuyenvien").open(draft)
    tuyet.save_status("saved")
    tuyet.click_end(0)
    tuyet.page.get_by_role("button", name="Chèn bảng", exact=True).click()
    tuyet.page.locator(".ed-grid-cell").nth(9).click()
    expect(tuyet.body.locator("table")).to_have_count(1)
    rows = tuyet.body.locator("tr")
    count = rows.count()
    columns = rows.nth(0).locator("td, th").count()
    tuyet.save_status("saved")

    dat = person("sotttt").open(draft)
    expect(dat.body.locator("table")).to_have_count(1)
    dat.body.locator("tr").nth(0).locator("td, th").nth(0).click()
    dat.page.get_by_role("button", name="Thêm cột bên phải").click()
    added = tuyet.body.locator(":is(td, th)[data-insertion]")
    expect(added).to_have_count(count)
    dat.save_status("saved")
    _panel(tuyet)
    expect(tuyet.page.locator(".sg-row")).to_contain_text("cột")
    tuyet.page.locator(".sg-row").get_by_role("button", name="Đồng ý").click()
    expect(added).to_have_count(0)
    expect(rows.nth(0).locator("td, th")).to_have_count(columns + 1)
    dat.save_status("saved")
