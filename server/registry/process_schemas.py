"""Shapes of the API of the process. Names are promises to other programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from server.accounts.models import User
from server.registry.models import (
    Approval,
    Delegation,
    DraftLink,
    LinkKind,
    SignOff,
)
from server.registry.queries.approvals import Waiting
from server.registry.queries.delegations import powers_of
from server.registry.queries.late_edits import LateEdit
from server.registry.queries.process import News, Panel, StepLine
from server.registry.schemas import DeedOut, Strict
from server.registry.workflow.authority import Form, Power, SignatureBlock
from server.registry.workflow.changes import Change

Reason = Annotated[str, Field(max_length=4000, description="at most 1000 characters")]
Digest = Annotated[str, Field(max_length=64, description="of what was seen: `digest`")]


class PersonOut(Schema):
    id: UUID
    name: str
    title: str

    @classmethod
    def of(cls, user: User) -> PersonOut:
        return cls(id=user.pk, name=user.full_name, title=user.title)

    @classmethod
    def maybe(cls, user: User | None) -> PersonOut | None:
        return cls.of(user) if user else None


class ApprovalOut(Schema):
    step: str
    by: PersonOut
    on_behalf_of: PersonOut | None
    form: str = Field(description="TM, Q, KT, TL or TUQ when on somebody's behalf")
    at: datetime
    digest: str
    voided_at: datetime | None

    @classmethod
    def of(cls, given: Approval) -> ApprovalOut:
        return cls(
            step=given.step,
            by=PersonOut.of(given.by),
            on_behalf_of=PersonOut.maybe(given.on_behalf_of),
            form=given.mandate.form if given.mandate else "",
            at=given.at,
            digest=given.digest,
            voided_at=given.voided_at,
        )


class StepOut(Schema):
    step: str
    place: Literal["done", "now", "later"]
    whose: str
    approval: ApprovalOut | None
    void: ApprovalOut | None = Field(description="the last one that a change voided")

    @classmethod
    def of(cls, line: StepLine) -> StepOut:
        return cls(
            step=line.step.value,
            place=line.place,
            whose=line.whose,
            approval=ApprovalOut.of(line.approval) if line.approval else None,
            void=ApprovalOut.of(line.void) if line.void else None,
        )


class SignOffOut(Schema):
    person: PersonOut
    order: int
    done_at: datetime | None
    voided_at: datetime | None = Field(description="when the text changed after it")
    note: str

    @classmethod
    def of(cls, asked: SignOff) -> SignOffOut:
        return cls(
            person=PersonOut.of(asked.person),
            order=asked.order,
            done_at=asked.done_at,
            voided_at=asked.voided_at,
            note=asked.note,
        )


class BlockOut(Schema):
    """What the mandates of the office suggest for the signature."""

    signer_authority: str
    signer_position: str
    signer_name: str
    differs: bool = Field(description="whether the letterhead says something else")

    @classmethod
    def of(cls, block: SignatureBlock, differs: bool) -> BlockOut:
        return cls(
            signer_authority=block.authority,
            signer_position=block.position,
            signer_name=block.name,
            differs=differs,
        )


class SignatureOut(Schema):
    signature: BlockOut | None = Field(
        description="null while nobody is named who signs"
    )

    @classmethod
    def of(cls, block: SignatureBlock | None, differs: bool) -> SignatureOut:
        return cls(signature=BlockOut.of(block, differs) if block else None)


class LinkOut(Schema):
    """The issued document that the issue of the draft replaces or corrects."""

    kind: Literal["replaces", "corrects"]
    document: UUID
    full_number: str
    is_lost: bool = Field(
        description="replaced meanwhile, so that the draft cannot be issued as it is"
    )

    @classmethod
    def of(cls, link: DraftLink, is_lost: bool) -> LinkOut:
        return cls(
            kind="replaces" if link.kind == LinkKind.REPLACES else "corrects",
            document=link.document_id,
            full_number=link.document.full_number,
            is_lost=is_lost,
        )


class LateEditOut(Schema):
    number: int
    author: str
    at: datetime
    may_read: bool

    @classmethod
    def of(cls, edit: LateEdit) -> LateEditOut:
        return cls(
            number=edit.number, author=edit.author, at=edit.at, may_read=edit.may_read
        )


class ProcessOut(Schema):
    draft: UUID
    state: str
    state_at: datetime | None
    round: int
    digest: str = Field(description="of text, fields and link: an act names it")
    signer: PersonOut | None
    acts: list[str] = Field(description="what you may do now")
    may_sign_off: bool
    blocked: str | None = Field(description="why your own step is not open to you")
    steps: list[StepOut]
    sign_offs: list[SignOffOut]
    signature: BlockOut | None
    signers: list[PersonOut] = Field(
        description="whom the draft can be submitted to, with the post to sign in"
    )
    signer_is_lost: bool = Field(
        description="the signer may sign it no more; it is to be submitted anew"
    )
    form_errors: int | None = Field(
        description="severe faults of form that stand; null when not yours to check"
    )
    link: LinkOut | None = Field(
        description="what the issue replaces or corrects; null: nothing"
    )
    late_edits: list[LateEditOut]
    history: list[DeedOut]

    @classmethod
    def of(cls, panel: Panel) -> ProcessOut:
        draft = panel.draft
        block = panel.block
        return cls(
            draft=draft.pk,
            state=draft.state,
            state_at=draft.state_at,
            round=draft.round,
            digest=panel.seen,
            signer=PersonOut.maybe(draft.signer),
            acts=[act.value for act in panel.acts],
            may_sign_off=panel.may_sign_off,
            blocked=panel.blocked.value if panel.blocked else None,
            steps=[StepOut.of(line) for line in panel.steps],
            sign_offs=[SignOffOut.of(asked) for asked in panel.sign_offs],
            signature=BlockOut.of(block, panel.block_differs) if block else None,
            signers=[
                PersonOut(id=one.person.pk, name=one.person.full_name, title=one.post)
                for one in panel.signers
            ],
            signer_is_lost=panel.signer_is_lost,
            form_errors=panel.form_errors,
            link=LinkOut.of(panel.link, panel.link_is_lost) if panel.link else None,
            late_edits=[LateEditOut.of(edit) for edit in panel.late_edits],
            history=[DeedOut.of(deed) for deed in panel.deeds],
        )


class PieceOut(Schema):
    kind: Literal["same", "added", "removed"]
    text: str


class ChangeOut(Schema):
    """One paragraph; `count` unchanged ones when `kind` is "same"."""

    kind: Literal["same", "added", "removed", "changed"]
    count: int
    pieces: list[PieceOut]

    @classmethod
    def of(cls, change: Change) -> ChangeOut:
        pieces = [PieceOut(kind=p.kind, text=p.text) for p in change.pieces]
        return cls(kind=change.kind, count=change.count, pieces=pieces)


class NewsOut(Schema):
    since: datetime | None = Field(description="when you last looked; null: never")
    digest: str = Field(description="of text, fields and link now")
    fields: dict[str, list[ChangeOut]]
    paragraphs: list[ChangeOut]

    @classmethod
    def of(cls, news: News, digest: str) -> NewsOut:
        return cls(
            since=news.since.at if news.since else None,
            digest=digest,
            fields={
                field.field: [ChangeOut.of(change) for change in field.changes]
                for field in news.fields
            },
            paragraphs=[ChangeOut.of(change) for change in news.paragraphs],
        )


class SignOffAsk(Strict):
    user: str = Field(max_length=100, description="username or id")
    order: int = Field(1, ge=1, le=99, description="equal numbers: at the same time")


class SubmitIn(Strict):
    signer: str = Field(
        max_length=100, description="username or id of one of `signers`"
    )
    sign_offs: list[SignOffAsk] = []


class ActIn(Strict):
    """An approval needs `digest`; a return or a cancellation needs `reason`, and so
    does check_format while severe faults of form stand."""

    digest: Digest = ""
    reason: Reason = ""


class DraftLinkIn(Strict):
    kind: Literal["replaces", "corrects"]
    document: UUID = Field(description="an issued document of the organisation")


class SignOffIn(Strict):
    digest: Digest
    note: Reason = ""


class SeenIn(Strict):
    digest: Digest


class WaitingOut(Schema):
    draft: UUID
    title: str
    state: str
    state_at: datetime | None
    step: str = Field(description="the act that waits for you, or sign_off")
    created_by: PersonOut
    on_behalf_of: PersonOut | None
    changed: bool = Field(description="perhaps changed since you last looked")

    @classmethod
    def of(cls, waiting: Waiting) -> WaitingOut:
        draft = waiting.draft
        mandate = waiting.in_place
        return cls(
            draft=draft.pk,
            title=draft.title,
            state=draft.state,
            state_at=draft.state_at,
            step=waiting.step,
            created_by=PersonOut.of(draft.created_by),
            on_behalf_of=PersonOut.maybe(mandate.principal if mandate else None),
            changed=waiting.is_new_since,
        )


class VoidNoticeOut(Schema):
    id: UUID
    draft: UUID
    title: str
    step: str
    voided_at: datetime

    @classmethod
    def of(cls, given: Approval) -> VoidNoticeOut:
        assert given.voided_at is not None  # it is a notice because of that
        return cls(
            id=given.pk,
            draft=given.draft_id,
            title=given.draft.title,
            step=given.step,
            voided_at=given.voided_at,
        )


class DelegationIn(Strict):
    form: Form
    delegate: str = Field(max_length=100, description="username or id")
    starts_on: date
    ends_on: date | None = None
    principal: str | None = Field(
        None, max_length=100, description="username or id; default: you"
    )
    of_nobody: bool = Field(False, description="TM. or Q. that rests on no person")
    in_place_of: str = Field("", max_length=200, description="default: their post")
    powers: list[Power] = [Power.SIGN]
    document: str = Field("", max_length=200, description="the written basis")
    under: UUID | None = Field(None, description="the mandate that is passed on")
    of_unit: str | None = Field(
        None,
        max_length=100,
        description="id or abbreviation: whose content a mandate of nobody approves",
    )


class DelegationOut(Schema):
    id: UUID
    form: str
    principal: PersonOut | None
    delegate: PersonOut
    in_place_of: str
    powers: list[str]
    starts_on: date
    ends_on: date | None
    document: str
    under: UUID | None
    of_unit: UUID | None
    created_by: PersonOut
    ended_at: datetime | None

    @classmethod
    def of(cls, given: Delegation) -> DelegationOut:
        return cls(
            id=given.pk,
            form=given.form,
            principal=PersonOut.maybe(given.principal),
            delegate=PersonOut.of(given.delegate),
            in_place_of=given.in_place_of,
            powers=[power.value for power in powers_of(given)],
            starts_on=given.starts_on,
            ends_on=given.ends_on,
            document=given.document,
            under=given.under_id,
            of_unit=given.unit_id,
            created_by=PersonOut.of(given.created_by),
            ended_at=given.ended_at,
        )


class ApprovalsOut(Schema):
    waiting: list[WaitingOut]
    void: list[VoidNoticeOut]
    mandates: list[DelegationOut] = Field(
        description="given in your name by somebody else, until you note them"
    )
