"""The process of one draft: the steps, who and when, on whose behalf, what next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from collab.ports import Level
from server.accounts.models import User
from server.publishing.rules import kind_of
from server.registry.access import Access
from server.registry.actions.draft_links import may_relink
from server.registry.actions.issuing import issued_already
from server.registry.actions.linked_drafts import second_replacement
from server.registry.actions.process import DEEDS
from server.registry.form_check import severe_faults
from server.registry.letterhead_words import in_words
from server.registry.models import (
    Approval,
    ApprovalStep,
    Draft,
    DraftLink,
    OutgoingDocument,
    Reading,
    SignOff,
    VoidReason,
    described_link,
)
from server.registry.people import Signer, checking_units, eligible_signers, heads_of
from server.registry.queries.activity import Deed, deeds_of
from server.registry.queries.late_edits import LateEdit, late_edits_of
from server.registry.seen import seen_digest
from server.registry.signing_block import differs, suggested_block
from server.registry.standing import (
    Standing,
    Worker,
    current_sign_offs,
    live_approvals,
    standing_of,
)
from server.registry.texts import Committed, committed
from server.registry.workflow.authority import SignatureBlock
from server.registry.workflow.changes import Change, compare
from server.registry.workflow.table import (
    FROZEN,
    IN_PROCESS,
    STEP_OF_ACT,
    STEPS,
    Act,
    Facts,
    Refusal,
    State,
    Step,
    Who,
    open_acts,
    verdict,
)

SHOWN_DEEDS = 30
_PROCESS_DEEDS = (
    *DEEDS.values(),
    "draft.signed_off",
    "draft.approvals_voided",
    "draft.issued",
    "draft.linked",
    "draft.unlinked",
)


@dataclass(frozen=True, slots=True)
class StepLine:
    """`approval` is the live one, `void` the last that a change of the text voided.
    `whose` names who may take it."""

    step: ApprovalStep
    place: Literal["done", "now", "later"]
    approval: Approval | None
    void: Approval | None
    whose: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the letterhead, by its name."""

    field: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What changed since this person last looked; `since` is None at a first look."""

    since: Reading | None
    fields: tuple[FieldChange, ...] = ()
    paragraphs: tuple[Change, ...] = ()

    @property
    def is_any(self) -> bool:
        return bool(self.fields or self.paragraphs)


@dataclass(frozen=True, slots=True)
class Panel:
    draft: Draft
    level: Level
    standing: Standing
    text: Committed
    seen: str  # what an act must name: `seen_digest`
    steps: tuple[StepLine, ...]
    sign_offs: tuple[SignOff, ...]
    acts: tuple[Act, ...]
    blocked: Refusal | None
    may_sign_off: bool
    news: News
    late_edits: tuple[LateEdit, ...]
    deeds: tuple[Deed, ...]
    block: SignatureBlock | None
    block_differs: bool
    signers: Sequence[Signer]
    signer_is_lost: bool  # whom it was submitted to may sign it no more
    document: OutgoingDocument | None
    link: DraftLink | None  # what its issue does to an earlier document
    link_is_lost: bool  # that document was replaced meanwhile
    form_errors: int | None  # severe faults; None when the form is not theirs to check

    @property
    def may_write(self) -> bool:
        """Whether this person may write the text now."""
        return (
            self.level >= Level.EDIT
            and self.draft.state not in FROZEN
            and self.draft.archived_at is None
        )

    @property
    def may_relink(self) -> bool:
        return may_relink(self.draft, may_write=self.may_write)

    @property
    def link_said(self) -> str:
        return described_link(self.link) if self.link else ""

    @property
    def letterhead(self) -> tuple[tuple[str, str], ...]:
        """What is printed beside the text, by field and in words. As on paper: that
        nothing is urgent is not said; the type stands above."""
        left_out = {("urgency", "normal")}
        norm = kind_of(self.text.content.fields)
        return tuple(
            (name, in_words(name, value, norm))
            for name, value in self.text.letterhead.items()
            if name not in ("document_type", "rule_kind")
            and (name, value) not in left_out
        )

    @property
    def approving(self) -> Act | None:
        """The approval that is this person's next step."""
        return next((act for act in self.acts if act in STEP_OF_ACT), None)

    @property
    def returned(self) -> Deed | None:
        """Why the draft came back, while it waits to be mended."""
        newest = self.deeds[0] if self.deeds else None
        came_back = newest is not None and newest.action == DEEDS[Act.RETURN]
        return newest if came_back and self.draft.state == State.DRAFTING else None


