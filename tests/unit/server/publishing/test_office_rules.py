"""An office lays down a legal value of its own, and the day says which holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from server.common.workdays import is_working_day, use_office_days
from server.config.wiring import read_office_rules
from server.publishing.rules import all_rules, choose_rules, use_office_rules

OWN = """
id = "nd30-vpubnd"
changes = "nd30-2020"
valid_from = 2027-01-01
valid_to = 2027-12-31
title = "Quy định của Văn phòng"

[text]
size_pt = { value = 13, source = "QĐ 12/QĐ-VPUBND" }
"""


@pytest.fixture
def rules(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "layout").mkdir()
    yield tmp_path
    nowhere = tmp_path / "nowhere"
    use_office_rules(nowhere)
    use_office_days(nowhere)


def test_without_a_folder_the_law_stands_as_it_comes(rules: Path) -> None:
    before = all_rules()
    read_office_rules(rules / "nowhere")
    assert [r.id for r in all_rules()] == [r.id for r in before]


def test_the_day_of_a_document_chooses_between_the_law_and_the_office(
    rules: Path,
) -> None:
    (rules / "layout" / "office.toml").write_text(OWN, "utf-8")
    read_office_rules(rules)
    before, during, after = (
        choose_rules(date(year, 6, 1)) for year in (2026, 2027, 2028)
    )
    assert (before.id, during.id, after.id) == ("nd30-2020", "nd30-vpubnd", "nd30-2020")
    assert (before.text.size_pt, during.text.size_pt) == (14, 13)
    assert during.sources["text.size_pt"] == "QĐ 12/QĐ-VPUBND"
    # What the office does not name is as the law has it.
    assert during.page == before.page
    assert during.types.keys() == before.types.keys()
    assert choose_rules(date(2027, 6, 1), "party").id != "nd30-vpubnd"


def test_of_two_that_begin_on_one_day_the_office_decides(rules: Path) -> None:
    own = OWN.replace("2027-01-01", "2020-03-05").replace("nd30-vpubnd", "a")
    (rules / "layout" / "office.toml").write_text(own, "utf-8")
    read_office_rules(rules)
    assert choose_rules(date(2026, 6, 1)).id == "a"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (OWN.replace("value = 13", "value = 12"), "office.toml: text.size_pt"),
        (OWN.replace("size_pt", "size"), "office.toml: text.size: is not known"),
        (OWN.replace('"nd30-2020"', '"nd31"'), "office.toml: changes"),
        (OWN.replace("nd30-vpubnd", "nd30-2020"), "office.toml: id"),
        (OWN.replace("valid_from = 2027-01-01", ""), "office.toml: valid_from"),
        ("[text", "office.toml"),
    ],
)
def test_the_server_does_not_start_with_a_fault_and_says_where(
    rules: Path, text: str, named: str
) -> None:
    (rules / "layout" / "office.toml").write_text(text, "utf-8")
    with pytest.raises(ImproperlyConfigured) as refused:
        read_office_rules(rules)
    assert named in str(refused.value)


def test_the_office_writes_down_the_days_of_a_year(rules: Path) -> None:
    days = "[2028]\noff = [2028-01-26, 2028-01-27]\nwork = [2028-01-22]\n"
    assert is_working_day(date(2028, 1, 26))
    (rules / "workdays.toml").write_text(days, "utf-8")
    read_office_rules(rules)
    assert not is_working_day(date(2028, 1, 26))
    assert is_working_day(date(2028, 1, 22)), "a Saturday that is made up"
    assert not is_working_day(date(2026, 2, 17)), "other years stand as they came"


@pytest.mark.parametrize(
    ("days", "named"),
    [
        ("[2028]\noff = []", "workdays.toml: 2028.work"),
        ("[2028]\noff = [2027-01-01]\nwork = []", "workdays.toml: 2028.off"),
        ("[2028]\noff = []\nwork = []\nhalf = []", "workdays.toml: 2028.half"),
        ("[tet]\noff = []\nwork = []", "workdays.toml: tet"),
    ],
)
def test_a_fault_in_the_days_is_named(rules: Path, days: str, named: str) -> None:
    (rules / "workdays.toml").write_text(days, "utf-8")
    with pytest.raises(ImproperlyConfigured) as refused:
        read_office_rules(rules)
    assert named in str(refused.value)
