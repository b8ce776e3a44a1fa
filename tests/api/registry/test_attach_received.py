"""A document that came through this system is copied from the file that was issued:
nobody downloads it and uploads it again, and a recall closes it for everybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from server.accounts.models import User
from server.common import providers
from server.common.errors import (
    AppError,
    Conflict,
    NotAllowed,
    NotFound,
    Unavailable,
)
from server.common.models import AuditEntry
from server.publishing.pdf_pages import page_count, words_of
from server.publishing.signing.verify import verify
from server.registry.actions.copying_received import copy_received
from server.registry.actions.forwarding_plans import Plan
from server.registry.actions.forwardings import forward
from server.registry.actions.incoming_files import (
    attach_file,
    attach_received,
    open_file,
    remove_file,
)
from server.registry.actions.numbers import void_number
from server.registry.actions.recalling import recall
from server.registry.models import (
    DocumentCopy,
    IncomingFile,
    Recipient,
    Register,
)
from server.registry.signing_keys import trusted
from tests.api.registry.test_received_copies import looks
from tests.support.copying import copy_plan, nothing_was_drawn
from tests.support.incoming import PDF, leading
from tests.support.received import Sent, form_of, own_book, sent, signed

__all__ = ["own_book", "sent", "signed"]


def bytes_of(row: IncomingFile) -> bytes:
    return providers.blob_store.get().get(row.digest)


def closed(sent: Sent, file: IncomingFile) -> str:
    with pytest.raises(Conflict) as refused:
        open_file(sent.clerk, sent.incoming.pk, file.pk)
    return str(refused.value.code)


# ── the file ────────────────────────────────────────────────────────────────────


def test_the_file_is_attached_as_it_was_issued_signatures_and_all(
    signed: Sent, events: Any
) -> None:
    row = attach_received(signed.clerk, signed.incoming.pk)
    assert row.digest == signed.digest
    assert row.name == "01-VPUBND-HCTC.pdf"
    assert (row.content_type, row.added_by) == ("application/pdf", signed.clerk)
    assert row.size_bytes == len(bytes_of(row))
    assert row.pdf_version >= "1.4"
    places = [s.place.value for s in verify(bytes_of(row), trusted()).signatures]
    assert places == ["person", "organisation"]
    assert ("incoming.file_added", str(signed.incoming.pk)) in events()
    told = AuditEntry.objects.get(action="incoming.file_added").details
    assert told["digest"] == signed.digest
    assert told["received"] == str(signed.document.pk)


def test_it_is_attached_once_however_often_it_is_asked_for(sent: Sent) -> None:
    first = attach_received(sent.clerk, sent.incoming.pk)
    assert attach_received(sent.clerk, sent.incoming.pk) == first
    assert AuditEntry.objects.filter(action="incoming.file_added").count() == 1
    remove_file(sent.clerk, sent.incoming.pk, first.pk, "nhầm")
    again = attach_received(sent.clerk, sent.incoming.pk)
    assert again != first
    assert again.digest == first.digest


def test_what_somebody_uploaded_already_is_not_attached_twice(sent: Sent) -> None:
    data = providers.blob_store.get().get(sent.digest)
    by_hand = attach_file(
        sent.clerk, sent.incoming.pk, SimpleUploadedFile("tải về.pdf", data)
    )
    assert attach_received(sent.clerk, sent.incoming.pk) == by_hand


def test_what_came_on_paper_has_no_such_file(sent: Sent) -> None:
    Recipient.objects.update(incoming=None)
    with pytest.raises(Conflict) as refused:
        attach_received(sent.clerk, sent.incoming.pk)
    assert refused.value.code == "not_sent_here"
    assert not IncomingFile.objects.exists()


def test_a_damaged_file_is_not_attached(sent: Sent) -> None:
    store: Any = providers.blob_store.get()
    store.files[sent.digest] = b"%PDF-1.7 something else"
    with pytest.raises(Unavailable) as refused:
        attach_received(sent.clerk, sent.incoming.pk)
    assert refused.value.code == "file_damaged"
    assert not IncomingFile.objects.exists()


def test_a_document_whose_number_is_void_takes_no_file(sent: Sent) -> None:
    void_number(sent.clerk, sent.incoming.issued_number_id, "vào sổ nhầm")
    with pytest.raises(Conflict) as refused:
        attach_received(sent.clerk, sent.incoming.pk)
    assert refused.value.code == "number_void"


# ── who may ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("vanthuso", None),
        ("sotttt", NotAllowed),
        ("vanthu", NotFound),
        ("chuyenvien", NotFound),
        ("nguoila", NotFound),
    ],
)
def test_only_the_clerk_of_the_receiving_office_attaches_it(
    cast: Any,
    sent: Sent,
    stranger: User,
    signed_in: Any,
    who: str,
    refusal: type[AppError] | None,
) -> None:
    forward(sent.clerk, sent.incoming.pk, Plan(leading(unit=cast.units["VPS"].pk)))
    people = {**cast.people, "vanthuso": sent.clerk, "nguoila": stranger}
    address = f"/api/v1/incoming-documents/{sent.incoming.pk}/files/received"
    answer = signed_in(people[who]).post(address)
    assert answer.status_code == (refusal.http_status if refusal else 201)
    assert IncomingFile.objects.exists() is (refusal is None)
    if refusal is None:
        assert answer.json()["digest"] == sent.digest


# ── after a recall ──────────────────────────────────────────────────────────────


def test_a_recalled_document_is_refused_with_a_clear_word(
    cast: Any, sent: Sent
) -> None:
    recall(cast.vanthu, sent.document.pk, "Ban hành nhầm")
    with pytest.raises(Conflict) as refused:
        attach_received(sent.clerk, sent.incoming.pk)
    assert refused.value.code == "recalled"
    assert "thu hồi" in str(refused.value)
    assert not IncomingFile.objects.exists()


def test_a_recall_closes_what_was_attached_before_it(
    cast: Any, sent: Sent, signed_in: Any
) -> None:
    row = attach_received(sent.clerk, sent.incoming.pk)
    scan = attach_file(sent.clerk, sent.incoming.pk, SimpleUploadedFile("a.pdf", PDF))
    browser = signed_in(sent.clerk)
    page = reverse("incoming_document", args=[sent.incoming.pk])
    file = f"/api/v1/incoming-documents/{sent.incoming.pk}/files/{row.pk}"
    assert b"".join(open_file(sent.clerk, sent.incoming.pk, row.pk).chunks)
    assert file in browser.get(page).content.decode()
    recall(cast.vanthu, sent.document.pk, "Ban hành nhầm")
    assert closed(sent, row) == "recalled"
    assert browser.get(file).status_code == 409
    shown = browser.get(page).content.decode()
    assert f'href="{file}' not in shown
    assert row.name in shown
    # What the office scanned itself is its own.
    assert b"".join(open_file(sent.clerk, sent.incoming.pk, scan.pk).chunks) == PDF


# ── the whole way: received → sao y → the copy ──────────────────────────────────


@pytest.mark.parametrize(("kind", "word"), [("SY", "SAO Y"), ("SL", "SAO LỤC")])
def test_a_copy_is_made_from_the_page_without_a_file_in_anybodys_hands(
    signed: Sent, own_book: Register, signed_in: Any, kind: str, word: str
) -> None:
    browser = signed_in(signed.clerk)
    act = reverse("received_copy", args=[signed.incoming.pk])
    shown = form_of(browser, signed)
    assert act in shown
    assert 'value="received"' in shown
    asked = {
        "register": str(own_book.pk),
        "kind": kind,
        "file": "received",
        "signer_position": "CHÁNH VĂN PHÒNG",
        "signer_name": "Phạm Quốc Đạt",
        "recipients_text": "Các phòng, đơn vị",
    }
    done = browser.post(act, asked, follow=True).content.decode()
    assert f"01/{kind}-STTTT" in done
    copy = DocumentCopy.objects.get()
    assert copy.file is not None
    assert (copy.file.digest, copy.incoming) == (signed.digest, signed.incoming)
    data = browser.get(
        reverse("received_copy_file", args=[signed.incoming.pk, copy.pk])
    ).content
    original = providers.blob_store.get().get(signed.digest)
    assert page_count(data) == page_count(original) + 1
    said = words_of(data)
    for part in (word, f"01/{kind}-STTTT", "Phạm Quốc Đạt", "Các phòng, đơn vị"):
        assert part in said
    # Number, date, signature and seal are drawn by the signatures, and copied as seen.
    for page in range(1, page_count(original) + 1):
        assert looks(data, page) == looks(original, page)
    assert "VPUBND" in copy.row.note
    # Now it is one of the attached files, and is not offered a second time.
    assert 'value="received"' not in form_of(browser, signed)


def test_a_form_sent_twice_attaches_one_file(
    sent: Sent, own_book: Register, signed_in: Any
) -> None:
    browser = signed_in(sent.clerk)
    act = reverse("received_copy", args=[sent.incoming.pk])
    asked = {"register": str(own_book.pk), "kind": "SY", "file": "received"}
    refused = browser.post(act, asked, follow=True).content.decode()
    assert "Người ký" in refused
    assert nothing_was_drawn(own_book)
    asked |= {"signer_name": "Phạm Quốc Đạt", "signer_position": "CHÁNH VĂN PHÒNG"}
    browser.post(act, asked)
    assert IncomingFile.objects.count() == 1
    assert DocumentCopy.objects.count() == 1


def test_a_program_copies_it_in_one_call(
    sent: Sent, own_book: Register, signed_in: Any
) -> None:
    answer = signed_in(sent.clerk).post(
        f"/api/v1/incoming-documents/{sent.incoming.pk}/copies",
        {
            "register_id": str(own_book.pk),
            "kind": "SY",
            "signer_name": "Phạm Quốc Đạt",
            "signer_position": "CHÁNH VĂN PHÒNG",
        },
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.json()
    assert answer.json()["full_number"] == "01/SY-STTTT"
    assert IncomingFile.objects.get().digest == sent.digest


def test_a_file_that_was_not_signed_says_that_the_paper_is_the_original(
    sent: Sent, own_book: Register, signed_in: Any
) -> None:
    assert "không có chữ ký số" in form_of(signed_in(sent.clerk), sent)


def test_a_signed_file_needs_no_such_word(
    signed: Sent, own_book: Register, signed_in: Any
) -> None:
    assert "không có chữ ký số" not in form_of(signed_in(signed.clerk), signed)


def test_after_a_recall_the_form_is_gone_and_the_act_refused(
    cast: Any, sent: Sent, own_book: Register, signed_in: Any
) -> None:
    row = attach_received(sent.clerk, sent.incoming.pk)
    recall(cast.vanthu, sent.document.pk, "Ban hành nhầm")
    browser = signed_in(sent.clerk)
    act = reverse("received_copy", args=[sent.incoming.pk])
    assert act not in form_of(browser, sent)
    for file in ("received", str(row.pk)):
        asked = {"register": str(own_book.pk), "kind": "SY", "file": file}
        asked |= {"signer_name": "Phạm Quốc Đạt", "signer_position": "CHÁNH VĂN PHÒNG"}
        told = browser.post(act, asked, follow=True).content.decode()
        assert "thu hồi" in told
    assert nothing_was_drawn(own_book)
    with pytest.raises(Conflict):
        copy_received(sent.clerk, sent.incoming.pk, row.pk, copy_plan(own_book))


def test_what_came_on_paper_is_offered_its_scans_alone(
    sent: Sent, own_book: Register, signed_in: Any
) -> None:
    Recipient.objects.update(incoming=None)
    browser = signed_in(sent.clerk)
    act = reverse("received_copy", args=[sent.incoming.pk])
    assert act not in form_of(browser, sent)
    attach_file(sent.clerk, sent.incoming.pk, SimpleUploadedFile("a.pdf", PDF))
    shown = form_of(browser, sent)
    assert act in shown
    assert 'value="received"' not in shown
