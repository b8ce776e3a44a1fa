"""A draft goes out to Word and comes back while a colleague is typing in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.wait import until
from tests.support.word_columns import span
from tests.support.word_hand import CUC, Hand

pytestmark = [pytest.mark.browser, pytest.mark.server]

LINES = (
    "Các sở báo cáo kết quả kiểm tra.",
    "Gửi trước ngày 15 hằng tháng.",
    "Nơi nhận ghi theo mẫu.",
)
TYPED = " Đạt viết tiếp trong lúc tệp được nhập lại, không mất chữ nào."


def _write(desk: Desk) -> None:
    desk.click_end(0)
    for number, line in enumerate(LINES):
        if number:
            desk.page.keyboard.press("Enter")
        desk.type(line)
    desk.save_status("saved")


def _exported(desk: Desk, draft: str) -> bytes:
    address = f"{desk.base_url}/api/v1/drafts/{draft}/export.docx?review=1"
    answer = desk.page.request.get(address)
    assert answer.ok
    return answer.body()


def _edited(data: bytes) -> bytes:
    """What the colleague with Word does, under Track Changes."""
    hand = Hand(data)
    hand.insert(0, "kiểm tra", " định kỳ")
    hand.replace(1, "15", "20")
    hand.comment_on(1, "hằng tháng", "Nên là hằng quý?")
    return hand.save()


def _look(page: Page, desk: Desk, draft: str, file: Path) -> None:
    page.goto(f"{desk.base_url}/drafts/{draft}/word/")
    page.locator("#word-file").set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()
    told = page.locator(".dt-word-told")
    expect(told).to_contain_text("Sẽ thành đề xuất sửa")
    expect(told).to_contain_text(CUC)
    expect(told).to_contain_text("Nên là hằng quý?")


def test_it_comes_back_while_somebody_types(
    office: Office, person: Person, tmp_path: Path
) -> None:
    draft = office.create_draft("V/v kiểm tra định kỳ")
    office.share(draft, "sotttt", "edit")
    tuyet = person("chuyenvien").open(draft)
    _write(tuyet)
    dat = person("sotttt").open(draft)
    dat.sees(LINES[-1])

    file = tmp_path / "gop-y.docx"
    file.write_bytes(_edited(_exported(tuyet, draft)))
    editor = tuyet.page
    word = tuyet.context.new_page()
    _look(word, tuyet, draft, file)
    # Looking changed nothing, and nothing is to be seen at the others.
    expect(dat.body.locator("ins, del")).to_have_count(0)

    # The file is taken while he types: the click returns before the server answers.
    dat.click_end(2)
    dat.type(TYPED[:10])
    word.evaluate(
        """() => setTimeout(
            () => document.querySelector('button[value=take]').click(), 0)"""
    )
    dat.type(TYPED[10:])
    expect(word.locator(".dt-word-told")).to_contain_text("Đã thành đề xuất sửa")

    # Both see all of it without loading anything again.
    tuyet.page = editor
    for desk in (tuyet, dat):
        expect(desk.body.locator("ins.sg-insertion")).to_have_text([" định kỳ", "20"])
        expect(desk.body.locator("del.sg-deletion")).to_have_text(["15"])
        desk.sees(TYPED.strip())
        expect(desk.body.locator(".ed-thread")).to_have_text("hằng tháng")
        desk.page.locator(".ed-threads-button").click()
        card = desk.page.locator(".ed-card", has_text="Nên là hằng quý?")
        expect(card).to_contain_text(CUC)
    for desk in (tuyet, dat):
        desk.save_status("saved")
    stands = "\n".join((*LINES[:2], LINES[2] + TYPED))
    until(lambda: office.text(draft) == stands, what="what stands is what was typed")


def test_the_letterhead_is_taken_by_a_click_and_seen_by_all(
    office: Office, person: Person, tmp_path: Path
) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "edit")
    tuyet = person("chuyenvien").open(draft)
    subject = tuyet.page.locator("[data-field=subject]")
    subject.fill("Kiểm tra định kỳ")
    tuyet.save_status("saved")
    dat = person("sotttt").open(draft)
    hand = Hand(_exported(tuyet, draft))
    text = next(t for t in hand.body.iter("{*}t") if "Kiểm tra" in (t.text or ""))
    text.text = text.text.replace("định kỳ", "năm 2026")
    file = tmp_path / "the-thuc.docx"
    file.write_bytes(hand.save())

    word = tuyet.context.new_page()
    word.goto(f"{tuyet.base_url}/drafts/{draft}/word/")
    word.locator("#word-file").set_input_files(file)
    word.get_by_role("button", name="Xem trước").click()
    told = word.locator(".dt-word-told")
    expect(told).to_contain_text("Kiểm tra năm 2026")
    choice = told.get_by_role("checkbox", name="Trích yếu")
    expect(choice).not_to_be_checked()
    choice.check()
    told.get_by_role("button", name="Nhập vào dự thảo").click()
    expect(told).to_contain_text("Đã lấy")
    for page in (subject, dat.page.locator("[data-field=subject]")):
        expect(page).to_have_value("Kiểm tra năm 2026")


def test_cells_merged_in_word_are_merged_by_a_click_in_the_draft(
    office: Office, person: Person, tmp_path: Path
) -> None:
    draft = office.create_draft()
    tuyet = person("chuyenvien").open(draft)
    tuyet.save_status("saved")
    tuyet.click_end(0)
    tuyet.page.get_by_role("button", name="Chèn bảng").click()
    tuyet.page.get_by_role("button", name="2 dòng × 2 cột").click()
    for number, text in enumerate(("Đơn vị", "Số tiền", "Sở Tài chính", "ba tỷ")):
        if number:
            tuyet.press("Tab")
        tuyet.type(text)
    tuyet.save_status("saved")

    hand = Hand(_exported(tuyet, draft))
    (words,) = (t for t in hand.body.iter("{*}t") if t.text == "Sở Tài chính")
    first, second = next(words.iterancestors("{*}tr")).findall("{*}tc")
    for paragraph in second.findall("{*}p"):
        first.append(paragraph)
    second.getparent().remove(second)
    span(first, 2)
    file = tmp_path / "ghep-o.docx"
    file.write_bytes(hand.save())
    editor, word = tuyet.page, tuyet.context.new_page()
    word.goto(f"{tuyet.base_url}/drafts/{draft}/word/")
    word.locator("#word-file").set_input_files(file)
    word.get_by_role("button", name="Xem trước").click()
    told = word.locator(".dt-word-told")
    expect(told).to_contain_text("Ghép ô")
    expect(told).to_contain_text("Sở Tài chính | ba tỷ")
    word.get_by_role("button", name="Nhập vào dự thảo").click()
    expect(told).to_contain_text("Đã thành đề xuất sửa")

    expect(editor.locator(".sg-merge")).to_have_count(2)
    editor.get_by_role("button", name="Các đề xuất sửa").click()
    editor.locator(".sg-row").get_by_role("button", name="Đồng ý").click()
    expect(editor.locator(".sg-merge")).to_have_count(0)
    one = tuyet.body.locator("td[colspan='2'] p")
    expect(one).to_have_text(["Sở Tài chính", "ba tỷ"])
    tuyet.save_status("saved")
