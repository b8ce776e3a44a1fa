"""Two reviewers suggest new words for fields of the letterhead; the author decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import Desk, Person
from tests.support.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.server]
Table = Callable[[], tuple[Desk, Desk, Desk]]

OLD = "kiểm tra hệ thống"
NEW = "kiểm tra hệ thống hội nghị truyền hình"


@pytest.fixture
def table(office: Office, person: Person) -> Table:
    """A draft open at its author, one who may suggest and one who may comment."""

    def all_three() -> tuple[Desk, Desk, Desk]:
        draft = office.create_draft("V/v kiểm tra hệ thống")
        office.share(draft, "sotttt", "suggest")
        office.share(draft, "lanhdao", "comment")
        author, first, second = (
            person(name).open(draft) for name in ("chuyenvien", "sotttt", "lanhdao")
        )
        author.save_status("saved")
        _field(author).fill(OLD)
        author.save_status("saved")
        for desk in (first, second):
            expect(_field(desk)).to_have_value(OLD)
        return author, first, second

    return all_three


def _field(desk: Desk, name: str = "subject") -> Locator:
    return desk.page.locator(f"textarea[data-field={name}]")


def _at_field(desk: Desk, name: str = "subject") -> Locator:
    return desk.page.locator(f"[data-field-suggestions={name}] .ed-field-suggestion")


def _suggest(desk: Desk, words: str, why: str = "", name: str = "subject") -> None:
    _field(desk, name).click()
    desk.page.locator(".ed-bubble").click()
    fresh = desk.page.locator(".ed-threads-new")
    fresh.get_by_role("button", name="Đề xuất sửa", exact=True).click()
    fresh.get_by_label("Sửa thành").fill(words)
    if why:
        fresh.locator(".ed-composer-box textarea").fill(why)
    fresh.get_by_role("button", name="Gửi").click()
    expect(fresh).to_be_hidden()
    there = _at_field(desk, name).filter(has_text=words.split()[-1])
    expect(there.first).to_be_visible()


def _card(desk: Desk, words: str) -> Locator:
    return desk.page.locator(".ed-card").filter(has_text=words)


def _decide(where: Locator, act: str) -> None:
    where.locator(f"[data-decide={act}]").click()


def test_who_may_only_suggest_proposes_and_the_author_accepts_by_a_click(
    table: Table,
) -> None:
    author, first, _second = table()
    _suggest(first, NEW, "Cho đủ tên.")
    # The field itself is untouched, and the author sees at once what is to come.
    expect(_field(first)).to_have_value(OLD)
    expect(_at_field(author).locator("ins")).to_have_text(" hội nghị truyền hình")
    expect(_at_field(author)).to_contain_text("Phạm Quốc Đạt")
    assert first.page.locator(".ed-field-decide").count() == 0
    _decide(_at_field(author), "accept")
    expect(_field(author)).to_have_value(NEW)
    expect(_field(first)).to_have_value(NEW)
    expect(_at_field(author)).to_have_count(0)
    first.page.locator("[data-shelf=resolved]").click()
    expect(_card(first, "Cho đủ tên.")).to_contain_text("Đã nhận · Trần Thị Ánh Tuyết")
    # It was an edit of the author's, and is undone like one.
    _field(author).focus()
    author.page.keyboard.press("Control+z")
    expect(_field(author)).to_have_value(OLD)
    expect(_field(first)).to_have_value(OLD)


def test_of_two_for_one_field_the_second_is_shown_with_all_three_texts(
    table: Table,
) -> None:
    author, first, second = table()
    _suggest(first, NEW)
    _suggest(second, "kiểm tra đường truyền")
    expect(_at_field(author)).to_have_count(2)
    _decide(_at_field(author).filter(has_text="truyền hình"), "accept")
    expect(_field(author)).to_have_value(NEW)
    # At the field it is not taken unseen any more.
    left = _at_field(author)
    expect(left).to_have_count(1)
    expect(left.locator(".ed-field-decide")).to_have_count(0)
    left.locator(".ed-field-suggestion-words").click()
    card = _card(author, "đường truyền")
    expect(card).to_contain_text("đã được sửa sau khi đề nghị")
    expect(card.locator("dd")).to_have_text([OLD, NEW, "kiểm tra đường truyền"])
    card.locator(".ed-card-answer textarea").fill("Đã nêu đủ ở trên.")
    _decide(card, "reject")
    expect(_field(author)).to_have_value(NEW)
    second.page.locator("[data-shelf=resolved]").click()
    seen = _card(second, "đường truyền")
    seen.locator(".ed-card-quote").click()
    expect(seen).to_contain_text("Không nhận · Trần Thị Ánh Tuyết")
    expect(seen).to_contain_text("Đã nêu đủ ở trên.")


def test_the_list_of_suggestions_holds_them_and_decides_by_author(
    table: Table,
) -> None:
    author, first, second = table()
    _suggest(first, NEW)
    _suggest(first, "Như trên\nBan Giám đốc\nLưu: VT", name="recipients")
    _suggest(second, "UBND TỈNH", name="issuer_parent")
    author.page.locator(".sg-tools").get_by_role("button").first.click()
    panel = author.page.locator(".sg-panel")
    expect(panel.locator("[data-field-suggestion]")).to_have_count(3)
    group = panel.locator(".sg-group").filter(has_text="Phạm Quốc Đạt")
    group.get_by_role("button", name="Đồng ý cả nhóm").click()
    expect(panel.locator("[data-field-suggestion]")).to_have_count(1)
    expect(_field(author)).to_have_value(NEW)
    expect(_field(author, "recipients")).to_have_value(
        "Như trên\nBan Giám đốc\nLưu: VT"
    )
    _decide_first(panel, "Bỏ")
    expect(panel.locator("[data-field-suggestion]")).to_have_count(0)
    expect(_at_field(second, "issuer_parent")).to_have_count(0)


def _decide_first(panel: Locator, name: str) -> None:
    row = panel.locator("[data-field-suggestion]").first
    row.get_by_role("button", name=name, exact=True).click()


def test_its_author_takes_it_back_and_markup_is_text(table: Table) -> None:
    author, first, _second = table()
    odd = "<img src=x onerror=alert(1)> & <b>đậm</b>"
    _suggest(first, odd)
    expect(_at_field(author).locator("ins")).to_have_text(odd)
    expect(_at_field(author).locator("img, b")).to_have_count(0)
    author.page.locator(".ed-threads-button").click()
    expect(_card(author, "onerror").locator("img, b")).to_have_count(0)
    _decide(_card(first, "onerror"), "withdraw")
    expect(_at_field(author)).to_have_count(0)
    expect(_field(author)).to_have_value(OLD)


def test_words_that_were_not_sent_are_there_after_a_reload(table: Table) -> None:
    _author, first, _second = table()
    _field(first).click()
    first.page.locator(".ed-bubble").click()
    first.page.get_by_label("Sửa thành").fill(NEW)
    first.page.reload()
    expect(first.page.get_by_label("Sửa thành")).to_have_value(NEW)
    first.page.locator(".ed-threads-new").get_by_role("button", name="Gửi").click()
    expect(_at_field(first).locator("ins")).to_have_text(" hội nghị truyền hình")


def _shown(desk: Desk, name: str = "subject") -> Locator:
    """What the page says there, whoever may write in it."""
    return desk.page.locator(f".ed-field-{name} > .ed-grow-mirror")


def test_the_views_before_and_after_show_the_letterhead_too(table: Table) -> None:
    author, first, second = table()
    _suggest(first, NEW)
    _suggest(second, "UBND TỈNH A", name="issuer_parent")
    expect(_at_field(author, "issuer_parent")).to_have_count(1)
    view = author.page.locator(".sg-tools .sg-view")
    view.select_option("final")
    expect(_shown(author)).to_have_text(NEW)
    expect(_shown(author, "issuer_parent")).to_have_text("UBND TỈNH A")
    expect(_at_field(author)).to_be_hidden()
    expect(_field(author)).to_be_hidden()
    # It is kept up, and nothing of it was written.
    expect(_field(first)).to_have_value(OLD)
    _suggest(second, "Lãnh đạo", name="signer_position")
    expect(_shown(author, "signer_position")).to_have_text("Lãnh đạo")
    view.select_option("original")
    expect(_shown(author)).to_have_text(OLD)
    expect(_shown(author, "signer_position")).to_be_hidden()
    expect(_at_field(author)).to_be_hidden()
    view.select_option("marked")
    expect(_field(author)).to_be_editable()
    expect(_at_field(author)).to_be_visible()


def test_what_is_suggested_for_the_field_with_the_caret_is_the_selection(
    table: Table,
) -> None:
    author, first, second = table()
    _suggest(first, NEW)
    _suggest(second, "UBND TỈNH ĐẮK LẮK A", name="issuer_parent")
    author.page.locator(".sg-tools").get_by_role("button").first.click()
    panel = author.page.locator(".sg-panel")
    expect(panel.locator("[data-field-suggestion]")).to_have_count(2)
    accept = panel.get_by_role("button", name="ở phần đang chọn").first
    author.click_end(0)
    expect(accept).to_be_hidden()
    _field(author).click()
    expect(accept).to_have_text("Đồng ý 1 đề xuất ở phần đang chọn")
    accept.click()
    expect(panel.locator("[data-field-suggestion]")).to_have_count(1)
    expect(_field(author)).to_have_value(NEW)
    expect(_field(author, "issuer_parent")).not_to_have_value("UBND TỈNH ĐẮK LẮK A")
