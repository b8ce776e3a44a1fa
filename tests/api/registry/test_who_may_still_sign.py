"""A right to sign, or to approve as head, is asked for at the act, not at submission:
who lost the office or left does nothing any more, and nobody does it in their place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from server.accounts.models import Membership, Role
from server.common import clock
from server.registry.actions.delegations import Wish, delegate
from server.registry.actions.process import submit
from server.registry.queries.approvals import waiting_for
from server.registry.workflow.authority import Form, Power
from server.registry.workflow.table import Act, State
from tests.support.cast import make_person, make_unit
from tests.support.outcomes import DONE, outcome_of_step
from tests.support.process import Move, step

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 20), date(2026, 11, 30)
D, STEP, NONE = DONE, "not_your_step", "not_found"


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def people(cast: Any) -> dict[str, Any]:
    """The signer gave a mandate by order to `deputy`, who passed it on to `second`;
    the head of the unit gave one to `stand_in`."""
    unit = cast.units["LĐVP"]
    found = {
        "signer": cast.lanhdao,
        "head": cast.truongphong,
        "deputy": make_person("pho", "Y Thanh Niê", unit, title="Phó Chánh Văn phòng"),
        "second": make_person("pho2", "Hà Thị Ba", cast.units["TH"], title="Phó phòng"),
        "stand_in": make_person("thay", "Lê Văn Bảy", cast.units["HCTC"], title="Phó"),
    }
    days = {"ends_on": LAST}
    order = delegate(
        cast.lanhdao,
        Wish(Form.TL, found["deputy"], FIRST, principal=cast.lanhdao, **days),
    )
    delegate(
        found["deputy"],
        Wish(
            Form.KT,
            found["second"],
            FIRST,
            principal=found["deputy"],
            under=order.pk,
            **days,
        ),
    )
    delegate(
        cast.truongphong,
        Wish(
            Form.KT,
            found["stand_in"],
            FIRST,
            principal=cast.truongphong,
            powers=frozenset({Power.CONTENT}),
            **days,
        ),
    )
    return found


def leads_no_more(cast: Any, who: Any) -> None:
    Membership.objects.filter(user=who).update(role=Role.OFFICIAL)


def leads_elsewhere(cast: Any, who: Any) -> None:
    Membership.objects.filter(user=who).update(unit=cast.units["VPS"])


def left(cast: Any, who: Any) -> None:
    who.is_active = False
    who.save(update_fields=["is_active"])


def nothing(cast: Any, who: Any) -> None:
    pass


SIGNING = [
    (State.FORMAT_CHECKED, Act.APPROVE),
    (State.FORMAT_CHECKED, Act.RETURN),
    (State.APPROVED, Act.RETURN),
    (State.APPROVED, Act.CANCEL),
]


@pytest.mark.parametrize(("state", "act"), SIGNING)
@pytest.mark.parametrize(
    ("change", "whom", "signer", "deputy", "second"),
    [
        (nothing, "signer", D, D, D),
        (leads_no_more, "signer", STEP, STEP, STEP),
        (leads_elsewhere, "signer", STEP, STEP, STEP),
        (left, "signer", NONE, STEP, STEP),
        # Who passed a mandate on answers for it; once gone, it rests on nobody.
        (left, "deputy", D, NONE, STEP),
    ],
)
def test_who_signs_after_a_change_of_office(
    change: Any,
    whom: str,
    signer: str,
    deputy: str,
    second: str,
    state: State,
    act: Act,
    cast: Any,
    people: Any,
    moved: Move,
) -> None:
    draft = moved(state)
    change(cast, people[whom])
    found = [
        outcome_of_step(people[who], draft, act)
        for who in ("signer", "deputy", "second")
    ]
    assert found == [signer, deputy, second]
    if act is Act.APPROVE:
        waits = [bool(waiting_for(people[w])) for w in ("signer", "deputy", "second")]
        assert waits == [one == D for one in found]


@pytest.mark.parametrize("act", [Act.APPROVE_CONTENT, Act.RETURN])
@pytest.mark.parametrize(
    ("change", "head", "stand_in"),
    [
        (nothing, D, D),
        (leads_no_more, NONE, STEP),
        (leads_elsewhere, NONE, STEP),
        (left, NONE, STEP),
    ],
)
def test_who_approves_the_content_after_a_change_of_office(
    change: Any,
    head: str,
    stand_in: str,
    act: Act,
    cast: Any,
    people: Any,
    moved: Move,
) -> None:
    draft = moved(State.IN_REVIEW)
    change(cast, cast.truongphong)
    found = [outcome_of_step(people[who], draft, act) for who in ("head", "stand_in")]
    assert found == [head, stand_in]


@pytest.mark.parametrize(
    ("office", "may"), [("province", True), ("office", True), ("department", False)]
)
def test_leaders_of_the_office_and_of_those_above_sign(
    office: str, may: bool, cast: Any, begin_draft: Any
) -> None:
    chairman = make_person(
        "chutich", "Phạm Nghị", cast.units["LĐVP"], Role.LEADER, title="Chủ tịch"
    )
    draft = begin_draft()
    submit(cast.chuyenvien, draft.pk, signer=chairman)
    step(cast.truongphong, draft, Act.APPROVE_CONTENT)
    step(cast.vanthu, draft, Act.CHECK_FORMAT)
    unit = make_unit(getattr(cast, office), "Lãnh đạo", "LĐ")
    Membership.objects.filter(user=chairman).update(unit=unit)
    assert (outcome_of_step(chairman, draft, Act.APPROVE) == D) is may


@pytest.mark.parametrize(
    ("state", "change", "told"),
    [
        (State.IN_REVIEW, nothing, False),
        (State.IN_REVIEW, leads_no_more, True),
        (State.CONTENT_APPROVED, left, True),
        (State.FORMAT_CHECKED, leads_elsewhere, True),
        # On paper the approval was the last that was asked of the signer.
        (State.APPROVED, leads_no_more, False),
        (State.DRAFTING, leads_no_more, False),
    ],
)
def test_a_draft_that_waits_for_nobody_says_so(
    state: State, change: Any, told: bool, cast: Any, moved: Move, signed_in: Any
) -> None:
    draft = moved(state)
    change(cast, cast.lanhdao)
    browser = signed_in(cast.chuyenvien)
    answer = browser.get(f"/api/v1/drafts/{draft.pk}/process").json()
    assert answer["signer_is_lost"] is told
    page = browser.get(f"/drafts/{draft.pk}/process/").content.decode()
    assert ("không còn quyền ký văn bản này" in page) is told