def panel_of(access: Access, user: User) -> Panel:
    """All that the page and the API show. The caller has settled the draft."""
    draft = access.draft
    standing = standing_of(access, Worker.of(user))
    approvals = live_approvals(draft)
    text = committed(draft.pk)
    is_live = draft.archived_at is None
    acts = open_acts(standing.facts) if is_live else ()
    block = suggested_block(draft, approvals, kind_of(text.content.fields))
    return Panel(
        draft=draft,
        level=access.level,
        standing=standing,
        text=text,
        seen=seen_digest(draft.pk, text.digest),
        steps=_steps(draft, approvals),
        sign_offs=tuple(current_sign_offs(draft)),
        acts=acts,
        blocked=_blocked(standing.facts) if is_live else None,
        may_sign_off=is_live
        and draft.state == State.IN_REVIEW
        and Who.SIGN_OFF_TURN in standing.facts.who,
        news=news_for(user, draft, text),
        late_edits=late_edits_of(access, user),
        deeds=deeds_of(draft, _PROCESS_DEEDS, SHOWN_DEEDS),
        block=block,
        block_differs=block is not None and differs(block, text.content.fields),
        signers=eligible_signers(draft) if Act.SUBMIT in acts else (),
        signer_is_lost=is_live and _signer_is_lost(draft, standing.facts),
        document=issued_already(draft),
        link=_link(draft),
        link_is_lost=is_live
        and draft.state not in (State.ISSUED, State.FILED)
        and second_replacement(draft) is not None,
        form_errors=len(severe_faults(text.content))
        if Act.CHECK_FORMAT in acts
        else None,
    )


def _signer_is_lost(draft: Draft, facts: Facts) -> bool:
    """Whether the draft waits for somebody who may sign nothing here any more."""
    waits = draft.state in IN_PROCESS and (
        draft.state != State.APPROVED or facts.needs_signature
    )
    return waits and draft.signer_id not in {
        one.person.pk for one in eligible_signers(draft)
    }


def _link(draft: Draft) -> DraftLink | None:
    """Everybody who approves knows it: another document's standing hangs on it."""
    return DraftLink.objects.filter(draft=draft).select_related("document").first()


def news_for(user: User, draft: Draft, now: Committed) -> News:
    """Word by word in each paragraph, and in each field of the letterhead."""
    reading = Reading.objects.filter(draft=draft, user=user).first()
    if reading is None or reading.digest == now.digest:
        return News(reading)
    then, letterhead = reading.letterhead, now.letterhead
    norm = kind_of(now.content.fields)

    def said(held: Mapping[str, str], name: str) -> str:
        return in_words(name, held.get(name, ""), norm)

    fields = tuple(
        FieldChange(name, compare(said(then, name), said(letterhead, name)))
        for name in dict.fromkeys((*letterhead, *then))
        if then.get(name, "") != letterhead.get(name, "")
    )
    return News(reading, fields, compare(reading.text, now.text))


def _steps(draft: Draft, approvals: Sequence[Approval]) -> tuple[StepLine, ...]:
    live = {a.step: a for a in approvals}
    void: dict[str, Approval] = {}
    if draft.state != State.DRAFTING:
        rows = Approval.objects.filter(
            draft=draft, round=draft.round, void_reason=VoidReason.CHANGED
        )
        void = {a.step: a for a in rows.select_related("by").order_by("at")}
    following = _next_step(draft)
    lines = []
    for step in ApprovalStep:
        given = live.get(step)
        gone = None if given else void.get(step)
        place: Literal["done", "now", "later"] = "later"
        if given:
            place = "done"
        elif Step(step) is following:
            place = "now"
        lines.append(StepLine(step, place, given, gone, _whose(draft, step)))
    return tuple(lines)


def _next_step(draft: Draft) -> Step | None:
    if draft.state == State.IN_REVIEW:
        return Step.CONTENT
    reached = list(STEPS.values())
    if draft.state not in reached[:-1]:
        return None
    return list(STEPS)[reached.index(State(draft.state)) + 1]


def _whose(draft: Draft, step: str) -> str:
    if step == ApprovalStep.FINAL:
        return draft.signer.full_name if draft.signer else ""
    if step == ApprovalStep.CONTENT:
        return ", ".join(person.full_name for person in heads_of(draft))
    return ", ".join(unit.name for unit in checking_units(draft))


def _blocked(facts: Facts) -> Refusal | None:
    """Why the approval that is this person's by office is not open to them now."""
    for act in STEP_OF_ACT:
        found = verdict(facts, act)
        if found in (Refusal.SEPARATION, Refusal.SIGN_OFFS_MISSING):
            return Refusal(str(found))
    return None
