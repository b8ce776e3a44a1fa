"""Comments on what has no words to select: choices of the letterhead, and pictures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.pictures import png

pytestmark = [pytest.mark.browser, pytest.mark.server]
Table = Callable[[], tuple[str, Desk, Desk]]


@pytest.fixture
def table(office: Office, person: Person) -> Table:
    """A draft open at its author and at a reviewer who may only comment."""

    def both() -> tuple[str, Desk, Desk]:
        draft = office.create_draft("V/v kiểm tra hệ thống")
        office.share(draft, "sotttt", "comment")
        author = person("chuyenvien").open(draft)
        author.save_status("saved")
        return draft, author, person("sotttt").open(draft)

    return both


def _choice(desk: Desk, name: str) -> Locator:
    return desk.page.locator(f"[data-choice={name}]")


def _say(desk: Desk, quote: str, text: str) -> None:
    fresh = desk.page.locator(".ed-threads-new")
    expect(fresh.locator(".ed-card-quote")).to_have_text(quote)
    fresh.locator("textarea").fill(text)
    fresh.locator("textarea").press("Control+Enter")
    expect(_card(desk, text)).to_be_visible()


def _card(desk: Desk, words: str) -> Locator:
    return desk.page.locator(".ed-card").filter(has_text=words)


def test_a_choice_of_the_letterhead_is_commented_on_by_who_may_not_choose(
    table: Table,
) -> None:
    draft, author, reviewer = table()
    for name, quote in (
        ("urgency", "Độ khẩn: Thường"),
        ("document_type", "Loại văn bản: Công văn"),
        ("deadline", "Hạn trả lời: cả mục này"),
        ("number", "Số văn bản: cả mục này"),
    ):
        _choice(reviewer, name).hover()
        _choice(reviewer, name).locator(".ed-choice-add").click()
        _say(reviewer, quote, f"Về {name}.")
    # By keys alone, where the focus is on the field.
    author.page.locator("[data-place=date]").focus()
    author.page.keyboard.press("Control+Alt+m")
    expect(author.page.locator(".ed-threads-new .ed-card-part")).to_have_text(
        "Ngày ban hành: "
    )
    author.page.locator(".ed-threads-new").get_by_role("button", name="Bỏ").click()
    mark = author.page.locator("[data-mark=urgency]")
    expect(mark).to_have_text("1")
    mark.click()
    card = author.page.locator(".ed-card.is-active")
    expect(card).to_contain_text("Về urgency.")
    # In the order of the page, whatever the order in which they were written.
    expect(author.page.locator(".ed-card-part")).to_have_text(
        ["Loại văn bản: ", "Độ khẩn: ", "Hạn trả lời: ", "Số văn bản: "]
    )
    _choice(author, "urgency").locator("select").select_option("flash")
    expect(card.locator(".ed-card-note")).to_contain_text("nay là: Hỏa tốc")
    thread = card.get_attribute("data-thread")
    reviewer.go(f"/drafts/{draft}/#thread-{thread}")
    reviewer.page.reload()
    expect(reviewer.page.locator(".ed-card.is-active")).to_contain_text("Về urgency.")
    expect(reviewer.page.locator("[data-mark=urgency]")).to_be_in_viewport()


def test_a_picture_is_commented_on_and_keeps_its_comment_where_it_goes(
    table: Table,
) -> None:
    draft, author, reviewer = table()
    author.click_end(0)
    author.type("Sơ đồ kèm theo.")
    picture: FilePayload = {
        "name": "so-do.png",
        "mimeType": "image/png",
        "buffer": png(160, 90),
    }
    chooser = author.page.locator("input[type=file][accept*=png]")
    chooser.set_input_files([picture])
    image = reviewer.body.locator("img[src]")
    expect(image).to_have_count(1)
    image.click()
    reviewer.page.locator(".ed-bubble").click()
    _say(reviewer, "Hình ảnh: so-do", "Hình chưa rõ.")
    framed = author.body.locator("img.ed-thread")
    expect(framed).to_have_count(1)
    framed.click()
    expect(author.page.locator(".ed-card.is-active")).to_contain_text("Hình chưa rõ.")
    # Cut, and pasted at the beginning.
    author.press("Control+x")
    gone = _card(author, "Hình chưa rõ.").locator(".ed-card-note")
    expect(gone).to_have_text("Hình không còn trong dự thảo")
    author.click_start(0)
    author.press("Enter", "ArrowUp", "Control+v")
    expect(framed).to_have_count(1)
    expect(gone).to_have_count(0)
    thread = _card(author, "Hình chưa rõ.").get_attribute("data-thread")
    # Whoever comes later finds it by what was anchored anew.
    reviewer.go(f"/drafts/{draft}/#thread-{thread}")
    reviewer.page.reload()
    expect(reviewer.body.locator("img.ed-thread.is-active")).to_be_in_viewport()
