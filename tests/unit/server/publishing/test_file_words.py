"""The words of attached files: what is read of them, and that no file does harm."""

from __future__ import annotations

import os
import sys
import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from docx.oxml import OxmlElement
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.publishing.file_words import DOCX, PDF, words_of
from server.registry.models import WhyUnread
from server.registry.search.reading_apart import FileReader, Stopped
from tests.support.attachments import (
    docx_saying,
    locked,
    pdf_of_streams,
    pdf_saying,
    pdf_that_never_ends,
    pdf_that_swells,
    scan,
)
from tests.support.incoming import PDF as EMPTY_PAGE

SENTENCE = "Sở Nội vụ đề nghị rà soát danh mục dịch vụ công trực tuyến toàn trình"


def read(data: bytes, kind: str = PDF, seconds: int = 30) -> str | None:
    return FileReader(seconds=seconds).read(kind, [data]).text


def test_the_letters_of_a_pdf_are_read_page_by_page() -> None:
    said = words_of(PDF, pdf_saying(SENTENCE, "Trang hai: hồ sơ số hóa"))
    assert said.split("\n") == [SENTENCE, "Trang hai: hồ sơ số hóa"]


def test_where_a_printed_line_ends_no_sentence_does() -> None:
    assert SENTENCE in words_of(PDF, pdf_saying(SENTENCE, width_mm=60))


def test_a_layer_behind_a_scan_is_read_though_nobody_sees_it() -> None:
    """Mode 3 paints nothing: so recognised words lie behind a picture."""
    assert words_of(PDF, pdf_of_streams(b"BT 3 Tr /F1 9 Tf (so hoa) Tj ET")) == "so hoa"


def test_a_scan_says_nothing() -> None:
    assert words_of(PDF, scan()) == words_of(PDF, EMPTY_PAGE) == ""


def test_a_word_file_is_read_with_its_tables_and_header() -> None:
    said = words_of(DOCX, docx_saying(SENTENCE, "Điều 2", note="Phụ lục kèm theo"))
    assert said.split("\n") == [SENTENCE, "Điều 2", "Phụ lục kèm theo"]


def test_what_was_deleted_with_tracked_changes_is_not_read() -> None:
    import docx

    made = docx.Document()
    paragraph = made.add_paragraph("còn lại")
    deleted, run = OxmlElement("w:del"), OxmlElement("w:r")
    text = OxmlElement("w:delText")
    text.text = "đã xóa"
    run.append(text)
    deleted.append(run)
    paragraph._p.append(deleted)
    out = BytesIO()
    made.save(out)
    assert words_of(DOCX, out.getvalue()) == "còn lại"


def test_no_more_is_read_than_there_is_room_for() -> None:
    long = pdf_saying("một hai ba", "bốn năm sáu", "bảy tám")
    assert words_of(PDF, long, 14) == "một hai ba\nbốn"
    assert words_of(DOCX, docx_saying("một hai", "ba bốn"), 10) == "một hai\nba"


def test_marks_that_no_database_takes_are_left_out() -> None:
    data = pdf_of_streams(b"BT /F1 9 Tf (a\\000b\\001c) Tj ET")
    assert "\x00" not in words_of(PDF, data)


# ── a process of its own ─────────────────────────────────────────────────────────


def test_a_file_is_read_in_a_process_of_its_own() -> None:
    assert read(pdf_saying(SENTENCE)) == SENTENCE
    assert read(docx_saying(SENTENCE), DOCX) == SENTENCE
    assert read(scan()) == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\nnothing of the kind",
        pdf_saying(SENTENCE)[:400],
        locked(pdf_saying(SENTENCE)),
    ],
    ids=["empty", "no pdf", "cut off", "locked"],
)
def test_what_cannot_be_read_says_so(data: bytes) -> None:
    assert read(data) is None


def test_a_file_with_a_wrong_name_for_its_kind_cannot_be_read() -> None:
    assert read(pdf_saying(SENTENCE), DOCX) is None
    assert read(docx_saying(SENTENCE), PDF) is None
    assert read(docx_saying(SENTENCE), "text/html") is None


def test_a_page_without_end_is_given_up() -> None:
    said = FileReader(seconds=2).read(PDF, [pdf_that_never_ends()])
    assert (said.text, said.why) == (None, WhyUnread.TOO_SLOW)


def test_a_stream_that_swells_takes_no_more_memory_than_is_allowed() -> None:
    """Three gigabytes are packed into a few megabytes."""
    packed = pdf_that_swells(600)
    assert len(packed) < 5_000_000
    said = read(packed, seconds=10)
    assert said is None or len(said) <= 500_000


def test_a_zip_bomb_cannot_be_read() -> None:
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(docx_saying("nhỏ"))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = data.replace("nhỏ".encode(), b"a" * 300_000_000)
            bomb.writestr(name, data)
    assert len(out.getvalue()) < 1_000_000
    assert read(out.getvalue(), DOCX) is None


def test_the_process_that_reads_knows_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DUTHAO_SECRET_KEY", "bí mật")
    seen: list[dict[str, str]] = []
    from server.registry.search import apart

    run = apart.subprocess.Popen

    def watched(*args: object, **more: object) -> object:
        seen.append(dict(more["env"]))  # type: ignore[call-overload]
        return run(*args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(apart.subprocess, "Popen", watched)
    assert read(pdf_saying("một")) == "một"
    assert set(seen[0]) == {"PATH", "PYTHONDONTWRITEBYTECODE"}


def test_a_reader_that_is_stopped_reads_nothing_more() -> None:
    reader = FileReader()
    reader.stop()
    with pytest.raises(Stopped):
        reader.read(PDF, [pdf_saying("một")])


def test_a_reader_is_stopped_in_the_middle_of_a_file() -> None:
    reader = FileReader()

    def chunks() -> object:
        yield b"%PDF-1.7"
        reader.stop()
        yield b"more"

    with pytest.raises(Stopped):
        reader.read(PDF, chunks())  # type: ignore[arg-type]


def test_the_child_is_gone_when_the_bytes_are_damaged() -> None:
    reader = FileReader()

    def chunks() -> object:
        yield b"%PDF-1.7"
        raise ValueError("damaged")

    with pytest.raises(ValueError, match="damaged"):
        reader.read(PDF, chunks())  # type: ignore[arg-type]
    assert not reader.is_reading


def test_the_child_writes_no_file(tmp_path: object) -> None:
    """Its limit of file sizes is none at all; only pipes are written to."""
    source = (
        "import runpy, sys, resource\n"
        "from server.publishing.file_words.__main__ import _bound\n"
        "_bound(5)\n"
        "print(resource.getrlimit(resource.RLIMIT_FSIZE)[0])\n"
    )
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", source],
        capture_output=True,
        check=True,
        env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.stdout.strip() == b"0"


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(place=st.integers(0, 3000), byte=st.integers(0, 255), cut=st.integers(0, 500))
def test_a_damaged_pdf_is_read_or_refused_and_nothing_else(
    place: int, byte: int, cut: int
) -> None:
    from pypdfium2 import PdfiumError

    data = bytearray(pdf_of_streams(b"BT /F1 9 Tf (so hoa) Tj ET"))
    data[place % len(data)] = byte
    damaged = bytes(data[: len(data) - cut % len(data)])
    with suppress(PdfiumError):
        assert isinstance(words_of(PDF, damaged), str)
