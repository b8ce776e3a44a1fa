"""An incoming document and its answer: from the draft that is begun to the book."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from server.common import clock
from server.common.errors import Conflict, NotAllowed
from server.registry.actions import handling
from server.registry.actions.forwarding_plans import Plan
from server.registry.actions.forwardings import forward
from server.registry.actions.handling import Completion
from server.registry.actions.incoming_answers import begin_answer, link_answer_of
from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.exports import committed_content
from server.registry.models import DraftAnswers, OutgoingDocument
from tests.support.incoming import NOON, TODAY, Desks, leading


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


def reply(desks: Desks) -> OutgoingDocument:
    plan = RegisterPlan(name="Sổ văn bản đi")
    book = open_register(desks.clerk, desks.cast.office.pk, plan)
    entry = OutgoingEntry("CV", "trả lời Sở Nội vụ", "Bùi Hồng Quý")
    return register_outgoing(desks.clerk, book.pk, entry, unit_id=desks.lead_unit.pk)


def test_the_answer_of_our_book_is_linked(desks: Desks, events: Any) -> None:
    document, lead, _helping = desks.forwarded()
    answer = reply(desks)
    handling.complete(
        desks.lead_official, lead.pk, Completion(answer=answer.full_number)
    )
    document.refresh_from_db()
    assert (document.answer, document.answer_number) == (answer, "01/VPUBND-HCTC")
    assert document.answered_on == TODAY
    assert ("incoming.completed", str(document.pk)) in events()
    with pytest.raises(Conflict) as again:
        handling.complete(desks.lead_official, lead.pk, Completion("x"))
    assert again.value.code == "forwarding_done"
    with pytest.raises(Conflict) as other:
        forward(desks.clerk, document.pk, Plan(leading(person=desks.helper.pk)))
    assert other.value.code == "lead_done"


def test_a_draft_that_answers_finishes_the_work_when_it_is_issued(
    desks: Desks,
) -> None:
    document, lead, _helping = desks.forwarded()
    draft = begin_answer(desks.lead_official, document.pk)
    content = committed_content(draft)
    assert content.fields.addressees == "Sở Nội vụ"
    assert "1146/SNV-CCHC ngày 25/11/2026" in str(content.blocks[0])
    assert DraftAnswers.objects.get().document == document
    issued = reply(desks)
    with transaction.atomic():
        assert link_answer_of(draft, issued) == (document,)
    document.refresh_from_db()
    lead.refresh_from_db()
    assert (document.answer, lead.state) == (issued, "done")
    assert link_answer_of(draft, issued) == (), "said twice it is said once"


def test_an_answer_that_stands_is_not_written_over(desks: Desks) -> None:
    document, lead, _helping = desks.forwarded()
    draft = begin_answer(desks.lead_official, document.pk)
    no_need = Completion("đã trao đổi trực tiếp", needs_no_answer=True)
    handling.complete(desks.lead_official, lead.pk, no_need)
    assert link_answer_of(draft, reply(desks)) == ()
    document.refresh_from_db()
    assert document.answer is None
    with pytest.raises(NotAllowed):
        begin_answer(desks.lead_official, document.pk)


def test_a_draft_without_an_incoming_document_answers_nothing(
    desks: Desks, begin_draft: Any
) -> None:
    assert link_answer_of(begin_draft(), reply(desks)) == ()
