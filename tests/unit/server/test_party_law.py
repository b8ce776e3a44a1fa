"""Where the Party's rules differ from the State's, its papers follow its own."""

from __future__ import annotations

from datetime import date

from collab.content.tree import Content, Fields
from server.registry.numbering.notation import Form, number_text
from server.registry.type_forms import zeros
from server.review.rendering.sheet import sheet_of
from tests.support.office_rules import Rules, changed

BEFORE, AFTER = date(2026, 12, 31), date(2027, 1, 1)


def test_the_party_s_numbers_and_dates_have_the_zeros_of_its_own_rules(
    office_rules: Rules,
) -> None:
    none = "[zeros]\nnumber_below.value = 1\nday_below.value = 1\n"
    office_rules("layout", changed("party-05-2026", none))

    def written(form: Form, day: date) -> str:
        return number_text(form, 5, "", day)

    party, state = Form.PARTY, Form.DECREE_30
    assert [written(party, day) for day in (BEFORE, AFTER)] == ["05", "5"]
    assert [written(state, day) for day in (BEFORE, AFTER)] == ["05", "05"]
    assert [rule["day"] for rule in zeros()["party"]] == [10, 1]
    fields = {"date": AFTER.isoformat(), "deadline": "2027-01-05"}
    told = [
        sheet_of(Content(Fields(**fields, rule_kind=kind), ())).fields["deadline"]
        for kind in ("", "party")
    ]
    assert told == ["ngày 05 tháng 01 năm 2027", "ngày 5 tháng 01 năm 2027"]
