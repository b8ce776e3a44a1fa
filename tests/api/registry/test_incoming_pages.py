"""The pages of incoming work, as a browser gets them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.common import clock
from server.registry.actions.forwardings import assign
from server.registry.models import (
    Draft,
    DraftAnswers,
    Forwarding,
    IncomingDocument,
    IncomingFile,
)
from tests.support.incoming import NOON, PDF, Desks


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


def page(browser: Any, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("who", "status", "form", "tasks"),
    [
        ("clerk", 200, 200, 0),
        ("leader", 200, 200, 0),
        ("lead_head", 200, 403, 1),
        ("lead_official", 200, 403, 1),
        ("helper", 200, 403, 1),
        ("colleague", 404, 404, 0),
        ("stranger", 404, 404, 0),
        ("sotttt", 404, 404, 0),
    ],
)
def test_who_gets_which_page(
    who: str,
    status: int,
    form: int,
    tasks: int,
    desks: Desks,
    request: Any,
    signed_in: Any,
) -> None:
    document, _lead, _helping = desks.forwarded()
    person = getattr(desks, who, None) or request.getfixturevalue(who)
    browser = signed_in(person)
    shown = page(browser, f"/incoming/{document.pk}/", status)
    assert shown.count('class="card mb-3 dt-task"') == tasks
    page(browser, f"/incoming/{document.pk}/forward/", form)
    page(browser, f"/incoming/{document.pk}/recipient/", form)
    assert ("Giao người giải quyết" in shown) == (who == "lead_head")
    listed = page(browser, "/incoming/?tab=waiting")
    assert (str(document.pk) in listed) == bool(tasks)


def test_a_page_asks_a_stranger_to_sign_in(client: Any, db: Any) -> None:
    assert client.get("/incoming/")["Location"].startswith("/sign-in/?next=")
    assert client.get("/incoming/count/").content == b""


def test_what_was_typed_is_shown_as_text(desks: Desks, signed_in: Any) -> None:
    document, _lead, _helping = desks.forwarded(direction="<b>gấp</b>")
    shown = page(signed_in(desks.clerk), f"/incoming/{document.pk}/")
    assert "&lt;b&gt;gấp" in shown
    assert "<b>gấp" not in shown


def test_the_clerk_forwards_with_the_form(desks: Desks, signed_in: Any) -> None:
    document = desks.register()
    browser = signed_in(desks.clerk)
    assert str(document.pk) in page(browser, "/incoming/"), "it waits to be forwarded"
    sent = {
        "lead": f"unit:{desks.lead_unit.pk}",
        "lead_deadline": "2026-12-03",
        "cooperating": [f"person:{desks.helper.pk}", "", ""],
        "cooperating_deadline": ["2026-12-01", "", ""],
        "direction": "Tham mưu trả lời",
        "given_by": str(desks.leader.pk),
        "given_on": "2026-11-26",
    }
    answer = browser.post(f"/incoming/{document.pk}/forward/", sent)
    assert answer["Location"] == f"/incoming/{document.pk}/"
    rows = Forwarding.objects.order_by("-role")
    assert [(f.role, f.deadline) for f in rows] == [
        ("lead", date(2026, 12, 3)),
        ("cooperating", date(2026, 12, 1)),
    ]
    again = page(browser, f"/incoming/{document.pk}/forward/")
    assert f'<option value="unit:{desks.lead_unit.pk}" selected>' in again
    assert f'<option value="person:{desks.helper.pk}" selected>' in again
    assert "Tham mưu trả lời" in again


def test_a_form_with_faults_keeps_what_was_typed_and_names_them(
    desks: Desks, signed_in: Any
) -> None:
    document = desks.register()
    sent = {
        "lead": "unit:x",
        "lead_deadline": "2026-01-01",
        "cooperating": [f"unit:{desks.lead_unit.pk}"],
        "cooperating_deadline": ["mai"],
        "direction": "giữ lại",
    }
    browser = signed_in(desks.leader)
    answer = browser.post(f"/incoming/{document.pk}/forward/", sent)
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert "giữ lại" in shown
    assert "Hạn của nơi phối hợp" in shown
    sent["cooperating_deadline"] = ["2026-12-01"]
    shown = browser.post(f"/incoming/{document.pk}/forward/", sent).content.decode()
    assert "Hạn của nơi chủ trì" in shown or "Chủ trì:" in shown
    assert not Forwarding.objects.exists()


def test_work_is_done_step_by_step_on_the_page(desks: Desks, signed_in: Any) -> None:
    document, lead, _helping = desks.forwarded()
    browser = signed_in(desks.lead_official)
    base = f"/incoming/forwardings/{lead.pk}"
    own = f"/incoming/{document.pk}/"
    assert browser.post(f"{base}/take_up/")["Location"] == own
    assert browser.post(f"{base}/take_up/").status_code == 409
    browser.post(f"{base}/progress/", {"note": "đang tổng hợp"})
    refused = browser.post(f"{base}/complete/", {"note": "tôi đã viết thế này"})
    assert refused.status_code == 400
    assert "tôi đã viết thế này" in refused.content.decode()
    done = {"needs_no_answer": "1", "note": "chỉ để biết"}
    assert browser.post(f"{base}/complete/", done)["Location"] == own
    lead.refresh_from_db()
    assert lead.state == "done"
    assert "chỉ để biết" in page(browser, own)


def test_what_was_given_back_leads_to_the_list(desks: Desks, signed_in: Any) -> None:
    _document, lead, _helping = desks.forwarded()
    browser = signed_in(desks.lead_official)
    base = f"/incoming/forwardings/{lead.pk}"
    assert browser.post(f"{base}/return/", {"reason": ""}).status_code == 400
    back = browser.post(f"{base}/return/", {"reason": "không thuộc thẩm quyền"})
    assert back["Location"] == "/incoming/"
    assert browser.post(f"{base}/xoa/").status_code == 404


def test_the_head_names_a_person_on_the_page(desks: Desks, signed_in: Any) -> None:
    _document, lead, _helping = desks.forwarded()
    sent = {"person": str(desks.second_official.pk), "deadline": "2026-12-01"}
    base = f"/incoming/forwardings/{lead.pk}/assign/"
    assert signed_in(desks.lead_head).post(base, sent).status_code == 302
    assert signed_in(desks.lead_official).post(base, sent).status_code == 403
    lead.refresh_from_db()
    assert lead.assignee == desks.second_official


def test_the_answer_begins_from_the_document(desks: Desks, signed_in: Any) -> None:
    document, _lead, _helping = desks.forwarded()
    answer = signed_in(desks.lead_official).post(f"/incoming/{document.pk}/answer/")
    draft = Draft.objects.get()
    assert answer["Location"] == f"/drafts/{draft.pk}/"
    assert DraftAnswers.objects.get().draft == draft


def test_files_are_attached_and_taken_off(desks: Desks, signed_in: Any) -> None:
    document, _lead, _helping = desks.forwarded()
    browser = signed_in(desks.clerk)
    files = [
        SimpleUploadedFile("Bản quét.pdf", PDF),
        SimpleUploadedFile("lạ.html", b"<html>"),
    ]
    base = f"/incoming/{document.pk}/files/"
    answer = browser.post(base, {"files": files})
    shown = page(browser, answer["Location"])
    assert "Bản quét.pdf" in shown
    assert "lạ.html: Không nhận loại tệp này" in shown
    assert "<iframe" in shown
    held = IncomingFile.objects.get()
    assert browser.post(f"{base}{held.pk}/remove/", {}).status_code == 400
    browser.post(f"{base}{held.pk}/remove/", {"reason": "nhầm"})
    assert "Bản quét.pdf" not in page(browser, f"/incoming/{document.pk}/")
    assert signed_in(desks.leader).post(base, {"files": []}).status_code == 403


def test_a_scan_may_come_with_the_entry_of_the_book(
    desks: Desks, signed_in: Any
) -> None:
    sent = {
        "document_type": "CV",
        "issuer": "Sở Y tế",
        "full_number": "9/SYT-VP",
        "subject": "mời họp",
        "arrived_on": "2026-11-26",
        "files": [SimpleUploadedFile("Giấy mời.pdf", PDF)],
    }
    browser = signed_in(desks.clerk)
    answer = browser.post(f"/registers/{desks.book.pk}/entry/", sent)
    row = IncomingDocument.objects.get(issuer="Sở Y tế")
    assert row.files.get().name == "Giấy mời.pdf"
    assert f'href="/incoming/{row.pk}/' in page(browser, answer["Location"])
    other = page(signed_in(desks.colleague), answer["Location"])
    assert f'href="/incoming/{row.pk}/' not in other


def test_a_late_transfer_is_warned_of(desks: Desks, signed_in: Any) -> None:
    document = desks.register()
    browser = signed_in(desks.clerk)
    own = f"/incoming/{document.pk}/"
    assert "chậm nhất ngày" not in page(browser, own)
    # It came on Thursday: until the end of Friday it is in time.
    for days, late in ((1, False), (2, True)):
        with clock.fixed(NOON + timedelta(days=days)):
            assert ("chậm nhất ngày 27/11/2026" in page(browser, own)) == late
            listed = page(browser, "/incoming/?tab=to_forward")
            assert ("Chưa chuyển, đã quá hạn chuyển" in listed) == late


def test_a_late_registration_is_said(desks: Desks, signed_in: Any) -> None:
    document = desks.register(
        arrived_on=date(2026, 11, 20), issued_on=date(2026, 11, 19)
    )
    shown = page(signed_in(desks.clerk), f"/incoming/{document.pk}/")
    assert "Vào sổ chậm: đến ngày 20/11/2026, vào sổ ngày 26/11/2026." in shown


@pytest.mark.parametrize("query", ["tab=x", "tab=done&page=99", "page=-1", "tab=over"])
def test_an_odd_address_shows_the_list(
    query: str, desks: Desks, signed_in: Any
) -> None:
    page(signed_in(desks.lead_official), f"/incoming/?{query}")
    page(signed_in(desks.colleague), "/incoming/?tab=to_forward")


def test_the_number_in_the_bar_is_what_waits(desks: Desks, signed_in: Any) -> None:
    desks.forwarded()
    browser = signed_in(desks.lead_official)
    assert browser.get("/incoming/count/").content == b"1"
    assert signed_in(desks.colleague).get("/incoming/count/").content == b""


def test_pages_ask_a_fixed_number_of_questions(desks: Desks, signed_in: Any) -> None:
    def cost(address: str) -> int:
        browser = signed_in(desks.lead_head)
        with CaptureQueriesContext(connection) as asked:
            page(browser, address)
        return len(asked)

    document, lead, _helping = desks.forwarded()
    before = cost("/incoming/"), cost(f"/incoming/{document.pk}/")
    for _again in range(5):
        desks.forwarded()
        assign(desks.lead_head, lead.pk, person=desks.second_official.pk)
    assert (cost("/incoming/"), cost(f"/incoming/{document.pk}/")) == before
    assert before[0] <= 10
    assert before[1] <= 14


def test_english_readers_get_english(desks: Desks, signed_in: Any) -> None:
    desks.lead_official.language = "en"
    desks.lead_official.save()
    document, _lead, _helping = desks.forwarded()
    shown = page(signed_in(desks.lead_official), f"/incoming/{document.pk}/")
    assert "Take up" in shown
    assert "Attached files" in shown
