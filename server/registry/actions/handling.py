"""Settle an incoming document: take it up, say how far it is, finish it, give it back.

What the lead does is also written into the book (progress, answer), so that the clerk's
follow-up book needs no second entry. Each deed stays in the history. Must never close
the lead's part without an answer or the word that none is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock
from server.common.errors import Conflict, InvalidInput, Message
from server.registry import register_events as events
from server.registry.access import as_id
from server.registry.actions.forwardings import note_in_book, step, tell
from server.registry.actions.incoming import search_key_of
from server.registry.actions.recipient_steps import report_settled, report_taken_up
from server.registry.entry_fields import Checker, one_line
from server.registry.incoming_access import IncomingAccess, access_forwarding
from server.registry.models import (
    DIRECTION_LENGTH,
    NOTE_LENGTH,
    Forwarding,
    ForwardingAct,
    ForwardingState,
    IncomingDocument,
    NumberState,
    OutgoingDocument,
)
from server.registry.search.incoming import index_incoming


@dataclass(frozen=True, slots=True)
class Completion:
    """How it was settled. The lead says one of two: `answer`, the id or "số, ký hiệu"
    of a document in one of our own books, or `needs_no_answer` with a note why."""

    note: str = ""
    answer: UUID | str = ""
    needs_no_answer: bool = False


@transaction.atomic
def take_up(actor: User, forwarding_id: UUID | str, note: str = "") -> Forwarding:
    """Raises what the door raises, Conflict `taken_up` when somebody has already."""
    forwarding, _access = _mine(actor, forwarding_id)
    if forwarding.state != ForwardingState.WAITING:
        raise Conflict(_("Việc này đã có người nhận xử lý."), code="taken_up")
    return _move(actor, forwarding, ForwardingAct.TAKEN_UP, _words(note))


@transaction.atomic
def report_progress(actor: User, forwarding_id: UUID | str, note: str) -> Forwarding:
    """Say how far it is; what was not taken up yet is from now on. Raises InvalidInput
    without a word."""
    forwarding, _access = _mine(actor, forwarding_id)
    return _move(actor, forwarding, ForwardingAct.PROGRESS, _words(note, needed=True))


@transaction.atomic
def complete(
    actor: User, forwarding_id: UUID | str, completion: Completion
) -> Forwarding:
    """The work is done. Raises what the door raises, and InvalidInput: the lead needs
    an answer or a reason for none, an answer must stand in one of our books."""
    forwarding, _access = _mine(actor, forwarding_id)
    words = _words(
        completion.note, needed=forwarding.is_lead and completion.needs_no_answer
    )
    if forwarding.is_lead:
        _settle(forwarding.document, completion, words)
    return finish(actor, forwarding, words)


def finish(actor: User, forwarding: Forwarding, words: str) -> Forwarding:
    """Mark the part as done, in the caller's transaction; it was checked before."""
    _save_state(forwarding, ForwardingState.DONE, words)
    step(actor, forwarding, ForwardingAct.COMPLETED, note=words)
    _record(actor, "incoming.completed", forwarding, words)
    tell(events.INCOMING_COMPLETED, forwarding)
    if forwarding.is_lead:
        report_settled(actor, forwarding.document)
    return forwarding


@transaction.atomic
def give_back(actor: User, forwarding_id: UUID | str, reason: str) -> Forwarding:
    """Return it with a reason ("không thuộc thẩm quyền").

    Whoever was named by the head gives it back to the head; the head, or the recipient,
    to the clerk, who sees it among what is to be forwarded when it was the lead's.
    Raises what the door raises, and InvalidInput without a reason.
    """
    forwarding, access = _mine(actor, forwarding_id)
    words = _words(reason, needed=True, name="reason")
    to_head = (
        forwarding.unit_id is not None
        and forwarding.assignee_id == actor.pk
        and not access.handler.heads(forwarding)
    )
    if to_head:
        forwarding.assignee = None
        forwarding.assigned_deadline = None
        forwarding.due_on = forwarding.deadline
        forwarding.save(update_fields=["assignee", "assigned_deadline", "due_on"])
        _save_state(forwarding, ForwardingState.WAITING, words)
    else:
        _save_state(forwarding, ForwardingState.RETURNED, words)
        note_in_book(forwarding.document)
    if forwarding.is_lead:
        _note_progress(forwarding.document, words)
    step(actor, forwarding, ForwardingAct.RETURNED, note=words)
    _record(actor, "incoming.returned", forwarding, words)
    tell(events.INCOMING_RETURNED, forwarding)
    return forwarding


