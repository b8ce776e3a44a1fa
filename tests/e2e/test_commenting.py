"""Two reviewers and the author comment on one draft in real browsers."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.pictures import png
from tests.support.wait import until

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
    """Select words of the body as a mouse does, whatever tints lie over them."""
    desk.body.evaluate(
        """(body, words) => {
            for (const paragraph of body.querySelectorAll("p")) {
                const all = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
                const nodes = [];
                for (let node = all.nextNode(); node; node = all.nextNode())
                    if (!node.parentElement.closest(".ed-caret")) nodes.push(node);
                const at = nodes.map(node => node.data).join("").indexOf(words);
                if (at < 0) continue;
                const place = offset => {
                    for (const node of nodes) {
                        if (offset <= node.length) return [node, offset];
                        offset -= node.length;
                    }
                };
                const [from, to] = [place(at), place(at + words.length)];
                getSelection().setBaseAndExtent(...from, ...to);
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


def _both_tint(desks: tuple[Desk, Desk], words: str) -> None:
    """Both pages tint these words, whoever's caret stands in them."""

    def tinted(desk: Desk) -> str:
        answer: str = desk.body.evaluate(
            """body => [...body.querySelectorAll(".ed-thread")].map(tint => {
                const copy = tint.cloneNode(true);
                copy.querySelectorAll(".ed-caret").forEach(each => each.remove());
                return copy.textContent;
            }).join("")"""
        )
        return answer

    until(lambda: all(tinted(desk) == words for desk in desks), what=f"tints {words}")


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


def test_words_that_were_cut_and_pasted_keep_their_comment(table: Table) -> None:
    """Cut, the thread is still read; pasted elsewhere, they have it again."""
    _draft, author, reviewer = table()
    _comment(reviewer, "trước ngày 25", "Nên là ngày 20.")
    expect(_highlighted(author)).to_have_text("trước ngày 25")
    author.body.click()
    _select(author, "trước ngày 25")
    # The editor hears of a selection a moment later; a key before that goes astray.
    expect(author.page.locator(".ed-bubble")).to_be_visible()
    author.page.keyboard.press("Delete")
    expect(reviewer.page.locator(".ed-card.is-gone")).to_contain_text("trước ngày 25")
    expect(_highlighted(reviewer)).to_have_count(0)
    author.click_end(0)
    author.page.keyboard.press("Enter")
    author.type("Gửi báo cáo trước ngày 25.")
    for desk in (author, reviewer):
        expect(_highlighted(desk)).to_have_text("trước ngày 25")
    expect(reviewer.page.locator(".ed-card.is-gone")).to_have_count(0)
    author.page.reload()
    expect(_highlighted(author)).to_have_text("trước ngày 25")


def test_words_that_come_back_rewritten_get_their_comment_again(
    table: Table, office: Office
) -> None:
    draft, author, reviewer = table()
    _comment(reviewer, "các đơn vị báo cáo trước ngày 25", "Nên là ngày 20.")
    expect(_highlighted(author)).to_have_count(1)
    first = _anchor(office, draft)
    author.click_end(0)
    author.press("Shift+Home", "Delete")
    expect(_cards(reviewer).locator(".ed-card-note")).to_contain_text("không còn")
    author.type("Yêu cầu các đơn vị báo cáo trước ngày 20 hằng tháng.")
    again = "các đơn vị báo cáo trước ngày 20"
    _both_tint((author, reviewer), again)
    expect(_cards(reviewer).locator(".ed-card-note")).to_contain_text("đã được sửa")
    # What was found is kept: whoever opens the draft later sees it there, too.
    until(lambda: _anchor(office, draft) != first, what="the anchor was renewed")
    reviewer.page.reload()
    _both_tint((author, reviewer), again)


def _anchor(office: Office, draft: str) -> str:
    answer = office.api("GET", f"/drafts/{draft}/threads").json()
    return str(answer["items"][0]["anchor"]["start"])


def test_colleagues_typing_beside_and_inside_move_the_tint(table: Table) -> None:
    _draft, author, reviewer = table()
    _comment(reviewer, "báo cáo", "Báo cáo gì?")
    expect(_highlighted(author)).to_have_text("báo cáo")
    author.click_start(0)
    author.type("Nay ")
    _both_tint((author, reviewer), "báo cáo")
    # The author's caret, with a name, stands between these words on the page.
    until(lambda: reviewer.text.startswith("Nay Đề nghị"))
    _select(author, "cáo")
    author.page.keyboard.press("ArrowLeft")
    author.type("số liệu ")
    _both_tint((author, reviewer), "báo số liệu cáo")
    expect(_cards(reviewer)).to_contain_text("đã được sửa sau khi góp ý")


def test_a_comment_survives_a_bad_line_and_is_said_once(table: Table) -> None:
    _draft, author, reviewer = table()
    _select(reviewer, "các đơn vị")
    reviewer.page.locator(".ed-bubble").click()
    box = reviewer.page.locator(".ed-threads-new textarea")
    box.fill("Đơn vị nào?")
    # The server hears it, and its answer is lost.
    reviewer.page.route("**/threads", lambda route: (route.fetch(), route.abort()))
    box.press("Control+Enter")
    fault = reviewer.page.locator(".ed-composer-fault")
    expect(fault).to_contain_text("Chưa gửi được")
    expect(box).to_have_value("Đơn vị nào?")
    # Even a new page has it.
    reviewer.page.unroute("**/threads")
    reviewer.page.reload()
    expect(box).to_have_value("Đơn vị nào?")
    reviewer.page.locator(".ed-threads-new").get_by_role("button", name="Gửi").click()
    expect(box).to_have_count(0)
    expect(_cards(reviewer).filter(has_text="Đơn vị nào?")).to_have_count(1)
    author.page.locator(".ed-threads-button").click()
    expect(_cards(author)).to_have_count(1)


def test_markup_is_shown_as_text_and_a_link_is_safe(
    office: Office, table: Table
) -> None:
    _draft, author, reviewer = table()
    words = "<img src=x onerror=alert(1)> https://example.vn/a?b=1. javascript:alert(1)"
    _comment(reviewer, "báo cáo", words)
    author.page.locator(".ed-threads-button").click()
    text = author.page.locator(".ed-comment-text")
    expect(text).to_have_text(words)
    expect(text.locator("img")).to_have_count(0)
    link = text.locator("a")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", "https://example.vn/a?b=1")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow ugc")


def test_a_field_of_the_letterhead_is_commented_on(table: Table) -> None:
    draft, author, reviewer = table()
    field = reviewer.page.locator("[data-field=subject]")
    author.page.locator("[data-field=subject]").fill("kiểm tra hệ thống")
    expect(field).to_have_value("kiểm tra hệ thống")
    field.click()
    field.press("Control+a")
    reviewer.page.keyboard.press("Control+Alt+m")
    box = reviewer.page.locator(".ed-threads-new textarea")
    box.fill("Gọn hơn.")
    box.press("Control+Enter")
    mark = author.page.locator("[data-mark=subject]")
    expect(mark).to_have_text("1")
    mark.click()
    card = author.page.locator(".ed-card.is-active")
    expect(card).to_contain_text("Gọn hơn.")
    # A link to the thread opens it, on whichever computer.
    thread = card.get_attribute("data-thread")
    reviewer.go(f"/drafts/{draft}/#thread-{thread}")
    reviewer.page.reload()
    expect(reviewer.page.locator(".ed-card.is-active")).to_contain_text("Gọn hơn.")


def test_a_field_in_which_nothing_is_written_is_commented_on(table: Table) -> None:
    """Who may not write in it sees it when the comments are open."""
    _draft, author, reviewer = table()
    field = reviewer.page.locator("[data-field=addressees]")
    expect(field).to_be_hidden()
    reviewer.page.locator(".ed-threads-button").click()
    expect(field).to_have_value("")
    field.click()
    reviewer.page.keyboard.press("Control+Alt+m")
    fresh = reviewer.page.locator(".ed-threads-new")
    expect(fresh.locator(".ed-card-quote")).to_contain_text("cả mục này")
    fresh.locator("textarea").fill("Gửi những ai?")
    fresh.locator("textarea").press("Control+Enter")
    mark = author.page.locator("[data-mark=addressees]")
    expect(mark).to_have_text("1")
    author.page.locator("[data-field=addressees]").fill("Các sở, ngành")
    expect(mark).to_be_visible()
    reviewer.page.locator(".ed-threads-button").click()
    expect(reviewer.page.locator("[data-mark=addressees]")).to_be_visible()


def test_the_caret_in_a_field_speaks_of_that_field(table: Table) -> None:
    """And not of the paragraph in which it was before."""
    _draft, author, _reviewer = table()
    author.click_end(0)
    field = author.page.locator("[data-field=subject]")
    field.fill("kiểm tra hệ thống")
    field.press("End")
    author.page.keyboard.press("Control+Alt+m")
    quote = author.page.locator(".ed-threads-new .ed-card-quote")
    expect(quote).to_have_text("Trích yếu nội dung: kiểm tra hệ thống")


def test_somebody_is_mentioned_and_asked(table: Table) -> None:
    _draft, author, reviewer = table()
    _select(reviewer, "hằng tháng")
    reviewer.page.locator(".ed-bubble").click()
    box = reviewer.page.locator(".ed-threads-new textarea")
    box.press_sequentially("Nhờ @tuy")
    expect(reviewer.page.locator(".ed-mention-list li")).to_have_count(1)
    box.press("Enter")
    box.press_sequentially("xem lại")
    box.press("Control+Enter")
    expect(reviewer.page.locator(".ed-mention")).to_have_text("@Trần Thị Ánh Tuyết")
    reviewer.page.locator(".ed-card-assign").click()
    picker = reviewer.page.locator(".ed-picker-list .ed-menu-item")
    picker.filter(has_text="Tuyết").click()
    yours = author.page.locator(".ed-toast").filter(has_text="vừa được giao cho bạn")
    expect(yours).to_be_visible()
    author.page.locator(".ed-threads-button").click()
    author.page.locator("[data-shelf=mine]").click()
    expect(_cards(author)).to_contain_text("Giao: Trần Thị Ánh Tuyết")


def test_a_viewer_sees_no_comments(
    office: Office, person: Person, table: Table
) -> None:
    draft, _author, reviewer = table()
    _comment(reviewer, "báo cáo", "Kín")
    office.share(draft, "vanthu", "view")
    viewer = person("vanthu").open(draft)
    viewer.sees(SENTENCE)
    _select(viewer, "báo cáo")
    expect(viewer.page.locator(".ed-threads-button")).to_be_hidden()
    expect(viewer.page.locator(".ed-bubble")).to_be_hidden()
    expect(_highlighted(viewer)).to_have_count(0)
    # The right comes and goes while the page is open, and the comments with it.
    office.share(draft, "vanthu", "comment")
    expect(_highlighted(viewer)).to_have_text("báo cáo")
    office.share(draft, "vanthu", "view")
    expect(_highlighted(viewer)).to_have_count(0)
    expect(viewer.page.locator(".ed-threads-button")).to_be_hidden()


def test_a_screenshot_is_pasted_into_a_comment(table: Table) -> None:
    _draft, _author, reviewer = table()
    _select(reviewer, "báo cáo")
    reviewer.page.locator(".ed-bubble").click()
    box = reviewer.page.locator(".ed-threads-new textarea")
    box.fill("Như hình.")
    picture = base64.b64encode(png()).decode()
    box.evaluate(
        """(box, picture) => {
            const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], "image.png", { type: "image/png" }));
            box.dispatchEvent(new ClipboardEvent("paste", {
                clipboardData: data, bubbles: true, cancelable: true,
            }));
        }""",
        picture,
    )
    chip = reviewer.page.locator(".ed-threads-new .ed-composer-files li")
    expect(chip).to_contain_text("image.png")
    box.press("Control+Enter")
    expect(reviewer.page.locator(".ed-comment-files a")).to_contain_text("image.png")


def test_keys_alone_lead_from_comment_to_comment_and_to_the_answer(
    table: Table,
) -> None:
    _draft, author, reviewer = table()
    _comment(reviewer, "các đơn vị", "Nêu rõ đơn vị nào.")
    _comment(reviewer, "trước ngày 25", "Nên là ngày 20.")
    expect(_highlighted(author)).to_have_count(2)
    author.body.click()
    keys = author.page.keyboard
    quote = author.page.locator(".ed-card.is-active .ed-card-quote")
    told = author.page.locator(".ed-spoken")
    for words, place in (("các đơn vị", "1/2"), ("trước ngày 25", "2/2")):
        keys.press("Control+Alt+Period")
        expect(quote).to_have_text(words)
        expect(quote).to_be_focused()
        expect(told).to_contain_text(place)
    keys.press("Enter")
    expect(author.page.locator(".ed-card.is-active textarea")).to_be_focused()
    keys.type("Dong y.")
    keys.press("Control+Enter")
    expect(_cards(reviewer).filter(has_text="Dong y.")).to_be_visible()
    author.page.locator(".ed-card-resolve").press("Enter")
    expect(_cards(author)).to_have_count(1)
    expect(author.page.locator(".ed-card-quote")).to_be_focused()
    expect(author.page.locator(".ed-card-quote")).to_have_text("các đơn vị")


def test_comments_are_read_on_when_the_draft_is_archived_meanwhile(
    table: Table, office: Office
) -> None:
    draft, _author, reviewer = table()
    _comment(reviewer, "trước ngày 25", "Nên là ngày 20.")
    box = reviewer.page.locator(".ed-card.is-active textarea")
    expect(box).to_be_visible()
    office.api("POST", f"/drafts/{draft}/archive")
    expect(box).to_be_hidden()
    expect(_cards(reviewer)).to_contain_text("Nên là ngày 20.")
