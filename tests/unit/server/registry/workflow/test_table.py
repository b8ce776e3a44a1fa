"""The way of a draft: every state × every act × everybody, written out once more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.registry.models import DraftState
from server.registry.workflow.table import (
    FROZEN,
    IN_PROCESS,
    STEPS,
    TABLE,
    Act,
    Facts,
    Must,
    Refusal,
    Row,
    State,
    Who,
    open_acts,
    verdict,
)

# State → act → who may, as an office would say it.
EXPECTED: dict[State, dict[Act, tuple[State, set[Who]]]] = {
    State.DRAFTING: {
        Act.SUBMIT: (State.IN_REVIEW, {Who.OWNER}),
        Act.CANCEL: (State.CANCELLED, {Who.OWNER}),
    },
    State.IN_REVIEW: {
        Act.APPROVE_CONTENT: (State.CONTENT_APPROVED, {Who.UNIT_HEAD}),
        Act.RETURN: (State.DRAFTING, {Who.UNIT_HEAD, Who.SIGN_OFF_TURN}),
        Act.WITHDRAW: (State.DRAFTING, {Who.OWNER}),
        Act.CANCEL: (State.CANCELLED, {Who.OWNER}),
    },
    State.CONTENT_APPROVED: {
        Act.CHECK_FORMAT: (State.FORMAT_CHECKED, {Who.FORMAT_CHECKER}),
        Act.RETURN: (State.DRAFTING, {Who.FORMAT_CHECKER, Who.UNIT_HEAD}),
        Act.WITHDRAW: (State.DRAFTING, {Who.OWNER}),
        Act.CANCEL: (State.CANCELLED, {Who.OWNER}),
    },
    State.FORMAT_CHECKED: {
        Act.APPROVE: (State.APPROVED, {Who.SIGNER}),
        Act.RETURN: (State.DRAFTING, {Who.SIGNER, Who.FORMAT_CHECKER}),
        Act.WITHDRAW: (State.DRAFTING, {Who.OWNER}),
        Act.CANCEL: (State.CANCELLED, {Who.OWNER}),
    },
    State.APPROVED: {
        Act.SIGN: (State.APPROVED, {Who.SIGNER}),
        Act.ISSUE: (State.ISSUED, {Who.CLERK}),
        Act.RETURN: (State.DRAFTING, {Who.SIGNER, Who.FORMAT_CHECKER}),
        Act.CANCEL: (State.CANCELLED, {Who.SIGNER}),
    },
    State.ISSUED: {Act.FILE: (State.FILED, {Who.CLERK, Who.OWNER})},
    State.FILED: {},
    State.CANCELLED: {},
}


@pytest.mark.parametrize("who", list(Who))
@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("state", list(State))
def test_each_person_may_do_what_the_office_says(
    state: State, act: Act, who: Who
) -> None:
    facts = Facts(state, frozenset({who}), needs_signature=act is Act.SIGN)
    found = verdict(facts, act)
    expected = EXPECTED[state].get(act)
    if expected is None:
        assert found is Refusal.WRONG_STATE
    elif who not in expected[1]:
        assert found is Refusal.NOT_YOUR_STEP
    else:
        assert isinstance(found, Row)
        assert found.target is expected[0]


@pytest.mark.parametrize("state", list(State))
def test_somebody_who_is_nothing_to_the_draft_may_do_nothing(state: State) -> None:
    assert open_acts(Facts(state)) == ()


@pytest.mark.parametrize("act", [Act.APPROVE_CONTENT, Act.CHECK_FORMAT, Act.APPROVE])
def test_who_drafted_does_not_approve(act: Act) -> None:
    state = {row.act: row.source for row in TABLE}[act]
    facts = Facts(state, frozenset(Who), drafted=True)
    assert verdict(facts, act) is Refusal.SEPARATION
    allowed = Facts(state, frozenset(Who), drafted=True, drafter_may_approve=True)
    assert isinstance(verdict(allowed, act), Row)


def test_who_approved_the_content_does_not_check_the_format() -> None:
    facts = Facts(State.CONTENT_APPROVED, frozenset(Who), approved_content=True)
    assert verdict(facts, Act.CHECK_FORMAT) is Refusal.SEPARATION
    allowed = Facts(
        State.CONTENT_APPROVED,
        frozenset(Who),
        approved_content=True,
        content_approver_may_check=True,
    )
    assert isinstance(verdict(allowed, Act.CHECK_FORMAT), Row)


@pytest.mark.parametrize(
    ("facts", "act", "refusal"),
    [
        (Facts(State.DRAFTING, frozenset(Who), has_unit=False), Act.SUBMIT,
         Refusal.NO_UNIT),
        (Facts(State.DRAFTING, frozenset(Who), has_signer=False), Act.SUBMIT,
         Refusal.NO_SIGNER),
        (Facts(State.IN_REVIEW, frozenset(Who), sign_offs_done=False),
         Act.APPROVE_CONTENT, Refusal.SIGN_OFFS_MISSING),
    ],
)  # fmt: skip
def test_a_step_waits_for_what_it_needs(
    facts: Facts, act: Act, refusal: Refusal
) -> None:
    assert verdict(facts, act) is refusal


def test_who_approved_the_content_gives_no_number() -> None:
    facts = Facts(State.APPROVED, frozenset(Who), approved_content=True)
    assert verdict(facts, Act.ISSUE) is Refusal.SEPARATION


def test_a_digital_office_issues_only_what_is_signed_and_signs_it_once() -> None:
    unsigned = Facts(State.APPROVED, frozenset(Who), needs_signature=True)
    signed = Facts(State.APPROVED, frozenset(Who))
    assert verdict(unsigned, Act.ISSUE) is Refusal.NOT_SIGNED
    assert isinstance(verdict(unsigned, Act.SIGN), Row)
    assert verdict(signed, Act.SIGN) is Refusal.ALREADY_SIGNED
    assert isinstance(verdict(signed, Act.ISSUE), Row)


@pytest.mark.parametrize("row", TABLE, ids=lambda r: f"{r.source}-{r.act}")
def test_approvals_need_eyes_and_refusals_need_words(row: Row) -> None:
    is_sign = row.act is Act.SIGN
    facts = Facts(row.source, frozenset(Who), needs_signature=is_sign)
    blind = verdict(facts, row.act, has_seen=False)
    silent = verdict(facts, row.act, has_reason=False)
    is_approval = row.target in STEPS.values() or row.act is Act.ISSUE
    is_refusal = row.act in (Act.RETURN, Act.CANCEL)
    assert (blind is Refusal.CONTENT_CHANGED) == is_approval
    assert (silent is Refusal.REASON_MISSING) == is_refusal


@pytest.mark.parametrize("row", TABLE, ids=lambda r: f"{r.source}-{r.act}")
def test_only_the_check_of_form_asks_for_a_sound_form(row: Row) -> None:
    is_sign = row.act is Act.SIGN
    facts = Facts(row.source, frozenset(Who), needs_signature=is_sign)
    faulty = verdict(facts, row.act, form_holds=False, has_reason=False)
    assert (faulty is Refusal.FORM_FAULTS) == (row.act is Act.CHECK_FORMAT)
    # A word is enough: the person who checks answers for it.
    assert isinstance(verdict(facts, row.act, form_holds=False), Row)


@given(st.booleans(), st.booleans(), st.booleans(), st.sampled_from(list(Who)))
def test_no_faulty_form_is_checked_without_a_word(
    form_holds: bool, has_reason: bool, has_seen: bool, who: Who
) -> None:
    found = verdict(
        Facts(State.CONTENT_APPROVED, frozenset({who})),
        Act.CHECK_FORMAT,
        has_seen=has_seen,
        has_reason=has_reason,
        form_holds=form_holds,
    )
    passed = isinstance(found, Row)
    assert passed == (
        who is Who.FORMAT_CHECKER and has_seen and (form_holds or has_reason)
    )


def test_the_table_has_no_two_lines_for_one_step() -> None:
    keys = [(row.source, row.act) for row in TABLE]
    assert len(set(keys)) == len(keys)


def test_every_state_that_others_wait_in_can_be_left_again() -> None:
    for state in IN_PROCESS:
        assert any(r.source is state and r.act is Act.RETURN for r in TABLE)


def test_what_is_frozen_is_left_only_by_a_return() -> None:
    leaving = [r for r in TABLE if r.source in FROZEN and r.target not in FROZEN]
    assert {r.act for r in leaving} == {Act.RETURN}


def test_the_stored_names_are_those_of_the_table() -> None:
    assert {s.value for s in State} == set(DraftState.values)


@given(
    st.lists(st.tuples(st.sampled_from(list(Act)), st.sampled_from(list(Who)))),
)
def test_no_way_leads_past_a_step(ways: list[tuple[Act, Who]]) -> None:
    """However people act, a draft is approved only after all that comes before."""
    state, done = State.DRAFTING, list[State]()
    for act, who in ways:
        found = verdict(Facts(state, frozenset({who})), act)
        if not isinstance(found, Row):
            continue
        assert set(found.must) <= set(Must)
        state = found.target
        done = [] if state is State.DRAFTING else [*done, state]
    if state in (State.APPROVED, State.ISSUED, State.FILED):
        way = [State.IN_REVIEW, *STEPS.values(), State.ISSUED, State.FILED]
        assert done == way[: way.index(state) + 1]
