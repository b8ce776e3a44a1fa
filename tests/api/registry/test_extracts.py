"""Extracts of an issued document, over the API and on the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from server.common import providers
from server.common.models import AuditEntry
from server.publishing.pdf_pages import words_of
from server.publishing.signing.report import Verdict
from server.publishing.signing.verify import verify
from server.registry.actions import copying
from server.registry.actions.copying import CopyPlan, make_copy
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import DocumentCopy, OfficePolicy
from server.registry.signing_keys import trusted
from tests.support.copying import copy_plan, nothing_was_drawn
from tests.support.timestamps import WatchedService
from tests.unit.server.publishing.samples import line

API = "/api/v1/outgoing-documents"
JSON = {"content_type": "application/json"}


TEXT = (
    line("Căn cứ tình hình hoạt động của Hệ thống idesk, Văn phòng đề nghị Sở:"),
    line("Bố trí cán bộ trực.", "clause"),
    line("Sao lưu dữ liệu hằng ngày.", "clause"),
)


@pytest.fixture
def document(issued: Any, cast: Any, department_clerk: Any, monkeypatch: Any) -> Any:
    """A sent letter of three parts."""
    monkeypatch.setattr("tests.support.issuing.BODY", TEXT)
    return issued(RecipientPlan(organisation=cast.department.pk))


def words(copy: DocumentCopy) -> str:
    return " ".join(words_of(providers.blob_store.get().get(copy.pdf)).split())


def body(book: Any, *parts: int) -> dict[str, Any]:
    return {
        "register_id": str(book.pk),
        "kind": "TrS",
        "parts": list(parts),
        "signer_name": "Nguyễn Văn Phi",
        "signer_position": "TRƯỞNG PHÒNG",
    }


def test_the_clerk_chooses_parts_and_gets_them_alone(
    cast: Any, document: Any, book: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    address = f"{API}/{document.pk}/copies"
    listed = browser.get(f"{address}/parts").json()
    assert [part["text"] for part in listed[1:]] == [
        "1. Bố trí cán bộ trực.",
        "2. Sao lưu dữ liệu hằng ngày.",
    ]
    *others, last = listed
    answer = browser.post(address, body(book, last["index"]), **JSON)
    assert answer.status_code == 201, answer.content.decode()
    made = answer.json()
    assert (made["full_number"], made["parts"]) == ("01/TrS-VPUBND", [2])
    copy = DocumentCopy.objects.get()
    said = words(copy)
    assert last["text"] in said
    assert all(other["text"] not in said for other in others)
    for kept in ("TRÍCH SAO", "01/TrS-VPUBND", "Bùi Hồng Quý", "Nguyễn Văn Phi"):
        assert kept in said
    assert f"{document.number:02d}/VPUBND-HCTC" in said
    assert copy.row.note == f"trích sao từ văn bản {document.full_number}"
    told = AuditEntry.objects.get(action="outgoing.copied").details
    assert told["parts"] == [2]


@pytest.mark.parametrize(
    ("parts", "status"),
    [([], 400), ([9_999], 400), ([-1], 400), (["một"], 400), ([0] * 5_001, 400)],
)
def test_what_is_no_part_draws_no_number(
    cast: Any, document: Any, book: Any, signed_in: Any, parts: Any, status: int
) -> None:
    answer = signed_in(cast.vanthu).post(
        f"{API}/{document.pk}/copies", body(book, *parts), **JSON
    )
    assert answer.status_code == status
    assert any(name.startswith("parts") for name in answer.json()["fields"])
    assert nothing_was_drawn(book)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("vanthu", 200),
        ("chuyenvien", 403),
        ("truongphong", 403),
        ("lanhdao", 403),
        ("sotttt", 404),
        ("quantri", 404),
        ("stranger", 404),
    ],
)
def test_only_the_clerks_are_shown_the_parts(
    cast: Any, document: Any, signed_in: Any, request: Any, who: str, status: int
) -> None:
    person = cast.people.get(who) or request.getfixturevalue(who)
    browser = signed_in(person)
    assert browser.get(f"{API}/{document.pk}/copies/parts").status_code == status
    page = reverse("copy_parts", args=[document.pk])
    assert browser.get(page).status_code == status


def test_the_page_makes_an_extract_of_what_is_ticked(
    cast: Any, document: Any, book: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    page = browser.get(reverse("distribution", args=[document.pk])).content.decode()
    assert '<option value="TrS">' in page
    assert reverse("copy_parts", args=[document.pk]) in page
    listed = browser.get(reverse("copy_parts", args=[document.pk])).content.decode()
    assert 'name="parts" value="0"' in listed
    address = reverse("document_copy", args=[document.pk])
    sent = {**body(book), "register": str(book.pk)}
    refused = browser.post(address, {**sent, "parts": []}, follow=True)
    assert "Hãy chọn các phần cần trích sao." in refused.content.decode()
    browser.post(address, {**sent, "parts": ["0", "1"]})
    assert DocumentCopy.objects.get().parts == [0, 1]
    # Ticks that were left behind make no fault of a sao y.
    browser.post(address, {**sent, "kind": "SY", "parts": ["0"]})
    assert DocumentCopy.objects.count() == 2


def test_the_time_stamp_of_a_copy_is_asked_before_anything_is_locked(
    cast: Any, digital: None, issued: Any, book: Any, monkeypatch: Any
) -> None:
    """The service may take ten seconds; nobody waits for a number meanwhile."""
    document = issued()
    service = WatchedService()
    monkeypatch.setattr(copying, "timestamp_service", lambda: service)
    copy = make_copy(cast.vanthu, document.pk, CopyPlan(book.pk, "SY"))
    assert service.was_asked_outside()
    assert copy.is_electronic
    report = verify(providers.blob_store.get().get(copy.pdf), trusted())
    assert report.verdict is Verdict.VALID


def test_an_electronic_extract_is_signed(
    cast: Any, digital: None, issued: Any, book: Any
) -> None:
    document = issued()
    plan = CopyPlan(book.pk, "TrS", parts=frozenset({0}))
    copy = make_copy(cast.vanthu, document.pk, plan)
    report = verify(providers.blob_store.get().get(copy.pdf), trusted())
    assert (report.verdict, copy.is_electronic) == (Verdict.VALID, True)


def test_a_document_recalled_while_the_copy_was_signed_is_not_copied(
    cast: Any, digital: None, issued: Any, book: Any, monkeypatch: Any
) -> None:
    document = issued()
    drawn = copying.electronic_pages

    def slow(*args: Any) -> bytes:
        made = drawn(*args)
        copying.OutgoingDocument.objects.filter(pk=document.pk).update(state="recalled")
        return made

    monkeypatch.setattr(copying, "electronic_pages", slow)
    with pytest.raises(copying.Conflict) as refused:
        make_copy(cast.vanthu, document.pk, CopyPlan(book.pk, "SY"))
    assert refused.value.code == "recalled"
    assert nothing_was_drawn(book)


def test_a_copy_on_paper_asks_no_service(
    cast: Any, document: Any, book: Any, monkeypatch: Any
) -> None:
    OfficePolicy.objects.create(organisation=cast.office, signs_digitally=True)
    monkeypatch.setattr(copying, "timestamp_service", pytest.fail)
    assert not make_copy(
        cast.vanthu, document.pk, copy_plan(book, on_paper=True)
    ).is_electronic
