"""Chosen parts of a document that came through this system: its text is known, so the
office that received it makes an extract of it as the office that issued it does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from server.accounts.models import User
from server.common import providers
from server.common.errors import InvalidInput
from server.publishing.pdf_pages import words_of
from server.registry.actions.copying_received import copy_received
from server.registry.actions.forwarding_plans import Plan
from server.registry.actions.forwardings import forward
from server.registry.actions.incoming_files import attach_file, attach_received
from server.registry.actions.recalling import recall
from server.registry.models import DocumentCopy, Register
from tests.support.copying import copy_plan, nothing_was_drawn
from tests.support.incoming import PDF, leading
from tests.support.received import Sent, form_of, own_book, sent
from tests.unit.server.publishing.samples import line

__all__ = ["own_book", "sent"]


@pytest.fixture
def of_parts(request: Any, monkeypatch: Any) -> Sent:
    """The letter has three parts."""
    text = (
        line("Văn phòng đề nghị Sở:"),
        line("Bố trí cán bộ trực.", "clause"),
        line("Sao lưu dữ liệu hằng ngày.", "clause"),
    )
    monkeypatch.setattr("tests.support.issuing.BODY", text)
    found: Sent = request.getfixturevalue("sent")
    return found


def test_chosen_parts_of_what_was_issued_here_are_extracted(
    of_parts: Sent, own_book: Register, signed_in: Any
) -> None:
    browser = signed_in(of_parts.clerk)
    shown = form_of(browser, of_parts)
    assert 'value="TrS"' in shown
    page = reverse("received_copy_parts", args=[of_parts.incoming.pk])
    assert page in shown
    assert "2. Sao lưu dữ liệu" in browser.get(page).content.decode()
    asked = {"register": str(own_book.pk), "kind": "TrS", "file": "received"}
    asked |= {"signer_name": "Phạm Quốc Đạt", "signer_position": "CHÁNH VĂN PHÒNG"}
    act = reverse("received_copy", args=[of_parts.incoming.pk])
    refused = browser.post(act, asked, follow=True).content.decode()
    assert "Hãy chọn các phần cần trích sao." in refused
    assert nothing_was_drawn(own_book)
    done = browser.post(act, {**asked, "parts": ["2"]}, follow=True).content.decode()
    assert "01/TrS-STTTT" in done
    copy = DocumentCopy.objects.get()
    assert (copy.parts, copy.incoming) == ([2], of_parts.incoming)
    said = " ".join(words_of(providers.blob_store.get().get(copy.pdf)).split())
    assert "2. Sao lưu dữ liệu hằng ngày." in said
    assert "Bố trí cán bộ trực" not in said
    for kept in ("TRÍCH SAO", "01/TrS-STTTT", "Phạm Quốc Đạt", "01/VPUBND-HCTC"):
        assert kept in said
    assert copy.row.note.startswith("trích sao từ văn bản 01/VPUBND-HCTC")


def test_parts_are_shown_to_the_clerks_alone_and_not_after_a_recall(
    cast: Any, of_parts: Sent, stranger: User, signed_in: Any
) -> None:
    forward(
        of_parts.clerk, of_parts.incoming.pk, Plan(leading(unit=cast.units["VPS"].pk))
    )
    page = reverse("received_copy_parts", args=[of_parts.incoming.pk])
    api = f"/api/v1/incoming-documents/{of_parts.incoming.pk}/copies/parts"
    for user, status in (
        (of_parts.clerk, 200),
        (cast.sotttt, 403),
        (cast.vanthu, 404),
        (stranger, 404),
    ):
        for address in (page, api):
            assert signed_in(user).get(address).status_code == status
    told = signed_in(of_parts.clerk).get(api).json()
    assert [part["text"] for part in told[1:]] == [
        "1. Bố trí cán bộ trực.",
        "2. Sao lưu dữ liệu hằng ngày.",
    ]
    recall(cast.vanthu, of_parts.document.pk, "Ban hành nhầm")
    assert signed_in(of_parts.clerk).get(api).status_code == 409


def test_a_scan_beside_it_cannot_be_extracted_from(
    of_parts: Sent, own_book: Register
) -> None:
    scan = attach_file(
        of_parts.clerk, of_parts.incoming.pk, SimpleUploadedFile("a.pdf", PDF)
    )
    plan = copy_plan(own_book, "TrS", parts=frozenset({2}))
    with pytest.raises(InvalidInput) as refused:
        copy_received(of_parts.clerk, of_parts.incoming.pk, scan.pk, plan)
    assert "kind" in refused.value.fields
    assert nothing_was_drawn(own_book)


def test_parts_belong_to_an_extract_alone(of_parts: Sent, own_book: Register) -> None:
    file = attach_received(of_parts.clerk, of_parts.incoming.pk)
    plan = copy_plan(own_book, "SY", parts=frozenset({2}))
    with pytest.raises(InvalidInput) as refused:
        copy_received(of_parts.clerk, of_parts.incoming.pk, file.pk, plan)
    assert "parts" in refused.value.fields
