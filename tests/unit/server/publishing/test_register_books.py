"""The printed books as a clerk holds them: long names, sixty rows, nothing cut off.

PDF and Word are measured on their pages, by poppler; the spreadsheet by its heights.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import ImageFont

from server.publishing.registers.book import Book, Cell, Cover
from server.publishing.registers.docx import to_docx
from server.publishing.registers.forms import MARGIN_MM, Kind, form_of
from server.publishing.registers.lines import breakable, lines_in
from server.publishing.registers.pdf import to_pdf
from server.publishing.registers.xlsx import to_xlsx
from tests.support.printed import FONTS, Box, Printed, Sheet, need_poppler, word_to_pdf

OPENED = date(2026, 1, 1)
ROWS = 60
WIDE = "QĐ-BCĐPCTT&TKCN-PTDS"
SUBJECTS = (
    "V/v đảm bảo hoạt động hiệu quả của Hệ thống quản lý văn bản và điều hành idesk",
    "Kế hoạch triển khai thực hiện Nghị quyết số 57-NQ/TW ngày 22 tháng 12 năm 2024 "
    "của Bộ Chính trị về đột phá phát triển khoa học, công nghệ, đổi mới sáng tạo và "
    "chuyển đổi số quốc gia giai đoạn 2026 - 2030 trên địa bàn tỉnh Đắk Lắk",
    "Báo cáo quý",
)
NAMES = ("Bùi Hồng Quý", "H'Yim Kđoh Êban Niê", "Tôn Nữ Công Huyền Diệu Hiền")
PLACES = (
    "Sở Thông tin và Truyền thông; Ủy ban nhân dân các xã, phường: Buôn Ma Thuột, Tân "
    "Lập, Ea Kao, Hòa Phú",
    "Như trên;\nCổng thông tin điện tử của tỉnh;\nLưu: VT, HCTC (03b)",
)
UNIT = "Phòng Hành chính - Tổ chức"
LONG_TITLE = (
    "SỔ ĐĂNG KÝ BẢN SAO CỦA BAN CHỈ ĐẠO PHÒNG, CHỐNG THIÊN TAI, TÌM KIẾM CỨU NẠN VÀ "
    "PHÒNG THỦ DÂN SỰ TỈNH ĐẮK LẮK"
)
COVER = Cover(
    parent="ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK",
    organisation="VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK",
    title="",
    year="2026",
    first_day=date(2026, 1, 1),
    last_day=date(2026, 12, 31),
    first_number="01",
    last_number="60",
)


def _rows(kind: Kind) -> tuple[tuple[Cell, ...], ...]:
    rows: list[tuple[Cell, ...]] = []
    for n in range(1, ROWS + 1):
        day = date(2026, 1, 5) + timedelta(days=n)
        subject = f"Công văn: {SUBJECTS[n % 3]}"
        notation = f"{n:02d}/{WIDE if n % 3 else 'VPUBND-HCTC'}"
        place, name = PLACES[n % 2], NAMES[n % 3]
        note = "Hủy số: soạn nhầm thể thức" if n % 13 == 0 else ""
        if kind is Kind.OUTGOING:
            rows.append(
                (notation, day, subject, name, place, UNIT, n % 7, day, "", note)
            )
        elif kind is Kind.INCOMING:
            came = ("Ủy ban nhân dân xã Ea H'Leo", notation, day, subject, UNIT, day)
            rows.append((day, n, *came, "", note))
        else:
            named = f"Công văn số {notation} ngày {day:%d/%m/%Y} của Sở Nội vụ"
            rows.append((n, named, UNIT, day, "Đang tham mưu trả lời", notation, note))
    return tuple(rows)


def book(kind: Kind, **cover: Any) -> Book:
    void = frozenset(i for i in range(ROWS) if (i + 1) % 13 == 0)
    return Book(form_of(kind, OPENED), replace(COVER, **cover), _rows(kind), void)


def edges(kind: Kind) -> list[float]:
    return [
        *accumulate((c.width for c in form_of(kind, OPENED).columns), initial=MARGIN_MM)
    ]


def column_of(word: Box, sides: list[float]) -> int:
    return max(i for i, side in enumerate(sides) if side <= word.centre)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: Any) -> dict[Kind, Printed]:
    need_poppler()
    folder: Path = tmp_path_factory.mktemp("books")
    found = {}
    for kind in Kind:
        path = folder / f"{kind.value}.pdf"
        path.write_bytes(to_pdf(book(kind)))
        found[kind] = Printed(path)
    return found


@pytest.mark.parametrize("kind", Kind)
def test_no_word_of_the_pdf_leaves_its_column(
    printed: dict[Kind, Printed], kind: Kind
) -> None:
    sides = edges(kind)
    assert len(printed[kind].sheets) > 5
    for sheet in printed[kind].sheets[1:]:
        for word in sheet.words[1:]:  # the first is the number of the page
            index = column_of(word, sides)
            assert word.left > sides[index], word
            assert word.right < sides[index + 1], word


@pytest.mark.parametrize("kind", Kind)
def test_every_row_of_the_pdf_stands_whole_on_its_page(
    printed: dict[Kind, Printed], kind: Kind
) -> None:
    sides = edges(kind)
    for sheet in printed[kind].sheets[1:]:
        first = _first_row(sheet)
        assert 0 in {column_of(word, sides) for word in first}, first


def _first_row(sheet: Sheet) -> list[Box]:
    """The words on the first line below the head, which ends with (1) (2) (3) …"""
    head = sheet.find("(1)").baseline
    below = [w for w in sheet.words if w.baseline > head + 1]
    top = min(w.baseline for w in below)
    return [w for w in below if abs(w.baseline - top) < 0.6]


def test_a_row_higher_than_a_page_is_printed_to_its_end(tmp_path: Path) -> None:
    need_poppler()
    full = book(Kind.OUTGOING)
    words = " ".join(f"Nơi{n}" for n in range(400))
    row = (*full.rows[0][:4], words, *full.rows[0][5:])
    path = tmp_path / "high.pdf"
    path.write_bytes(to_pdf(replace(full, rows=(row, full.rows[1]))))
    text = " ".join(sheet.text for sheet in Printed(path).sheets)
    assert all(f"Nơi{n}" in text for n in range(400))


@pytest.mark.parametrize("title", ["", LONG_TITLE])
def test_the_cover_stands_in_the_middle_of_its_page(tmp_path: Path, title: str) -> None:
    need_poppler()
    made = replace(book(Kind.OUTGOING, title=title), rows=_rows(Kind.OUTGOING)[:2])
    path = tmp_path / "cover.pdf"
    path.write_bytes(to_pdf(made))
    as_word = word_to_pdf(tmp_path, {"word": to_docx(made)})["word"]
    for cover in (Printed(path).sheets[0], Printed(as_word).sheets[0]):
        first, last = cover.words[0].baseline, cover.words[-1].baseline
        middle = (first + last) / 2
        assert abs(middle - cover.height / 2) < 15, (first, last)
        assert all(w.left > 20 and w.right < cover.width - 20 for w in cover.words)
        assert cover.words[-1].baseline < cover.height - 20


def test_word_prints_sixty_rows_each_with_its_head(tmp_path: Path) -> None:
    need_poppler()
    files = {kind.value: to_docx(book(kind)) for kind in Kind}
    made = word_to_pdf(tmp_path, files)
    for kind in Kind:
        sides = edges(kind)
        sheets = Printed(made[kind.value]).sheets
        assert all("(1)" in sheet.text for sheet in sheets[1:])
        for sheet in sheets[1:]:
            first = _first_row(sheet)
            assert 0 in {column_of(word, sides) for word in first}


# ── the spreadsheet ─────────────────────────────────────────────────────────────


def _needed_lines(text: str, room_mm: float, *, bold: bool) -> int:
    """Words set one after the other, as a program does; letter by letter when wide."""
    face = "Bold" if bold else "Regular"
    font = ImageFont.truetype(str(FONTS / f"Tinos-{face}.ttf"), 1000)
    room = room_mm / 25.4 * 72 / 12 * 1000
    count = 0
    for line in text.split("\n"):
        count, filled = count + 1, 0.0
        for word in line.split():
            width = font.getlength(word)
            gap = font.getlength(" ") if filled else 0
            if filled and filled + gap + width > room:
                count, filled, gap = count + 1, 0.0, 0
            while width > room:
                count, width = count + 1, width - room
            filled += gap + width
    return count


@pytest.mark.parametrize("kind", Kind)
def test_every_row_of_the_spreadsheet_is_as_high_as_its_words(kind: Kind) -> None:
    sheet = load_workbook(BytesIO(to_xlsx(book(kind))))["Sổ"]
    columns = form_of(kind, OPENED).columns
    assert sheet.max_row == ROWS + 2
    for row in sheet.iter_rows():
        height = sheet.row_dimensions[row[0].row].height
        for cell, column in zip(row, columns, strict=True):
            value = cell.value
            shown = f"{value:%d/%m/%Y}" if hasattr(value, "year") else str(value or "")
            lines = _needed_lines(shown, column.width - 2, bold=bool(cell.font.b))
            assert height >= 15.75 * lines, (cell.coordinate, shown, height)


def test_a_long_title_is_not_cut_off_the_cover_of_the_spreadsheet() -> None:
    data = to_xlsx(book(Kind.OUTGOING, title=LONG_TITLE))
    cover = load_workbook(BytesIO(data))["Bìa"]
    (title,) = [row[0] for row in cover.iter_rows() if row[0].value == LONG_TITLE]
    assert title.alignment.wrap_text
    # 22 points of bold capitals: two lines at least.
    assert cover.row_dimensions[title.row].height >= 2 * 27


# ── where words break ───────────────────────────────────────────────────────────


def test_a_word_that_fits_is_left_alone() -> None:
    for text in ("Sở Nội vụ", "12/VPUBND", "", "a\nb"):
        assert breakable(text, 30, 12) == text


def test_a_wide_word_may_break_at_its_strokes_first() -> None:
    broken = breakable(f"12/{WIDE} ngày", 29, 12)
    assert broken.replace("\u200b", "") == f"12/{WIDE} ngày"
    assert "\u200bBCĐPCTT&\u200bTKCN-\u200bPTDS ngày" in broken


def test_a_word_without_strokes_breaks_where_the_column_ends() -> None:
    word = "W" * 40
    broken = breakable(word, 13, 12)
    assert broken.replace("\u200b", "") == word
    assert lines_in(broken.replace("\u200b", " "), 13, 12) == lines_in(word, 13, 12)
