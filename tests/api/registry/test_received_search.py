"""Those who got a document find it by what it says; nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.accounts.models import User
from server.common import clock
from server.registry.actions.distribution import (
    Acceptance,
    accept,
    add_recipients,
    mark_opened,
    take_step,
)
from server.registry.actions.forwarding_plans import Plan
from server.registry.actions.forwardings import forward
from server.registry.actions.issuing import issue
from server.registry.actions.outgoing import file_document
from server.registry.actions.recalling import recall
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    IssuedFiles,
    OutgoingDocument,
    OutgoingState,
    RecipientState,
    SearchEntry,
    SearchKind,
    SearchText,
)
from server.registry.queries.search import organisations_of, search
from server.registry.search.upkeep import index_missing_rows
from server.registry.search_filter import SearchFilter
from tests.support.cast import make_person, make_unit
from tests.support.incoming import leading
from tests.support.issuing import LETTER, plan_for

# Words of the text only: neither the subject nor the book has them.
WORDS = '"phối hợp thực hiện"'
RECEIVED = SearchFilter(kind="received")
S = RecipientState


def found(user: User, q: str = WORDS, shown: SearchFilter = RECEIVED) -> list[str]:
    return [hit.entry.number for hit in search(user, q, shown).hits]


@pytest.fixture
def sent(issued: Any) -> Callable[..., OutgoingDocument]:
    """Issued, and indexed as it is after the commit."""

    def make(*recipients: RecipientPlan) -> OutgoingDocument:
        document: OutgoingDocument = issued(*recipients)
        index_missing_rows()
        return document

    return make


@pytest.mark.parametrize(
    ("who", "finds"),
    [
        ("vanthuso", True),  # clerk of the organisation that received it
        ("thtonghop", True),  # works in a unit that received it
        ("sotttt", True),  # received it in person
        ("vanthu", False),  # keeps the book of who sent it: the draft is found
        ("lanhdao", False),
        ("truongphong", False),
        ("quantri", False),
        ("nguoila", False),
    ],
)
def test_exactly_those_who_got_it_find_it_by_its_text(
    cast: Any, sent: Any, department_clerk: Any, stranger: Any, who: str, finds: bool
) -> None:
    inside = make_person("thtonghop", "Phạm Thị Tổng", cast.units["TH"])
    document = sent(
        RecipientPlan(organisation=cast.department.pk),
        RecipientPlan(unit=cast.units["TH"].pk),
        RecipientPlan(person=cast.sotttt.pk),
    )
    people = {
        **cast.people,
        "vanthuso": department_clerk,
        "thtonghop": inside,
        "nguoila": stranger,
    }
    assert found(people[who]) == ([document.full_number] if finds else [])


def test_the_book_of_the_office_gives_away_no_word_of_the_text(
    cast: Any, sent: Any
) -> None:
    """A colleague reads the row, not the file: so the text is not found either."""
    colleague = make_person("thtonghop", "Phạm Thị Tổng", cast.units["TH"])
    document = sent(RecipientPlan(person=cast.sotttt.pk))
    assert found(colleague, WORDS, SearchFilter()) == []
    assert found(colleague, "idesk", SearchFilter()) == [document.full_number]


def test_what_went_out_on_paper_is_found_by_nobody_here(cast: Any, sent: Any) -> None:
    sent(RecipientPlan(person=cast.sotttt.pk, channel="paper"))
    assert found(cast.sotttt) == []
    assert not SearchEntry.objects.filter(kind=SearchKind.RECEIVED).exists()


def test_whoever_it_was_forwarded_to_finds_it_and_colleagues_do_not(
    cast: Any, sent: Any, department_clerk: Any, incoming_register: Any
) -> None:
    document = sent(RecipientPlan(organisation=cast.department.pk))
    third = make_unit(cast.department, "Phòng Công nghệ", "CN")
    colleague = make_person("congnghe", "Vũ Thị Hoa", third)
    row = document.recipients.get()
    incoming = accept(department_clerk, row.pk, Acceptance(incoming_register.pk))
    assert found(cast.sotttt) == found(colleague) == []
    plan = Plan(leading(unit=cast.units["VPS"].pk), [], "", None, None)
    forward(department_clerk, incoming.pk, plan)
    assert found(cast.sotttt) == [document.full_number]
    assert found(colleague) == []


def test_a_recall_takes_the_text_out_of_the_index(cast: Any, sent: Any) -> None:
    document = sent(RecipientPlan(person=cast.sotttt.pk))
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    assert found(cast.sotttt) == []
    assert found(cast.sotttt, "idesk") == [document.full_number]
    (entry,) = SearchEntry.objects.filter(kind=SearchKind.RECEIVED)
    assert entry.state == OutgoingState.RECALLED
    assert "phối hợp" not in SearchText.objects.get(pk=entry.pk).body
    index_missing_rows()
    assert found(cast.sotttt) == []


def test_who_gets_it_later_finds_it_too(
    cast: Any, sent: Any, department_clerk: Any
) -> None:
    document = sent(RecipientPlan(person=cast.sotttt.pk))
    assert found(department_clerk) == []
    more = [RecipientPlan(organisation=cast.department.pk)]
    add_recipients(cast.vanthu, document.pk, more)
    assert found(department_clerk) == [document.full_number]


def test_the_text_is_indexed_after_the_commit_and_not_before(
    cast: Any,
    approved: Any,
    outgoing_register: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    draft = approved()
    plan = plan_for(draft, outgoing_register, RecipientPlan(person=cast.sotttt.pk))
    with django_capture_on_commit_callbacks(execute=True):
        issue(cast.vanthu, draft.pk, plan)
        assert found(cast.sotttt) == []
    assert len(found(cast.sotttt)) == 1


def test_a_later_document_shows_in_the_state(cast: Any, sent: Any) -> None:
    document = sent(RecipientPlan(person=cast.sotttt.pk))
    for state, shown in (("replaced", "replaced"), ("filed", "issued")):
        OutgoingDocument.objects.filter(pk=document.pk).update(state=state)
        index_missing_rows()
        assert index_missing_rows() == 0
        (hit,) = search(cast.sotttt, WORDS, RECEIVED).hits
        assert hit.entry.state == shown


def test_reindex_knows_what_was_received(cast: Any, sent: Any) -> None:
    document = sent(RecipientPlan(person=cast.sotttt.pk))
    SearchEntry.objects.filter(kind=SearchKind.RECEIVED).update(title="cũ")
    out = StringIO()
    call_command("reindex", stdout=out)
    assert "received 1" in out.getvalue()
    assert found(cast.sotttt) == [document.full_number]
    assert search(cast.sotttt, WORDS).hits[0].entry.title == document.subject


def test_a_text_that_is_damaged_is_found_by_its_number(cast: Any, issued: Any) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    files = IssuedFiles.objects.get(document=document)
    files.state = "0" * 64
    files.save()
    index_missing_rows()
    assert found(cast.sotttt) == []
    assert found(cast.sotttt, document.full_number) == [document.full_number]


def test_a_hit_opens_the_page_on_which_one_has_it(
    cast: Any,
    sent: Any,
    department_clerk: Any,
    incoming_register: Any,
    stranger: Any,
    signed_in: Any,
) -> None:
    document = sent(RecipientPlan(organisation=cast.department.pk))
    row = document.recipients.get()
    page = signed_in(department_clerk).get(f"/search/?q={WORDS}&kind=received")
    address = f"/received/document/{document.pk}/"
    assert address in page.content.decode()
    assert "Văn phòng" in page.content.decode()
    answer = signed_in(department_clerk).get(address)
    assert answer["Location"] == f"/received/{row.pk}/"
    incoming = accept(department_clerk, row.pk, Acceptance(incoming_register.pk))
    plan = Plan(leading(person=cast.sotttt.pk), [], "", None, None)
    forward(department_clerk, incoming.pk, plan)
    assert signed_in(cast.sotttt).get(address)["Location"] == (
        f"/incoming/{incoming.pk}/"
    )
    for person in (stranger, cast.vanthu, cast.quantri):
        assert signed_in(person).get(address).status_code == 404


def test_the_sender_is_an_organisation_to_filter_by(cast: Any, sent: Any) -> None:
    document = sent(RecipientPlan(person=cast.sotttt.pk))
    assert cast.office in organisations_of(cast.sotttt)
    ours = SearchFilter(organisation=str(cast.office.pk))
    assert found(cast.sotttt, "", ours) == [document.full_number]


def test_a_page_costs_the_same_however_much_was_received(cast: Any, sent: Any) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            search(cast.sotttt, "idesk")
        return len(counted)

    sent(RecipientPlan(person=cast.sotttt.pk))
    first = cost()
    for _again in range(3):
        sent(RecipientPlan(person=cast.sotttt.pk))
    assert cost() == first <= 12


# ── deadlines of what went out ──────────────────────────────────────────────────


def over(user: User) -> list[str]:
    return found(user, "", SearchFilter(kind="outgoing", deadline="over"))


@pytest.mark.usefixtures("tuesday")
def test_a_document_is_overdue_as_long_as_somebody_who_must_act_has_not(
    cast: Any, issued: Any
) -> None:
    """The clerk gives each recipient a day of its own: the search goes by these."""
    today = clock.today()
    document = issued(
        RecipientPlan(person=cast.sotttt.pk, deadline=today + timedelta(days=2)),
        RecipientPlan(person=cast.truongphong.pk, deadline=today + timedelta(days=9)),
        RecipientPlan(unit=cast.units["TH"].pk),
    )
    entry = SearchEntry.objects.get(kind=SearchKind.OUTGOING)
    assert (entry.is_open, entry.deadline) == (True, today + timedelta(days=2))
    with clock.fixed(clock.now() + timedelta(days=5)):
        assert over(cast.vanthu) == [document.full_number]
        for act in (S.ACCEPTED, S.DONE):
            row = document.recipients.get(person=cast.sotttt)
            if act is S.ACCEPTED:
                mark_opened(cast.sotttt, row.pk)
            take_step(cast.sotttt, row.pk, act)
        assert over(cast.vanthu) == []
    entry = SearchEntry.objects.get(kind=SearchKind.OUTGOING)
    assert (entry.is_open, entry.deadline) == (True, today + timedelta(days=9))
    with clock.fixed(clock.now() + timedelta(days=12)):
        row = document.recipients.get(person=cast.truongphong)
        assert over(cast.vanthu) == [document.full_number]
        take_step(cast.truongphong, row.pk, S.REFUSED, "Không thuộc thẩm quyền")
        assert over(cast.vanthu) == []


@pytest.mark.usefixtures("tuesday")
def test_putting_it_away_hides_no_deadline_that_others_have(
    cast: Any, issued: Any
) -> None:
    day = clock.today() + timedelta(days=1)
    document = issued(RecipientPlan(person=cast.sotttt.pk, deadline=day))
    file_document(document.draft)
    with clock.fixed(clock.now() + timedelta(days=3)):
        assert over(cast.vanthu) == [document.full_number]


@pytest.mark.usefixtures("tuesday")
def test_without_anybody_who_must_act_the_day_on_the_document_counts(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    day = clock.today() + timedelta(days=1)
    draft = approved(replace(LETTER, deadline=day.isoformat()))
    document = issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
    with clock.fixed(clock.now() + timedelta(days=3)):
        assert over(cast.vanthu) == [document.full_number]
        file_document(draft)
        assert over(cast.vanthu) == []
