"""What an issue would do, before it is done: number, row, list, warnings, pages.

Made of the same preparation as the issue, so the clerk sees what would go out. What
stands against it is told as a `refusal` beside the rest, so that all is seen at once.
Reads only: the number that is shown is held for nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from server.accounts.models import Membership, Organisation, Unit, User
from server.accounts.queries import with_those_above
from server.common import clock, text
from server.common.errors import AppError
from server.publishing.letterhead import number_line
from server.publishing.rules import rules_for
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.actions.duplicates import bears_it_already, same_number
from server.registry.actions.linked_drafts import (
    correction_type,
    is_replaced,
    second_replacement,
)
from server.registry.actions.outgoing import (
    OutgoingEntry,
    clean_entry,
    full_number_of,
    notation_in,
)
from server.registry.document_types import name_of
from server.registry.issuing.files import Given, numbered_pdf
from server.registry.issuing.lines import FirstList, KnownNames, continued, first_list
from server.registry.issuing.plan import (
    IssuePlan,
    RecipientPlan,
    clean_recipients,
)
from server.registry.issuing.preparation import Preparation, day_of, prepare
from server.registry.issuing.terms import offered_deadline
from server.registry.models import (
    Draft,
    DraftAnswers,
    DraftLink,
    LinkKind,
    OutgoingDocument,
    Recipient,
    RecipientChannel,
    Register,
    described_link,
)
from server.registry.refusals import refused
from server.registry.register_access import KEEPERS
from server.registry.seen import seen_digest
from server.registry.standing import Worker, standing_of
from server.registry.texts import committed
from server.registry.workflow.table import Act, Row, verdict

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class IssuePreview:
    """`refusal` is the first thing that stands against the issue, None when it may be.

    `digest` is what the plan must name as `seen`, `given.number` as `expected`.
    `recipients` are cleaned, or as they came when the refusal is about them. `same`
    bears the number already; then the plan must confirm it (`is_second`).
    """

    register: Register
    given: Given
    full_number: str
    notation: str
    entry: OutgoingEntry
    is_signed: bool
    warnings: tuple[str, ...]
    refusal: AppError | None
    recipients: tuple[RecipientPlan, ...]
    digest: str
    same: OutgoingDocument | None


def preview_issue(actor: User, draft_id: UUID | str, plan: IssuePlan) -> IssuePreview:
    """For a clerk of the organisation. `seen` of the plan may be empty.

    Raises NotFound and NotAllowed through the doors of draft and register, and what
    leaves nothing to show: InvalidInput for another register or a letterhead without a
    notation, Conflict for a closed register or a number that cannot be used.
    """
    access = access_draft(actor, draft_id, Action.OPEN)
    ready = prepare(actor, access.draft, plan)
    shown = seen_digest(access.draft.pk, ready.text.digest)
    standing = standing_of(access, Worker.of(actor))
    row = verdict(
        standing.facts,
        Act.ISSUE,
        has_seen=plan.seen in ("", shown),
        is_settled=not ready.text.has_suggestions,
    )
    refusals: list[AppError] = [] if isinstance(row, Row) else [refused(row)]
    day = ready.guess.issued_on
    entry = replace(
        ready.entry, archive_unit=plan.archive_unit, copies=plan.copies, note=plan.note
    )
    entry = _tried(refusals, lambda: clean_entry(entry, day), entry)
    recipients = _tried(
        refusals, lambda: clean_recipients(plan.recipients, day), plan.recipients
    )
    number = _tried(
        refusals,
        lambda: full_number_of(ready.register, ready.guess.number, ready.notation, day),
        ready.guess.number,
    )
    if (replaced := second_replacement(access.draft)) is not None:
        refusals.append(replaced)
    same = same_number(ready.register, number, day)
    if same is not None and not plan.is_second:
        refusals.append(bears_it_already(same))
    return IssuePreview(
        register=ready.register,
        given=ready.guess,
        full_number=number,
        notation=ready.notation,
        entry=entry,
        is_signed=ready.source.signed is not None,
        warnings=tuple(_warnings(access.draft, ready, number, recipients)),
        refusal=next(iter(refusals), None),
        recipients=tuple(recipients),
        digest=shown,
        same=same,
    )


def preview_pdf(actor: User, draft_id: UUID | str, plan: IssuePlan) -> bytes:
    """The pages as they would go out, before the organisation signs.

    Raises as `preview_issue`, and what the drawing raises.
    """
    draft = access_draft(actor, draft_id, Action.OPEN).draft
    ready = prepare(actor, draft, plan)
    return numbered_pdf(ready.source, ready.guess)


def suggested_list(draft: Draft) -> FirstList:
    """The first distribution list, read from the letterhead. Few short queries.

    A name that two organisations or two units bear is left as words: nobody may guess
    which of them is meant. What replaces or corrects a document goes to whoever got
    that one. Whoever must act is offered the draft's own day, or a usual one; but no
    term of ours is set to who stands above us, to who asked and is answered, or for a
    correction.
    """
    organisations = Organisation.objects.values_list("name", "pk")
    units = Unit.objects.filter(organisation=draft.organisation)
    known = KnownNames(
        organisations=_unique(organisations),
        units=_unique(units.values_list("name", "pk")),
    )
    fields = committed(draft.pk).content.fields
    said, today = day_of(fields.deadline), clock.today()
    own = said if said and said >= today else None
    deadline = own or offered_deadline(fields.urgency, today)
    if own is not None:
        first = first_list(fields, known, own)
    else:
        asks = not _only_tells(draft)
        above = with_those_above(draft.organisation)
        first = first_list(fields, known, deadline if asks else None, spared=above)
    whole = continued(first, _earlier_list(draft, deadline))
    is_offered = any(line.deadline == deadline for line in whole.recipients)
    return replace(whole, offered=deadline if is_offered and own is None else None)


def _only_tells(draft: Draft) -> bool:
    """An answer or a correction; two queries."""
    corrects = DraftLink.objects.filter(draft=draft, kind=LinkKind.CORRECTS)
    return corrects.exists() or DraftAnswers.objects.filter(draft=draft).exists()


def _earlier_list(draft: Draft, deadline: date) -> tuple[RecipientPlan, ...]:
    """As whoever got the earlier document gets this one. A day that is past is nobody's
    deadline: the new one takes its place. A correction asks nobody to do the work
    again."""
    link = DraftLink.objects.filter(draft=draft).first()
    if link is None:
        return ()
    replaces = link.kind == LinkKind.REPLACES
    rows = Recipient.objects.filter(document=link.document_id)
    return tuple(
        RecipientPlan(
            name=row.name,
            organisation=row.organisation_id,
            unit=row.unit_id,
            person=row.person_id,
            channel=row.channel,
            address=row.address,
            purpose=row.purpose,
            must_act=replaces and row.must_act,
            deadline=_still_ahead(row, deadline) if replaces and row.must_act else None,
        )
        for row in rows.order_by("position", "pk")
    )


def _still_ahead(row: Recipient, otherwise: date) -> date:
    day = row.deadline
    return day if day and day >= clock.today() else otherwise


def _unique(names: Iterable[tuple[str, UUID]]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    doubled: set[str] = set()
    for name, key in names:
        folded = text.search_key(name)
        if folded in found:
            doubled.add(folded)
        found[folded] = key
    return {name: key for name, key in found.items() if name not in doubled}


def _tried(refusals: list[AppError], make: Callable[[], T], otherwise: T) -> T:
    try:
        return make()
    except AppError as refusal:
        refusals.append(refusal)
        return otherwise


def _warnings(
    draft: Draft,
    ready: Preparation,
    number: str,
    recipients: Iterable[RecipientPlan],
) -> Iterator[str]:
    """What the clerk should look at twice. Three queries at most."""
    yield from _about_link(draft, ready)
    yield from _about_notation(draft, ready, number)
    yield from _about_fields(ready)
    yield from _about_recipients(list(recipients))


def _about_link(draft: Draft, ready: Preparation) -> Iterator[str]:
    """What this issue does to an earlier document must surprise nobody."""
    link = DraftLink.objects.filter(draft=draft).select_related("document").first()
    if link is None:
        return
    yield described_link(link)
    if link.kind == LinkKind.CORRECTS and is_replaced(link.document):
        # By the draft of a colleague, issued since this one was begun. A second
        # replacement is no warning: it is refused.
        yield _("Văn bản đã được thay thế bằng văn bản khác.")
    kind = ready.document_type
    wanted = correction_type()
    if link.kind == LinkKind.CORRECTS and kind != wanted:
        yield _("Đính chính bằng “%(wanted)s”; bản này là “%(type)s”.") % {
            "wanted": name_of(wanted),
            "type": name_of(kind),
        }


def _about_notation(draft: Draft, ready: Preparation, number: str) -> Iterator[str]:
    fitting = notation_in(
        ready.register, ready.document_type, draft.unit, clock.today()
    )
    if fitting != ready.notation:
        yield _(
            "Ký hiệu in trên văn bản là “%(printed)s”; theo sổ này thì là"
            " “%(fitting)s”."
        ) % {"printed": ready.notation, "fitting": fitting}
    fields = ready.text.content.fields
    line = number_line(ready.guess.number, ready.notation, rules_for(fields))
    if not line.endswith(number):
        yield _("Trên văn bản in số “%(printed)s”; sổ này ghi “%(number)s”.") % {
            "printed": line.split(" ", 1)[-1],
            "number": number,
        }


def _about_fields(ready: Preparation) -> Iterator[str]:
    """Number and date are the clerk's to give, whatever the draft says."""
    fields, given = ready.text.content.fields, ready.guess
    number, day = fields.number.strip(), fields.date.strip()
    if number and number.lstrip("0") != given.number.lstrip("0"):
        yield _("Dự thảo ghi số “%(number)s”; văn bản sẽ mang số %(given)s.") % {
            "number": number,
            "given": given.number,
        }
    if day and day != given.issued_on.isoformat():
        yield _("Dự thảo ghi ngày %(day)s; văn bản sẽ mang ngày %(given)s.") % {
            "day": "/".join(reversed(day.split("-"))),
            "given": f"{given.issued_on:%d/%m/%Y}",
        }


def _about_recipients(recipients: list[RecipientPlan]) -> Iterator[str]:
    if not recipients:
        yield _("Danh sách nơi nhận đang trống.")
    asked = {
        line.organisation: line.name
        for line in recipients
        if line.organisation and line.channel == RecipientChannel.IN_APP
    }
    if not asked:
        return
    clerks = Membership.objects.filter(
        unit__organisation__in=asked, role__in=KEEPERS, user__is_active=True
    )
    staffed = set(clerks.values_list("unit__organisation_id", flat=True))
    for key, name in asked.items():
        if key not in staffed:
            yield _(
                "“%(name)s” chưa có văn thư trên hệ thống, nên chưa ai mở được văn bản."
            ) % {"name": name}
