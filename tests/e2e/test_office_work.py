"""What one official does with drafts: sign in, find, import, write, take away."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from playwright.sync_api import expect

from tests.support.browser import Person
from tests.support.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A small letter as Word stores it."""
    document = docx.Document()
    document.add_paragraph("Thực hiện ý kiến chỉ đạo của Chủ tịch UBND tỉnh.")
    bold = document.add_paragraph().add_run("Đề nghị các sở khẩn trương báo cáo")
    bold.bold = True
    path = tmp_path / "Báo cáo tiến độ.docx"
    document.save(str(path))
    return path


def test_a_wrong_password_opens_nothing(person: Person) -> None:
    visitor = person("chuyenvien", signed_in=False)
    visitor.go("/drafts/")
    visitor.give_password("khong-phai-mat-khau")
    expect(visitor.page.get_by_role("alert").first).to_be_visible()
    visitor.go("/drafts/")
    expect(visitor.page).to_have_url(f"{visitor.base_url}/sign-in/?next=/drafts/")


def test_a_draft_is_found_without_typing_accents(
    office: Office, person: Person
) -> None:
    office.create_draft("Tờ trình về cầu Đắk Nuê")
    office.create_draft("Giấy mời họp giao ban")
    tuyet = person("chuyenvien", signed_in=False)
    tuyet.sign_in()
    drafts = tuyet.page.locator(".dt-draft-title")
    expect(drafts.filter(has_text="Giấy mời họp giao ban").first).to_be_visible()
    tuyet.page.get_by_role("searchbox", name="Tìm dự thảo").fill("cau dak nue")
    expect(drafts).to_have_text(["Tờ trình về cầu Đắk Nuê"])
    drafts.first.click()
    expect(tuyet.page.locator("#editor-root[data-ready=true]")).to_be_visible()


def test_a_word_file_comes_in_is_changed_and_goes_out(
    person: Person, letter: Path
) -> None:
    tuyet = person("chuyenvien")
    tuyet.go("/drafts/import/")
    tuyet.page.locator("input[type=file]").set_input_files(letter)
    tuyet.page.get_by_role("button", name="Nhập").click()
    opened = tuyet.page.locator("#editor-root[data-ready=true]")
    shown = tuyet.page.get_by_role("link", name="Mở dự thảo")
    expect(opened.or_(shown).first).to_be_visible()
    if shown.is_visible():
        shown.click()
    expect(opened).to_be_visible()
    tuyet.sees("Thực hiện ý kiến chỉ đạo của Chủ tịch UBND tỉnh.")
    expect(tuyet.body.locator("strong")).to_contain_text("khẩn trương báo cáo")
    tuyet.click_end()
    tuyet.type(" trước ngày 30/11.")
    tuyet.save_status("saved")
    draft = tuyet.page.url.rstrip("/").rsplit("/", 1)[-1]
    word = tuyet.page.request.get(f"{tuyet.base_url}/api/v1/drafts/{draft}/export.docx")
    assert word.ok
    document = docx.Document(io.BytesIO(word.body()))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "khẩn trương báo cáo trước ngày 30/11." in text
    pdf = tuyet.page.request.get(f"{tuyet.base_url}/api/v1/drafts/{draft}/export.pdf")
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF-")


def test_a_reader_sees_the_text_and_cannot_write(
    office: Office, person: Person
) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "view")
    tuyet = person("chuyenvien").open(draft)
    tuyet.save_status("saved")
    tuyet.click_end()
    tuyet.type("chỉ để đọc")
    dat = person("sotttt").open(draft)
    dat.sees("chỉ để đọc")
    dat.save_status("read_only")
    expect(dat.body).to_have_attribute("contenteditable", "false")
