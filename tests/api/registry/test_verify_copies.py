"""Whoever holds a copy learns whether the copy counts and its document still holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from server.common import clock, providers
from server.registry import verifying
from server.registry.actions.copying import CopyPlan, make_copy
from server.registry.actions.copying_received import copy_received
from server.registry.actions.distribution import Acceptance, accept
from server.registry.actions.incoming import IncomingEntry, register_incoming
from server.registry.actions.incoming_files import attach_file
from server.registry.actions.numbers import void_number
from server.registry.actions.recalling import recall
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.models import DocumentCopy, DocumentLink, LinkKind, OfficePolicy
from tests.support.copying import copy_plan
from tests.support.incoming import PDF


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    verifying.throttle.forget()
    yield
    verifying.throttle.forget()


def data_of(copy: Any) -> bytes:
    found: bytes = providers.blob_store.get().get(copy.pdf)
    return found


def sent(data: bytes, **more: str) -> str:
    file = SimpleUploadedFile("ban-sao.pdf", data, "application/pdf")
    answer = Client().post("/verify/", {"file": file, **more})
    assert answer.status_code == 200
    return str(answer.content.decode())


def told(data: bytes) -> Any:
    file = SimpleUploadedFile("ban-sao.pdf", data, "application/pdf")
    return Client().post("/api/v1/verify", {"file": file}).json()


def entered(clerk: Any, office: Any, file: bytes) -> tuple[Any, Any]:
    """What came by another way than this system, with its PDF."""
    plan = RegisterPlan(name="Sổ đến khác", kind="incoming")
    book = open_register(clerk, office.pk, plan)
    entry = IncomingEntry("CV", "Văn phòng", "trích yếu", full_number="01/VPUBND-HCTC")
    row = register_incoming(clerk, book.pk, entry)
    scan = attach_file(clerk, row.pk, SimpleUploadedFile("cv.pdf", file))
    return row, scan


@pytest.fixture
def department_copies(cast: Any, department_clerk: Any) -> Any:
    plan = RegisterPlan(name="Sổ bản sao", kind="copies")
    return open_register(department_clerk, cast.department.pk, plan)


def test_the_copy_of_a_recalled_document_says_so(
    cast: Any, digital: None, document: Any, book: Any
) -> None:
    copy = make_copy(cast.vanthu, document.pk, CopyPlan(book.pk, "SY"))
    data = data_of(copy)
    before = sent(data)
    assert "chưa bị thu hồi hay thay thế" in before
    assert f"bản sao số {copy.row.full_number}" in before
    assert f"Sao từ văn bản số {document.full_number}" in before
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    after = sent(data)
    assert "Văn bản đã bị thu hồi từ" in after
    assert "Ban hành nhầm" not in after
    made = told(data)["made_copy"]
    assert (made["full_number"], made["kind"]) == (copy.row.full_number, "SY")
    assert made["document"]["standing"] == "recalled"
    assert told(data)["issued"] is None
    # By the code of the document it says what the file is, and the standing once.
    by_code = sent(data, code=document.issued_files.code)
    assert "Không giống từng byte" not in by_code
    assert by_code.count("Văn bản đã bị thu hồi từ") == 1


def test_a_copy_that_is_sent_for_another_document_is_told(
    cast: Any, document: Any, issued: Any, book: Any
) -> None:
    copy = make_copy(cast.vanthu, document.pk, copy_plan(book))
    other = issued(title="V/v khác")
    said = sent(data_of(copy), code=other.issued_files.code)
    assert f"Đây không phải tệp của văn bản số {other.full_number}" in said
    assert f"Sao từ văn bản số {document.full_number}" in said


def test_a_copy_whose_number_was_voided_says_so(
    cast: Any, document: Any, book: Any
) -> None:
    copy = make_copy(cast.vanthu, document.pk, copy_plan(book))
    data = data_of(copy)
    assert "bản sao không còn giá trị" not in sent(data)
    void_number(cast.vanthu, copy.row.issued_number_id, "sao nhầm")
    said = sent(data)
    assert "bản sao không còn giá trị" in said
    assert "sao nhầm" not in said
    assert told(data)["made_copy"]["is_void"] is True


def test_what_was_received_here_and_copied_is_known_by_its_issue(
    cast: Any,
    document: Any,
    department_clerk: Any,
    incoming_register: Any,
    department_copies: Any,
) -> None:
    line = document.recipients.get()
    row = accept(department_clerk, line.pk, Acceptance(incoming_register.pk))
    scan = attach_file(department_clerk, row.pk, SimpleUploadedFile("quét.pdf", PDF))
    copy = copy_received(
        department_clerk, row.pk, scan.pk, copy_plan(department_copies)
    )
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    assert "Văn bản đã bị thu hồi từ" in sent(data_of(copy))


def test_a_file_that_this_system_issued_is_known_whatever_way_it_came(
    cast: Any, document: Any, department_clerk: Any, department_copies: Any
) -> None:
    pdf = providers.blob_store.get().get(document.issued_files.pdf)
    row, scan = entered(department_clerk, cast.department, pdf)
    copy = copy_received(
        department_clerk, row.pk, scan.pk, copy_plan(department_copies)
    )
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    assert "Văn bản đã bị thu hồi từ" in sent(data_of(copy))


def test_of_what_came_from_outside_nothing_is_claimed(
    cast: Any, department_clerk: Any, department_copies: Any
) -> None:
    row, scan = entered(department_clerk, cast.department, PDF)
    copy = copy_received(
        department_clerk, row.pk, scan.pk, copy_plan(department_copies)
    )
    said = sent(data_of(copy))
    assert "không biết văn bản đó còn hiệu lực" in said
    assert "chưa bị thu hồi hay thay thế" not in said
    assert told(data_of(copy))["made_copy"]["document"] is None


def test_the_original_that_a_copy_bears_is_told_with_its_standing(
    cast: Any, digital: None, document: Any, book: Any
) -> None:
    """Also of a copy that no book here knows."""
    OfficePolicy.objects.update(copies_signed_files=True)
    pdf = providers.blob_store.get().get(document.issued_files.pdf)
    row, scan = entered(cast.vanthu, cast.office, pdf)
    copy = copy_received(cast.vanthu, row.pk, scan.pk, CopyPlan(book.pk, "SY"))
    data = data_of(copy)
    DocumentCopy.objects.update(pdf="0" * 64)
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    said = sent(data)
    assert "Văn bản gốc kèm trong bản sao" in said
    assert "Văn bản đã bị thu hồi từ" in said
    assert told(data)["made_copy"] is None


def test_what_was_recalled_names_what_has_its_place(
    cast: Any, document: Any, issued: Any
) -> None:
    new = issued(title="V/v thay thế")
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    DocumentLink.objects.create(
        source=new, target=document, kind=LinkKind.REPLACES, at=clock.now()
    )
    page = Client().get(f"/verify/{document.issued_files.code}").content.decode()
    assert "Văn bản đã bị thu hồi từ" in page
    assert new.full_number in page
