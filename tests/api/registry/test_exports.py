"""What is exported is what the log holds."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from pycrdt import Doc, XmlElement, XmlFragment

from collab.content.state import merged_state
from collab.ports import Level
from server.common import providers
from server.registry.exports import Form, export, file_name
from server.registry.models import Draft

API = "/api/v1/drafts"


@pytest.fixture
def letter(begin_draft: Any, cast: Any) -> Draft:
    found: Draft = begin_draft(
        "V/v kiểm tra hệ thống idesk", shared={cast.sotttt: Level.VIEW}
    )
    return found


def test_a_viewer_downloads_text_word_and_pdf(
    letter: Draft, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.sotttt)
    text = browser.get(f"{API}/{letter.pk}/text")
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert "Văn phòng UBND tỉnh Đắk Lắk đề nghị" in text.content.decode()
    word = browser.get(f"{API}/{letter.pk}/export.docx")
    assert word["Content-Type"].endswith("wordprocessingml.document")
    assert Document(BytesIO(word.content)).paragraphs
    pdf = browser.get(f"{API}/{letter.pk}/export.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    for answer in (text, word, pdf):
        assert answer["Cache-Control"] == "private, no-store"


def test_the_file_is_named_as_the_draft(
    letter: Draft, cast: Any, signed_in: Any
) -> None:
    answer = signed_in(cast.chuyenvien).get(f"{API}/{letter.pk}/export.docx")
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''V%20v%20ki%E1%BB%83m%20tra%20h%E1%BB%87%20"
        "th%E1%BB%91ng%20idesk.docx"
    )


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ('a/b\\c:*?"<>|', "a b c.pdf"),
        ("..", "du-thao.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
    ],
)
def test_a_file_name_holds_nothing_that_a_disk_refuses(title: str, name: str) -> None:
    assert file_name(Draft(title=title), Form.PDF) == name


def test_later_updates_of_the_log_are_in_the_export(letter: Draft, cast: Any) -> None:
    store = providers.document_store.get()
    doc: Doc = Doc()
    stored = store.load(str(letter.pk))
    assert stored is not None
    doc.apply_update(merged_state(stored))
    body = doc.get("body", type=XmlFragment)
    paragraph = body.children[0]
    assert isinstance(paragraph, XmlElement)
    paragraph.children[0].insert(0, "Gửi Sở Nội vụ. ")
    store.start_epoch(str(letter.pk), doc.get_update())
    text = export(cast.chuyenvien, letter.pk, Form.TEXT).data.decode()
    assert text.startswith("Gửi Sở Nội vụ. Thực hiện")
