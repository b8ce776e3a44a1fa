"""Issue: one act that turns the approved draft into an official document.

Files are drawn and signed for the number that would come next; then one transaction
locks the draft, draws the number, and writes row, files, distribution list, record and
events. Either all of it is there or none, so the act may be repeated after a crash at
any point: what is left over is at most a file that nobody refers to. Must never send
out another text than the approved one, nor another number or date than the clerk was
shown, nor ask a time-stamp service while rows are locked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, outbox, providers
from server.common.errors import Conflict, Unavailable
from server.registry import events as draft_events
from server.registry import register_events as events
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.actions.duplicates import refuse_same_number
from server.registry.actions.incoming_answers import link_answer_of
from server.registry.actions.linked_drafts import second_replacement
from server.registry.actions.numbers import draw_number, use_reserved
from server.registry.actions.outgoing import write_row
from server.registry.actions.process import locked_draft, move_draft
from server.registry.actions.records import add_record
from server.registry.actions.sending import (
    first_day_sent,
    link_document,
    lock_targets,
    send_to,
)
from server.registry.actions.voiding import settle
from server.registry.issuing.files import Files, Given, make_files, needs_network
from server.registry.issuing.plan import IssuePlan, clean_recipients
from server.registry.issuing.preparation import (
    Preparation,
    check_day,
    check_number,
    prepare,
    signed_on,
)
from server.registry.issuing.statement import statement_of
from server.registry.models import (
    Draft,
    IssuedFiles,
    IssuedNumber,
    OutgoingDocument,
    RecordKind,
    Register,
)
from server.registry.refusals import refused
from server.registry.search.received import index_received
from server.registry.seen import seen_digest
from server.registry.standing import Worker, standing_of
from server.registry.texts import place_of
from server.registry.workflow.table import Act, Refusal, Row, State, Who, verdict

# How often another clerk may take the number before the files are drawn under the lock.
GUESSES = 2
# And where that would ask a time-stamp service under the lock: before the clerk is told
# to try again. A service may take seconds, so others are faster more often.
NETWORK_GUESSES = 6


class _NumberMoved(Exception):
    """Another clerk took the number that the files were drawn for."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    given: Given
    files: Files
    stored: tuple[str, str]


def issue(actor: User, draft_id: UUID | str, plan: IssuePlan) -> OutgoingDocument:
    """The issued document; the same one again when it is issued already.

    Raises NotFound and NotAllowed through the doors, Conflict (`wrong_state`,
    `content_changed`, `not_signed`, `number_moved`, `date_moved`, `before_approval`,
    `replaced` when what it would replace was replaced meanwhile,
    `duplicate_document` when it is not confirmed, and what numbers raise),
    InvalidInput for an unusable plan or letterhead, Unavailable for keys, time-stamps
    and (`numbers_busy`) when others take each number before the file is stamped.
    """
    access = access_draft(actor, draft_id, Action.OPEN)
    standing = standing_of(access, Worker.of(actor))
    done = issued_already(access.draft)
    if done is not None and Who.CLERK in standing.facts.who:
        return done
    settle(access.draft.pk)
    ready = prepare(actor, access.draft, plan)
    clean = replace(
        plan, recipients=clean_recipients(plan.recipients, ready.guess.issued_on)
    )
    asks_network = needs_network(ready.source)
    for attempt in range(NETWORK_GUESSES if asks_network else GUESSES + 1):
        drawn = _draw(ready) if asks_network or attempt < GUESSES else None
        try:
            return _commit(actor, access.draft.pk, clean, ready, drawn)
        except _NumberMoved:
            if plan.expected:
                raise _moved() from None
            ready = prepare(actor, access.draft, plan)
    # Only who may not draw under the lock comes here.
    raise Unavailable(
        _(
            "Nhiều văn thư đang lấy số cùng lúc nên chưa kịp đóng dấu thời gian. Chưa"
            " phát hành; hãy thử lại."
        ),
        code="numbers_busy",
    )


def issued_already(draft: Draft) -> OutgoingDocument | None:
    if draft.state not in (State.ISSUED, State.FILED):
        return None
    return OutgoingDocument.objects.filter(draft=draft).first()


def _draw(ready: Preparation) -> _Drawn:
    files = make_files(ready.source, ready.guess)
    return _Drawn(ready.guess, files, _store(files))


def _store(files: Files) -> tuple[str, str]:
    blobs = providers.blob_store.get()
    return blobs.put(files.docx).digest, blobs.put(files.pdf).digest


