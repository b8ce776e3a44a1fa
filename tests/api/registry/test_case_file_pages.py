"""The pages of case files, as a browser gets them, and what the API answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.common import clock
from server.registry.actions.case_file_ends import hand_over_case_file
from server.registry.case_file_api import ParcelResponse
from server.registry.models import CaseFile, CaseFileEntry
from tests.support.case_files import TITLE, Cabinet, cabinet
from tests.support.cast import make_person

__all__ = ["cabinet"]

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
HX = {"HX-Request": "true"}
FIELDS = {
    "title": "Hồ sơ <b>thi đua</b>",
    "retention": "y20",
    "rights": "restricted",
    "work": "work",
    "year": "2026",
    "starts_on": "2026-11-01",
    "creator": "Trần Thị Ánh Tuyết",
    "language": "Tiếng Việt",
}


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


def shown(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:400]
    return str(answer.content.decode())


def test_a_file_is_opened_from_the_form(
    cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    form = shown(browser.get("/case-files/new/"))
    assert 'value="2026-11-24"' in form
    unit = {"unit": str(cast.units["HCTC"].pk)}
    done = browser.post("/case-files/new/", {**FIELDS, **unit}, follow=True)
    page = shown(done)
    assert "Đã lập hồ sơ 01.HCTC." in page
    assert "Hồ sơ &lt;b&gt;thi đua&lt;/b&gt;" in page
    assert "20 năm" in page and "Hạn chế" in page


def test_a_refused_form_keeps_what_was_typed_and_names_every_fault(
    cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    typed = {**FIELDS, "unit": str(cast.units["HCTC"].pk), "code": "TCCB"}
    page = shown(browser.post("/case-files/new/", typed), 400)
    assert "01.TCCB: số, dấu chấm, mục" in page
    assert 'value="TCCB"' in page and "thi đua" in page
    typed = {**typed, "code": "", "starts_on": "2026-02-30"}
    page = shown(browser.post("/case-files/new/", typed), 400)
    assert "Ngày bắt đầu" in page and "Ngày này không có trong lịch." in page
    assert not CaseFile.objects.exists()


def test_who_works_in_no_unit_is_told_why(cast: Any, signed_in: Any) -> None:
    page = shown(signed_in(cast.quantri).get("/case-files/new/"))
    assert "<form class=" not in page.split("<main")[1]
    assert "Người làm việc trong một đơn vị" in page


def test_the_forms_are_only_for_who_keeps_the_file(
    cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    file = cabinet.file()
    cabinet.put(file, cabinet.letter())
    page = shown(signed_in(cast.chuyenvien).get(f"/case-files/{file.pk}/"))
    assert "/add/" in page or "/find/" in page
    assert "/remove/" in page and "/close/" in page and "/hand-over/" not in page
    ended = cabinet.closed()
    page = shown(signed_in(cast.chuyenvien).get(f"/case-files/{ended.pk}/"))
    assert "/reopen/" in page
    assert all(part not in page for part in ("/find/", "/remove/", "/hand-over/"))
    page = shown(signed_in(cast.vanthu).get(f"/case-files/{ended.pk}/"))
    assert "/hand-over/" in page


def test_a_file_is_changed_from_the_form(
    cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    file = cabinet.file()
    browser = signed_in(cast.chuyenvien)
    assert TITLE in shown(browser.get(f"/case-files/{file.pk}/change/"))
    sent = browser.post(f"/case-files/{file.pk}/change/", FIELDS, follow=True)
    assert "thi đua" in shown(sent)
    ended = cabinet.closed()
    shown(browser.get(f"/case-files/{ended.pk}/change/"), 409)


def test_documents_are_found_put_in_and_taken_out(
    cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    file, letter = cabinet.file(), cabinet.letter("kế hoạch <i>số hóa</i>")
    browser = signed_in(cast.chuyenvien)
    found = shown(browser.get(f"/case-files/{file.pk}/find/?q=so+hoa", headers=HX))
    assert letter.full_number in found and "&lt;i&gt;" in found
    # Without a script the same box loads the page.
    assert letter.full_number in shown(browser.get(f"/case-files/{file.pk}/?q=so+hoa"))
    put = {"kind": "outgoing", "document": str(letter.pk)}
    page = shown(browser.post(f"/case-files/{file.pk}/add/", put, follow=True))
    assert "Đã đưa văn bản vào hồ sơ" in page
    page = shown(browser.post(f"/case-files/{file.pk}/add/", put, follow=True))
    assert "Văn bản đã có trong hồ sơ này." in page
    nothing = shown(browser.get(f"/case-files/{file.pk}/find/?q=so+hoa", headers=HX))
    assert "Không có văn bản nào khớp" in nothing
    entry = CaseFileEntry.objects.get()
    path = f"/case-files/{file.pk}/entries/{entry.pk}/remove/"
    assert "Đã rút văn bản" in shown(browser.post(path, follow=True))
    assert browser.post(f"/case-files/{file.pk}/add/", {"kind": "x"}).status_code == 404


@pytest.mark.parametrize("kind", ["outgoing", "incoming"])
def test_a_document_goes_into_a_file_from_its_own_page(
    kind: str, cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    row = cabinet.letter() if kind == "outgoing" else cabinet.arrived()
    file = cabinet.file()
    browser = signed_in(cast.chuyenvien)
    address = f"/registers/{kind}/{row.pk}/"
    assert "Đưa vào hồ sơ…" in shown(browser.get(address))
    sent = {
        "kind": kind,
        "document": str(row.pk),
        "case_file": str(file.pk),
        "next": address,
    }
    page = shown(browser.post("/case-files/put/", sent, follow=True))
    assert "Nằm trong hồ sơ" in page and f"/case-files/{file.pk}/" in page
    assert "Đưa vào hồ sơ…" not in page
    # Somebody who does not see the file is told nothing of it.
    assert "Nằm trong hồ sơ" not in shown(signed_in(cast.lanhdao).get(address))


def test_a_file_goes_to_the_archive_through_its_dialogs(
    cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    file = cabinet.file()
    browser = signed_in(cast.vanthu)
    base = f"/case-files/{file.pk}"
    dialog = shown(browser.get(f"{base}/close/", headers=HX))
    assert "Hồ sơ chưa có văn bản nào." in dialog and "<html" not in dialog
    shown(browser.post(f"{base}/close/", {"ends_on": ""}, headers=HX), 200)
    file.refresh_from_db()
    assert file.state == "open"
    cabinet.put(file, cabinet.letter())
    dialog = shown(browser.get(f"{base}/close/", headers=HX))
    assert "1 văn bản chưa ghi số trang" in dialog
    assert 'value="2026-11-24"' in dialog
    done = browser.post(f"{base}/close/", {"ends_on": "2026-11-24"}, headers=HX)
    assert (done.status_code, done["HX-Refresh"]) == (204, "true")
    assert "chậm nhất 24/11/2027" in shown(browser.get(f"{base}/"))
    page = shown(browser.post(f"{base}/reopen/", {"reason": " "}))
    assert "Cần có giá trị này." in page and "<html" in page
    day = {"handed_over_on": "2026-11-23"}
    page = shown(browser.post(f"{base}/hand-over/", day))
    assert "Ngày nộp" in page and "Không thể trước ngày kết thúc hồ sơ." in page
    shown(browser.post(f"{base}/hand-over/", {"handed_over_on": ""}, follow=True))
    page = shown(browser.get(f"{base}/"))
    assert "Đã nộp lưu trữ" in page and "/reopen/" not in page


def test_the_list_says_what_is_soon_due(
    cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    cabinet.closed()
    browser = signed_in(cast.chuyenvien)
    page = shown(browser.get("/case-files/"))
    assert 'id="due-title"' not in page
    with clock.fixed(NOON + timedelta(days=340)):
        page = shown(browser.get("/case-files/?state=due"))
        assert 'id="due-title"' in page and "24/11/2027" in page
    with clock.fixed(NOON + timedelta(days=366)):
        assert "Quá hạn" in shown(browser.get("/case-files/"))


def test_the_list_takes_odd_filters_as_none(
    cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    cabinet.file()
    browser = signed_in(cast.chuyenvien)
    odd = "?year=20x6&unit=zz&state=lost&sort=title&page=-3&q=" + "ho+so"
    assert TITLE in shown(browser.get(f"/case-files/{odd}"))
    part = shown(browser.get("/case-files/?q=khong+co", headers=HX))
    assert "Không có hồ sơ nào khớp" in part and "<html" not in part


def test_every_download_of_a_page_exists(
    cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    file = cabinet.file()
    cabinet.put(file, cabinet.arrived())
    browser = signed_in(cast.chuyenvien)
    pages = (
        shown(browser.get("/case-files/")),
        shown(browser.get(f"/case-files/{file.pk}/")),
    )
    links = re.findall(r'href="(/api/v1/case-files/[^"]+)" download', "".join(pages))
    assert len(links) == 7
    for link in links:
        answer = browser.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, link
        assert answer["Cache-Control"] == "private, no-store"
        answer.getvalue()
    data = browser.get(links[-1]).getvalue()
    assert ZipFile(BytesIO(data)).namelist() == ["muc-luc.pdf", "ho-so.xml"]


async def test_a_parcel_goes_out_in_pieces_under_asgi() -> None:
    sent = bytes(range(256)) * 1000
    response = ParcelResponse(BytesIO(sent))
    pieces = [piece async for piece in response]
    response.close()
    assert b"".join(pieces) == sent
    assert max(map(len, pieces)) < len(sent)


def test_pages_cost_the_same_however_much_they_show(
    cast: Any, cabinet: Cabinet, signed_in: Any, begin_draft: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    file = cabinet.file()
    cabinet.put(file, cabinet.letter())
    cabinet.put(file, begin_draft("Một"))

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            shown(browser.get(address))
        return len(asked)

    addresses = ["/case-files/", f"/case-files/{file.pk}/"]
    before = [cost(address) for address in addresses]
    for index in range(3):
        other = cabinet.file()
        cabinet.put(other, cabinet.letter())
        cabinet.put(file, cabinet.arrived(f"{index}/SNV"))
        cabinet.put(file, begin_draft(f"Thêm {index}"))
    assert [cost(address) for address in addresses] == before


def test_the_api_tells_a_file_with_its_totals_and_entries(
    cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    body = {
        "unit": str(cast.units["HCTC"].pk),
        "title": " Hồ sơ\n thi đua ",
        "retention": "permanent",
    }
    made = browser.post("/api/v1/case-files", body, content_type="application/json")
    assert made.status_code == 201, made.content
    file = made.json()
    assert (file["code"], file["title"]) == ("01.HCTC", "Hồ sơ thi đua")
    assert (file["may_keep"], file["may_hand_over"]) == (True, False)
    base = f"/api/v1/case-files/{file['id']}"
    rows = {"outgoing": cabinet.letter(pages=2), "incoming": cabinet.arrived()}
    for kind, row in rows.items():
        entry = {"kind": kind, "document": str(row.pk)}
        added = browser.post(f"{base}/entries", entry, content_type="application/json")
        assert added.status_code == 201, added.content
    listed = browser.get(f"{base}/entries").json()
    assert [row["ordinal"] for row in listed["items"]] == [1, 2]
    assert listed["count"] == 2
    assert browser.get(base).json()["pages"] == 2
    again = browser.post(f"{base}/entries", entry, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "already_in_file")
    choices = browser.get("/api/v1/case-file-choices").json()
    assert choices["retention"][0] == {"code": "permanent", "name": "Vĩnh viễn"}
    odd = browser.get("/api/v1/case-files?state=lost")
    assert odd.status_code == 400


def test_the_bar_tells_who_keeps_a_file_that_it_is_soon_to_be_handed_over(
    cast: Any, cabinet: Cabinet, signed_in: Any
) -> None:
    colleague = make_person("dongnghiep", "Lê Văn Ba", cast.units["HCTC"])
    ended = clock.now()
    cabinet.closed(ended)
    noticed = ended + timedelta(days=340)
    keepers = (cast.chuyenvien, cast.truongphong, cast.vanthu)
    others = (colleague, cast.sotttt, cast.quantri)

    def told(person: Any) -> str:
        answer = signed_in(person).get("/case-files/count/")
        assert answer.status_code == 200
        return str(answer.content.decode())

    assert {told(person) for person in keepers} == {""}
    with clock.fixed(noticed):
        assert {told(person) for person in keepers} == {"1"}
        assert {told(person) for person in others} == {""}
        assert (
            "/case-files/count/"
            in signed_in(keepers[0]).get("/case-files/").content.decode()
        )
        (file,) = CaseFile.objects.all()
        hand_over_case_file(cast.truongphong, file.pk)
        assert {told(person) for person in keepers} == {""}
