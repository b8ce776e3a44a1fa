"""Two editors decide the same suggestions before either hears of the other."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.server]


ONCE = ["Các đơn vịbáo cáo kết quả", "Kết quả thực hiện", "Khó khăn, vướng mắc"]


def _lines(desk: Desk) -> list[str]:
    """The paragraphs, without the names at the carets of others."""
    found: list[str] = desk.body.evaluate(
        """body => {
            const copy = body.cloneNode(true);
            copy.querySelectorAll(".ed-caret").forEach(each => each.remove());
            return [...copy.querySelectorAll("p")].map(p => p.textContent);
        }"""
    )
    return found


def _accept_all(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Các đề xuất sửa").click()
    desk.page.get_by_role("button", name="Đồng ý tất cả", exact=True).first.click()


def test_joined_paragraphs_and_lists_stand_once(office: Office, person: Person) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "suggest")
    office.share(draft, "lanhdao", "edit")
    tuyet = person("chuyenvien").open(draft)
    tuyet.click_end(0)
    tuyet.type("Các đơn vị")
    for line in ("báo cáo kết quả", "Kết quả thực hiện", "Khó khăn, vướng mắc"):
        tuyet.press("Enter")
        tuyet.type(line)
    tuyet.save_status("saved")
    dat, quy = person("sotttt").open(draft), person("lanhdao").open(draft)
    for desk in (dat, quy):
        desk.sees("Khó khăn, vướng mắc")

    # One line is to go on in the next, and the two after it are to be a list.
    dat.click_start(1)
    dat.press("Backspace")
    for line in (2, 3):
        dat.click_end(line)
        dat.press("Control+Shift+8")
    for desk in (tuyet, quy):
        expect(desk.body.locator("p[data-listed=bullet]")).to_have_count(2)
    dat.save_status("saved")

    for desk in (tuyet, quy):
        desk.go_offline()
        desk.save_status("offline")
    for desk in (tuyet, quy):
        _accept_all(desk)
        expect(desk.body.locator("ul > li")).to_have_count(2)
    for desk in (tuyet, quy):
        desk.go_online()
        desk.save_status("saved")

    for desk in (tuyet, quy, dat):
        until(lambda desk=desk: _lines(desk) == ONCE, what="everything stands once")
    said = [line.removeprefix("- ") for line in office.text(draft).splitlines() if line]
    assert said == ONCE