@transaction.atomic
def _commit(
    actor: User,
    draft_id: UUID,
    plan: IssuePlan,
    ready: Preparation,
    drawn: _Drawn | None,
) -> OutgoingDocument:
    draft, standing = locked_draft(actor, draft_id)
    done = issued_already(draft)
    if done is not None and Who.CLERK in standing.facts.who:
        return done
    row = verdict(
        standing.facts,
        Act.ISSUE,
        has_seen=plan.seen == seen_digest(draft.pk, ready.text.digest),
        is_settled=not ready.text.has_suggestions,
    )
    if not isinstance(row, Row):
        raise refused(row)
    if place_of(draft.pk) != ready.text.place or ready.is_stale(draft):
        raise Conflict(
            _("Nội dung đã thay đổi từ khi bạn xem. Hãy xem lại rồi phát hành."),
            code="content_changed",
        )
    number = _number(actor, ready.register, plan, ready)
    given = Given.of(number)
    if not ready.fits_year(given):
        raise refused(Refusal.NOT_SIGNED)
    check_day(given.issued_on, signed_on(draft, ready.signed_copy))
    if plan.expected_on and plan.expected_on != given.issued_on:
        raise _date_moved(plan.expected_on, given.issued_on)
    if drawn is not None and given != drawn.given:
        raise _NumberMoved
    if plan.expected and plan.expected != given.number:
        raise _moved()
    if drawn is None:
        files = make_files(ready.source, given)
        drawn = _Drawn(given, files, _store(files))
    return _write(actor, draft, row, plan, ready, drawn, number)


def _number(
    actor: User, register: Register, plan: IssuePlan, ready: Preparation
) -> IssuedNumber:
    if plan.number_id is None:
        return draw_number(actor, register, ready.document_type, ready.guess.issued_on)
    number = use_reserved(actor, plan.number_id)
    check_number(number, register, ready.document_type)
    return number


def _write(
    actor: User,
    draft: Draft,
    row: Row,
    plan: IssuePlan,
    ready: Preparation,
    drawn: _Drawn,
    number: IssuedNumber,
) -> OutgoingDocument:
    lock_targets(draft)
    if (replaced := second_replacement(draft)) is not None:
        raise replaced
    refuse_same_number(ready.register, number, ready.notation, is_second=plan.is_second)
    entry = replace(
        ready.entry,
        archive_unit=plan.archive_unit,
        copies=plan.copies,
        note=plan.note,
        pages=drawn.files.pages,
        sent_on=first_day_sent(plan.recipients),
    )
    document = write_row(
        actor, ready.register, number, entry, notation=ready.notation, draft=draft
    )
    docx, pdf = drawn.stored
    files = IssuedFiles.objects.create(
        document=document,
        code=ready.source.code,
        docx=docx,
        pdf=pdf,
        state=ready.state,
        content=ready.text.digest,
        is_signed=ready.source.signed is not None,
    )
    recipients = send_to(actor, document, plan.recipients)
    move_draft(draft, row)
    audit.record(
        actor,
        "draft.issued",
        "draft",
        draft.pk,
        full_number=document.full_number,
        document=str(document.pk),
    )
    facts = statement_of(draft, document, files, recipients, ready.contributors)
    add_record(actor, document, RecordKind.ISSUED, facts)
    link_document(actor, draft, document)
    link_answer_of(draft, document)
    draft_events.moved(draft.pk, row.act, row.target, actor.pk)
    outbox.emit(events.OUTGOING_ISSUED, document.pk, draft=str(draft.pk))
    # Dividing a long text into words may take longer than others may wait for a number;
    # what a crash leaves undone here the watch of the search finds.
    transaction.on_commit(partial(index_received, document.pk), robust=True)
    return document


def _date_moved(shown: date, now: date) -> Conflict:
    return Conflict(
        _(
            "Bản bạn xem trước mang ngày %(shown)s; phát hành bây giờ thì văn bản mang"
            " ngày %(now)s. Hãy xem lại rồi phát hành."
        )
        % {"shown": f"{shown:%d/%m/%Y}", "now": f"{now:%d/%m/%Y}"},
        code="date_moved",
    )


def _moved() -> Conflict:
    return Conflict(
        _(
            "Số bạn xem trước vừa được cấp cho văn bản khác. Hãy xem lại bản mang số"
            " tiếp theo rồi phát hành."
        ),
        code="number_moved",
    )
