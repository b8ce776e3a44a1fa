"""The clock, the identifiers and the words of field errors."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from server.common import clock, ids
from server.common.errors import AppError, InvalidInput
from server.common.http import error_body, field_messages

LATE = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)


def test_a_day_begins_in_vietnam_not_in_utc() -> None:
    with clock.fixed(LATE):
        assert clock.today() == date(2026, 3, 2)


def test_the_clock_moves_again_after_the_block() -> None:
    with clock.fixed(LATE):
        assert clock.now() == LATE
    assert clock.now() != LATE


def test_identifiers_are_version_7_and_sort_by_time() -> None:
    with clock.fixed(LATE):
        first = ids.new_id()
    with clock.fixed(LATE.replace(minute=31)):
        second = ids.new_id()
    assert first.version == second.version == 7
    assert first.variant == "specified in RFC 4122"
    assert first < second


def test_identifiers_of_one_moment_differ() -> None:
    with clock.fixed(LATE):
        assert len({ids.new_id() for _ in range(1000)}) == 1000


def test_an_error_body_has_code_message_and_fields() -> None:
    body = error_body(InvalidInput("Sai.", fields={"name": "Cần tên."}))
    assert body == {
        "code": "invalid_input",
        "message": "Sai.",
        "fields": {"name": "Cần tên."},
    }


def test_every_error_has_its_own_code() -> None:
    kinds = AppError.__subclasses__()
    assert len(kinds) >= 7
    assert len({kind.code for kind in kinds}) == len(kinds)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (("body", "payload", "title"), "title"),
        (("body", "payload", "shares", 0, "level"), "shares.0.level"),
        (("query", "page"), "page"),
        (("body", "payload"), "payload"),
    ],
)
def test_a_wrong_field_is_named_as_the_caller_knows_it(
    place: tuple[str | int, ...], name: str
) -> None:
    assert list(field_messages([{"loc": place, "type": "missing"}])) == [name]
