"""What a file is, by its bytes, and the name it keeps."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.registry.file_kinds import (
    HEAD_BYTES,
    SHOWN_IN_PAGE,
    TAIL_BYTES,
    FileKind,
    clean_name,
    is_too_old,
    kind_of,
)

PDF = FileKind("application/pdf", (".pdf",), "1.4")


def package(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x" * 9000)
    return out.getvalue()


def open_package(name: str) -> bytes:
    """As LibreOffice writes it: the type first, not packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", f"application/vnd.oasis.opendocument.{name}")
        file.writestr("content.xml", "x" * 9000, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def kind(data: bytes, name: str = "tệp") -> str:
    found = kind_of(data[:HEAD_BYTES], data[-TAIL_BYTES:], name)
    return found.extensions[0] if found else ""


@pytest.mark.parametrize(
    ("data", "name", "extension"),
    [
        (b"%PDF-1.7\n", "quét.exe", ".pdf"),
        (b"\x00\x00%PDF-1.3\n", "", ".pdf"),
        (b"\x89PNG\r\n\x1a\n", "", ".png"),
        (b"\xff\xd8\xff\xe0", "", ".jpg"),
        (b"II*\x00", "", ".tif"),
        (package("[Content_Types].xml", "word/document.xml"), "a.zip", ".docx"),
        (package("[Content_Types].xml", "xl/workbook.xml"), "", ".xlsx"),
        (open_package("text"), "a.docx", ".odt"),
        (open_package("spreadsheet"), "", ".ods"),
        (open_package("presentation"), "", ".odp"),
        (package("ảnh.jpg"), "a.docx", ".zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Công văn.DOC", ".doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "cài.msi", ""),
        (b"<html><script>", "văn bản.pdf", ""),
        (b"<svg xmlns=", "ảnh.png", ""),
        (b"MZ\x90\x00", "văn bản.pdf", ""),
        (b"", "", ""),
    ],
)
def test_bytes_tell_what_it_is(data: bytes, name: str, extension: str) -> None:
    assert kind(data, name) == extension


def test_a_large_word_file_is_known_by_its_end() -> None:
    media = [f"word/media/image{n}.png" for n in range(40)]
    data = package("[Content_Types].xml", *media, "word/document.xml")
    assert len(data) > HEAD_BYTES + TAIL_BYTES
    assert kind(data) == ".docx"


def test_old_pdf_is_called_old() -> None:
    versions = ("1.2", "1.3", "1.4", "1.7", "2.0", "")
    assert [is_too_old(v, date(2026, 11, 28)) for v in versions] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


def test_nothing_that_a_browser_runs_is_shown() -> None:
    assert not any("html" in t or "svg" in t or "xml" in t for t in SHOWN_IN_PAGE)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Công văn 1146.pdf", "Công văn 1146.pdf"),
        ("C:\\scan\\Giấy mời.PDF", "Giấy mời.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("hoá đơn.pdf.exe", "hoá đơn.pdf.exe.pdf"),
        ("a\u202efdp.exe", "a fdp.exe.pdf"),
        ("a\r\nb\x00c.pdf", "a b c.pdf"),
        ("", "tệp.pdf"),
        (".pdf", "pdf.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given_name: str, kept: str) -> None:
    assert clean_name(given_name, PDF, 200) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_a_file_name(name: str) -> None:
    kept = clean_name(name, PDF, 200)
    assert kept.endswith(".pdf")
    assert len(kept) <= 200
    assert not set(kept) & set('\\/:*?"<>|\r\n\x00\u202e')
    assert clean_name(kept, PDF, 200) == kept
