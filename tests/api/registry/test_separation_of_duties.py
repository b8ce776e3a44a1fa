"""Who drafts does not approve, and who approves does not check: not by a mandate that
was passed on either, from whichever end it is looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from server.accounts.models import Membership, Role
from server.common import clock
from server.registry.access import find_access
from server.registry.actions.delegations import Wish, delegate
from server.registry.actions.process import submit
from server.registry.models import Delegation, OfficePolicy
from server.registry.queries.approvals import waiting_for
from server.registry.workflow.authority import Form, Power
from server.registry.workflow.table import Act, State
from tests.support.cast import make_person
from tests.support.outcomes import DONE, outcome_of_step
from tests.support.process import Move, step

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 20), date(2026, 11, 30)
D, SEPARATION = DONE, "separation_of_duties"


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def people(cast: Any) -> dict[str, Any]:
    unit = cast.units["HCTC"]
    return {
        "official": cast.chuyenvien,
        "head": cast.truongphong,
        "leader": cast.lanhdao,
        "clerk": cast.vanthu,
        "middle": make_person("pho", "Y Thanh Niê", unit, title="Phó Trưởng phòng"),
        "last": make_person("pho2", "Hà Thị Ba", unit, title="Phó Trưởng phòng"),
    }


def pass_on(people: dict[str, Any], giver: str, power: Power) -> Delegation:
    """From `giver` by order to `middle`, and from there to `last`."""
    order = give(people, giver, "middle", Form.TL, power)
    return give(people, "middle", "last", Form.KT, power, under=order.pk)


def give(
    people: dict[str, Any], giver: str, to: str, form: Form, power: Power, **more: Any
) -> Delegation:
    wish = Wish(
        form,
        people[to],
        FIRST,
        principal=people[giver],
        powers=frozenset({power}),
        ends_on=LAST,
        **more,
    )
    return delegate(people[giver], wish)


@pytest.mark.parametrize(
    ("drafter", "head", "middle", "last"),
    [
        ("official", D, D, D),
        ("last", D, D, SEPARATION),
        ("middle", D, SEPARATION, SEPARATION),
        ("head", SEPARATION, SEPARATION, SEPARATION),
    ],
)
def test_who_approves_what_one_of_the_chain_drafted(
    drafter: str,
    head: str,
    middle: str,
    last: str,
    cast: Any,
    people: Any,
    begin_draft: Any,
) -> None:
    pass_on(people, "head", Power.CONTENT)
    draft = begin_draft(by=people[drafter])
    submit(people[drafter], draft.pk, signer=cast.lanhdao)
    found = {
        who: outcome_of_step(people[who], draft, Act.APPROVE_CONTENT)
        for who in ("head", "middle", "last")
    }
    assert found == {"head": head, "middle": middle, "last": last}
    OfficePolicy.objects.create(organisation=cast.office, drafter_may_approve=True)
    for who in found:
        assert outcome_of_step(people[who], draft, Act.APPROVE_CONTENT) == D


@pytest.mark.parametrize("approver", ["head", "middle", "last"])
def test_nobody_of_the_chain_checks_what_was_approved_in_it(
    approver: str, cast: Any, people: Any, moved: Move
) -> None:
    pass_on(people, "head", Power.CONTENT)
    chain = ("head", "middle", "last")
    for who in chain:
        Membership.objects.create(
            user=people[who], unit=cast.units["VT"], role=Role.CLERK
        )
    draft = moved(State.IN_REVIEW)
    step(people[approver], draft, Act.APPROVE_CONTENT)
    for who, expected in (*dict.fromkeys(chain, SEPARATION).items(), ("clerk", D)):
        assert outcome_of_step(people[who], draft, Act.CHECK_FORMAT) == expected, who
        waits = [w.act for w in waiting_for(people[who])]
        assert (Act.CHECK_FORMAT in waits) is (expected == D), who


@pytest.mark.parametrize("role", ["clerk", "of the checking unit"])
def test_who_drafted_does_not_check_the_form(
    role: str, cast: Any, people: Any, begin_draft: Any
) -> None:
    drafter = people["clerk"] if role == "clerk" else people["official"]
    policy = OfficePolicy.objects.create(organisation=cast.office)
    if role != "clerk":
        policy.checking_unit = cast.units["HCTC"]
        policy.save()
    other = make_person("vanthu2", "Ngô Thị Sáu", cast.units["VT"], Role.CLERK)
    head = make_person("truong", "Võ Văn Năm", cast.units["VT"], Role.HEAD)
    draft = begin_draft(by=drafter)
    submit(drafter, draft.pk, signer=cast.lanhdao)
    step(head if role == "clerk" else cast.truongphong, draft, Act.APPROVE_CONTENT)
    assert outcome_of_step(drafter, draft, Act.CHECK_FORMAT) == SEPARATION
    assert outcome_of_step(other, draft, Act.CHECK_FORMAT) == D
    policy.drafter_may_approve = True
    policy.save()
    assert outcome_of_step(drafter, draft, Act.CHECK_FORMAT) == D


@pytest.mark.parametrize(
    ("giver", "power", "state", "act"),
    [
        ("leader", Power.SIGN, State.FORMAT_CHECKED, Act.APPROVE),
        ("head", Power.CONTENT, State.IN_REVIEW, Act.APPROVE_CONTENT),
    ],
)
def test_a_mandate_that_is_passed_on_opens_the_drafts_that_wait_already(
    giver: str, power: Power, state: State, act: Act, people: Any, moved: Move
) -> None:
    order = give(people, giver, "middle", Form.TL, power)
    draft = moved(state)
    assert find_access(people["last"], draft.pk) is None
    give(people, "middle", "last", Form.KT, power, under=order.pk)
    assert [w.act for w in waiting_for(people["last"])] == [act]
    assert outcome_of_step(people["last"], draft, act) == D
