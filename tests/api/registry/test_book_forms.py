"""The forms of a book's row: a minute old, and yet they erase nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from server.common import clock
from server.registry.actions.handling import write_answer
from server.registry.actions.incoming import (
    FollowUp,
    IncomingEntry,
    follow_up,
    register_incoming,
)
from server.registry.actions.outgoing import (
    OutgoingEntry,
    Sending,
    record_sending,
    register_outgoing,
)
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.models import IncomingDocument, OutgoingDocument

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def written(cast: Any) -> OutgoingDocument:
    book = open_register(cast.vanthu, cast.office.pk, RegisterPlan(name="Sổ đi"))
    entry = OutgoingEntry("CV", "trả lời", "Bùi Hồng Quý")
    return register_outgoing(cast.vanthu, book.pk, entry)


@pytest.fixture
def arrived(cast: Any) -> IncomingDocument:
    plan = RegisterPlan(name="Sổ đến", kind="incoming")
    book = open_register(cast.vanthu, cast.office.pk, plan)
    entry = IncomingEntry(
        "CV", "Sở Nội vụ", "mời họp", "9/SNV", forwarded_to="Phòng A\nPhòng B"
    )
    return register_incoming(cast.vanthu, book.pk, entry)


def form_of(browser: Any, address: str) -> dict[str, str]:
    """Every field of the page's form, as a browser would send it untouched."""
    shown = browser.get(address).content.decode()
    return fields_of(shown)


def fields_of(shown: str) -> dict[str, str]:
    form = shown.split("<main")[1]
    found = {
        unescape(name): unescape(value)
        for tag in re.findall(r"<input[^>]*>", form)
        for name, value in re.findall(r'name="([^"]+)".*?value="([^"]*)"', tag)
    }
    for name, value in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form
    ):
        found[name] = unescape(value)
    return {name: value.replace("\n", "\r\n") for name, value in found.items()}


def test_a_note_on_an_old_form_does_not_erase_the_answer_that_was_linked_since(
    cast: Any, arrived: IncomingDocument, written: OutgoingDocument, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    address = f"/registers/incoming/{arrived.pk}/"
    form = form_of(browser, address)
    assert form["note"] == ""
    write_answer(arrived, written)
    answer = browser.post(address, {**form, "note": "đã báo Sở"})
    assert answer.status_code == 302
    arrived.refresh_from_db()
    assert (arrived.note, arrived.answer) == ("đã báo Sở", written)
    assert arrived.answer_number == written.full_number
    assert arrived.answered_on is not None
    assert arrived.forwarded_to == "Phòng A\nPhòng B"


def test_a_field_that_a_colleague_changed_meanwhile_is_not_overwritten_unasked(
    cast: Any, arrived: IncomingDocument, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    address = f"/registers/incoming/{arrived.pk}/"
    form = {**form_of(browser, address), "progress": "đang làm", "note": "gấp"}
    follow_up(
        cast.vanthu,
        arrived.pk,
        FollowUp(progress="chờ ý kiến", file_notation="01.TCCB"),
    )
    refused = browser.post(address, form)
    shown = refused.content.decode()
    assert refused.status_code == 409
    assert "Người khác vừa ghi: chờ ý kiến" in shown
    again = fields_of(shown)
    assert (again["progress"], again["note"]) == ("đang làm", "gấp")
    assert again["file_notation"] == "01.TCCB", "what nobody typed is as it is now"
    arrived.refresh_from_db()
    assert (arrived.progress, arrived.note) == ("chờ ý kiến", "")
    assert browser.post(address, again).status_code == 302
    arrived.refresh_from_db()
    assert (arrived.progress, arrived.note) == ("đang làm", "gấp")
    assert arrived.file_notation == "01.TCCB"


def test_a_fault_keeps_a_field_that_was_cleared(
    cast: Any, arrived: IncomingDocument, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    address = f"/registers/incoming/{arrived.pk}/"
    form = form_of(browser, address)
    wrong = {**form, "forwarded_to": "", "deadline": "2026-11-01"}
    refused = browser.post(address, wrong)
    assert refused.status_code == 400
    again = fields_of(refused.content.decode())
    assert (again["forwarded_to"], again["deadline"]) == ("", "2026-11-01")


def test_a_note_on_an_old_form_leaves_the_sending_that_was_recorded_since(
    cast: Any, written: OutgoingDocument, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    address = f"/registers/outgoing/{written.pk}/"
    form = form_of(browser, address)
    record_sending(cast.vanthu, written.pk, Sending("VT", 12, NOON.date()))
    assert browser.post(address, {**form, "note": "gửi bưu điện"}).status_code == 302
    assert browser.post(address, {**form, "copies": "3"}).status_code == 409
    written.refresh_from_db()
    assert (written.archive_unit, written.copies) == ("VT", 12)
    assert (written.sent_on, written.note) == (NOON.date(), "gửi bưu điện")


def test_a_program_may_say_what_it_saw(
    cast: Any, arrived: IncomingDocument, written: OutgoingDocument, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    address = f"/api/v1/incoming-documents/{arrived.pk}/follow-up"
    seen = {"forwarded_to": arrived.forwarded_to}
    write_answer(arrived, written)

    def put(**body: Any) -> Any:
        return browser.put(address, body, content_type="application/json")

    done = put(**{**seen, "note": "xong", "seen": seen}).json()
    assert (done["note"], done["answer_number"]) == ("xong", written.full_number)
    crossed = put(**{**seen, "answer_number": "7/A", "seen": seen})
    assert (crossed.status_code, crossed.json()["code"]) == (409, "row_changed")
    sending = f"/api/v1/outgoing-documents/{written.pk}/sending"
    kept = {"copies": 2, "note": "x", "seen": {"copies": 2}}
    sent = browser.put(sending, kept, content_type="application/json").json()
    assert (sent["copies"], sent["note"]) == (None, "x")
