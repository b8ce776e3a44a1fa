"""The check of form in the API. It only translates what `form_check` finds."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from server.accounts.api import caller
from server.publishing.check import Fault
from server.registry.form_check import FormCheck, check_form

router = Router(tags=["drafts"])


class FaultPlaceOut(Schema):
    """A field by name or a paragraph by its index in the text; neither = the whole.
    Offsets count characters (code points); a line break is one."""

    field: str | None
    paragraph: int | None
    start: int
    end: int


class FaultFixOut(Schema):
    """What would mend the fault, as an edit at its place. `number`: the label of the
    paragraph becomes `to`, automatic when that is empty."""

    model_config = ConfigDict(populate_by_name=True)

    kind: Literal["replace", "remove", "number"]
    field: str | None
    paragraph: int | None
    from_: str = Field(alias="from")
    to: str


class FaultOut(Schema):
    rule: str
    severity: Literal["error", "warning"]
    message: str
    source: str = Field(description="clause of the norm")
    place: FaultPlaceOut
    quote: str
    excerpt: str
    fix: FaultFixOut | None


class FormCheckOut(Schema):
    rules: str = Field(description="id of the rule-set")
    norm: str
    errors: int
    warnings: int
    faults: list[FaultOut]


@router.get(
    "/drafts/{uuid:draft_id}/format-check", response=FormCheckOut, by_alias=True
)
def format_check(request: HttpRequest, draft_id: UUID) -> FormCheckOut:
    """Faults of form in the committed text; nothing is changed."""
    return _out(check_form(caller(request), draft_id))


def _out(found: FormCheck) -> FormCheckOut:
    return FormCheckOut(
        rules=found.rules.id,
        norm=found.rules.title,
        errors=found.errors,
        warnings=found.warnings,
        faults=[
            _fault(fault, excerpt)
            for fault, excerpt in zip(found.faults, found.excerpts, strict=True)
        ],
    )


def _fault(fault: Fault, excerpt: str) -> FaultOut:
    place = fault.place
    field = place.field or None
    fix = None
    if fault.fix is not None:
        fix = FaultFixOut.model_validate(
            {
                "kind": fault.fix.kind,
                "field": field,
                "paragraph": place.paragraph,
                "from": fault.fix.old,
                "to": fault.fix.new,
            }
        )
    return FaultOut(
        rule=fault.rule_id,
        severity=fault.severity,
        message=str(fault.message),
        source=fault.source,
        place=FaultPlaceOut(
            field=field,
            paragraph=place.paragraph,
            start=place.start,
            end=place.end,
        ),
        quote=fault.quote,
        excerpt=excerpt,
        fix=fix,
    )
