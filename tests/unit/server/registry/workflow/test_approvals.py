"""What is left of a draft's approvals when its text has changed."""

from __future__ import annotations

import pytest

from server.registry.workflow.approvals import settled_state, turn_of
from server.registry.workflow.table import STEPS, State, Step

OLD, NEW = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("state", "live", "expected"),
    [
        (State.DRAFTING, {}, State.DRAFTING),
        (State.IN_REVIEW, {}, State.IN_REVIEW),
        (State.CONTENT_APPROVED, {Step.CONTENT: NEW}, State.CONTENT_APPROVED),
        (State.CONTENT_APPROVED, {Step.CONTENT: OLD}, State.IN_REVIEW),
        (State.FORMAT_CHECKED, {Step.CONTENT: NEW, Step.FORMAT: NEW},
         State.FORMAT_CHECKED),
        (State.FORMAT_CHECKED, {Step.CONTENT: NEW, Step.FORMAT: OLD},
         State.CONTENT_APPROVED),
        (State.FORMAT_CHECKED, {Step.CONTENT: OLD, Step.FORMAT: OLD}, State.IN_REVIEW),
        # A check of the format is worth nothing without approved content.
        (State.FORMAT_CHECKED, {Step.FORMAT: NEW}, State.IN_REVIEW),
        (State.APPROVED, dict.fromkeys(Step, NEW), State.APPROVED),
        (State.APPROVED, dict.fromkeys(Step, OLD), State.IN_REVIEW),
        (State.ISSUED, {}, State.ISSUED),
        (State.CANCELLED, {}, State.CANCELLED),
    ],
)  # fmt: skip
def test_a_draft_falls_back_as_far_as_its_approvals_hold(
    state: State, live: dict[Step, str], expected: State
) -> None:
    assert settled_state(state, live, NEW) is expected


@pytest.mark.parametrize("state", list(STEPS.values()))
def test_a_change_never_takes_a_draft_forward(state: State) -> None:
    assert settled_state(state, dict.fromkeys(Step, NEW), NEW) is state


@pytest.mark.parametrize(
    ("sign_offs", "turn"),
    [
        ([], None),
        ([(1, True), (2, True)], None),
        ([(1, False), (1, False)], 1),
        ([(1, True), (1, False), (2, False)], 1),
        ([(1, True), (2, False), (3, False)], 2),
        ([(7, False), (3, False)], 3),
    ],
)
def test_equal_numbers_are_asked_together_and_greater_ones_later(
    sign_offs: list[tuple[int, bool]], turn: int | None
) -> None:
    assert turn_of(sign_offs) == turn
