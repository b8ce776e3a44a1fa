"""The demo office's own letter beside the decree: every part as the law allows it.

The other tests of printed pages ask for the values that we chose; this one asks for the
decree's own ranges, on the letter that a newcomer opens first, in both formats.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from collab.content.tree import Content
from server.accounts.models import Organisation, Unit
from server.publishing.check import check
from server.publishing.docx_export import to_docx
from server.publishing.pdf_export import to_pdf
from server.publishing.rules import rules_for
from server.registry import document_types
from server.registry.demo import _FOLDER, _content
from server.registry.first_text import content_for
from tests.support.printed import Box, Printed, need_poppler, word_to_pdf
from tests.unit.server.publishing.samples import images

NEAR = 0.6  # mm
PT = 0.35
PROVINCE = Organisation(name="UBND tỉnh Đắk Lắk", abbreviation="UBND", place="Đắk Lắk")
OFFICE = Organisation(
    name="Văn phòng UBND tỉnh Đắk Lắk",
    abbreviation="VPUBND",
    place="Đắk Lắk",
    parent=PROVINCE,
)
HCTC = Unit(name="Phòng Hành chính – Tổ chức", abbreviation="HCTC", organisation=OFFICE)


def _letter() -> Content:
    """Demo draft 01, as the seed begins it."""
    file = _FOLDER / "01-cong-van-328.toml"
    data = tomllib.loads(file.read_text("utf-8"))
    kind = document_types.find(data["type"])
    assert kind is not None
    return _content(data, content_for(kind, HCTC, title=data["title"]))


LETTER = _letter()
RULES = rules_for(LETTER.fields)
# Words of each part, its component, and whether it is in the left or right column.
PARTS = [
    ("UBND TỈNH ĐẮK LẮK", "issuer_parent", "left"),
    ("VĂN PHÒNG", "issuer", "left"),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "country", "right"),
    ("Độc lập - Tự do - Hạnh phúc", "motto", "right"),
    ("Đắk Lắk, ngày 14 tháng 7 năm 2017", "place_date", "right"),
    ("V/v đảm bảo hoạt động hiệu quả", "letter_subject", "left"),
    ("Kính gửi: Sở Thông tin và Truyền thông.", "addressees", ""),
    ("Nơi nhận:", "recipients_title", ""),
    ("- Như trên;", "recipient", ""),
    ("- Lưu: VT, HCTC (T/Phi).", "recipient", ""),
    ("CHÁNH VĂN PHÒNG", "signer_position", ""),
    ("Bùi Hồng Quý", "signer_name", ""),
]


@pytest.fixture(scope="module", params=["pdf", "word"])
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Printed:
    need_poppler()
    folder: Path = tmp_path_factory.mktemp(request.param)
    if request.param == "word":
        return Printed(word_to_pdf(folder, {"328": to_docx(LETTER, images)})["328"])
    path = folder / "328.pdf"
    path.write_bytes(to_pdf(LETTER, images))
    return Printed(path)


def _find(printed: Printed, text: str) -> Box:
    for sheet in printed.sheets:
        if text in sheet.text:
            return sheet.find(text)
    raise AssertionError(f"{text!r} is not printed")


def _allowed(key: str) -> tuple[float, float]:
    low, high = RULES.ranges[key]
    return low - PT, high + PT


def test_the_letter_has_no_severe_fault_of_form() -> None:
    assert [f.rule_id for f in check(LETTER) if f.is_severe] == []


@pytest.mark.parametrize(("text", "component", "column"), PARTS)
def test_each_part_has_a_size_and_a_face_that_the_decree_allows(
    printed: Printed, text: str, component: str, column: str
) -> None:
    part, box = RULES.components[component], _find(printed, text)
    low, high = _allowed(f"component.{component}.size_pt")
    assert low <= box.size_pt <= high
    wanted = ("Bold" if part.bold else "") + ("Italic" if part.italic else "")
    assert box.face == wanted
    page, header = RULES.page, RULES.header
    if column == "left":
        middle = page.margin_left_mm + header.left_mm / 2
        assert box.centre == pytest.approx(middle, abs=NEAR)
    if column == "right":
        middle = page.margin_left_mm + header.left_mm + RULES.header_right_mm / 2
        assert box.centre == pytest.approx(middle, abs=NEAR)


def test_the_margins_are_within_the_decree_on_both_pages(printed: Printed) -> None:
    assert len(printed.sheets) == 2
    for sheet in printed.sheets:
        body = [w for w in sheet.words if w.top > 20 - NEAR]
        left = min(w.left for w in body)
        right = sheet.width - max(w.right for w in body)
        assert 30 - NEAR <= left <= 35 + NEAR
        assert 15 - NEAR <= right <= 20 + NEAR
        assert sheet.height - max(w.baseline for w in body) >= 20


def test_the_body_is_indented_spaced_and_sized_as_the_decree_allows(
    printed: Printed,
) -> None:
    sheet = printed.sheets[0]
    lines = sheet.lines()
    at = next(i for i, b in enumerate(lines) if b.text.startswith("Thực hiện Quyết"))
    opening, second, third = lines[at : at + 3]
    low, high = _allowed("text.size_pt")
    assert low <= sheet.find("Thực hiện").size_pt <= high
    indent = opening.left - second.left
    assert 10 - NEAR <= indent <= 12.7 + NEAR
    step = (third.baseline - second.baseline) * 72 / 25.4
    single = RULES.text.size_pt * 1.15
    assert single - 0.5 <= step <= 1.5 * single + 0.5
    after = next(i for i, b in enumerate(lines) if b.text.startswith("Tuy nhiên,"))
    gap = (lines[after].baseline - lines[after - 1].baseline) * 72 / 25.4 - step
    assert gap >= 6 - 0.7


def test_the_letter_is_read_from_top_to_bottom_in_the_order_of_the_diagram(
    printed: Printed,
) -> None:
    first, last = printed.sheets
    order = ["VĂN PHÒNG", "V/v đảm bảo hoạt động", "Kính gửi: Sở", "Thực hiện Quyết"]
    tops = [first.find(text).top for text in order]
    assert tops == sorted(tops)
    end = last.find("phối hợp thực hiện./.")
    title, position = last.find("Nơi nhận:"), last.find("CHÁNH VĂN PHÒNG")
    assert end.bottom < title.top
    assert title.baseline == pytest.approx(position.baseline, abs=1.2)
    assert title.left < 31 < 100 < position.left
    assert last.find("2").top < 20, "the page number"