def answering_document(
    document: IncomingDocument, answer: UUID | str
) -> OutgoingDocument | None:
    """The row of our own books with this id or this "số, ký hiệu", the newest first."""
    rows = OutgoingDocument.objects.filter(
        organisation_id=document.organisation_id
    ).exclude(issued_number__state=NumberState.VOID)
    try:
        found = rows.filter(pk=UUID(str(answer)))
    except ValueError:
        found = rows.filter(full_number=one_line(str(answer)))
    return found.order_by("-issued_on", "-created_at").first()


def write_answer(document: IncomingDocument, answer: OutgoingDocument) -> None:
    """Fill the answer's three columns of the book, in the caller's transaction."""
    document.answer = answer
    document.answer_number = answer.full_number
    document.answered_on = max(answer.issued_on, document.arrived_on)
    document.search_key = search_key_of(document)
    document.save(
        update_fields=["answer", "answer_number", "answered_on", "search_key"]
    )


def _mine(actor: User, forwarding_id: UUID | str) -> tuple[Forwarding, IncomingAccess]:
    """Locked, so that two colleagues do not both take it up or finish it.

    The document first, as a forward and an issue that answers take it: two acts that
    hold the same rows must take them in the same order.
    """
    key = as_id(forwarding_id)
    IncomingDocument.objects.select_for_update(of=("self",)).filter(
        forwardings__pk=key
    ).first()
    Forwarding.objects.select_for_update().filter(pk=key).first()
    return access_forwarding(actor, forwarding_id, settle=True)


def _words(value: str, *, needed: bool = False, name: str = "note") -> str:
    check = Checker()
    words = check.paragraph(name, value, DIRECTION_LENGTH, required=needed)
    check.finish()
    return words


def _move(
    actor: User, forwarding: Forwarding, act: ForwardingAct, words: str
) -> Forwarding:
    _save_state(forwarding, ForwardingState.IN_PROGRESS, words)
    if forwarding.is_lead:
        _note_progress(forwarding.document, words or "Đang xử lý")
    step(actor, forwarding, act, note=words)
    taken = act is ForwardingAct.TAKEN_UP
    _record(
        actor, "incoming.taken_up" if taken else "incoming.progressed", forwarding,
        words,
    )  # fmt: skip
    tell(events.INCOMING_TAKEN_UP if taken else events.INCOMING_PROGRESSED, forwarding)
    report_taken_up(actor, forwarding.document)
    return forwarding


def _settle(document: IncomingDocument, completion: Completion, words: str) -> None:
    if bool(completion.answer) == completion.needs_no_answer:
        fault: Message = _(
            "Hãy ghi số, ký hiệu văn bản trả lời, hoặc chọn “Không cần trả lời”."
        )
        raise InvalidInput(fields={"answer": fault})
    if completion.needs_no_answer:
        # The day it was settled: it no longer waits for an answer.
        document.answered_on = max(clock.today(), document.arrived_on)
        document.save(update_fields=["answered_on"])
        # Words of the printed book: Vietnamese whatever the language of the screen.
        _note_progress(document, f"Không cần trả lời: {words}")
        return
    answer = answering_document(document, completion.answer)
    if answer is None:
        raise InvalidInput(
            fields={"answer": _("Không có văn bản đi nào mang số, ký hiệu này.")}
        )
    write_answer(document, answer)
    _note_progress(document, words or "Đã trả lời")


def _note_progress(document: IncomingDocument, words: str) -> None:
    document.progress = one_line(words)[:NOTE_LENGTH]
    document.save(update_fields=["progress"])
    index_incoming(document)


def _save_state(forwarding: Forwarding, state: ForwardingState, words: str) -> None:
    forwarding.state = state
    forwarding.state_at = clock.now()
    forwarding.report = words or forwarding.report
    forwarding.save(update_fields=["state", "state_at", "report"])
    # Whether its deadline may still pass.
    index_incoming(forwarding.document)


def _record(actor: User, action: str, forwarding: Forwarding, words: str) -> None:
    audit.record(
        actor, action, "incoming", forwarding.document_id,
        forwarding=str(forwarding.pk), note=words,
    )  # fmt: skip
