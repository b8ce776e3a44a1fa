"""An editor and one who may only suggest, in the same paragraph, in real browsers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.server]


def _reads(desk: Desk, text: str) -> None:
    until(lambda: desk.text.replace("\xa0", " ") == text, what=f"the page says {text}")


def _go_home(desk: Desk, *, seen_by: Desk) -> None:
    """To the start of the paragraph; a machine types sooner than the editor follows."""
    desk.page.keyboard.press("Home")
    seen_by.page.wait_for_function(
        """() => {
            const caret = document.querySelector('.ed-body-text p .ed-caret');
            return caret !== null && caret.previousSibling === null;
        }"""
    )


def test_suggestions_are_made_accepted_and_rejected(
    office: Office, person: Person
) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "suggest")
    tuyet = person("chuyenvien").open(draft)
    dat = person("sotttt").open(draft)
    tuyet.save_status("saved")
    tuyet.click_end(0)
    tuyet.type("Báo cáo trong ba ngày")
    dat.sees("Báo cáo trong ba ngày")
    expect(dat.page.locator(".sg-mode")).to_be_disabled()

    # He types, deletes and breaks the paragraph; she goes on writing in it.
    dat.click_end(0)
    dat.type(" làm việc")
    insertion = tuyet.body.locator("ins.sg-insertion")
    expect(insertion).to_have_text(" làm việc")
    _go_home(tuyet, seen_by=dat)
    tuyet.type("1. ")
    _reads(dat, "1. Báo cáo trong ba ngày làm việc")
    _go_home(dat, seen_by=tuyet)
    for _ in range(3):
        dat.page.keyboard.press("Delete")
    expect(tuyet.body.locator("del.sg-deletion")).to_have_text("1. ")
    dat.save_status("saved")
    until(lambda: office.text(draft) == "1. Báo cáo trong ba ngày", what="what stands")

    # She accepts the one and rejects the other.
    tuyet.page.get_by_role("button", name="Các đề nghị sửa").click()
    panel = tuyet.page.locator(".sg-panel")
    expect(panel.locator(".sg-group")).to_contain_text("Phạm Quốc Đạt")
    rows = panel.locator(".sg-row")
    expect(rows).to_have_count(2)
    inserts = rows.filter(has_text="làm việc")
    inserts.get_by_role("button", name="Đồng ý").click()
    expect(rows).to_have_count(1)
    rows.get_by_role("button", name="Bỏ").click()
    expect(rows).to_have_count(0)
    for desk in (tuyet, dat):
        _reads(desk, "1. Báo cáo trong ba ngày làm việc")
        expect(desk.body.locator("ins, del")).to_have_count(0)
    tuyet.save_status("saved")
