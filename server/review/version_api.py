"""Versions of a draft in the API. It only translates what the pages do too."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from ninja.params.functions import Query as from_query
from pydantic import ConfigDict, Field

from collab.content.authorship import Stretch
from collab.content.comparing.changes import Comparison, Piece, every_change
from collab.content.read import plain_text
from collab.content.tree import inline_text
from server.accounts.api import caller
from server.accounts.schemas import Page
from server.registry.models import Draft
from server.review.actions import versions as actions
from server.review.actions.steps import catch_up
from server.review.models import Version
from server.review.past.access import access_past
from server.review.past.reading import content_at, timeline_of
from server.review.queries.authorship import authorship_of
from server.review.queries.comparing import compared, totals_of
from server.review.queries.versions import (
    Place,
    VersionLine,
    place_named,
    versions_of,
)

router = Router(tags=["versions"])

_REFERENCE = "a seq, or now, first, last, signed, issued"
Reference = Annotated[str, Field(max_length=20, description=_REFERENCE)]
Kind = Literal["named", "step", "signed", "issued", "day", "pause"]
What = Literal[
    "same", "inserted", "deleted", "changed", "formatted", "moved_from", "moved_to"
]
Name = Annotated[str, Field(max_length=1000, description="at most 200 characters")]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class VersionIn(Strict):
    name: Name
    seq: Annotated[int, Field(ge=1, le=2**53)] | None = Field(
        None, description="place in the update log; default: what is saved now"
    )


class VersionChange(Strict):
    name: Name


class SeenIn(Strict):
    entering: bool = Field(False, description="coming, which may begin a new visit")


class VersionOut(Schema):
    id: UUID | None = Field(description="null for a day or a pause: they have no row")
    kind: Kind
    seq: int
    epoch: int
    at: datetime
    label: str
    people: list[str]
    digest: str = Field(description="of the content; empty where it was not read")

    @classmethod
    def of(cls, line: VersionLine) -> VersionOut:
        return cls(
            id=line.id,
            kind=cast(Kind, line.kind),
            seq=line.seq,
            epoch=line.epoch,
            at=line.at,
            label=line.label,
            people=list(line.people),
            digest=line.digest,
        )

    @classmethod
    def of_row(cls, row: Version) -> VersionOut:
        return cls(
            id=row.pk,
            kind=cast(Kind, row.kind),
            seq=row.seq,
            epoch=row.epoch,
            at=row.at,
            label=row.name,
            people=[row.by.full_name] if row.by else [],
            digest=row.digest,
        )


class PlaceOut(Schema):
    seq: int
    epoch: int
    at: datetime
    label: str
    people: list[str]

    @classmethod
    def of(cls, place: Place) -> PlaceOut:
        moment = place.moment
        return cls(
            seq=moment.seq,
            epoch=moment.epoch,
            at=moment.at,
            label=place.label,
            people=list(place.people),
        )


class VersionTextOut(PlaceOut):
    text: str = Field(description="the body as plain text, with automatic labels")


class PieceOut(Schema):
    kind: What
    text: str


class FieldChangeOut(Schema):
    field: str
    pieces: list[PieceOut]


class BlockChangeOut(Schema):
    """A paragraph or another block that differs, those in lists and tables too."""

    kind: What
    block: str = Field(description="paragraph, listblock, table, image …")
    move: int = Field(description="joins the two ends of a move; 0 = none")
    pieces: list[PieceOut]


class TotalsOut(Schema):
    inserted: int
    deleted: int
    moved: int
    formatted: int
    fields: int


class ComparisonOut(Schema):
    old: PlaceOut
    new: PlaceOut
    totals: TotalsOut
    fields: list[FieldChangeOut]
    blocks: list[BlockChangeOut]


class ContributorOut(Schema):
    key: str = Field(description="id of the person; first: the first text; or empty")
    name: str
    characters: int
    percent: float


class StretchOut(Schema):
    text: str
    author: str = Field(description="key of a contributor")


class AuthorshipOut(Schema):
    seq: int
    contributors: list[ContributorOut]
    fields: dict[str, list[StretchOut]]
    paragraphs: list[list[StretchOut]] = Field(
        description="in the order of the text, those in lists and tables too"
    )


class RestoredOut(Schema):
    seq: int | None = Field(description="of the edit; null when nothing differed")


@router.get("/drafts/{uuid:draft_id}/versions", response=Page[VersionOut])
def version_list(
    request: HttpRequest,
    draft_id: UUID,
    kind: Annotated[list[Kind], Query()] = [],  # noqa: B006 - ninja copies it
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1,
) -> Page[VersionOut]:
    """Newest first. Those who may comment read the past."""
    draft = _draft(request, draft_id)
    catch_up(draft)
    found = versions_of(draft, timeline_of(str(draft.pk)), kinds=kind, page=page)
    return Page(
        items=[VersionOut.of(line) for line in found.lines],
        count=found.total,
        page=found.number,
        pages=found.pages,
    )


@router.post("/drafts/{uuid:draft_id}/versions", response={201: VersionOut})
def version_name(
    request: HttpRequest, draft_id: UUID, body: VersionIn
) -> Status[VersionOut]:
    row = actions.name_version(caller(request), draft_id, body.name, seq=body.seq)
    return Status(201, VersionOut.of_row(row))


@router.patch("/drafts/{uuid:draft_id}/versions/{uuid:version_id}", response=VersionOut)
def version_rename(
    request: HttpRequest, draft_id: UUID, version_id: UUID, body: VersionChange
) -> VersionOut:
    """Only a named version has a name to change."""
    row = actions.rename_version(caller(request), draft_id, version_id, body.name)
    return VersionOut.of_row(row)


@router.get("/drafts/{uuid:draft_id}/versions/at/{reference}", response=VersionTextOut)
def version_read(
    request: HttpRequest, draft_id: UUID, reference: Reference
) -> VersionTextOut:
    """What the draft said at that place."""
    draft = _draft(request, draft_id)
    catch_up(draft)
    place = _place(request, draft, reference)
    text = plain_text(content_at(str(draft.pk), place.seq))
    return VersionTextOut(**PlaceOut.of(place).dict(), text=text)


@router.post(
    "/drafts/{uuid:draft_id}/versions/at/{int:seq}/restore", response=RestoredOut
)
def version_restore(request: HttpRequest, draft_id: UUID, seq: int) -> RestoredOut:
    """As a new edit of the caller; browsers that are open get it at once."""
    return RestoredOut(seq=actions.restore_version(caller(request), draft_id, seq))


@router.get("/drafts/{uuid:draft_id}/compare", response=ComparisonOut)
def version_compare(
    request: HttpRequest,
    draft_id: UUID,
    old: str = from_query("first", alias="from", max_length=20, description=_REFERENCE),
    new: str = from_query("now", alias="to", max_length=20, description=_REFERENCE),
) -> ComparisonOut:
    """What differs, in the order of the text; blocks that are the same are left out."""
    draft = _draft(request, draft_id)
    catch_up(draft)
    before, after = _place(request, draft, old), _place(request, draft, new)
    if before.seq > after.seq:
        before, after = after, before
    comparison = compared(str(draft.pk), before.seq, after.seq)
    return _comparison(before, after, comparison)


@router.get("/drafts/{uuid:draft_id}/authorship", response=AuthorshipOut)
def draft_authorship(request: HttpRequest, draft_id: UUID) -> AuthorshipOut:
    """Who wrote each character of the saved text, and everybody's share."""
    found = authorship_of(_draft(request, draft_id))
    held = found.authored
    return AuthorshipOut(
        seq=found.seq,
        contributors=[
            ContributorOut(
                key=one.key,
                name=one.name,
                characters=one.characters,
                percent=one.percent,
            )
            for one in found.contributors
        ],
        fields={name: _stretches(line) for name, line in held.fields.items()},
        paragraphs=[_stretches(line) for line in held.paragraphs],
    )


