"""Copies of received documents: page for page, with a number of the book of copies."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from server.common import clock, providers
from server.common.errors import AppError, Conflict, InvalidInput, NotAllowed, NotFound
from server.common.models import AuditEntry
from server.publishing.pdf_pages import (
    page_count,
    page_picture,
    rewritten,
    words_of,
)
from server.publishing.signing.carried import original_in
from server.publishing.signing.report import Place, Verdict
from server.publishing.signing.verify import verify
from server.registry.actions import copying
from server.registry.actions.copying import CopyPlan
from server.registry.actions.copying_received import copy_received
from server.registry.actions.incoming_files import attach_file, remove_file
from server.registry.actions.numbers import void_number
from server.registry.issued_access import access_copy
from server.registry.models import (
    DocumentCopy,
    IncomingDocument,
    IncomingFile,
    OfficePolicy,
)
from server.registry.signing_keys import trusted
from tests.support import signing
from tests.support.copying import copy_plan, nothing_was_drawn
from tests.support.incoming import NOON, Desks
from tests.support.office_rules import Rules, changed
from tests.support.timestamps import WatchedService


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def desks(cast: Any) -> Desks:
    return Desks(cast)


@pytest.fixture
def received(desks: Desks) -> IncomingDocument:
    return desks.forwarded()[0]


def attached(
    desks: Desks, document: IncomingDocument, data: bytes, name: str = "quét.pdf"
) -> IncomingFile:
    return attach_file(desks.clerk, document.pk, SimpleUploadedFile(name, data))


@pytest.fixture
def scan(desks: Desks, received: IncomingDocument) -> IncomingFile:
    """A page of a scanner: a picture and no words."""
    out = BytesIO()
    Image.new("RGB", (1240, 1754), "white").save(out, "PDF", resolution=150)
    return attached(desks, received, out.getvalue())


def data_of(copy: DocumentCopy) -> bytes:
    return providers.blob_store.get().get(copy.pdf)


def test_a_copy_on_paper_is_the_scan_and_a_page_with_the_block(
    desks: Desks, received: Any, scan: Any, book: Any, events: Any
) -> None:
    plan = copy_plan(book, recipients_text="Sở Nội vụ")
    copy = copy_received(desks.clerk, received.pk, scan.pk, plan)
    assert copy.row.full_number == "01/SY-VPUBND"
    assert (copy.incoming, copy.source, copy.file) == (received, None, scan)
    assert copy.row.subject == received.subject
    assert copy.row.note == "sao từ văn bản 1146/SNV-CCHC của Sở Nội vụ"
    assert (page_count(data_of(copy)), copy.row.pages) == (2, 2)
    said = words_of(data_of(copy))
    for part in ("SAO Y", "01/SY-VPUBND", "Nguyễn Văn Phi", "Sở Nội vụ"):
        assert part in said
    # Nothing of a letterhead or of the end of a document of ours.
    assert "CỘNG HÒA" not in said
    assert "Kính gửi" not in said
    assert ("incoming.copied", str(received.pk)) in events()
    told = AuditEntry.objects.get(action="incoming.copied").details
    assert (told["kind"], told["file"]) == ("SY", str(scan.pk))


def test_sao_luc_shares_the_run_of_numbers(
    desks: Desks, received: Any, scan: Any, book: Any
) -> None:
    copy_received(desks.clerk, received.pk, scan.pk, copy_plan(book))
    again = copy_received(desks.clerk, received.pk, scan.pk, copy_plan(book, "SL"))
    assert again.row.full_number == "02/SL-VPUBND"
    assert "SAO LỤC" in words_of(data_of(again))


def test_an_electronic_copy_is_signed_before_anything_is_locked(
    desks: Desks, received: Any, scan: Any, book: Any, digital: None, monkeypatch: Any
) -> None:
    service = WatchedService()
    monkeypatch.setattr(copying, "timestamp_service", lambda: service)
    copy = copy_received(desks.clerk, received.pk, scan.pk, CopyPlan(book.pk, "SY"))
    assert service.was_asked_outside()
    assert (copy.is_electronic, copy.row.pages) == (True, 1)
    assert verify(data_of(copy), trusted()).verdict is Verdict.VALID


def test_a_faulty_file_with_a_signature_is_not_written_anew() -> None:
    with pytest.raises(InvalidInput) as refused:
        rewritten(signing.signed_by_person())
    assert refused.value.code == "not_a_pdf"


def test_a_signed_pdf_is_copied_on_paper_unless_the_office_says_otherwise(
    desks: Desks, received: Any, book: Any, digital: None
) -> None:
    file = attached(desks, received, signing.signed_by_person())
    with pytest.raises(Conflict) as refused:
        copy_received(desks.clerk, received.pk, file.pk, CopyPlan(book.pk, "SY"))
    assert refused.value.code == "already_signed"
    assert "Điều 25" in str(refused.value)
    assert nothing_was_drawn(book)
    plan = copy_plan(book, on_paper=True)
    copy = copy_received(desks.clerk, received.pk, file.pk, plan)
    assert not copy.is_electronic
    assert "SAO Y" in words_of(data_of(copy))


def test_a_law_that_knows_electronic_copies_of_signed_files_needs_no_leader(
    desks: Desks, received: Any, book: Any, digital: None, office_rules: Rules
) -> None:
    file = attached(desks, received, signing.signed_by_person())
    text = "[copies.SY]\nelectronic_of_signed = true"
    office_rules("procedure", changed("procedure-nd30-2020", text, "2020-03-06"))
    copy = copy_received(desks.clerk, received.pk, file.pk, CopyPlan(book.pk, "SY"))
    assert copy.is_electronic
    assert verify(data_of(copy), trusted()).verdict is Verdict.VALID


def test_on_paper_a_signed_pdf_looks_as_it_looks_on_the_screen(
    desks: Desks, received: Any, book: Any, digital: None
) -> None:
    file = attached(desks, received, signing.issued())
    plan = copy_plan(book, on_paper=True)
    data = data_of(copy_received(desks.clerk, received.pk, file.pk, plan))
    pages = page_count(signing.issued())
    assert page_count(data) == pages + 1
    for page in range(1, pages + 1):
        assert looks(data, page) == looks(signing.issued(), page)


def test_an_electronic_copy_of_a_signed_pdf_bears_the_original(
    desks: Desks, received: Any, book: Any, digital: None
) -> None:
    OfficePolicy.objects.update(copies_signed_files=True)
    original = signing.issued()
    file = attached(desks, received, original, "công văn 328.pdf")
    copy = copy_received(desks.clerk, received.pk, file.pk, CopyPlan(book.pk, "SY"))
    data = data_of(copy)
    assert copy.is_electronic
    assert copy.row.pages == page_count(original)
    report = verify(data, trusted())
    assert [s.place for s in report.signatures] == [Place.ATTACHMENT]
    assert report.verdict is Verdict.VALID
    assert original_in(data) == original
    assert verify(original_in(data) or b"", trusted()).digest == file.digest
    # The last page, with the pictures of signature and seal, is as it was.
    last = page_count(original)
    assert looks(data, last) == looks(original, last)


def test_whoever_checks_the_copy_sees_who_signed_the_original(
    desks: Desks, received: Any, book: Any, digital: None, client: Any
) -> None:
    OfficePolicy.objects.update(copies_signed_files=True)
    file = attached(desks, received, signing.issued(), "công văn 328.pdf")
    copy = copy_received(desks.clerk, received.pk, file.pk, CopyPlan(book.pk, "SY"))

    def sent() -> Any:
        return {"file": SimpleUploadedFile("bản sao.pdf", data_of(copy))}

    told = client.post("/api/v1/verify", sent()).json()
    assert [s["place"] for s in told["signatures"]] == ["attachment"]
    original = told["original"]
    assert (original["verdict"], original["digest"]) == ("valid", file.digest)
    assert [s["place"] for s in original["signatures"]] == ["person", "organisation"]
    shown = client.post("/verify/", sent()).content.decode()
    assert "Văn bản gốc kèm trong bản sao" in shown
    # Of an office that this one does not trust nothing is unfolded.
    for anchor in settings.TRUST_DIR.iterdir():
        anchor.unlink()
    told = client.post("/api/v1/verify", sent()).json()
    assert (told["verdict"], told["original"]) == ("unproven", None)


def looks(pdf: bytes, page: int) -> bytes:
    """The page as a picture, coarse enough that only what is missing makes it other."""
    shown = Image.open(BytesIO(page_picture(pdf, page, dpi=72))).convert("L")
    small = shown.resize((shown.width // 8, shown.height // 8), Image.Resampling.BOX)
    return bytes(value // 32 for value in small.tobytes())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "TrS"}, "kind"),
        ({"parts": frozenset({0})}, "parts"),
        ({"kind": "XY"}, "kind"),
        ({"signer_name": ""}, "signer_name"),
    ],
)
def test_an_unusable_plan_draws_no_number(
    desks: Desks, received: Any, scan: Any, book: Any, wrong: Any, field: str
) -> None:
    kind = wrong.pop("kind", "SY")
    with pytest.raises(InvalidInput) as refused:
        copy_received(desks.clerk, received.pk, scan.pk, copy_plan(book, kind, **wrong))
    assert field in refused.value.fields
    assert nothing_was_drawn(book)


def test_only_a_whole_pdf_that_is_attached_is_copied(
    desks: Desks, received: Any, scan: Any, book: Any
) -> None:
    png = attached(desks, received, b"\x89PNG\r\n\x1a\n" + b"x" * 40, "ảnh.png")
    broken = attached(desks, received, b"%PDF-1.7\n" + b"x" * 99 + b"%%EOF\n", "x.pdf")
    for file, code in ((png, "invalid_input"), (broken, "not_a_pdf")):
        with pytest.raises(InvalidInput) as refused:
            copy_received(desks.clerk, received.pk, file.pk, copy_plan(book))
        assert refused.value.code == code
    remove_file(desks.clerk, received.pk, scan.pk, "nhầm")
    with pytest.raises(NotFound):
        copy_received(desks.clerk, received.pk, scan.pk, copy_plan(book))
    other = desks.register(full_number="2/KH")
    with pytest.raises(NotFound):
        copy_received(desks.clerk, other.pk, png.pk, copy_plan(book))
    assert nothing_was_drawn(book)


def test_a_document_whose_number_is_void_is_not_copied(
    desks: Desks, received: Any, scan: Any, book: Any
) -> None:
    void_number(desks.clerk, received.issued_number_id, "vào sổ nhầm")
    with pytest.raises(Conflict) as refused:
        copy_received(desks.clerk, received.pk, scan.pk, copy_plan(book))
    assert refused.value.code == "number_void"


@pytest.mark.parametrize(
    ("who", "refusal", "lists"),
    [
        ("clerk", None, 200),
        ("leader", NotAllowed, 200),
        ("lead_head", NotAllowed, 200),
        ("lead_official", NotAllowed, 200),
        ("colleague", NotFound, 404),
        ("vanthuso", NotFound, 404),
        ("stranger", NotFound, 404),
    ],
)
def test_only_the_clerks_make_and_read_copies(
    desks: Desks,
    received: Any,
    scan: Any,
    book: Any,
    department_clerk: Any,
    stranger: Any,
    signed_in: Any,
    who: str,
    refusal: type[AppError] | None,
    lists: int,
) -> None:
    made = copy_received(desks.clerk, received.pk, scan.pk, copy_plan(book))
    others = {"vanthuso": department_clerk, "stranger": stranger}
    user = others.get(who) or getattr(desks, who)
    browser = signed_in(user)
    base = f"/api/v1/incoming-documents/{received.pk}/copies"
    body = {
        "file": str(scan.pk),
        "register_id": str(book.pk),
        "kind": "SY",
        "signer_name": "Nguyễn Văn Phi",
        "signer_position": "TRƯỞNG PHÒNG",
    }
    answer = browser.post(base, body, content_type="application/json")
    assert answer.status_code == (refusal.http_status if refusal else 201)
    assert browser.get(base).status_code == lists
    status = 200 if refusal is None else 404
    page = reverse("received_copy_file", args=[received.pk, made.pk])
    assert browser.get(f"{base}/{made.pk}.pdf").status_code == status
    assert browser.get(page).status_code == status
    if refusal is None:
        assert access_copy(user, made.pk) == made
    # A copy has one address: under the document that it is of.
    wrong = f"/api/v1/outgoing-documents/{received.pk}/copies/{made.pk}.pdf"
    assert browser.get(wrong).status_code == 404


def test_the_page_offers_it_where_there_is_a_scan(
    desks: Desks, received: Any, book: Any, signed_in: Any, request: Any
) -> None:
    browser = signed_in(desks.clerk)
    page = reverse("incoming_document", args=[received.pk])
    act = reverse("received_copy", args=[received.pk])
    assert act not in browser.get(page).content.decode()
    scan = request.getfixturevalue("scan")
    shown = browser.get(page).content.decode()
    assert act in shown
    assert 'value="TrS"' not in shown
    assert act not in signed_in(desks.leader).get(page).content.decode()
    sent = {"register": str(book.pk), "kind": "SY", "file": str(scan.pk)}
    refused = browser.post(act, sent, follow=True).content.decode()
    assert "Người ký" in refused
    sent |= {"signer_name": "Nguyễn Văn Phi", "signer_position": "TRƯỞNG PHÒNG"}
    done = browser.post(act, sent, follow=True).content.decode()
    assert "01/SY-VPUBND" in done
    copy = DocumentCopy.objects.get()
    assert reverse("received_copy_file", args=[received.pk, copy.pk]) in done


def test_the_row_of_such_a_copy_leads_to_what_was_copied(
    desks: Desks, received: Any, scan: Any, book: Any, signed_in: Any
) -> None:
    copy = copy_received(desks.clerk, received.pk, scan.pk, copy_plan(book))
    row = reverse("outgoing_entry", args=[copy.row_id])
    in_hand = reverse("incoming_document", args=[received.pk])
    in_book = reverse("incoming_entry", args=[received.pk])
    # A colleague of a third unit reads both books, but never got the document.
    for who, told in ((desks.clerk, in_hand), (desks.colleague, in_book)):
        browser = signed_in(who)
        shown = browser.get(row)
        assert shown.status_code == 200
        assert f'href="{told}' in shown.content.decode()
        assert browser.get(told).status_code == 200
