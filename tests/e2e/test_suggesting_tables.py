"""Merged cells, headers and widths as suggestions of two people, in real browsers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.server]


def _tool(desk: Desk, name: str) -> None:
    desk.page.locator(".ed-context").get_by_role("button", name=name).click()


def _table(desk: Desk, *texts: str) -> None:
    """Two rows of two cells, with these words."""
    desk.click_end(0)
    desk.page.get_by_role("button", name="Chèn bảng").click()
    desk.page.get_by_role("button", name="2 dòng × 2 cột").click()
    for number, text in enumerate(texts):
        if number:
            desk.press("Tab")
        desk.type(text)


def _drag(desk: Desk, start: tuple[float, float], end: tuple[float, float]) -> None:
    mouse = desk.page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    mouse.move(*end, steps=6)
    mouse.up()


def _middle(desk: Desk, number: int) -> tuple[float, float]:
    box = desk.body.locator("td, th").nth(number).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _decide(desk: Desk, words: str, verdict: str) -> None:
    row = desk.page.locator(".sg-row").filter(has_text=words)
    row.get_by_role("button", name=verdict).click()
    expect(row).to_have_count(0)


def test_cells_are_merged_headed_and_widened_as_suggestions(
    office: Office, person: Person
) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "suggest")
    tuyet = person("chuyenvien").open(draft)
    tuyet.save_status("saved")
    _table(tuyet, "Đơn vị", "Số tiền", "Sở Tài chính", "ba tỷ")
    tuyet.save_status("saved")
    stands = office.text(draft)
    dat = person("sotttt").open(draft)
    dat.sees("ba tỷ")

    # He proposes one cell over both columns, no header, and a narrower column.
    _drag(dat, _middle(dat, 0), _middle(dat, 1))
    expect(dat.body.locator(".selectedCell")).to_have_count(2)
    _tool(dat, "Gộp ô")
    expect(tuyet.body.locator(".sg-merge")).to_have_count(2)
    _tool(dat, "Dòng tiêu đề")
    expect(tuyet.body.locator("th[data-headed=no]")).to_have_count(2)
    cell = dat.body.locator("td").nth(0).bounding_box()
    assert cell is not None
    edge = (cell["x"] + cell["width"], cell["y"] + cell["height"] / 2)
    _drag(dat, edge, (edge[0] - 90, edge[1]))
    expect(tuyet.body.locator(".sg-wide")).to_have_count(2)
    dat.save_status("saved")
    expect(dat.page.locator(".ed-toast")).to_have_count(0)

    # One more, of which he thinks better.
    _drag(dat, _middle(dat, 2), _middle(dat, 3))
    _tool(dat, "Gộp ô")
    expect(tuyet.body.locator(".sg-merge")).to_have_count(4)
    dat.page.get_by_role("button", name="Các đề xuất sửa").click()
    _decide(dat, "Sở Tài chính", "Rút lại")
    expect(tuyet.body.locator(".sg-merge")).to_have_count(2)
    dat.save_status("saved")
    expect(dat.page.locator(".ed-toast")).to_have_count(0)

    # She goes on writing in a cell that is to be merged; nothing stands of it yet.
    tuyet.body.locator("th").nth(1).click()
    tuyet.press("End")
    tuyet.type(" (đồng)")
    tuyet.save_status("saved")
    now = stands.replace("Số tiền", "Số tiền (đồng)")
    until(lambda: office.text(draft) == now, what="what stands")

    # The page before and after.
    views = tuyet.page.locator(".sg-tools .sg-view")
    views.select_option("final")
    expect(tuyet.page.locator(".sg-preview td[colspan='2']")).to_have_count(1)
    views.select_option("original")
    expect(tuyet.page.locator(".sg-preview th")).to_have_count(2)
    views.select_option("marked")

    # She takes the merge and no header, and the width not.
    tuyet.page.get_by_role("button", name="Các đề xuất sửa").click()
    _decide(tuyet, "bỏ dòng tiêu đề", "Đồng ý")
    _decide(tuyet, "độ rộng cột", "Bỏ")
    _decide(tuyet, "gộp ô", "Đồng ý")
    for desk in (tuyet, dat):
        one = desk.body.locator("td[colspan='2']")
        expect(one.locator("p")).to_have_text(["Đơn vị", "Số tiền (đồng)"])
        expect(desk.body.locator("td")).to_have_count(3)
        expect(desk.body.locator("th")).to_have_count(0)
        expect(desk.body.locator(".sg-wide, .sg-merge")).to_have_count(0)
    tuyet.save_status("saved")
