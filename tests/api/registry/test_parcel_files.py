"""A parcel holds every file there is, and says of which documents there is none."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import etree

from server.common import providers
from server.publishing.pdf_pages import words_of
from server.registry.actions.distribution import Acceptance, accept
from server.registry.actions.incoming_files import attach_file
from server.registry.actions.recalling import recall
from server.registry.case_files import held_files as held
from server.registry.case_files.held_files import held_files
from server.registry.case_files.parcel import make_parcel
from server.registry.issuing.plan import RecipientPlan
from tests.support.case_files import Cabinet, cabinet
from tests.support.pictures import png

__all__ = ["cabinet"]

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def opened(user: Any, file: Any) -> ZipFile:
    with make_parcel(user, file) as out:
        return ZipFile(BytesIO(out.read()))


def attach(cast: Any, document: Any, name: str, data: bytes) -> None:
    attach_file(cast.vanthu, document.pk, SimpleUploadedFile(name, data))


@pytest.fixture
def scanned(cast: Any, cabinet: Cabinet) -> Any:
    """An incoming document with two files: a PDF and a picture."""
    document = cabinet.arrived()
    attach(cast, document, "quet.pdf", PDF)
    attach(cast, document, "trang 2.png", png())
    return document


def test_every_file_of_a_document_is_in_the_parcel(
    cast: Any, cabinet: Cabinet, scanned: Any
) -> None:
    file = cabinet.file(by=cast.vanthu, unit="VT")
    cabinet.put(file, scanned, by=cast.vanthu)
    archive = opened(cast.vanthu, file)
    assert archive.testzip() is None
    assert archive.namelist() == [
        "muc-luc.pdf",
        "van-ban/001-1.pdf",
        "van-ban/001-2.png",
        "ho-so.xml",
    ]
    assert archive.read("van-ban/001-1.pdf") == PDF
    (told,) = etree.fromstring(archive.read("ho-so.xml")).iter("Document")
    assert told.get("file") == "van-ban/001-1.pdf"
    assert told.get("missing") is None
    assert [(f.get("path"), f.get("sha256")) for f in told.iter("File")] == [
        (name, hashlib.sha256(archive.read(name)).hexdigest())
        for name in ("van-ban/001-1.pdf", "van-ban/001-2.png")
    ]


def test_table_and_xml_say_what_has_no_file_and_why(
    cast: Any, cabinet: Cabinet, begin_draft: Any
) -> None:
    file = cabinet.file()
    cabinet.put(file, cabinet.letter())
    cabinet.put(file, begin_draft("Dự thảo kế hoạch"))
    cabinet.put(file, cabinet.arrived())
    archive = opened(cast.chuyenvien, file)
    assert archive.namelist() == ["muc-luc.pdf", "ho-so.xml"]
    told = {
        d.get("kind"): d.get("missing")
        for d in etree.fromstring(archive.read("ho-so.xml")).iter("Document")
    }
    assert told == {
        "outgoing": held.NO_FILE,
        "draft": held.DRAFT,
        "incoming": held.CLOSED,
    }
    words = " ".join(words_of(archive.read("muc-luc.pdf")).split())
    assert "Không có tệp" in words


def test_an_issued_pdf_is_given_to_those_alone_who_may_open_it(
    cast: Any, issued: Any, stranger: Any
) -> None:
    document = issued()
    kept = providers.blob_store.get().get(document.issued_files.pdf)
    (file,) = held_files(cast.chuyenvien, document).files
    assert (file.read(), file.ending) == (kept, ".pdf")
    for other in (cast.quantri, stranger):
        found = held_files(other, document)
        assert (found.files, found.missing) == ((), held.CLOSED)


def test_a_recalled_document_that_was_received_is_told_to_be_so(
    cast: Any, issued: Any, department_clerk: Any, incoming_register: Any
) -> None:
    document = issued(RecipientPlan(organisation=cast.department.pk))
    row = document.recipients.get()
    accept(department_clerk, row.pk, Acceptance(register_id=incoming_register.pk))
    row.refresh_from_db()
    assert len(held_files(department_clerk, row.incoming).files) == 1
    recall(cast.vanthu, document.pk, "sai nội dung")
    found = held_files(department_clerk, row.incoming)
    assert (found.files, found.missing) == ((), held.RECALLED)
