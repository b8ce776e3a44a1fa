"""A rule-set is data: typed, sourced, and refused with the name of a bad key."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

import server.publishing.rules as rules_package
from collab.content.tree import Fields
from server.publishing.rules import (
    BadRules,
    RuleSet,
    all_rules,
    choose_rules,
    rules_for,
)
from server.publishing.rules.load import load_rules
from server.publishing.rules.model import (
    COMPONENTS,
    Header,
    Page,
    SigningRules,
    TextRules,
    Words,
    Zeros,
)

FOLDER = Path(rules_package.__file__).parent
DECREE = (FOLDER / "nd30-2020.toml").read_text("utf-8")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "office.toml"
    path.write_text(text, "utf-8")
    return path


def changed(old: str, new: str) -> str:
    assert DECREE.count(old) >= 1, old
    return DECREE.replace(old, new, 1)


@pytest.mark.parametrize("rules", all_rules(), ids=lambda r: r.id)
def test_every_value_says_its_source(rules: RuleSet) -> None:
    expected = {f"page.{f.name}" for f in fields(Page)}
    expected |= {f"text.{f.name}" for f in fields(TextRules)}
    expected |= {f"header.{f.name}" for f in fields(Header)}
    expected |= {f"words.{f.name}" for f in fields(Words)}
    expected |= {f"zeros.{f.name}" for f in fields(Zeros)}
    expected |= {f"signing.{f.name}" for f in fields(SigningRules)}
    expected |= {f"component.{name}" for name in COMPONENTS}
    expected |= {f"style.{name}" for name in rules.styles}
    expected |= {f"types.{code}" for code in rules.types}
    expected |= {f"authorities.{code}" for code in rules.authorities}
    assert expected <= set(rules.sources)
    assert rules.source_of("page.margin_left_mm").startswith(rules.title)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("margin_left_mm = { value = 30", "margin_left_mm = { value = 12", "page.ma"),
        ("margin_left_mm = { value = 30", 'margin_left_mm = { value = "30"', "page.ma"),
        ("margin_left_mm", "margin_lft_mm", "page.margin_lft_mm"),
        ("[component.motto]\nsize_pt = 13", "[component.motto]\nsize_pt = 9", "motto"),
        ("[component.motto]\nsize_pt = 13", "[component.motto]", "motto.size_pt"),
        ("[component.motto]", "[component.moto]", "component.moto"),
        ('align = "center"', 'align = "middle"', "component.country.align"),
        ("[style.basis]\nitalic = true", "[style.basis]\nitalic = 1", "style.basis"),
        ('"Số: {number}/{notation}"', '"Số: {number}"', "words.number_form"),
        (r"'\d{2,}[a-zđ]?'", "'['", "words.number_pattern"),
        ('addressees = "required"', 'addressees = "many"', "types.TTr.addressees"),
        ("Tới dự: {event}", "Tới dự: {evnt}", "types.GM.lines_before"),
        ("signatures = 2", "signatures = 3", "types.BB.signatures"),
        ('right = { value = ["country", "motto"]', 'right = { value = ["x"]', "right"),
        ('colour = { value = "FF0000"', 'colour = { value = "red"', "stamps.colour"),
        ('source = "PL I, I.1"', 'source = ""', "says no source"),
        ('kind = "state"', 'kind = "church"', "kind"),
        ("valid_from = 2020-03-05", "valid_from = 2020-03-05\nvalid_to = 2019-01-01",
         "valid_to"),
        ("valid_from = 2020-03-05", "", "valid_from"),
        ("[page]", "[page", "office.toml"),
    ],
)  # fmt: skip
def test_bad_data_names_the_key(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(BadRules, match=r"office\.toml") as caught:
        load_rules(written(tmp_path, changed(old, new)))
    assert named in str(caught.value)


def test_an_office_changes_a_value_without_code(tmp_path: Path) -> None:
    text = changed("margin_left_mm = { value = 30", "margin_left_mm = { value = 35")
    rules = load_rules(written(tmp_path, text))
    assert rules.page.text_width_mm == 160
    assert rules.ranges["page.margin_left_mm"] == (30, 35)


def test_rules_are_chosen_by_day_and_kind() -> None:
    assert choose_rules(date(2026, 11, 22)).id == "nd30-2020"
    assert choose_rules(date(2026, 11, 22), "party").id == "party-05-2026"
    assert choose_rules(date(2017, 7, 14)).id == "nd30-2020", "the first that we know"


def test_a_later_norm_holds_from_its_first_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = load_rules(
        written(
            tmp_path,
            changed("valid_from = 2020-03-05",
                    "valid_from = 2020-03-05\nvalid_to = 2027-06-30"),
        )
    )  # fmt: skip
    new = load_rules(
        written(
            tmp_path,
            changed("valid_from = 2020-03-05", "valid_from = 2027-07-01").replace(
                "nd30-2020", "next"
            ),
        )
    )
    monkeypatch.setattr(rules_package, "all_rules", lambda: (old, new))
    assert choose_rules(date(2027, 6, 30)) is old
    assert choose_rules(date(2027, 7, 1)) is new


def test_a_draft_has_the_rules_of_its_kind_and_date() -> None:
    assert rules_for(Fields()).kind == "state"
    assert rules_for(Fields(rule_kind="party")).kind == "party"
    assert rules_for(Fields(rule_kind="?", date="2026-13-99")).kind == "state"
