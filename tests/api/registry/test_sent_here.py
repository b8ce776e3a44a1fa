"""A document that came through this system, in the hands of those who work on it.

They read the file that was issued, their work moves the sender's list, and what becomes
of the document later reaches them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from server.accounts.models import Organisation, Role, User
from server.common import clock
from server.common.models import AuditEntry
from server.registry.actions.distribution import (
    Acceptance,
    accept,
    add_recipients,
    chase,
)
from server.registry.actions.forwarding_plans import Plan
from server.registry.actions.forwarding_plans import Recipient as To
from server.registry.actions.forwardings import forward
from server.registry.actions.handling import (
    Completion,
    complete,
    give_back,
    report_progress,
    take_up,
)
from server.registry.actions.incoming import FollowUp, follow_up
from server.registry.actions.incoming_answers import link_answer_of, remember_answer
from server.registry.actions.issuing import issue
from server.registry.actions.linked_drafts import begin_linked_draft
from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
from server.registry.actions.process import submit
from server.registry.actions.recalling import recall
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.issued_access import access_issued_files
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    Draft,
    Forwarding,
    IncomingDocument,
    LinkKind,
    OutgoingDocument,
    Recipient,
    RecipientState,
)
from server.registry.workflow.table import State
from tests.support.cast import make_person, make_unit
from tests.support.incoming import leading
from tests.support.issuing import plan_for, write_letter
from tests.support.process import WAY, WHO, step

S = RecipientState


@dataclass
class Sent:
    """The letter at the department: entered by its clerk, forwarded to `official`."""

    document: OutgoingDocument
    incoming: IncomingDocument
    lead: Forwarding
    official: User
    clerk: User

    @property
    def line(self) -> Recipient:
        return Recipient.objects.get(incoming=self.incoming)


@pytest.fixture
def sent(
    cast: Any, issued: Any, department_clerk: User, incoming_register: Any
) -> Sent:
    document = issued(
        RecipientPlan(
            organisation=cast.department.pk, deadline=clock.today() + timedelta(days=9)
        )
    )
    line = document.recipients.get()
    # A clerk whose screens are English.
    with translation.override("en"):
        incoming = accept(department_clerk, line.pk, Acceptance(incoming_register.pk))
    (lead,) = forward(
        department_clerk, incoming.pk, Plan(leading(unit=cast.units["VPS"].pk))
    )
    return Sent(document, incoming, lead, cast.sotttt, department_clerk)


def later(
    cast: Any, register: Any, old: OutgoingDocument, kind: LinkKind
) -> OutgoingDocument:
    """The document that replaces or corrects the old one, issued."""
    draft = begin_linked_draft(cast.chuyenvien, old.pk, kind)
    write_letter(draft)
    submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
    for act in WAY[State.APPROVED]:
        step(cast.people[WHO[act]], draft, act)
    return issue(cast.vanthu, draft.pk, plan_for(draft, register))


def shown(browser: Any, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


# ── the file ────────────────────────────────────────────────────────────────────


def test_whoever_works_on_it_opens_the_file_that_was_issued(
    sent: Sent, signed_in: Any
) -> None:
    browser = signed_in(sent.official)
    page = shown(browser, f"/incoming/{sent.incoming.pk}/")
    pdf = f"/registers/outgoing/{sent.document.pk}/document.pdf"
    assert pdf in page
    assert f"/registers/outgoing/{sent.document.pk}/pages/1.png" in page
    assert browser.get(pdf).content.startswith(b"%PDF")


def test_what_came_on_paper_has_no_such_file(
    cast: Any, sent: Sent, signed_in: Any
) -> None:
    Recipient.objects.update(incoming=None)
    page = shown(signed_in(sent.clerk), f"/incoming/{sent.incoming.pk}/")
    assert "Văn bản nhận trên hệ thống" not in page


def test_the_api_names_the_document_and_whether_it_holds(
    cast: Any, sent: Sent, signed_in: Any
) -> None:
    browser = signed_in(sent.official)
    address = f"/api/v1/incoming-documents/{sent.incoming.pk}/handling"
    told = browser.get(address).json()["sent_here"]
    assert told == {"document": str(sent.document.pk), "standing": "in_force"}
    recall(cast.vanthu, sent.document.pk, "Ban hành nhầm")
    assert browser.get(address).json()["sent_here"]["standing"] == "recalled"
    Recipient.objects.update(incoming=None)
    assert browser.get(address).json()["sent_here"] is None


# ── what becomes of it later ────────────────────────────────────────────────────


def test_a_recall_reaches_everybody_who_works_on_it(
    cast: Any, sent: Sent, signed_in: Any
) -> None:
    recall(cast.vanthu, sent.document.pk, "Ban hành nhầm phụ lục")
    browser = signed_in(sent.official)
    page = shown(browser, f"/incoming/{sent.incoming.pk}/")
    assert "Văn bản đã bị thu hồi" in page
    assert "Ban hành nhầm phụ lục" in page
    assert "document.pdf" not in page
    assert "Văn bản đã bị thu hồi" in shown(
        browser, f"/registers/incoming/{sent.incoming.pk}/"
    )
    assert "Đã thu hồi" in shown(browser, "/incoming/?tab=waiting")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (LinkKind.REPLACES, "Văn bản đã được thay thế"),
        (LinkKind.CORRECTS, "Văn bản đã được đính chính"),
    ],
)
def test_a_later_document_is_told_to_every_recipient_and_to_those_who_work_on_it(
    cast: Any,
    sent: Sent,
    outgoing_register: Any,
    signed_in: Any,
    kind: LinkKind,
    words: str,
) -> None:
    new = later(cast, outgoing_register, sent.document, kind)
    clerk, official = signed_in(sent.clerk), signed_in(sent.official)
    for page in (
        shown(clerk, f"/received/{sent.line.pk}/"),
        shown(official, f"/incoming/{sent.incoming.pk}/"),
        shown(official, f"/registers/incoming/{sent.incoming.pk}/"),
    ):
        assert words in page
        assert new.full_number in page
    listed = shown(clerk, "/received/")
    label = "Đã được thay thế" if kind is LinkKind.REPLACES else "Đã đính chính"
    assert label in listed


def test_the_sender_s_chasing_reaches_those_who_work_on_it_until_it_is_done(
    cast: Any, sent: Sent, signed_in: Any
) -> None:
    address = f"/incoming/{sent.incoming.pk}/"
    browser = signed_in(sent.official)
    assert "Nơi gửi đã đôn đốc" not in shown(browser, address)
    chase(cast.vanthu, sent.document.pk, note="Đề nghị trả lời ngay")
    assert "Nơi gửi đã đôn đốc 1 lần" in shown(browser, address)
    chase(cast.vanthu, sent.document.pk, note="Lần hai")
    page = shown(browser, address)
    assert "Nơi gửi đã đôn đốc 2 lần" in page
    assert "Lần hai" in page
    complete(sent.official, sent.lead.pk, Completion("xong", needs_no_answer=True))
    assert "Nơi gửi đã đôn đốc" not in shown(browser, address)


# ── what the sender sees ────────────────────────────────────────────────────────


def test_taking_it_up_and_settling_it_moves_the_line_of_the_sender(
    sent: Sent, events: Any
) -> None:
    assert sent.line.state == S.ACCEPTED
    take_up(sent.official, sent.lead.pk, "để xem")
    assert (sent.line.state, sent.line.state_by) == (S.PROCESSING, sent.official)
    report_progress(sent.official, sent.lead.pk, "chuyện nội bộ")
    complete(
        sent.official, sent.lead.pk, Completion(note="nội bộ", needs_no_answer=True)
    )
    line = sent.line
    assert (line.state, line.state_by) == (S.DONE, sent.official)
    assert [s.kind for s in line.steps.all()][-2:] == [S.PROCESSING, S.DONE]
    # What they write to each other is theirs.
    assert not any("nội bộ" in s.note for s in line.steps.all())
    told = AuditEntry.objects.filter(action="recipient.done").get()
    assert told.subject_id == str(sent.document.pk)
    assert ("recipient.moved", str(line.pk)) in events()


def test_who_only_cooperates_does_not_finish_it_for_the_sender(
    cast: Any, sent: Sent
) -> None:
    plan = Plan(leading(person=sent.clerk.pk), [To(unit=cast.units["VPS"].pk)])
    forward(sent.clerk, sent.incoming.pk, plan)
    part = Forwarding.objects.get(unit=cast.units["VPS"])
    complete(sent.official, part.pk, Completion())
    assert sent.line.state == S.ACCEPTED


@pytest.fixture
def answer(cast: Any, sent: Sent) -> OutgoingDocument:
    book = open_register(sent.clerk, cast.department.pk, RegisterPlan(name="Sổ đi"))
    return register_outgoing(
        sent.clerk, book.pk, OutgoingEntry("CV", "trả lời", "Phạm Quốc Đạt")
    )


def test_the_sender_learns_the_number_of_the_answer(
    sent: Sent, answer: OutgoingDocument
) -> None:
    complete(sent.official, sent.lead.pk, Completion(answer=answer.full_number))
    assert sent.line.state == S.DONE
    assert answer.full_number in sent.line.steps.last().note


def test_notes_on_the_sender_s_list_are_vietnamese_whoever_wrote_them(
    cast: Any, sent: Sent, answer: OutgoingDocument
) -> None:
    document = sent.document
    line = document.recipients.get()
    assert line.steps.last().note == f"Số đến {sent.incoming.written}"
    with translation.override("en"):
        complete(sent.official, sent.lead.pk, Completion(answer=answer.full_number))
    assert sent.line.steps.last().note == f"Văn bản trả lời: {answer.full_number}"


def test_the_clerk_who_notes_an_answer_in_the_book_tells_the_sender_too(
    sent: Sent, answer: OutgoingDocument
) -> None:
    follow_up(sent.clerk, sent.incoming.pk, FollowUp(answer_number=answer.full_number))
    assert (sent.line.state, sent.line.state_by) == (S.DONE, sent.clerk)


def test_an_answer_that_is_issued_tells_the_sender(
    cast: Any, sent: Sent, answer: OutgoingDocument, begin_draft: Any
) -> None:
    draft: Draft = begin_draft("trả lời", by=sent.official)
    remember_answer(sent.official, draft, sent.incoming)
    link_answer_of(draft, answer)
    assert sent.line.state == S.DONE
    assert sent.line.steps.filter(kind=S.DONE).count() == 1


def test_what_was_returned_to_the_clerk_is_not_done(sent: Sent) -> None:
    take_up(sent.official, sent.lead.pk)
    give_back(sent.official, sent.lead.pk, "Không thuộc thẩm quyền")
    assert sent.line.state == S.PROCESSING


def test_after_a_recall_the_work_goes_on_and_the_list_stands_still(
    cast: Any, sent: Sent
) -> None:
    """The receiver may have to finish what it began; the sender asked for its end."""
    recall(cast.vanthu, sent.document.pk, "Ban hành nhầm")
    take_up(sent.official, sent.lead.pk)
    assert sent.line.state == S.ACCEPTED


def test_looking_at_a_page_of_it_costs_the_same_however_many_offices_got_it(
    cast: Any, sent: Sent, signed_in: Any
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            access_issued_files(sent.official, sent.document.pk)
        return len(asked)

    before = cost()
    for number in range(4):
        office = Organisation.objects.create(
            name=f"Xã {number}", abbreviation=f"X{number}"
        )
        clerk = make_person(
            f"xa{number}", "Văn thư xã", make_unit(office, "VP", "VP"), Role.CLERK
        )
        book = open_register(
            clerk, office.pk, RegisterPlan(name="Sổ đến", kind="incoming")
        )
        (line,) = add_recipients(
            cast.vanthu, sent.document.pk, [RecipientPlan(organisation=office.pk)]
        )
        accept(clerk, line.pk, Acceptance(book.pk))
    # The others stand before it in the list.
    Recipient.objects.filter(pk=sent.line.pk).update(position=99)
    assert cost() == before
