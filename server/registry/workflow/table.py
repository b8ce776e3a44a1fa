"""The one table of the way of a draft: from, act, to, who may, and what must hold.

Read it from top to bottom: each line is one step that an office knows. Pages, API and
tests ask `verdict` and `open_acts`; nobody else decides. "Who drafted" is the person
who began the draft and the one who submitted it; correcting a word on the way does not
make an approver a drafter. Pure: facts come in, an answer goes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    DRAFTING = "drafting"
    IN_REVIEW = "in_review"
    CONTENT_APPROVED = "content_approved"
    FORMAT_CHECKED = "format_checked"
    APPROVED = "approved"
    ISSUED = "issued"
    FILED = "filed"
    CANCELLED = "cancelled"


class Act(StrEnum):
    SUBMIT = "submit"
    APPROVE_CONTENT = "approve_content"
    CHECK_FORMAT = "check_format"
    APPROVE = "approve"
    SIGN = "sign"
    ISSUE = "issue"
    FILE = "file"
    RETURN = "return"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"


class Who(StrEnum):
    """What a person is to one draft; several may be true at once."""

    OWNER = "owner"  # who holds the draft (level own)
    UNIT_HEAD = "unit_head"  # head of the draft's unit or of one above it
    SIGN_OFF_TURN = "sign_off_turn"  # asked for a ký nháy, and it is their turn
    FORMAT_CHECKER = "format_checker"  # clerk, or official of the office's own unit
    CLERK = "clerk"  # who keeps the registers of the draft's organisation
    SIGNER = "signer"  # the one the draft was submitted to for signature


class Must(StrEnum):
    HAS_UNIT = "has_unit"
    HAS_SIGNER = "has_signer"
    SIGN_OFFS_DONE = "sign_offs_done"
    NOT_DRAFTER = "not_drafter"
    NOT_CONTENT_APPROVER = "not_content_approver"
    SEEN = "seen"  # what is approved is what the approver has seen
    REASON = "reason"
    SIGNED = "signed"  # where the office signs digitally: the signer has signed
    UNSIGNED = "unsigned"
    FORM_HOLDS = "form_holds"  # no severe fault of form, or a reason to pass it
    SETTLED = "settled"  # no suggestion is open: each is accepted or rejected


class Step(StrEnum):
    """An approval, bound to the content."""

    CONTENT = "content"
    FORMAT = "format"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Row:
    source: State
    act: Act
    target: State
    who: frozenset[Who]
    must: tuple[Must, ...] = ()


def _row(
    source: State, act: Act, target: State, who: Iterable[Who], *must: Must
) -> Row:
    return Row(source, act, target, frozenset(who), must)


S, A, W, M = State, Act, Who, Must
# fmt: off
TABLE: tuple[Row, ...] = (
    _row(S.DRAFTING, A.SUBMIT, S.IN_REVIEW, [W.OWNER], M.HAS_UNIT, M.HAS_SIGNER),
    _row(S.DRAFTING, A.CANCEL, S.CANCELLED, [W.OWNER], M.REASON),

    _row(S.IN_REVIEW, A.APPROVE_CONTENT, S.CONTENT_APPROVED, [W.UNIT_HEAD],
         M.NOT_DRAFTER, M.SIGN_OFFS_DONE, M.SEEN),
    _row(S.IN_REVIEW, A.RETURN, S.DRAFTING, [W.UNIT_HEAD, W.SIGN_OFF_TURN], M.REASON),
    _row(S.IN_REVIEW, A.WITHDRAW, S.DRAFTING, [W.OWNER]),
    _row(S.IN_REVIEW, A.CANCEL, S.CANCELLED, [W.OWNER], M.REASON),

    _row(S.CONTENT_APPROVED, A.CHECK_FORMAT, S.FORMAT_CHECKED, [W.FORMAT_CHECKER],
         M.NOT_DRAFTER, M.NOT_CONTENT_APPROVER, M.SEEN, M.FORM_HOLDS),
    _row(S.CONTENT_APPROVED, A.RETURN, S.DRAFTING, [W.FORMAT_CHECKER, W.UNIT_HEAD],
         M.REASON),
    _row(S.CONTENT_APPROVED, A.WITHDRAW, S.DRAFTING, [W.OWNER]),
    _row(S.CONTENT_APPROVED, A.CANCEL, S.CANCELLED, [W.OWNER], M.REASON),

    _row(S.FORMAT_CHECKED, A.APPROVE, S.APPROVED, [W.SIGNER],
         M.NOT_DRAFTER, M.SEEN, M.SETTLED),
    _row(S.FORMAT_CHECKED, A.RETURN, S.DRAFTING, [W.SIGNER, W.FORMAT_CHECKER],
         M.REASON),
    _row(S.FORMAT_CHECKED, A.WITHDRAW, S.DRAFTING, [W.OWNER]),
    _row(S.FORMAT_CHECKED, A.CANCEL, S.CANCELLED, [W.OWNER], M.REASON),

    _row(S.APPROVED, A.SIGN, S.APPROVED, [W.SIGNER], M.UNSIGNED, M.SEEN,
         M.SETTLED),
    _row(S.APPROVED, A.ISSUE, S.ISSUED, [W.CLERK],
         M.NOT_CONTENT_APPROVER, M.SIGNED, M.SEEN, M.SETTLED),
    _row(S.APPROVED, A.RETURN, S.DRAFTING, [W.SIGNER, W.FORMAT_CHECKER], M.REASON),
    _row(S.APPROVED, A.CANCEL, S.CANCELLED, [W.SIGNER], M.REASON),

    _row(S.ISSUED, A.FILE, S.FILED, [W.CLERK, W.OWNER]),
)
# fmt: on
_BY_KEY = {(row.source, row.act): row for row in TABLE}

# Each approval, in order, and the state that it leads to.
STEPS: dict[Step, State] = {
    Step.CONTENT: State.CONTENT_APPROVED,
    Step.FORMAT: State.FORMAT_CHECKED,
    Step.FINAL: State.APPROVED,
}
STEP_OF_ACT: dict[Act, Step] = {
    Act.APPROVE_CONTENT: Step.CONTENT,
    Act.CHECK_FORMAT: Step.FORMAT,
    Act.APPROVE: Step.FINAL,
}
# On its way through other hands; the text may still be written until `approved`.
IN_PROCESS = frozenset({S.IN_REVIEW, S.CONTENT_APPROVED, S.FORMAT_CHECKED, S.APPROVED})
# Nobody writes the text any more.
FROZEN = frozenset({S.APPROVED, S.ISSUED, S.FILED, S.CANCELLED})
REASON_LENGTH = 1000


class Refusal(StrEnum):
    """Why an act is not open now."""

    WRONG_STATE = "wrong_state"
    NOT_YOUR_STEP = "not_your_step"
    NO_UNIT = "no_unit"
    NO_SIGNER = "no_signer"
    SIGN_OFFS_MISSING = "sign_offs_missing"
    SEPARATION = "separation_of_duties"
    CONTENT_CHANGED = "content_changed"
    REASON_MISSING = "reason_missing"
    NOT_SIGNED = "not_signed"
    ALREADY_SIGNED = "already_signed"
    FORM_FAULTS = "form_faults"
    SUGGESTIONS_OPEN = "suggestions_open"


@dataclass(frozen=True, slots=True)
class Facts:
    """One person before one draft, now. The last two are the office's own rules.

    `needs_signature`: the office signs digitally, and no signed copy may be issued yet.
    """

    state: State
    who: frozenset[Who] = frozenset()
    drafted: bool = False
    approved_content: bool = False
    has_unit: bool = True
    has_signer: bool = True
    sign_offs_done: bool = True
    needs_signature: bool = False
    drafter_may_approve: bool = False
    content_approver_may_check: bool = False


def verdict(
    facts: Facts,
    act: Act,
    *,
    has_seen: bool = True,
    has_reason: bool = True,
    form_holds: bool = True,
    is_settled: bool = True,
) -> Row | Refusal:
    """The line of the table to follow, or the first thing that stands against it.

    The last four are about what is asked: the content that was seen, the words that
    were given, and whether the content is free of severe faults of form and of open
    suggestions.
    """
    row = _BY_KEY.get((facts.state, act))
    if row is None:
        return Refusal.WRONG_STATE
    if row.who.isdisjoint(facts.who):
        return Refusal.NOT_YOUR_STEP
    holds = {
        Must.HAS_UNIT: (facts.has_unit, Refusal.NO_UNIT),
        Must.HAS_SIGNER: (facts.has_signer, Refusal.NO_SIGNER),
        Must.SIGN_OFFS_DONE: (facts.sign_offs_done, Refusal.SIGN_OFFS_MISSING),
        Must.NOT_DRAFTER: (
            not facts.drafted or facts.drafter_may_approve,
            Refusal.SEPARATION,
        ),
        Must.NOT_CONTENT_APPROVER: (
            not facts.approved_content or facts.content_approver_may_check,
            Refusal.SEPARATION,
        ),
        Must.SEEN: (has_seen, Refusal.CONTENT_CHANGED),
        Must.REASON: (has_reason, Refusal.REASON_MISSING),
        Must.SIGNED: (not facts.needs_signature, Refusal.NOT_SIGNED),
        Must.UNSIGNED: (facts.needs_signature, Refusal.ALREADY_SIGNED),
        # Whoever answers for the form may pass a fault, but says why.
        Must.FORM_HOLDS: (form_holds or has_reason, Refusal.FORM_FAULTS),
        Must.SETTLED: (is_settled, Refusal.SUGGESTIONS_OPEN),
    }
    for must in row.must:
        held, refusal = holds[must]
        if not held:
            return refusal
    return row


def open_acts(facts: Facts) -> tuple[Act, ...]:
    """What this person may do now, in the order of the table."""
    return tuple(act for act in Act if isinstance(verdict(facts, act), Row))
