"""Every field of the letterhead has a name, and values from lists are said in words."""

from __future__ import annotations

from dataclasses import fields

import pytest

from collab.content.tree import Fields
from server.registry.letterhead_words import in_words, name_of_field


@pytest.mark.parametrize(
    "field", [f.name for f in fields(Fields) if f.name != "schema"]
)
def test_no_field_is_called_by_the_name_that_programs_give_it(field: str) -> None:
    name = name_of_field(field)
    assert name != field
    assert name[0].isupper()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("document_type", "QĐ", "Quyết định"),
        ("urgency", "very_urgent", "Thượng khẩn"),
        ("deadline", "2026-02-05", "ngày 05 tháng 02 năm 2026"),
        ("date", "khi nào xong", "khi nào xong"),
        ("rule_kind", "party", "của Đảng"),
        ("subject", "urgent", "urgent"),
    ],
)
def test_what_is_chosen_from_a_list_is_said_in_words(
    field: str, value: str, said: str
) -> None:
    assert in_words(field, value, "state") == said
