"""Somebody acts in another's place: only with a mandate, only in its days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server.accounts.models import Role
from server.common import clock
from server.common.errors import InvalidInput, NotAllowed, NotFound
from server.registry.access import find_access
from server.registry.actions.delegations import Wish, delegate, end_delegation
from server.registry.actions.process import submit
from server.registry.models import Approval, OfficePolicy
from server.registry.queries.approvals import waiting_for
from server.registry.signing_block import suggested_block
from server.registry.standing import live_approvals
from server.registry.workflow.authority import Form, Power
from server.registry.workflow.table import Act, State
from tests.support.cast import make_person
from tests.support.process import Move, step

FIRST, LAST = date(2026, 11, 20), date(2026, 11, 30)
DURING = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
AFTER = datetime(2026, 12, 1, 0, 1, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
LAST_MINUTE = datetime(2026, 11, 30, 23, 59, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
def deputy(cast: Any) -> Any:
    return make_person(
        "phochanh",
        "Y Thanh Niê",
        cast.units["LĐVP"],
        Role.OFFICIAL,
        title="Phó Chánh Văn phòng",
    )


def in_place(cast: Any, deputy: Any, **more: Any) -> Wish:
    wish: dict[str, Any] = {
        "form": Form.KT,
        "principal": cast.lanhdao,
        "delegate": deputy,
        "starts_on": FIRST,
        "ends_on": LAST,
        **more,
    }
    return Wish(**wish)


def test_a_deputy_signs_in_the_leaders_place(
    cast: Any, deputy: Any, moved: Move
) -> None:
    with clock.fixed(DURING):
        delegate(cast.lanhdao, in_place(cast, deputy))
        draft = moved(State.FORMAT_CHECKED)
        assert [w.act for w in waiting_for(deputy)] == [Act.APPROVE]
        step(deputy, draft, Act.APPROVE)
        given = Approval.objects.get(step="final")
        assert (given.by, given.on_behalf_of) == (deputy, cast.lanhdao)
        block = suggested_block(draft, live_approvals(draft))
    assert block is not None
    assert (block.authority, block.position, block.name) == (
        "KT. CHÁNH VĂN PHÒNG",
        "PHÓ CHÁNH VĂN PHÒNG",
        "Y Thanh Niê",
    )


@pytest.mark.parametrize(
    ("now", "may"), [(DURING, True), (LAST_MINUTE, True), (AFTER, False)]
)
def test_a_mandate_gives_its_right_until_the_end_of_its_last_day(
    now: datetime, may: bool, cast: Any, deputy: Any, moved: Move
) -> None:
    with clock.fixed(DURING):
        delegate(cast.lanhdao, in_place(cast, deputy))
        draft = moved(State.FORMAT_CHECKED)
    with clock.fixed(now):
        assert bool(waiting_for(deputy)) is may
        if may:
            assert step(deputy, draft, Act.APPROVE).state == State.APPROVED
        else:
            with pytest.raises(NotAllowed):
                step(deputy, draft, Act.APPROVE)


def test_a_mandate_that_was_ended_gives_nothing(
    cast: Any, deputy: Any, moved: Move
) -> None:
    with clock.fixed(DURING):
        given = delegate(cast.lanhdao, in_place(cast, deputy))
        draft = moved(State.FORMAT_CHECKED)
        with pytest.raises(NotFound):
            end_delegation(cast.truongphong, given.pk)
        end_delegation(cast.lanhdao, given.pk)
        with pytest.raises(NotAllowed):
            step(deputy, draft, Act.APPROVE)
        # The leader himself may at any time.
        assert step(cast.lanhdao, draft, Act.APPROVE).state == State.APPROVED


def test_a_mandate_for_drafts_that_wait_already_lets_the_deputy_read_them(
    cast: Any, deputy: Any, moved: Move
) -> None:
    with clock.fixed(DURING):
        draft = moved(State.FORMAT_CHECKED)
        assert find_access(deputy, draft.pk) is None
        delegate(cast.lanhdao, in_place(cast, deputy))
        assert [w.draft.pk for w in waiting_for(deputy)] == [draft.pk]


def test_the_head_of_a_unit_can_be_stood_in_for(cast: Any, moved: Move) -> None:
    wish = Wish(
        form=Form.KT,
        principal=cast.truongphong,
        delegate=cast.sotttt,
        starts_on=FIRST,
        ends_on=LAST,
        powers=frozenset({Power.CONTENT}),
    )
    with clock.fixed(DURING):
        delegate(cast.truongphong, wish)
        draft = moved(State.IN_REVIEW)
        assert [w.act for w in waiting_for(cast.sotttt)] == [Act.APPROVE_CONTENT]
        step(cast.sotttt, draft, Act.APPROVE_CONTENT)
        assert Approval.objects.get().on_behalf_of == cast.truongphong


def test_standing_in_for_the_drafter_does_not_get_round_the_rule(
    cast: Any, begin_draft: Any, deputy: Any
) -> None:
    wish = Wish(
        form=Form.KT,
        principal=cast.truongphong,
        delegate=deputy,
        starts_on=FIRST,
        ends_on=LAST,
        powers=frozenset({Power.CONTENT}),
    )
    with clock.fixed(DURING):
        delegate(cast.truongphong, wish)
        draft = begin_draft(by=cast.truongphong)
        submit(cast.truongphong, draft.pk, signer=cast.lanhdao)
        with pytest.raises(NotAllowed) as refused:
            step(deputy, draft, Act.APPROVE_CONTENT)
        assert refused.value.code == "separation_of_duties"
        OfficePolicy.objects.create(organisation=cast.office, drafter_may_approve=True)
        done = step(deputy, draft, Act.APPROVE_CONTENT)
        assert done.state == State.CONTENT_APPROVED


@pytest.mark.parametrize(
    ("actor", "change"),
    [
        ("truongphong", {}),
        ("truongphong", {"principal": None, "form": Form.TM, "in_place_of": "UBND"}),
    ],
)
def test_nobody_gives_away_what_is_not_his(
    actor: str, change: dict[str, Any], cast: Any, deputy: Any
) -> None:
    with pytest.raises(NotAllowed):
        delegate(cast.people[actor], in_place(cast, deputy, **change))


@pytest.mark.parametrize(
    "change",
    [
        {"form": Form.TUQ},
        {"form": Form.TUQ, "ends_on": None, "document": "QĐ 12"},
        {"ends_on": date(2026, 11, 1)},
        {"powers": frozenset()},
        {"powers": frozenset({Power.CONTENT})},
    ],
)
def test_a_mandate_against_the_rules_is_refused(
    change: dict[str, Any], cast: Any, deputy: Any
) -> None:
    with pytest.raises(InvalidInput):
        delegate(cast.lanhdao, in_place(cast, deputy, **change))


def test_by_order_may_be_passed_on_to_a_deputy_but_no_further(
    cast: Any, deputy: Any, quantri: Any
) -> None:
    chairman = make_person(
        "chutich", "Phạm Ngọc Nghị", cast.units["LĐVP"], Role.LEADER, title="Chủ tịch"
    )
    with clock.fixed(DURING):
        by_order = delegate(
            chairman,
            Wish(Form.TL, cast.lanhdao, FIRST, principal=chairman, ends_on=LAST),
        )
        passed = delegate(cast.lanhdao, in_place(cast, deputy, under=by_order.pk))
        with pytest.raises(InvalidInput):
            delegate(
                deputy,
                Wish(
                    Form.KT,
                    cast.truongphong,
                    FIRST,
                    principal=deputy,
                    ends_on=LAST,
                    under=passed.pk,
                ),
            )


def test_who_got_a_passed_on_mandate_signs_for_the_one_at_its_far_end(
    cast: Any, deputy: Any, begin_draft: Any
) -> None:
    chairman = make_person(
        "chutich", "Phạm Ngọc Nghị", cast.units["LĐVP"], Role.LEADER, title="Chủ tịch"
    )
    with clock.fixed(DURING):
        by_order = delegate(
            chairman,
            Wish(Form.TL, cast.lanhdao, FIRST, principal=chairman, ends_on=LAST),
        )
        delegate(cast.lanhdao, in_place(cast, deputy, under=by_order.pk))
        draft = begin_draft()
        submit(cast.chuyenvien, draft.pk, signer=chairman)
        step(cast.truongphong, draft, Act.APPROVE_CONTENT)
        step(cast.vanthu, draft, Act.CHECK_FORMAT)
        assert find_access(deputy, draft.pk) is not None
        approved = step(deputy, draft, Act.APPROVE)
        block = suggested_block(draft, live_approvals(draft))
    assert approved.state == State.APPROVED
    assert block is not None
    assert block.authority == "TL. CHỦ TỊCH\nKT. CHÁNH VĂN PHÒNG"


def test_an_acting_head_is_named_as_one(cast: Any, deputy: Any, moved: Move) -> None:
    with clock.fixed(DURING):
        delegate(
            cast.quantri,
            Wish(Form.Q, cast.lanhdao, FIRST, in_place_of="Chánh Văn phòng"),
        )
        block = suggested_block(moved(State.IN_REVIEW))
    assert block is not None
    assert (block.authority, block.position) == ("", "Q. CHÁNH VĂN PHÒNG")
