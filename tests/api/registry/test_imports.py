"""A .docx becomes a draft, or leaves nothing behind."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from docx.shared import Mm
from PIL import Image

from collab.content.tree import Image as Picture
from collab.content.tree import iter_images, iter_paragraphs
from server.common import providers
from server.common.models import AuditEntry
from server.registry.exports import committed_content
from server.registry.models import Draft, DraftImage
from storage.memory import MemoryBlobStore

IMPORT = "/api/v1/drafts/import"


def png() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (40, 20), "blue").save(out, "PNG")
    out.seek(0)
    return out


def word(*lines: str, fill: Callable[[Any], None] | None = None) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    if fill:
        fill(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def send(browser: Any, data: bytes, name: str = "Kế hoạch.docx", **form: str) -> Any:
    file = SimpleUploadedFile(name, data)
    return browser.post(IMPORT, {"file": file, **form})


def test_a_word_file_becomes_a_draft_of_ones_own(
    chuyenvien: Any, signed_in: Any, events: Any
) -> None:
    browser = signed_in(chuyenvien)
    answer = send(browser, word("Nội dung thứ nhất", "Nội dung thứ hai"), type="KH")
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["title"], body["type"], body["source"]) == ("Kế hoạch", "KH", "docx")
    assert (body["level"], body["warnings"]) == ("own", [])
    draft = Draft.objects.get(pk=body["id"])
    content = committed_content(draft)
    texts = [p.text for p in iter_paragraphs(content.blocks)]
    assert texts == ["Nội dung thứ nhất", "Nội dung thứ hai"]
    assert content.fields.document_type == "KH"
    assert content.fields.issuer == "VĂN PHÒNG UBND TỈNH ĐẮK LẮK"
    assert events() == [("draft.created", str(draft.pk))]
    assert AuditEntry.objects.get(action="draft.imported").details["filename"] == (
        "Kế hoạch.docx"
    )


def test_the_title_can_be_given(chuyenvien: Any, signed_in: Any) -> None:
    body = send(signed_in(chuyenvien), word("x"), title="  Tên   riêng ").json()
    assert body["title"] == "Tên riêng"


def test_images_of_the_file_are_images_of_the_draft(
    chuyenvien: Any, signed_in: Any
) -> None:
    browser = signed_in(chuyenvien)
    data = word("Có ảnh", fill=lambda d: d.add_picture(png(), width=Mm(40)))
    draft = Draft.objects.get(pk=send(browser, data).json()["id"])
    [image] = iter_images(committed_content(draft).blocks)
    assert isinstance(image, Picture)
    assert image.src.startswith(f"/api/v1/drafts/{draft.pk}/images/")
    assert browser.get(image.src)["Content-Type"] == "image/png"
    assert DraftImage.objects.get().draft_id == draft.pk


def test_what_could_not_be_kept_is_listed(chuyenvien: Any, signed_in: Any) -> None:
    def add_header(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "Đầu trang riêng"

    answer = send(signed_in(chuyenvien), word("x", fill=add_header))
    warnings = answer.json()["warnings"]
    assert warnings
    assert all(set(w) == {"code", "message", "count"} for w in warnings)


def bomb() -> bytes:
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(word("x"))) as sound,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in sound.namelist():
            if name != "word/document.xml":
                made.writestr(name, sound.read(name))
        made.writestr("word/document.xml", b"<a>" + b" " * 60_000_000 + b"</a>")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 broken",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        word("x")[:-200],
        bomb(),
    ],
    ids=["empty", "torn-zip", "pdf", "old-doc", "cut", "bomb"],
)
def test_a_file_that_cannot_be_used_leaves_nothing_behind(
    data: bytes, chuyenvien: Any, signed_in: Any
) -> None:
    answer = send(signed_in(chuyenvien), data)
    assert answer.status_code in {400, 413}
    assert answer.json()["message"]
    assert not Draft.objects.exists()
    assert not AuditEntry.objects.filter(subject_type="draft").exists()


def test_a_fault_while_storing_leaves_no_draft(
    chuyenvien: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = providers.blob_store.get()
    assert isinstance(blobs, MemoryBlobStore)

    def fail(data: bytes) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(blobs, "put", fail)
    data = word("Có ảnh", fill=lambda d: d.add_picture(png()))
    with pytest.raises(OSError, match="disk full"):
        send(signed_in(chuyenvien), data)
    assert not Draft.objects.exists()


def test_a_file_over_the_limit_is_not_read(
    chuyenvien: Any, signed_in: Any, settings: Any
) -> None:
    settings.MAX_IMPORT_BYTES = 1000
    answer = send(signed_in(chuyenvien), word("x"))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_an_unknown_type_is_refused(chuyenvien: Any, signed_in: Any) -> None:
    answer = send(signed_in(chuyenvien), word("x"), type="ZZ")
    assert "type" in answer.json()["fields"]
    assert not Draft.objects.exists()


def test_the_page_says_what_was_not_kept_and_opens_the_draft(
    chuyenvien: Any, signed_in: Any
) -> None:
    browser = signed_in(chuyenvien)
    answer = browser.post(
        "/drafts/import/",
        {"file": SimpleUploadedFile("a.docx", word("x")), "type": "CV"},
        headers={"HX-Request": "true"},
    )
    shown = answer.content.decode()
    assert f"/drafts/{Draft.objects.get().pk}/" in shown
    assert "<html" not in shown


def test_the_page_says_what_is_wrong_with_the_file(
    chuyenvien: Any, signed_in: Any
) -> None:
    browser = signed_in(chuyenvien)
    form = {"type": "KH", "title": "Tên"}
    nothing = browser.post("/drafts/import/", form)
    assert nothing.status_code == 400
    assert "Hãy chọn một tệp .docx." in nothing.content.decode()
    broken = browser.post(
        "/drafts/import/", {**form, "file": SimpleUploadedFile("a.docx", b"x")}
    )
    assert broken.status_code == 400
    assert 'value="Tên"' in broken.content.decode()
