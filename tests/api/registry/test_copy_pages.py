"""Copies over HTTP: the API, and the card on the page of an issued document."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from server.registry.actions.copying import make_copy
from server.registry.actions.numbers import void_number
from server.registry.models import DocumentCopy
from tests.support.copying import copy_plan as plan
from tests.support.copying import nothing_was_drawn

API = "/api/v1/outgoing-documents"


def test_the_api_makes_lists_and_gives_a_copy(
    cast: Any, document: Any, book: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    body = {
        "register_id": str(book.pk),
        "kind": "SY",
        "signer_name": "Nguyễn Văn Phi",
    }
    address = f"{API}/{document.pk}/copies"
    answer = browser.post(address, body, content_type="application/json")
    assert answer.status_code == 201
    made = answer.json()
    assert (made["full_number"], made["kind"]) == ("01/SY-VPUBND", "SY")
    assert (made["is_electronic"], made["is_void"]) == (False, False)
    assert browser.get(address).json() == [made]
    file = browser.get(f"{address}/{made['id']}.pdf")
    assert file.content.startswith(b"%PDF")
    assert "no-store" in file["Cache-Control"]
    body["kind"] = "TrS"
    refused = browser.post(address, body, content_type="application/json")
    assert refused.status_code == 400
    assert "parts" in refused.json()["fields"]


def test_a_copy_is_read_only_under_its_own_document(
    cast: Any, document: Any, issued: Any, book: Any, signed_in: Any
) -> None:
    made = make_copy(cast.vanthu, document.pk, plan(book))
    other = issued()
    browser = signed_in(cast.vanthu)
    assert browser.get(f"{API}/{other.pk}/copies/{made.pk}.pdf").status_code == 404
    page = reverse("copy_file", args=[other.pk, made.pk])
    assert browser.get(page).status_code == 404


def test_the_clerk_copies_on_the_page(
    cast: Any, document: Any, book: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    page = reverse("distribution", args=[document.pk])
    asked = {
        "register": str(book.pk),
        "kind": "SY",
        "signer_name": "Nguyễn Văn Phi",
        "signer_position": "TRƯỞNG PHÒNG",
    }
    address = reverse("document_copy", args=[document.pk])
    shown = browser.post(address, asked, follow=True).content.decode()
    assert "Đã sao, số 01/SY-VPUBND." in shown
    assert "Mở bản để in và ký" in shown
    # The next copy is signed by the same person.
    assert 'value="Nguyễn Văn Phi"' in shown
    made = DocumentCopy.objects.get()
    row = browser.get(reverse("outgoing_entry", args=[made.row_id])).content.decode()
    assert f'href="{page}#copies"' in row
    seen = signed_in(cast.chuyenvien).get(page).content.decode()
    assert "01/SY-VPUBND" in seen
    assert "Mở bản để in và ký" not in seen
    assert "Lấy số và sao" not in seen


def test_who_signed_the_last_paper_does_not_sign_an_electronic_copy(
    cast: Any, digital: None, issued: Any, book: Any, signed_in: Any
) -> None:
    document = issued()
    asked = {
        "register": str(book.pk),
        "kind": "SY",
        "signer_name": "Nguyễn Văn Phi",
        "medium": "electronic",
    }
    address = reverse("document_copy", args=[document.pk])
    browser = signed_in(cast.vanthu)
    assert browser.post(address, asked).status_code == 302
    browser.post(address, {**asked, "medium": "paper"})
    first, second = DocumentCopy.objects.order_by("at", "row__number")
    assert (first.is_electronic, second.is_electronic) == (True, False)
    assert first.row.signer_name == cast.vanthu.full_name
    assert second.row.signer_name == "Nguyễn Văn Phi"


def test_what_was_refused_is_said_on_the_page_with_its_field(
    cast: Any, document: Any, book: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    address = reverse("document_copy", args=[document.pk])
    asked = {"register": str(book.pk), "kind": "SY"}
    shown = browser.post(address, asked, follow=True).content.decode()
    assert "Người ký: Cần có giá trị này." in shown
    assert signed_in(cast.chuyenvien).post(address, asked).status_code == 302
    assert nothing_was_drawn(book)


def test_without_a_book_of_copies_the_page_says_what_to_do(
    cast: Any, document: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    page = browser.get(reverse("distribution", args=[document.pk])).content.decode()
    assert "Hãy mở một sổ bản sao trước" in page
    address = reverse("document_copy", args=[document.pk])
    refused = browser.post(address, {"kind": "SY"}, follow=True).content.decode()
    assert "Hãy chọn một sổ bản sao." in refused


def test_a_void_copy_is_shown_as_void(
    cast: Any, document: Any, book: Any, signed_in: Any
) -> None:
    made = make_copy(cast.vanthu, document.pk, plan(book))
    void_number(cast.vanthu, made.row.issued_number_id, "sao nhầm")
    (listed,) = signed_in(cast.vanthu).get(f"{API}/{document.pk}/copies").json()
    assert listed["is_void"]
