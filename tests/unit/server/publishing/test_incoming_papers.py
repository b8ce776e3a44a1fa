"""The slip of settlement and the stamp ĐẾN, read back from what is printed."""

from __future__ import annotations

import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from server.common.errors import InvalidInput
from server.publishing.incoming.docx import slip_to_docx
from server.publishing.incoming.pdf import slip_to_pdf, stamp_to_pdf
from server.publishing.incoming.slip import Opinion, Slip, Stamp
from tests.support.printed import need_poppler

ARRIVED = date(2026, 11, 13)
LEADER = Opinion(
    ("Đơn vị, cá nhân chủ trì: Phòng Tổng hợp.", "Trả lời trước ngày 03/12."),
    "Ngày 26/11/2026, Bùi Hồng Quý",
)
SLIP = Slip(
    parent="UBND TỈNH ĐẮK LẮK",
    organisation="VĂN PHÒNG",
    place="Đắk Lắk",
    day=date(2026, 1, 5),
    about="Công văn số 1146/SNV-CCHC của Sở Nội vụ",
    opinions=(LEADER, Opinion(), Opinion()),
    arrived_on=ARRIVED,
)
TITLE, PARTS = SLIP.form.title, SLIP.form.parts
STAMP = Stamp("VĂN PHÒNG UBND TỈNH ĐẮK LẮK", "1208", ARRIVED, "Phòng Tổng hợp")


def read(program: str, pdf: bytes, folder: Path) -> str:
    """What poppler says of the file, on one line."""
    need_poppler()
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    words = [program, str(file), *(["-"] if program == "pdftotext" else [])]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return " ".join(said.split())


def test_the_slip_has_the_three_parts_in_order(tmp_path: Path) -> None:
    said = read("pdftotext", slip_to_pdf(SLIP), tmp_path)
    places = [said.index(words) for words in (TITLE, *PARTS)]
    assert places == sorted(places)
    assert "Đắk Lắk, ngày 05 tháng 01 năm 2026" in said
    for words in (*LEADER.lines, LEADER.signed, SLIP.about):
        assert words in said
    assert said.count("....") > 4, "a part without words has lines to write on"


def test_word_has_the_same_slip() -> None:
    document = Document(BytesIO(slip_to_docx(SLIP)))
    lines = [paragraph.text for paragraph in document.paragraphs]
    for words in (TITLE, SLIP.about, *PARTS, *LEADER.lines, LEADER.signed):
        assert words in lines
    assert lines.count("\t") == 8
    head = [cell.text for cell in document.tables[0].rows[0].cells]
    assert head[0] == "UBND TỈNH ĐẮK LẮK\nVĂN PHÒNG"
    assert head[1].startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n")


def test_a_slip_without_a_day_leaves_dots() -> None:
    bare = Slip(
        "", "VĂN PHÒNG", "", None, "", (Opinion(), Opinion(), Opinion()), ARRIVED
    )
    assert bare.place_line == "…………, ngày …… tháng …… năm ………"
    assert slip_to_pdf(bare).startswith(b"%PDF")


def test_the_stamp_is_fifty_by_thirty_five_millimetres(tmp_path: Path) -> None:
    facts = read("pdfinfo", stamp_to_pdf(STAMP), tmp_path)
    assert "Pages: 1 " in facts
    # 50 and 35 mm in points.
    assert "Page size: 141.732 x 99.2126 pts" in facts


def test_a_long_name_and_many_recipients_stay_within_the_stamp(tmp_path: Path) -> None:
    long = Stamp(
        "VĂN PHÒNG ĐOÀN ĐẠI BIỂU QUỐC HỘI VÀ HỘI ĐỒNG NHÂN DÂN TỈNH ĐẮK LẮK",
        "12345",
        ARRIVED,
        "; ".join(f"Phòng {n}" for n in range(20)),
        "03.HCTC",
    )
    pdf = stamp_to_pdf(long)
    assert "Pages: 1 " in read("pdfinfo", pdf, tmp_path)
    said = read("pdftotext", pdf, tmp_path)
    assert "12345" in said
    assert "03.HCTC" in said


def test_a_character_that_cannot_be_shown_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        stamp_to_pdf(Stamp("VĂN PHÒNG 漢", "1", ARRIVED))
    assert refused.value.code == "missing_glyph"
