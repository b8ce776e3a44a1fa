"""An editor and one who may only suggest, in the same paragraph, in real browsers."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.pictures import png
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
    tuyet.page.get_by_role("button", name="Các đề xuất sửa").click()
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


def test_who_only_suggests_takes_back_their_own(office: Office, person: Person) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "suggest")
    tuyet = person("chuyenvien").open(draft)
    dat = person("sotttt").open(draft)
    tuyet.click_end(0)
    tuyet.type("Kính gửi các sở")
    _reads(dat, "Kính gửi các sở")
    expect(dat.page.locator("[data-field=subject]")).not_to_be_editable()
    dat.click_end(0)
    dat.type(", ban, ngành")
    expect(tuyet.body.locator("ins")).to_have_text(", ban, ngành")
    dat.page.get_by_role("button", name="Các đề xuất sửa").click()
    panel = dat.page.locator(".sg-panel")
    expect(panel.get_by_role("button", name="Đồng ý")).to_have_count(0)
    panel.get_by_role("button", name="Rút lại").click()
    _reads(tuyet, "Kính gửi các sở")
    expect(tuyet.body.locator("ins")).to_have_count(0)
    dat.save_status("saved")


def test_who_only_suggests_adds_a_picture_as_a_suggestion(
    office: Office, person: Person
) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "suggest")
    tuyet = person("chuyenvien").open(draft)
    dat = person("sotttt").open(draft)
    tuyet.click_end(0)
    tuyet.type("Sơ đồ kèm theo.")
    _reads(dat, "Sơ đồ kèm theo.")
    dat.click_end(0)
    picture: FilePayload = {
        "name": "so-do.png",
        "mimeType": "image/png",
        "buffer": png(),
    }
    dat.page.locator("input[type=file][accept*=png]").set_input_files([picture])
    for desk in (dat, tuyet):
        expect(desk.body.locator("img[data-insertion]")).to_have_count(1)
        desk.page.wait_for_function(
            "() => document.querySelector('img[data-insertion]').naturalWidth === 20"
        )
    _reads(tuyet, "Sơ đồ kèm theo.")
    dat.save_status("saved")
    tuyet.page.get_by_role("button", name="Các đề xuất sửa").click()
    row = tuyet.page.locator(".sg-panel .sg-row")
    expect(row).to_contain_text("ảnh")
    row.get_by_role("button", name="Đồng ý").click()
    expect(row).to_have_count(0)
    expect(dat.body.locator("img[src]")).to_have_count(1)
    expect(dat.body.locator("[data-insertion]")).to_have_count(0)
    tuyet.save_status("saved")


def test_who_chose_to_suggest_goes_on_so_after_a_reload(
    office: Office, person: Person
) -> None:
    draft = office.create_draft()
    tuyet = person("chuyenvien").open(draft)
    tuyet.click_end(0)
    tuyet.type("Điều một")
    tuyet.page.locator(".sg-mode").select_option("suggest")
    tuyet.save_status("saved")
    tuyet.page.reload()
    expect(tuyet.page.locator(".sg-mode")).to_have_value("suggest")
    tuyet.click_end(0)
    tuyet.type(" và hai")
    expect(tuyet.body.locator("ins")).to_have_text(" và hai")


def test_one_list_at_a_time_stands_beside_the_page(
    office: Office, person: Person
) -> None:
    draft = office.create_draft()
    tuyet = person("chuyenvien").open(draft)
    comments = tuyet.page.locator(".ed-threads")
    changes = tuyet.page.locator(".sg-panel")
    tuyet.page.locator(".ed-threads-button").click()
    expect(comments).to_be_visible()
    tuyet.page.get_by_role("button", name="Các đề xuất sửa").click()
    expect(changes).to_be_visible()
    expect(comments).to_be_hidden()
    tuyet.page.locator(".ed-threads-button").click()
    expect(comments).to_be_visible()
    expect(changes).to_be_hidden()


def test_two_who_suggest_about_the_same_words_are_decided_apart(
    office: Office, person: Person
) -> None:
    """One inserts, another would have it go again: the card at the words has both."""
    draft = office.create_draft()
    office.share(draft, "sotttt", "suggest")
    office.share(draft, "lanhdao", "suggest")
    tuyet = person("chuyenvien").open(draft)
    dat = person("sotttt").open(draft)
    quy = person("lanhdao").open(draft)
    tuyet.click_end(0)
    tuyet.type("Báo cáo")
    _reads(dat, "Báo cáo")
    dat.click_end(0)
    dat.type(" ngay")
    _reads(quy, "Báo cáo ngay")
    quy.click_end(0)
    for _ in range(5):
        quy.page.keyboard.press("Backspace")
    expect(tuyet.body.locator("del")).to_contain_text(" ngay")
    tuyet.body.locator("del").click()
    parts = tuyet.page.locator(".sg-card .sg-part")
    expect(parts).to_have_count(2)
    theirs = parts.filter(has_text="Bùi Hồng Quý")
    theirs.get_by_role("button", name="Bỏ").click()
    expect(tuyet.body.locator("del")).to_have_count(0)
    # The author's caret, with a name, may stand between these words.
    without_carets = """ins => {
        const copy = ins.cloneNode(true);
        copy.querySelectorAll(".ed-caret").forEach(each => each.remove());
        return copy.textContent;
    }"""
    ins = quy.body.locator("ins").first
    until(lambda: " ngay" in ins.evaluate(without_carets), what="the words stay")
