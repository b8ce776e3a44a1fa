"""Anybody who holds the paper or the file may ask whether the document holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from server.common import providers
from server.common.models import AuditEntry, OutboxEvent
from server.registry import verifying
from server.registry.actions.recalling import recall
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import DocumentLink, LinkKind, OutgoingDocument
from server.registry.queries.public_documents import clean_code
from tests.support.signing import issued as another_letter

UNKNOWN = "0123456789abcdefghjk"


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    verifying.throttle.forget()
    yield
    verifying.throttle.forget()


def page(code: str) -> Any:
    return Client().get(f"/verify/{code}")


def answer(code: str) -> Any:
    return Client().get(f"/api/v1/verify/{code}")


def pdf_of(document: Any) -> bytes:
    found: bytes = providers.blob_store.get().get(document.issued_files.pdf)
    return found


def upload(data: bytes, **more: str) -> Any:
    file = SimpleUploadedFile("cong-van.pdf", data, "application/pdf")
    return Client().post("/verify/", {"file": file, **more})


def link(new: Any, old: Any, kind: LinkKind) -> None:
    DocumentLink.objects.create(source=new, target=old, kind=kind, at=new.created_at)


def test_the_code_tells_what_stands_on_the_first_page(issued: Any) -> None:
    document = issued()
    code = document.issued_files.code
    found = page(code)
    words = found.content.decode()
    for said in (
        "Văn phòng UBND tỉnh Đắk Lắk",
        "Công văn số 01/VPUBND-HCTC",
        f"{document.issued_on:%d/%m/%Y}",
        document.subject,
        "Bùi Hồng Quý",
        "Ký tay và đóng dấu",
        "chưa bị thu hồi hay thay thế",
    ):
        assert said in words, said
    assert "no-store" in found["Cache-Control"]
    assert "noindex" in found["X-Robots-Tag"]
    told = answer(code).json()
    assert told["full_number"] == "01/VPUBND-HCTC"
    assert (told["standing"], told["recalled_at"]) == ("in_force", None)
    assert told["pdf"] == document.issued_files.pdf


def test_the_file_is_never_given_out_and_nobody_in_the_list_is_named(
    issued: Any, cast: Any
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    code = document.issued_files.code
    for found in (page(code), answer(code)):
        words = found.content.decode()
        assert cast.sotttt.full_name not in words
        assert cast.chuyenvien.full_name not in words
        assert "%PDF" not in words
    for part in ("pdf", "document.pdf", "files/document.pdf"):
        assert Client().get(f"/verify/{code}/{part}").status_code == 404
    inside = f"/api/v1/outgoing-documents/{document.pk}/files/document.pdf"
    assert Client().get(inside).status_code == 401


def test_a_recall_is_told_with_its_time_and_without_its_reason(
    cast: Any, issued: Any
) -> None:
    document = issued()
    recall(cast.vanthu, document.pk, "Ban hành nhầm người ký")
    code = document.issued_files.code
    words = page(code).content.decode()
    assert "Văn bản đã bị thu hồi từ" in words
    assert "Ban hành nhầm" not in words
    told = answer(code)
    assert told.json()["standing"] == "recalled"
    assert told.json()["recalled_at"]
    assert "Ban hành nhầm" not in told.content.decode()


@pytest.mark.parametrize(
    ("kind", "words", "standing", "field"),
    [
        (LinkKind.REPLACES, "đã được thay thế", "replaced", "replaced_by"),
        (LinkKind.CORRECTS, "đã được đính chính", "corrected", "corrected_by"),
    ],
)
def test_what_came_after_is_named(
    cast: Any, issued: Any, kind: LinkKind, words: str, standing: str, field: str
) -> None:
    old, new = issued(), issued(title="V/v thứ hai")
    link(new, old, kind)
    code = old.issued_files.code
    shown = page(code).content.decode()
    assert words in shown
    assert "văn bản số 02/VPUBND-HCTC" in shown
    told = answer(code).json()
    assert told["standing"] == standing
    assert [row["full_number"] for row in told[field]] == ["02/VPUBND-HCTC"]
    assert answer(new.issued_files.code).json()["standing"] == "in_force"
    recall(cast.vanthu, new.pk, "Ban hành nhầm")
    assert "văn bản đó đã bị thu hồi" in page(code).content.decode()


def test_a_code_is_read_as_people_type_it(issued: Any) -> None:
    code = issued().issued_files.code
    typed = " ".join((code[:5].upper(), code[5:10], code[10:15].upper(), code[15:]))
    assert answer(typed).json()["code"] == code
    sent = Client().get("/verify/", {"code": f"  {typed} "})
    assert (sent.status_code, sent["Location"]) == (302, f"/verify/{code}")
    assert clean_code("O1-Il 0") == "01110"
    assert clean_code(f"https://vanban.example/verify/{code}") == code


@pytest.mark.django_db
@pytest.mark.parametrize("code", [UNKNOWN, "x", "@@@", "ă" * 20, "9" * 500])
def test_an_unknown_code_answers_like_everything_that_is_absent(code: str) -> None:
    absent = Client().get("/api/v1/verify/" + "2" * 20)
    assert (answer(code).status_code, answer(code).content) == (404, absent.content)
    shown = page(code)
    assert shown.status_code == 404
    assert "Không tìm thấy, hoặc bạn không có quyền xem" in shown.content.decode()
    followed = Client().get("/verify/", {"code": code}, follow=True)
    assert followed.status_code == 404


def test_codes_and_files_share_one_limit(issued: Any, settings: Any) -> None:
    settings.VERIFY_PER_MINUTE = 3
    document = issued()
    code = document.issued_files.code
    assert page(code).status_code == 200
    assert answer(UNKNOWN).status_code == 404
    assert upload(pdf_of(document)).status_code == 200
    assert page(code).status_code == answer(code).status_code == 429
    late = upload(pdf_of(document), code=code)
    assert late.status_code == 429
    assert document.full_number not in late.content.decode()


def test_the_issued_file_is_known_byte_for_byte(cast: Any, issued: Any) -> None:
    document = issued()
    code, data = document.issued_files.code, pdf_of(document)
    same = upload(data, code=code).content.decode()
    assert "Đúng tệp đã phát hành" in same
    other = upload(data + b"\n", code=code).content.decode()
    assert "Không giống từng byte" in other
    assert "Đúng tệp đã phát hành" not in other
    second = issued(title="V/v thứ hai")
    wrong = upload(pdf_of(second), code=code).content.decode()
    assert "Đây không phải tệp của văn bản số 01/VPUBND-HCTC" in wrong
    assert "Tệp này là của văn bản số 02/VPUBND-HCTC" in wrong


def test_a_file_without_its_code_tells_whether_the_document_holds(
    cast: Any, issued: Any
) -> None:
    document = issued()
    data = pdf_of(document)
    assert "chưa bị thu hồi hay thay thế" in upload(data).content.decode()
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    words = upload(data).content.decode()
    assert "Văn bản đã bị thu hồi từ" in words
    assert "Ban hành nhầm" not in words
    file = SimpleUploadedFile("cong-van.pdf", data, "application/pdf")
    told = Client().post("/api/v1/verify", {"file": file}).json()
    assert told["issued"]["standing"] == "recalled"
    file = SimpleUploadedFile("khac.pdf", another_letter(), "application/pdf")
    assert Client().post("/api/v1/verify", {"file": file}).json()["issued"] is None


def test_a_signed_file_keeps_its_report(cast: Any, digital: None, issued: Any) -> None:
    document = issued()
    words = upload(pdf_of(document), code=document.issued_files.code).content.decode()
    assert "Đúng tệp đã phát hành" in words
    assert "Tệp còn nguyên vẹn, chữ ký đáng tin cậy" in words
    assert "Ký số" in page(document.issued_files.code).content.decode()


def test_an_error_keeps_the_document_on_the_page(issued: Any) -> None:
    document = issued()
    refused = upload(b"PK\x03\x04", code=document.issued_files.code)
    assert refused.status_code == 400
    assert document.full_number in refused.content.decode()


def test_asking_leaves_no_trace(issued: Any) -> None:
    document = issued()
    before = (AuditEntry.objects.count(), OutboxEvent.objects.count())
    page(document.issued_files.code)
    upload(pdf_of(document))
    assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == before
    assert OutgoingDocument.objects.get().state == "issued"
