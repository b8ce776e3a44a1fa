"""A number that another document of the office bears already is given only to whoever
confirms it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from server.common import clock
from server.common.errors import Conflict, InvalidInput
from server.registry.actions import numbers
from server.registry.actions.outgoing import (
    OutgoingEntry,
    duplicate_of,
    register_outgoing,
)
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.models import IssuedNumber, OutgoingDocument, Register

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LETTER = OutgoingEntry("CV", "về việc báo cáo", "Bùi Hồng Quý")
FIRST = OutgoingEntry("CV", "mời <họp>", "Bùi Hồng Quý")


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def first(cast: Any) -> OutgoingDocument:
    """Number 01 of the office, in another of its books."""
    book = open_register(cast.vanthu, cast.office.pk, RegisterPlan(name="Sổ cũ"))
    return register_outgoing(cast.vanthu, book.pk, FIRST)


@pytest.fixture
def book(cast: Any) -> Register:
    return open_register(cast.vanthu, cast.office.pk, RegisterPlan(name="Sổ mới"))


def test_a_number_that_another_document_bears_must_be_confirmed(
    cast: Any, first: OutgoingDocument, book: Register
) -> None:
    with pytest.raises(Conflict) as refused:
        register_outgoing(cast.vanthu, book.pk, LETTER)
    assert refused.value.code == "duplicate_document"
    assert first.full_number in str(refused.value.message)
    assert "24/11/2026" in str(refused.value.message)
    again = register_outgoing(cast.vanthu, book.pk, LETTER, is_second=True)
    assert again.full_number == first.full_number, "the refused one took no number"
    assert register_outgoing(cast.vanthu, book.pk, LETTER).number == 2


def test_faults_of_the_form_are_told_first(
    cast: Any, first: OutgoingDocument, book: Register
) -> None:
    with pytest.raises(InvalidInput):
        register_outgoing(cast.vanthu, book.pk, OutgoingEntry("CV", "", ""))


def test_another_type_unit_office_or_year_is_another_number(
    cast: Any, first: OutgoingDocument, book: Register
) -> None:
    def same(register: Register = book, **more: Any) -> OutgoingDocument | None:
        given: dict[str, Any] = {"document_type": "CV", **more}
        return duplicate_of(cast.vanthu, register.pk, **given)

    assert same() == first
    assert same(document_type="QĐ") is None
    assert same(unit_id=cast.units["HCTC"].pk) is None
    with clock.fixed(NOON + timedelta(days=60)):
        assert same() is None
    numbers.void_number(cast.vanthu, first.issued_number_id, "nhầm")
    assert same() is None, "a void number names no document"


def test_a_held_number_is_looked_at_too(
    cast: Any, first: OutgoingDocument, book: Register
) -> None:
    held = numbers.reserve_number(
        cast.vanthu, book.pk, document_type="CV", on_date=TODAY, reason="chờ ký"
    )
    found = duplicate_of(cast.vanthu, book.pk, document_type="CV", number_id=held.pk)
    assert found == first
    with pytest.raises(Conflict):
        register_outgoing(cast.vanthu, book.pk, LETTER, number_id=held.pk)
    held.refresh_from_db()
    assert held.state == "reserved"
    row = register_outgoing(
        cast.vanthu, book.pk, LETTER, number_id=held.pk, is_second=True
    )
    assert row.full_number == first.full_number


def test_the_api_asks_for_the_confirmation(
    cast: Any, first: OutgoingDocument, book: Register, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    address = f"/api/v1/registers/{book.pk}/outgoing"
    kept = ("document_type", "subject", "signer_name")
    body = {name: asdict(LETTER)[name] for name in kept}
    refused = browser.post(address, body, content_type="application/json")
    assert refused.status_code == 409
    assert refused.json()["code"] == "duplicate_document"
    confirmed = {**body, "is_second": True}
    made = browser.post(address, confirmed, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["full_number"] == first.full_number


def test_the_form_warns_while_one_types_and_asks(
    cast: Any, first: OutgoingDocument, book: Register, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    base = f"/registers/{book.pk}"
    warned = browser.get(f"{base}/duplicate/?document_type=CV").content.decode()
    assert first.full_number in warned
    assert 'name="is_second"' in warned
    assert "mời &lt;họp&gt;" in warned
    other = browser.get(f"{base}/duplicate/?document_type=QĐ").content.decode()
    assert other.strip() == ""
    data = {
        "document_type": "CV",
        "subject": "về việc báo cáo",
        "signer_name": "Bùi Hồng Quý",
        "on_date": TODAY.isoformat(),
    }
    refused = browser.post(f"{base}/entry/", data)
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert f"số {first.full_number} ngày 24/11/2026" in shown
    assert 'value="về việc báo cáo"' in shown, "what was typed is kept"
    assert IssuedNumber.objects.filter(register=book).count() == 0
    confirmed = browser.post(f"{base}/entry/", {**data, "is_second": "1"})
    assert confirmed.status_code == 302


@pytest.mark.parametrize("asked", ["", "document_type=?", "number=x", "on_date=hôm"])
def test_what_cannot_be_registered_is_not_warned_of(
    cast: Any, first: OutgoingDocument, book: Register, signed_in: Any, asked: str
) -> None:
    answer = signed_in(cast.vanthu).get(f"/registers/{book.pk}/duplicate/?{asked}")
    assert answer.status_code == 200


@pytest.mark.parametrize("who", ["nguoila", "sotttt"])
def test_a_stranger_learns_nothing_of_a_number(
    cast: Any,
    first: OutgoingDocument,
    book: Register,
    stranger: Any,
    signed_in: Any,
    who: str,
) -> None:
    person = {"nguoila": stranger, **cast.people}[who]
    address = f"/registers/{book.pk}/duplicate/?document_type=CV"
    assert signed_in(person).get(address).status_code == 404
