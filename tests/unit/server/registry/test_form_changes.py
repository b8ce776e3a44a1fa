"""What a form changed, laid over what the row has become."""

from __future__ import annotations

from datetime import date

import pytest

from server.common.errors import Conflict
from server.registry.form_changes import lay_over

SEEN = {"note": "", "to": "Phòng A\nPhòng B", "day": None}


def test_only_what_was_changed_in_the_form_is_written() -> None:
    wanted = {**SEEN, "note": "gấp"}
    now = {**SEEN, "day": date(2026, 11, 24), "to": "Phòng C"}
    laid = lay_over(wanted, SEEN, now)
    assert laid == {"note": "gấp", "to": "Phòng C", "day": date(2026, 11, 24)}


def test_line_breaks_of_a_browser_are_no_change() -> None:
    wanted = {**SEEN, "to": "Phòng A\r\nPhòng B"}
    assert lay_over(wanted, SEEN, {**SEEN, "to": "Phòng C"})["to"] == "Phòng C"


def test_a_field_that_both_changed_is_refused_and_said() -> None:
    now = {**SEEN, "note": "chờ", "day": date(2026, 11, 24)}
    with pytest.raises(Conflict) as refused:
        lay_over({**SEEN, "note": "gấp", "day": date(2026, 1, 2)}, SEEN, now)
    assert refused.value.code == "row_changed"
    told = {name: str(words) for name, words in refused.value.fields.items()}
    assert told.keys() == {"note", "day"}
    assert "chờ" in told["note"]
    assert "24/11/2026" in told["day"]


def test_two_who_write_the_same_agree() -> None:
    now = {**SEEN, "note": "gấp"}
    assert lay_over({**SEEN, "note": "gấp"}, SEEN, now)["note"] == "gấp"


def test_who_does_not_say_what_was_seen_replaces_all() -> None:
    assert lay_over(SEEN, None, {**SEEN, "note": "chờ"}) == SEEN
