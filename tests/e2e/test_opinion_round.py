"""Lấy ý kiến in real browsers: ask, answer, handle, take the table."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from playwright.sync_api import expect

from server.common import clock
from tests.support.browser import Desk, Person
from tests.support.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.server]


def press(desk: Desk, name: str) -> None:
    desk.page.get_by_role("button", name=name, exact=True).click()


def test_a_round_is_asked_answered_handled_and_taken_away(
    office: Office, person: Person
) -> None:
    draft = office.create_draft("Quy chế làm việc của Văn phòng", document_type="QC")
    tuyet, quy = person("chuyenvien"), person("lanhdao")
    tuyet.go(f"/drafts/{draft}/opinions/new/")
    for words, found in (
        ("bui hong", "Bùi Hồng Quý"),
        ("van phong so", "Văn phòng Sở"),
    ):
        tuyet.page.locator("#asked-q").fill(words)
        candidate = tuyet.page.locator("#asked-found li").filter(has_text=found)
        candidate.get_by_role("button", name="Thêm").click()
        expect(tuyet.page.locator("#asked")).to_contain_text(found)
    due = clock.today() + timedelta(days=7)
    tuyet.page.locator("#due_on").fill(due.isoformat())
    tuyet.page.locator("input[name=question]").first.fill("Đồng ý Điều 3?")
    press(tuyet, "Gửi lấy ý kiến")
    expect(tuyet.page.locator(".dt-tallies")).to_contain_text("2 nơi được hỏi")
    table = tuyet.page.url

    # Whoever reads the draft first finds the form from there.
    asked = quy.open(draft).page.locator(".ed-asked")
    said = f"Trần Thị Ánh Tuyết hỏi ý kiến, hạn {due:%d/%m/%Y}"
    expect(asked).to_have_attribute("title", said)
    expect(tuyet.open(draft).page.locator(".ed-asked")).to_be_hidden()
    tuyet.page.goto(table)
    asked.click()
    expect(quy.page.get_by_role("heading", name="Quy chế làm việc")).to_be_visible()
    quy.go("/opinions/")
    quy.page.get_by_role("link", name="Cho ý kiến").last.click()
    quy.page.get_by_label("Nội dung góp ý").fill("Bổ sung căn cứ.")
    press(quy, "Gửi ý kiến")
    # Refused, and nothing that was typed is lost.
    expect(quy.page.locator(".alert-danger")).to_be_visible()
    expect(quy.page.get_by_label("Nội dung góp ý")).to_have_value("Bổ sung căn cứ.")
    quy.page.get_by_label("Đồng ý, có góp ý").check()
    quy.page.get_by_label("Có", exact=True).check()
    press(quy, "Gửi ý kiến")
    expect(quy.page.locator(".dt-verdict").first).to_have_text("Đồng ý, có góp ý")

    tuyet.page.goto(table)
    row = tuyet.page.locator(".dt-opinions tbody tr").filter(has_text="Bùi Hồng Quý")
    expect(row).to_contain_text("Bổ sung căn cứ.")
    row.locator("textarea").fill("Đã bổ sung.")
    row.get_by_role("button", name="Ghi").click()
    expect(row).to_contain_text("Đã bổ sung.")
    press(tuyet, "Tải bảng")
    with tuyet.page.expect_download() as taken:
        tuyet.page.get_by_role("link", name="DOCX").click()
    (printed,) = Document(BytesIO(taken.value.path().read_bytes())).tables
    assert [cell.text for cell in printed.rows[2].cells][1:] == [
        "Bùi Hồng Quý",
        "Đồng ý, có góp ý",
        "Bổ sung căn cứ.\nCâu 1. Đồng ý Điều 3? Có",
        "Tiếp thu: Đã bổ sung.",
    ]
