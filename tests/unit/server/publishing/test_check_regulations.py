"""What is issued with a decision (Mẫu 1.3) has numbers and blanks of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collab.content.tree import Block, Content, PageBreak, Paragraph, Run
from server.publishing.check import Fault, Fix, check
from tests.unit.server.publishing.forms import (
    DECIDED,
    REGULATION,
    WITH_REGULATION,
    appendix,
    of_type,
)
from tests.unit.server.publishing.samples import line

DECISION = of_type("QĐ")
HEADING, BODY = REGULATION[:4], REGULATION[4:]


def issuing(*blocks: Block) -> Content:
    return replace(DECISION, blocks=(*DECIDED, *blocks))


def labelled(style: str, label: str) -> Paragraph:
    return Paragraph((Run("Nội dung"),), style, number=label)  # type: ignore[arg-type]


def only(content: Content) -> Fault:
    (fault,) = check(content)
    return fault


def test_a_regulation_that_begins_anew_has_no_fault() -> None:
    assert check(WITH_REGULATION) == ()


@pytest.mark.parametrize(
    ("style", "label"),
    [
        ("part", "Phần I"),
        ("chapter", "Chương I"),
        ("section", "Mục 1"),
        ("subsection", "Tiểu mục 1"),
        ("article", "Điều 1."),
    ],
)
def test_each_style_begins_anew_in_an_appendix_and_nowhere_else(
    style: str, label: str
) -> None:
    first = labelled(style, label)
    begun = replace(DECISION, blocks=(*DECIDED[:-1], first, DECIDED[-1]))
    again = replace(begun, blocks=(*begun.blocks, first))
    assert [f.quote for f in check(again) if f.rule_id == "numbering_order"][-1:] == [
        label
    ]
    regulation = replace(begun, blocks=(*begun.blocks, *HEADING, first))
    found = [f for f in check(regulation) if f.place.paragraph != len(DECIDED) - 1]
    assert found == []


def test_articles_that_people_typed_begin_anew_too() -> None:
    typed = (line("Điều 1. Phạm vi"), line("Điều 2. Đối tượng"))
    assert check(issuing(*HEADING, *typed)) == ()


def test_an_appendix_counts_from_its_first_number() -> None:
    jumped = (labelled("article", "Điều 1."), labelled("article", "Điều 3."))
    fault = only(issuing(*HEADING, *jumped))
    assert (fault.rule_id, fault.fix) == (
        "numbering_order",
        Fix("number", "Điều 3.", ""),
    )
    twice = (labelled("article", "Điều 1."), labelled("article", "Điều 1."))
    assert only(issuing(*HEADING, *twice)).quote == "Điều 1."
    late = (line("Phạm vi", "article"), labelled("article", "Điều 1."))
    assert only(issuing(*HEADING, *late)).quote == "Điều 1."


def test_every_appendix_begins_anew() -> None:
    first = labelled("article", "Điều 1.")
    both = (*appendix("I", "QUY CHẾ", first), *appendix("II", "QUY ĐỊNH", first))
    assert check(issuing(*both)) == ()


def test_a_regulation_without_a_page_break_begins_at_its_reference() -> None:
    assert check(issuing(*HEADING[1:], *BODY)) != ()  # "./." must stand at the end
    rules = [f.rule_id for f in check(issuing(*HEADING[1:], *BODY))]
    assert "numbering_order" not in rules
    bare = [f.rule_id for f in check(issuing(*HEADING[1:3], *BODY))]
    assert "numbering_order" in bare


def test_a_page_break_alone_begins_no_numbers_anew() -> None:
    again = labelled("article", "Điều 1.")
    broken = (*DECIDED[:-1], PageBreak(), again, DECIDED[-1])
    assert only(replace(DECISION, blocks=broken)).rule_id == "numbering_order"


@pytest.mark.parametrize(
    "text",
    [
        "(Kèm theo Quyết định số      /QĐ-UBND ngày    tháng    năm 2026 của UBND)",
        "(Kèm theo Quyết định số: \u00a0 /QĐ-UBND ngày   tháng   năm    )",
        "(Ban hành kèm theo Nghị quyết số ..../NQ-HĐND ngày ... tháng ... năm 20...)",
        "(Ban hành kèm theo Quyết định số …/QĐ-UBND ngày … tháng … năm …)",
    ],
)
def test_the_blanks_of_a_reference_are_no_fault(text: str) -> None:
    assert check(issuing(*HEADING[:3], line(text, "caption"), *BODY)) == ()


def test_the_blanks_may_stand_in_the_second_line_of_a_reference() -> None:
    two = (
        line("(Ban hành kèm theo Quyết định số     /QĐ-VPUBND", "caption"),
        line("ngày    tháng    năm 2026 của Chánh Văn phòng)", "caption"),
    )
    assert check(issuing(*HEADING[:3], *two, *BODY)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "(Kèm theo  Quyết định số     /QĐ-UBND ngày    tháng    năm 2026)",
        "(Kèm theo Quyết định số  12/QĐ-UBND ngày 05 tháng 02 năm 2026)",
        "(Kèm theo Quyết định số     /QĐ-UBND  ngày    tháng    năm 2026)",
    ],
)
def test_other_spaces_of_a_reference_are_a_fault(text: str) -> None:
    fault = only(issuing(*HEADING[:3], line(text, "caption"), *BODY))
    assert (fault.rule_id, fault.fix) == ("double_space", Fix("replace", "  ", " "))


def test_blanks_outside_a_reference_are_a_fault() -> None:
    text = "Quyết định số     /QĐ-UBND ngày    tháng 02 năm 2026."
    found = check(issuing(*HEADING, *BODY, line(text)))
    assert [f.rule_id for f in found] == ["double_space", "double_space"]
