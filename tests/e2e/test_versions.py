"""Looking back in a draft, and bringing a version back while somebody types."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Person
from tests.support.office import Office
from tests.support.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.server]


def slide_to(page: Page, place: str) -> None:
    """The slider, moved as a key or a finger would move it."""
    page.locator("#slider").evaluate(
        "(slider, value) => { slider.value = value;"
        " slider.dispatchEvent(new Event('input', { bubbles: true })); }",
        place,
    )


def test_a_version_is_found_compared_named_and_restored_while_another_types(
    office: Office, person: Person
) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "edit")
    dat = person("sotttt").open(draft)
    dat.click_end()
    dat.type("Câu của Đạt.")
    dat.save_status("saved")
    until(lambda: "Câu của Đạt." in office.text(draft), what="it is stored")

    tuyet = person("chuyenvien")
    tuyet.go(f"/drafts/{draft}/versions/")
    page = tuyet.page
    sheet = page.locator("#version .dt-sheet-body")
    expect(sheet).to_contain_text("Câu của Đạt.")

    slide_to(page, "1")
    expect(sheet).not_to_contain_text("Câu của Đạt.")
    expect(page.locator("[data-said]")).to_contain_text("Trần Thị Ánh Tuyết")
    page.locator("#version summary", has_text="Đặt tên").click()
    page.get_by_label("Tên phiên bản").fill("Bản trước khi gửi")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".dt-version-lines")).to_contain_text("Bản trước khi gửi")

    page.get_by_role("link", name="Thay đổi từ bản đầu tiên").click()
    expect(page.locator(".dt-compared ins").last).to_contain_text("Câu của Đạt.")
    expect(page.locator(".dt-compare-sum")).to_contain_text("Phạm Quốc Đạt")
    page.keyboard.press("n")
    expect(page.locator(".dt-here")).to_be_visible()
    expect(page.locator("[data-place]")).to_have_text("1/1")

    tuyet.go(f"/drafts/{draft}/versions/authors/")
    expect(page.locator(".dt-sheet .dt-by")).to_have_text(["Câu của Đạt."])
    expect(page.locator(".dt-shares")).to_contain_text("Phạm Quốc Đạt")

    dat.click_start()
    dat.type("Đang gõ: ")
    dat.save_status("saved")
    tuyet.go(f"/drafts/{draft}/versions/?at=1")
    page.get_by_role("button", name="Khôi phục").click()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(
        page.get_by_role("status").or_(page.get_by_role("alert")).first
    ).to_be_visible()
    dat.sees_not("Câu của Đạt.")
    dat.sees_not("Đang gõ:")
    dat.type("Vẫn gõ tiếp. ")
    dat.save_status("saved")
    until(lambda: "Vẫn gõ tiếp." in office.text(draft), what="typing went on")
    assert "Câu của Đạt." not in office.text(draft)
