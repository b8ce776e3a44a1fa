"""The letter of the sample goes the whole way, as the people of the demo office do it:
drafted, approved, signed, numbered, issued, received, entered, recalled."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from server.publishing.pdf_pages import words_of
from tests.support.browser import Desk, Person
from tests.support.office import Office, run_command

pytestmark = [pytest.mark.browser, pytest.mark.server]
# The demo draft of công văn 328.
LETTER = "0198a000-0000-7000-8000-000000000328"
SUBJECT = "đảm bảo hoạt động hiệu quả của Hệ thống idesk"


def press(desk: Desk, name: str) -> None:
    desk.page.get_by_role("button", name=name, exact=True).click()


def process(desk: Desk) -> None:
    desk.go(f"/drafts/{LETTER}/process/")


def done(desk: Desk, words: str) -> None:
    expect(desk.page.locator(".alert").filter(has_text=words).first).to_be_visible()


def approve(person: Person) -> None:
    tuyet = person("chuyenvien")
    process(tuyet)
    press(tuyet, "Trình duyệt")
    done(tuyet, "Đã trình")
    for user, button in (
        ("truongphong", "Duyệt nội dung"),
        ("vanthu", "Xác nhận đúng thể thức"),
        ("lanhdao", "Duyệt ký"),
    ):
        desk = person(user)
        process(desk)
        press(desk, button)
        done(desk, button)


def issue(dao: Desk) -> None:
    """The clerk finds it in the queue, looks at it, adds a unit, and issues it."""
    dao.go("/approvals/")
    dao.page.get_by_role("link", name=re.compile(SUBJECT)).first.click()
    dao.page.get_by_role("link", name="Phát hành…").click()
    expect(dao.page.locator("#preview")).to_contain_text("328/VPUBND-HCTC")
    first = dao.page.locator("#preview img").first
    first.scroll_into_view_if_needed()
    expect(first).to_have_js_property("complete", True)
    assert first.evaluate("image => image.naturalWidth") > 300
    dao.page.get_by_role("searchbox", name="Tìm nơi nhận").fill("tong hop")
    found = dao.page.locator("#recipient-found li").filter(has_text="Phòng Tổng hợp")
    found.get_by_role("button").click()
    lines = dao.page.locator("#recipients > li")
    expect(lines.filter(has_text="Phòng Tổng hợp")).to_have_count(1)
    expect(lines.first).to_contain_text("Sở Thông tin và Truyền thông")
    # Whoever must act is offered a day; without one nothing is sent.
    for line in (lines.first, lines.filter(has_text="Phòng Tổng hợp")):
        line.get_by_label("Cần giải quyết").check()
        day = line.get_by_label("Hạn giải quyết")
        expect(day).to_have_value(re.compile(r"\d{4}-\d\d-\d\d"))
    day.fill("")
    press(dao, "Phát hành")
    expect(day).to_be_focused()
    line.get_by_label("Cần giải quyết").uncheck()
    press(dao, "Phát hành")
    done(dao, "328/VPUBND-HCTC")


def work_on_it(man: Desk, person: Person) -> Desk:
    """The clerk forwards it; an official of the unit reads the very file and begins."""
    man.page.locator(".dt-facts").get_by_role("link", name="212").click()
    man.page.get_by_role("link", name="Tệp và nơi giải quyết").click()
    man.page.get_by_role("link", name="Chuyển văn bản").click()
    lead = man.page.locator("#lead")
    unit = lead.locator("option", has_text="Văn phòng Sở").first.get_attribute("value")
    lead.select_option(unit)
    press(man, "Chuyển")
    dat = person("sotttt")
    dat.go("/incoming/")
    dat.page.get_by_role("link", name=re.compile(SUBJECT)).click()
    link = dat.page.get_by_role("link", name="Mở PDF").get_attribute("href")
    assert dat.page.request.get(f"{dat.base_url}{link}").ok
    dat.page.get_by_text("Xem tại đây").first.click()
    first = dat.page.locator(".dt-pages img").first
    first.scroll_into_view_if_needed()
    expect(first).to_have_js_property("complete", True)
    assert first.evaluate("image => image.naturalWidth") > 300
    press(dat, "Nhận xử lý")
    return dat


def test_the_sample_letter_goes_the_whole_way(office: Office, person: Person) -> None:
    run_command(office.data_dir, "seed", "--with-keys")
    approve(person)
    dao = person("vanthu")
    issue(dao)
    address = dao.page.url

    man = person("vanthuso")
    man.go("/received/")
    man.page.get_by_role("link", name=re.compile(SUBJECT)).click()
    expect(man.page.get_by_role("heading", level=1)).to_contain_text("328/VPUBND-HCTC")
    received = man.page.url.removeprefix(man.base_url)
    link = man.page.get_by_role("link", name="Mở PDF").get_attribute("href")
    pdf = man.page.request.get(f"{man.base_url}{link}")
    assert pdf.ok
    words = words_of(pdf.body())
    assert "CHÁNH VĂN PHÒNG" in words
    assert "328" in words.split()

    dao.page.reload()
    rows = dao.page.locator(".dt-recipient-states > li")
    row = rows.first
    expect(row).to_contain_text("Đã xem")
    on_paper = rows.filter(has_text="Bản giấy")
    expect(on_paper.first.locator(".dt-state")).to_have_text("Chờ gửi")
    dao.page.get_by_role("button", name=re.compile("^Ghi nhận đã gửi")).click()
    done(dao, "Đã ghi nhận gửi")
    expect(on_paper.first.locator(".dt-state")).to_have_text("Đã gửi")
    waiting = rows.locator(".dt-state", has_text="Chờ gửi")
    expect(waiting).to_have_count(0)
    press(man, "Tiếp nhận và vào sổ")
    done(man, "số đến 212")
    dao.page.reload()
    expect(row).to_contain_text("Đã tiếp nhận")

    dat = work_on_it(man, person)
    dao.page.reload()
    expect(row).to_contain_text("Đang xử lý")
    expect(row).to_contain_text("Phạm Quốc Đạt")

    dao.go(address.removeprefix(dao.base_url))
    dao.page.locator("summary").filter(has_text="Thu hồi").click()
    dao.page.locator("#recall-reason").fill("Ban hành nhầm phụ lục")
    press(dao, "Thu hồi văn bản")
    done(dao, "Đã thu hồi")
    man.go(received)
    expect(man.page.get_by_text("Văn bản này đã được thu hồi")).to_be_visible()
    dat.page.reload()
    expect(dat.page.get_by_text("Văn bản đã bị thu hồi")).to_be_visible()
    expect(dat.page.get_by_text("Ban hành nhầm phụ lục")).to_be_visible()
    assert man.page.request.get(f"{man.base_url}{link}").status == 409
    press(man, "Xác nhận đã xóa, không giữ bản nào")
    done(man, "Đã xác nhận.")

    said = run_command(office.data_dir, "verify-records")
    assert "every record holds" in said