@router.post("/drafts/{uuid:draft_id}/seen", response={204: None})
def draft_seen(request: HttpRequest, draft_id: UUID, body: SeenIn) -> Status[None]:
    """The caller has the newest text on the screen: for "the version I last saw"."""
    actions.mark_seen(caller(request), draft_id, entering=body.entering)
    return Status(204, None)


def _draft(request: HttpRequest, draft_id: UUID) -> Draft:
    return access_past(caller(request), draft_id).draft


def _place(request: HttpRequest, draft: Draft, reference: str) -> Place:
    return place_named(draft, caller(request), timeline_of(str(draft.pk)), reference)


def _comparison(old: Place, new: Place, found: Comparison) -> ComparisonOut:
    totals = totals_of(found)
    return ComparisonOut(
        old=PlaceOut.of(old),
        new=PlaceOut.of(new),
        totals=TotalsOut(
            inserted=totals.inserted,
            deleted=totals.deleted,
            moved=totals.moved,
            formatted=totals.formatted,
            fields=totals.fields,
        ),
        fields=[
            FieldChangeOut(field=f.name, pieces=_pieces(f.pieces)) for f in found.fields
        ],
        blocks=[
            BlockChangeOut(
                kind=change.kind,
                block=type(change.new or change.old).__name__.lower(),
                move=change.move,
                pieces=_pieces(change.pieces),
            )
            for change in every_change(found.blocks)
            if change.kind != "same" and (change.pieces or not change.parts)
        ],
    )


def _stretches(stretches: tuple[Stretch, ...]) -> list[StretchOut]:
    return [
        StretchOut(text=inline_text([s.inline]), author=s.author) for s in stretches
    ]


def _pieces(pieces: tuple[Piece, ...]) -> list[PieceOut]:
    return [PieceOut(kind=p.kind, text=inline_text([p.inline])) for p in pieces]
