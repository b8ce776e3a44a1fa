"""What people do with documents: find them, gather them, answer what arrived."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from server.common import clock
from tests.support.browser import Desk, Person
from tests.support.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.server]


def press(desk: Desk, name: str) -> None:
    desk.page.get_by_role("button", name=name, exact=True).click()


def done(desk: Desk, words: str) -> None:
    expect(desk.page.locator(".alert").filter(has_text=words).first).to_be_visible()


def test_a_document_is_found_without_accents_and_the_search_is_kept(
    office: Office, person: Person
) -> None:
    plan = "Kế hoạch sửa chữa trụ sở Krông Pắc"
    office.create_draft(plan, document_type="KH")
    office.create_draft("Tờ trình sửa chữa trụ sở Krông Pắc", document_type="TTr")
    tuyet = person("chuyenvien")
    tuyet.go("/search/")
    hits = tuyet.page.locator(".dt-hit > a")
    tuyet.page.locator("#q").fill("sua chua tru so krong pac")
    expect(hits).to_have_count(2)
    tuyet.page.locator("#type").select_option("KH")
    expect(hits).to_have_text([plan])
    expect(hits.locator("mark").first).to_have_text("sửa")
    # One press opens it, also while the caret is still among the words.
    tuyet.page.locator("#q").fill("sua chua tru so krong")
    expect(tuyet.page).to_have_url(re.compile(r"krong(&|$)"))
    press(tuyet, "Lưu tìm kiếm")
    tuyet.page.locator("#saved-name").fill("Trụ sở")
    press(tuyet, "Lưu")
    tuyet.go("/search/")
    expect(hits).to_have_count(0)
    kept = tuyet.page.get_by_role("navigation", name="Tìm kiếm đã lưu")
    kept.get_by_role("link", name="Trụ sở").click()
    expect(hits).to_have_text([plan])
    expect(tuyet.page.locator("#type")).to_have_value("KH")


def test_a_case_file_is_opened_filled_and_taken_away(
    office: Office, person: Person
) -> None:
    draft = "Báo cáo sơ kết chuyển đổi số quý III"
    office.create_draft(draft)
    tuyet = person("chuyenvien")
    tuyet.go("/case-files/new/")
    tuyet.page.locator("#title").fill("Hồ sơ chuyển đổi số năm 2026")
    press(tuyet, "Lập hồ sơ")
    tuyet.page.locator("#find").fill("so ket chuyen doi so")
    found = tuyet.page.locator("#candidates li").filter(has_text=draft)
    found.get_by_role("button", name="Đưa vào").click()
    done(tuyet, "Đã đưa văn bản vào hồ sơ")
    rows = tuyet.page.locator(".dt-contents tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(draft)
    press(tuyet, "In, xuất")
    with tuyet.page.expect_download() as taken:
        tuyet.page.get_by_role("link", name=re.compile("Cả hồ sơ")).click()
    with zipfile.ZipFile(io.BytesIO(taken.value.path().read_bytes())) as parcel:
        xml = parcel.read("ho-so.xml").decode()
    assert "Hồ sơ chuyển đổi số năm 2026" in xml
    assert draft in xml


def test_what_arrived_is_registered_forwarded_and_answered(
    office: Office, person: Person
) -> None:
    books = office.api("GET", "/registers", "vanthu").json()
    book = next(one["id"] for one in books if one["kind"] == "incoming")
    dao = person("vanthu")
    dao.go(f"/registers/{book}/entry/")
    dao.page.locator("#issuer").fill("Sở Nội vụ")
    dao.page.locator("#full_number").fill("1990/SNV-CCHC")
    dao.page.locator("#issued_on").fill(clock.today().isoformat())
    dao.page.locator("#document_type").select_option("CV")
    dao.page.locator("#subject").fill("góp ý quy chế văn thư lưu trữ")
    press(dao, "Vào sổ")
    done(dao, "số đến")
    dao.go("/incoming/?tab=to_forward")
    dao.page.get_by_role("link", name=re.compile("góp ý quy chế")).click()
    dao.page.get_by_role("link", name="Chuyển văn bản").click()
    lead = dao.page.locator("#lead")
    hctc = lead.locator("option", has_text="Phòng Hành chính").get_attribute("value")
    lead.select_option(hctc)
    term = clock.today() + timedelta(days=7)
    dao.page.locator("#lead_deadline").fill(term.isoformat())
    dao.page.locator("#direction").fill("Tham mưu văn bản trả lời")
    press(dao, "Chuyển")
    expect(dao.page.locator(".dt-parts li")).to_contain_text("Phòng Hành chính")

    phi = person("truongphong")
    phi.go("/incoming/")
    phi.page.get_by_role("link", name=re.compile("góp ý quy chế")).click()
    expect(phi.page.locator(".dt-task")).to_contain_text(f"{term:%d/%m/%Y}")
    press(phi, "Nhận xử lý")
    press(phi, "Soạn văn bản trả lời")
    expect(phi.page.locator("#editor-root[data-ready=true]")).to_be_visible()
    dao.page.reload()
    expect(dao.page.locator(".dt-parts li")).to_contain_text("Đang xử lý")
