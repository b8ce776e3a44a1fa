"""Those who open an incoming document's files find it by what they say; nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.accounts.models import Role, User
from server.common import clock
from server.registry.actions.delegations import Wish, delegate
from server.registry.actions.forwarding_plans import Recipient as To
from server.registry.actions.forwardings import assign, forward
from server.registry.actions.handling import give_back
from server.registry.actions.incoming_files import remove_file
from server.registry.actions.numbers import void_number
from server.registry.incoming_access import find_incoming_document
from server.registry.models import (
    IncomingDocument,
    IncomingFile,
    SearchEntry,
    SearchKind,
)
from server.registry.queries.search import search
from server.registry.search_filter import SearchFilter
from server.registry.workflow.authority import Form, Power
from tests.support.attachments import attach, docx_saying, pdf_saying, read_all
from tests.support.cast import make_person, make_unit
from tests.support.incoming import NOON, Desks

SAID = "Đề nghị rà soát danh mục dịch vụ công trực tuyến toàn trình"
# Neither the row nor the direction has it.
WORDS = '"dịch vụ công trực tuyến"'
INCOMING = SearchFilter(kind="incoming")


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


@pytest.fixture
def scanned(desks: Desks) -> Callable[[], IncomingDocument]:
    """Forwarded, with a PDF that was read."""

    def make() -> IncomingDocument:
        document, _lead, _helping = desks.forwarded()
        attach(desks, document, pdf_saying(SAID))
        read_all()
        return document

    return make


def found(user: User, q: str = WORDS, shown: SearchFilter = INCOMING) -> list[Any]:
    return [hit.entry.object_id for hit in search(user, q, shown).hits]


# ── who finds it ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "finds"),
    [
        ("clerk", True),
        ("leader", True),
        ("lead_head", True),
        ("lead_official", True),
        ("second_official", True),
        ("helper", True),
        ("helping_head", True),
        ("colleague", False),
        ("sotttt", False),
        ("quantri", False),
        ("nguoila", False),
    ],
)
def test_exactly_those_who_open_the_files_find_them(
    cast: Any, desks: Desks, scanned: Any, stranger: Any, who: str, finds: bool
) -> None:
    document = scanned()
    user = getattr(desks, who, None) or {**cast.people, "nguoila": stranger}[who]
    assert (find_incoming_document(user, document.pk) is not None) == finds
    for q in (WORDS, "dich vu cong", "truc tuy", f"{WORDS} SNV-CCHC"):
        assert found(user, q) == ([document.pk] if finds else [])


def test_a_document_is_found_once_by_everybody_who_reads_the_book(
    desks: Desks, scanned: Any
) -> None:
    document = scanned()
    for user in (desks.clerk, desks.lead_official, desks.helper, desks.colleague):
        for q in ("tự đánh giá", "1146/SNV-CCHC", ""):
            page = search(user, q)
            assert [hit.entry.object_id for hit in page.hits] == [document.pk]
            assert page.total == 1


def test_a_hit_in_a_file_opens_where_the_files_are(
    desks: Desks, scanned: Any, signed_in: Any
) -> None:
    document = scanned()
    page = signed_in(desks.helper).get(f"/search/?q={WORDS}&kind=incoming")
    assert f'href="/incoming/{document.pk}/"' in page.content.decode()
    assert "<mark>dịch vụ công trực tuyến</mark>" in page.content.decode()
    answer = signed_in(desks.helper).get("/api/v1/search", {"q": WORDS}).json()
    assert [(hit["kind"], hit["id"]) for hit in answer["items"]] == [
        ("incoming", str(document.pk))
    ]
    assert "<mark>" in answer["items"][0]["snippet"]


def test_who_gets_it_later_finds_it_and_who_lost_it_does_not(
    cast: Any, desks: Desks, scanned: Any
) -> None:
    document = scanned()
    third = desks.colleague.memberships.get().unit
    plan = desks.plan(cooperating=[To(unit=third.pk)])
    forward(desks.leader, document.pk, plan)
    assert found(desks.colleague) == [document.pk]
    assert found(desks.helper) == []
    given = document.forwardings.get(unit=third)
    give_back(desks.colleague, given.pk, "không thuộc thẩm quyền")
    assert found(desks.colleague) == []


def test_who_was_named_to_settle_it_finds_it_in_another_unit_too(
    cast: Any, desks: Desks, scanned: Any
) -> None:
    document = scanned()
    lead = document.forwardings.get(unit=desks.lead_unit)
    assign(desks.lead_head, lead.pk, person=desks.second_official.pk)
    desks.second_official.memberships.all().delete()
    assert found(desks.second_official) == [document.pk]


def test_a_mandate_opens_the_words_in_its_days(
    cast: Any, desks: Desks, scanned: Any
) -> None:
    document = scanned()
    assert found(desks.colleague) == []
    wish = Wish(
        form=Form.KT,
        delegate=desks.colleague,
        principal=desks.leader,
        powers=frozenset({Power.DIRECT}),
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=3),
    )
    delegate(desks.leader, wish)
    assert found(desks.colleague) == [document.pk]
    with clock.fixed(NOON + timedelta(days=5)):
        assert found(desks.colleague) == []


def test_a_person_who_was_put_out_finds_nothing(desks: Desks, scanned: Any) -> None:
    scanned()
    desks.helper.is_active = False
    desks.helper.save()
    assert found(desks.helper) == []


def test_a_head_finds_what_a_unit_below_got(cast: Any, desks: Desks) -> None:
    below = make_unit(cast.office, "Tổ Một cửa", "MC", parent=desks.helping_unit)
    make_person("motcua", "Hà Văn Tư", below, Role.OFFICIAL)
    document = desks.register()
    attach(desks, document, pdf_saying(SAID))
    read_all()
    assert found(desks.helping_head) == []
    plan = desks.plan(cooperating=[To(unit=below.pk)])
    forward(desks.leader, document.pk, plan)
    assert found(desks.helping_head) == [document.pk]


# ── what is found ────────────────────────────────────────────────────────────────


def test_a_word_file_is_found_by_its_words(desks: Desks) -> None:
    document = desks.register()
    attach(desks, document, docx_saying(SAID), "phụ lục.docx")
    read_all()
    assert found(desks.clerk) == [document.pk]


def test_words_of_two_files_and_of_the_row_are_one_document(desks: Desks) -> None:
    document = desks.register()
    attach(desks, document, pdf_saying(SAID))
    attach(desks, document, pdf_saying("Phụ lục biên chế"), "hai.pdf")
    read_all()
    assert found(desks.clerk, f"{WORDS} biên chế cải cách") == [document.pk]
    assert SearchEntry.objects.filter(kind=SearchKind.ATTACHED).count() == 1


def test_a_file_that_was_taken_off_is_found_no_more(desks: Desks) -> None:
    document = desks.register()
    first = attach(desks, document, pdf_saying(SAID))
    attach(desks, document, pdf_saying("Phụ lục biên chế"), "hai.pdf")
    read_all()
    remove_file(desks.clerk, document.pk, first.pk, "đính nhầm")
    assert found(desks.clerk) == []
    assert found(desks.clerk, "biên chế") == [document.pk]
    second = IncomingFile.objects.get(removed_at=None)
    remove_file(desks.clerk, document.pk, second.pk, "đính nhầm")
    assert found(desks.clerk, "biên chế") == []
    assert found(desks.clerk, "cải cách") == [document.pk]
    assert not SearchEntry.objects.filter(kind=SearchKind.ATTACHED).exists()
    assert not SearchEntry.objects.get(kind=SearchKind.INCOMING).has_more


def test_the_same_file_is_read_once_and_found_with_each_document(desks: Desks) -> None:
    first, second = desks.register(), desks.register()
    attach(desks, first, pdf_saying(SAID))
    assert read_all() == 1
    attach(desks, second, pdf_saying(SAID))
    assert set(found(desks.clerk)) == {first.pk, second.pk}
    assert read_all() == 0


def test_a_void_number_says_so_beside_the_words(desks: Desks, scanned: Any) -> None:
    document = scanned()
    void_number(desks.clerk, document.issued_number_id, "nhầm sổ")
    (hit,) = search(desks.clerk, WORDS, SearchFilter(state="void")).hits
    assert hit.entry.object_id == document.pk


def test_filters_hold_for_the_words_of_files(desks: Desks, scanned: Any) -> None:
    document = scanned()
    for shown, hits in (
        (SearchFilter(document_type="CV"), 1),
        (SearchFilter(document_type="QĐ"), 0),
        (SearchFilter(kind="outgoing"), 0),
        (SearchFilter(kind="received"), 0),
        (SearchFilter(state="open", deadline="has"), 1),
        (SearchFilter(organisation=str(document.organisation_id)), 1),
    ):
        assert len(found(desks.clerk, WORDS, shown)) == hits, shown


def test_a_page_costs_the_same_however_many_files_there_are(
    desks: Desks, scanned: Any
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            search(desks.lead_head, WORDS)
        return len(counted)

    scanned()
    first = cost()
    for _again in range(3):
        scanned()
    assert cost() == first <= 14
