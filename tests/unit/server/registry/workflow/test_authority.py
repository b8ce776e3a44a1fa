"""TM., Q., KT., TL., TUQ.: who acts for whom, and what stands above the signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from server.registry.workflow.authority import (
    Fault,
    Form,
    Mandate,
    Power,
    fault_of,
    holds,
    signature_block,
)

JAN, MAR, JUN, DEC = (date(2026, month, 1) for month in (1, 3, 6, 12))
TM = Mandate(Form.TM, "Ủy ban nhân dân", JAN)
Q = Mandate(Form.Q, "Chánh Văn phòng", JAN)
KT = Mandate(Form.KT, "Chánh Văn phòng", JAN, DEC)
TL = Mandate(Form.TL, "Chủ tịch", JAN, DEC)
TUQ = Mandate(Form.TUQ, "Giám đốc", MAR, JUN, is_written=True)


@pytest.mark.parametrize("mandate", [TM, Q, KT, TL, TUQ], ids=lambda m: m.form)
def test_each_form_can_be_given(mandate: Mandate) -> None:
    assert fault_of(mandate) is None


@pytest.mark.parametrize(
    ("mandate", "fault"),
    [
        (replace(KT, ends_on=date(2025, 12, 31)), Fault.DATES),
        (replace(TUQ, ends_on=None), Fault.NEEDS_END),
        (replace(TUQ, is_written=False), Fault.NEEDS_DOCUMENT),
        (replace(KT, powers=frozenset()), Fault.NO_POWER),
    ],
)
def test_a_mandate_follows_the_rules_of_its_form(
    mandate: Mandate, fault: Fault
) -> None:
    assert fault_of(mandate) is fault


# What a holder of the row's form may pass on as the column's.
PASSED_ON = {
    Form.TM: {Form.KT, Form.TL, Form.TUQ},
    Form.Q: {Form.KT, Form.TL, Form.TUQ},
    Form.KT: set(),
    Form.TL: {Form.KT},
    Form.TUQ: set(),
}


@pytest.mark.parametrize("given", list(Form))
@pytest.mark.parametrize("held", list(Form))
def test_only_some_mandates_may_be_passed_on(held: Form, given: Form) -> None:
    under = replace(TUQ, form=held)
    passed = replace(TUQ, form=given, under=under)
    may = given in PASSED_ON[held]
    assert fault_of(passed) is (None if may else Fault.NOT_RE_DELEGABLE)


@pytest.mark.parametrize(
    "change",
    [
        {"starts_on": date(2025, 12, 31)},
        {"ends_on": date(2026, 12, 2)},
        {"ends_on": None},
        {"powers": frozenset(Power)},
    ],
)
def test_nobody_passes_on_more_than_he_has(change: dict[str, object]) -> None:
    under = replace(TL, powers=frozenset({Power.SIGN}))
    passed = replace(KT, powers=frozenset({Power.SIGN}), under=under)
    assert fault_of(passed) is None
    assert fault_of(replace(passed, **change)) is Fault.BEYOND  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2026, 2, 28), False),
        (MAR, True),
        (date(2026, 5, 31), True),
        (JUN, True),
        (date(2026, 6, 2), False),
    ],
)
def test_a_mandate_holds_from_its_first_to_its_last_day(day: date, held: bool) -> None:
    assert holds(TUQ, Power.SIGN, day) is held


def test_a_mandate_gives_only_its_powers() -> None:
    only_content = replace(KT, powers=frozenset({Power.CONTENT}))
    assert holds(only_content, Power.CONTENT, MAR)
    assert not holds(only_content, Power.SIGN, MAR)


def test_a_chain_ends_with_its_weakest_link() -> None:
    passed = replace(KT, under=replace(TL, ends_on=MAR))
    assert holds(passed, Power.SIGN, MAR)
    assert not holds(passed, Power.SIGN, JUN)


@pytest.mark.parametrize(
    ("position", "mandate", "authority", "shown"),
    [
        ("Chánh Văn phòng", None, "", "CHÁNH VĂN PHÒNG"),
        ("Chủ tịch", TM, "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        ("Phó Chánh Văn phòng", Q, "", "Q. CHÁNH VĂN PHÒNG"),
        ("Phó Chánh Văn phòng", KT, "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"),
        ("Chánh Văn phòng", TL, "TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
        ("Trưởng phòng", TUQ, "TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"),
        (
            "Phó Chủ tịch",
            replace(KT, in_place_of="Chủ tịch", under=TM),
            "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH",
            "PHÓ CHỦ TỊCH",
        ),
        (
            "Phó Chánh Văn phòng",
            replace(KT, under=TL),
            "TL. CHỦ TỊCH\nKT. CHÁNH VĂN PHÒNG",
            "PHÓ CHÁNH VĂN PHÒNG",
        ),
        (
            "Phó Chánh Văn phòng",
            replace(KT, under=Q),
            "KT. CHÁNH VĂN PHÒNG",
            "PHÓ CHÁNH VĂN PHÒNG",
        ),
    ],
)
def test_the_lines_above_the_signature(
    position: str, mandate: Mandate | None, authority: str, shown: str
) -> None:
    block = signature_block(position, "Bùi Hồng Quý", mandate)
    assert (block.authority, block.position) == (authority, shown)
    assert block.name == "Bùi Hồng Quý"
