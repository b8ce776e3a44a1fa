"""A number that was held ends with the year whose book it stands in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.common import clock
from server.common.errors import Conflict
from server.registry.actions import numbers
from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.models import NumberState, Register
from server.registry.queries.registers import reserved_numbers

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
LETTER = OutgoingEntry("CV", "đảm bảo hoạt động của Hệ thống idesk", "Bùi Hồng Quý")


@pytest.fixture
def book(cast: Any) -> Register:
    with clock.fixed(NOON):
        plan = RegisterPlan(name="Sổ văn bản đi")
        return open_register(cast.vanthu, cast.office.pk, plan)


def test_a_number_that_was_held_does_not_outlive_its_year(
    cast: Any, book: Register
) -> None:
    eve = datetime(2026, 12, 31, 5, tzinfo=UTC)
    with clock.fixed(eve):
        held = numbers.reserve_number(
            cast.vanthu,
            book.pk,
            document_type="CV",
            on_date=eve.date(),
            reason="chờ ký",
            expires_at=eve + timedelta(days=10),
        )
    with clock.fixed(eve + timedelta(days=1)):
        assert reserved_numbers(book) == []
        with pytest.raises(Conflict) as refused:
            register_outgoing(cast.vanthu, book.pk, LETTER, number_id=held.pk)
        assert refused.value.code == "back_dated"
    with clock.fixed(eve + timedelta(days=11)):
        register_outgoing(cast.vanthu, book.pk, LETTER)
    held.refresh_from_db()
    assert held.state == NumberState.VOID, "last year's book says it was never used"
