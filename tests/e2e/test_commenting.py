"""Two reviewers and the author comment on one draft in real browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import Desk, Person
from tests.support.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.server]
Table = Callable[[], tuple[str, Desk, Desk]]

SENTENCE = "Đề nghị các đơn vị báo cáo trước ngày 25 hằng tháng."


@pytest.fixture
def table(office: Office, person: Person) -> Table:
    """A draft open at its author and at a reviewer who may only comment."""

    def both() -> tuple[str, Desk, Desk]:
        draft = office.create_draft("V/v kiểm tra hệ thống")
        office.share(draft, "sotttt", "comment")
        author, reviewer = (
            person("chuyenvien").open(draft),
            person("sotttt").open(draft),
        )
        author.save_status("saved")
        author.click_end(0)
        author.type(SENTENCE)
        reviewer.sees(SENTENCE)
        return draft, author, reviewer

    return both


def _select(desk: Desk, words: str) -> None:
    """Select words of the body as a mouse does."""
    desk.body.evaluate(
        """(body, words) => {
            const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                getSelection().setBaseAndExtent(node, at, node, at + words.length);
                return;
            }
            throw new Error(`no ${words}`);
        }""",
        words,
    )


def _comment(desk: Desk, words: str, text: str) -> None:
    _select(desk, words)
    desk.page.locator(".ed-bubble").click()
    box = desk.page.locator(".ed-threads-new textarea")
    box.fill(text)
    box.press("Control+Enter")
    expect(_cards(desk).filter(has_text=text)).to_be_visible()


def _cards(desk: Desk) -> Locator:
    return desk.page.locator(".ed-card")


def _highlighted(desk: Desk) -> Locator:
    return desk.body.locator(".ed-thread")


def test_select_comment_reply_and_resolve_live(table: Table) -> None:
    _draft, author, reviewer = table()
    _comment(reviewer, "trước ngày 25", "Nên là ngày 20.")
    expect(_highlighted(author)).to_have_text("trước ngày 25")
    expect(author.page.locator(".ed-threads-button .ed-unread")).to_have_text("1")
    author.page.locator(".ed-threads-button").click()
    _cards(author).first.click()
    expect(author.page.locator(".ed-threads-button .ed-unread")).to_be_hidden()
    answer = author.page.locator(".ed-card.is-active textarea")
    answer.fill("Đồng ý, đã sửa.")
    answer.press("Control+Enter")
    expect(_cards(reviewer).first).to_contain_text("Đồng ý, đã sửa.")
    author.page.locator(".ed-card-resolve").click()
    expect(_highlighted(author)).to_have_count(0)
    # Whoever is reading it sees how it ended; then it is put away.
    expect(_cards(reviewer)).to_contain_text("Trần Thị Ánh Tuyết đánh dấu xong")
    reviewer.page.locator("[data-shelf=mine]").click()
    expect(_cards(reviewer)).to_have_count(0)
    expect(_highlighted(reviewer)).to_have_count(0)
    reviewer.page.locator("[data-shelf=resolved]").click()
    expect(_cards(reviewer)).to_have_count(1)
