"""Vietnamese telephone numbers."""

from __future__ import annotations

import pytest

from server.accounts import phones
from server.common.errors import InvalidInput


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("", ""),
        ("  ", ""),
        ("0905123456", "+84905123456"),
        ("0905 123 456", "+84905123456"),
        ("+84 905.123.456", "+84905123456"),
        ("0084-905-123-456", "+84905123456"),
        ("84905123456", "+84905123456"),
        ("0262 3852 361", "+842623852361"),
        ("(024) 3804 3333", "+842438043333"),
    ],
)
def test_a_number_is_kept_in_one_form(written: str, stored: str) -> None:
    assert phones.normalised(written) == stored


@pytest.mark.parametrize(
    "written",
    [
        "090512345",
        "09051234567",
        "0105123456",
        "0262385236",
        "+1 202 555 0100",
        "không có",
        "٠٩٠٥١٢٣٤٥٦",
    ],
)
def test_what_nobody_can_call_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        phones.normalised(written)
    assert "phone" in caught.value.fields


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+84905123456", "0905 123 456"),
        ("+842623852361", "0262 3852 361"),
        ("", ""),
    ],
)
def test_a_number_is_shown_as_people_write_it(stored: str, shown: str) -> None:
    assert phones.for_people(stored) == shown
    assert phones.normalised(shown) == stored
