"""Pages measured against the rules, to the millimetre and the point: PDF and Word.

Sizes and places come from the rule-set; what is measured comes from poppler, and the
Word files from LibreOffice, so that neither exporter judges itself.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collab.content.tree import Content
from server.publishing.copies import Copy
from server.publishing.docx_export import to_docx
from server.publishing.fonts import text_width_mm
from server.publishing.layout import SINGLE_LINE
from server.publishing.pdf_export import to_pdf
from server.publishing.rules import RuleSet, rules_for
from tests.support.printed import (
    MM,
    Area,
    Box,
    Printed,
    Sheet,
    need_poppler,
    word_to_pdf,
)
from tests.unit.server.publishing.forms import (
    ELECTRONIC_COPY,
    EVERY_PART,
    PAPER_COPY,
    PARTY_LETTER,
    WITH_APPENDICES,
    of_type,
)
from tests.unit.server.publishing.samples import LETTER, images

DOCUMENTS: dict[str, tuple[Content, Copy | None]] = {
    "letter": (LETTER, None),
    "decision": (of_type("QĐ"), None),
    "dispatch": (of_type("CĐ"), None),
    "record": (of_type("BB"), None),
    "every": (EVERY_PART, None),
    "party": (PARTY_LETTER, None),
    "appendices": (WITH_APPENDICES, None),
    "copy": (of_type("TB"), PAPER_COPY),
    "electronic": (of_type("TB"), ELECTRONIC_COPY),
}
Pages = Callable[[str], Printed]
NEAR = 0.6  # mm: a pixel, and how the two programs round
PT = 0.35  # pt


@pytest.fixture(scope="module", params=["pdf", "word"])
def pages(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Pages:
    """The printed document of a name, by either exporter."""
    need_poppler()
    folder: Path = tmp_path_factory.mktemp(request.param)
    if request.param == "pdf":
        paths = {name: folder / f"{name}.pdf" for name in DOCUMENTS}
        for name, (content, copy) in DOCUMENTS.items():
            paths[name].write_bytes(to_pdf(content, images, None, copy))
    else:
        words = {
            name: to_docx(content, images, None, copy)
            for name, (content, copy) in DOCUMENTS.items()
        }
        paths = word_to_pdf(folder, words)
    printed = {name: Printed(path) for name, path in paths.items()}
    return printed.__getitem__


def rules_of(name: str) -> RuleSet:
    return rules_for(DOCUMENTS[name][0].fields)


def first(pages: Pages, name: str) -> Sheet:
    return pages(name).sheets[0]


def looks(pages: Pages, name: str, text: str, component: str) -> Box:
    """Where the text stands, its size and face checked against the component."""
    part = rules_of(name).components[component]
    box = first(pages, name).find(text)
    assert box.size_pt == pytest.approx(part.size_pt, abs=PT), text
    wanted = ("Bold" if part.bold else "") + ("Italic" if part.italic else "")
    assert box.face == wanted, text
    return box


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_text_keeps_to_the_margins_of_every_upright_page(
    pages: Pages, name: str
) -> None:
    page = rules_of(name).page
    for sheet in pages(name).sheets:
        if sheet.width > sheet.height:
            continue
        assert sheet.width == pytest.approx(page.width_mm, abs=NEAR)
        assert sheet.height == pytest.approx(page.height_mm, abs=NEAR)
        head, foot = page.margin_top_mm, page.height_mm - page.margin_bottom_mm
        body = [w for w in sheet.words if head - NEAR < w.top < foot]
        assert min(w.left for w in body) >= page.margin_left_mm - NEAR
        assert max(w.right for w in body) <= page.width_mm - page.margin_right_mm + 0.8
        assert max(w.baseline for w in body) <= foot


def test_the_letterhead_stands_in_two_columns(pages: Pages) -> None:
    rules = rules_of("letter")
    left_centre = rules.page.margin_left_mm + rules.header.left_mm / 2
    right_centre = (
        rules.page.margin_left_mm + rules.header.left_mm + rules.header_right_mm / 2
    )
    country = looks(pages, "letter", rules.words.country, "country")
    motto = looks(pages, "letter", rules.words.motto, "motto")
    parent = looks(pages, "letter", "ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK", "issuer_parent")
    issuer = looks(pages, "letter", "VĂN PHÒNG", "issuer")
    number = looks(pages, "letter", "Số: 328/VPUBND-HCTC", "number")
    dated = looks(pages, "letter", "Đắk Lắk, ngày 14 tháng 7 năm 2017", "place_date")
    for box in (country, motto, dated):
        assert box.centre == pytest.approx(right_centre, abs=NEAR)
    for box in (parent, issuer, number):
        assert box.centre == pytest.approx(left_centre, abs=NEAR)
    assert country.top == pytest.approx(rules.page.margin_top_mm, abs=1)
    assert parent.baseline == pytest.approx(country.baseline, abs=NEAR)
    assert dated.baseline == pytest.approx(number.baseline, abs=0.2), "one line"
    assert country.last == country.baseline, "Quốc hiệu fits its line"
    assert country.top < motto.top < dated.top


def test_rules_below_have_the_length_that_the_norm_gives(pages: Pages) -> None:
    rules = rules_of("letter")
    sheet, printed = first(pages, "letter"), pages("letter")
    motto = sheet.find(rules.words.motto)
    assert printed.rule_below(motto).width == pytest.approx(motto.width, abs=1)
    issuer = sheet.find("VĂN PHÒNG")
    low, high = rules.ranges["header.issuer_rule_share"]
    rule = printed.rule_below(issuer)
    assert low * issuer.width - 0.5 <= rule.width <= high * issuer.width + 0.5
    assert rule.centre == pytest.approx(issuer.centre, abs=NEAR)
    lines = first(pages, "decision").lines()
    begin = next(i for i, b in enumerate(lines) if b.text.startswith("Ban hành"))
    longest, last = lines[begin : begin + 2]
    low, high = rules.ranges["header.subject_rule_share"]
    rule = pages("decision").rule_below(last)
    assert low * longest.width - 0.5 <= rule.width <= high * longest.width + 0.5


def test_subject_of_a_letter_stands_six_points_below_the_number(pages: Pages) -> None:
    rules = rules_of("letter")
    part = rules.components["letter_subject"]
    subject = looks(pages, "letter", "V/v đảm bảo", "letter_subject")
    number = first(pages, "letter").find("Số: 328/VPUBND-HCTC")
    gap = (subject.top - number.bottom) / MM
    assert gap == pytest.approx(part.before_pt, abs=1.5)


def test_body_is_set_as_the_norm_wants(pages: Pages) -> None:
    rules = rules_of("letter")
    page, text = rules.page, rules.text
    sheet = first(pages, "letter")
    lines = sheet.lines()
    begin = next(i for i, b in enumerate(lines) if b.text.startswith("Thực hiện Quyết"))
    opening, second, third = lines[begin : begin + 3]
    assert sheet.find("Thực hiện").size_pt == pytest.approx(text.size_pt, abs=PT)
    indent = opening.left - page.margin_left_mm
    assert indent == pytest.approx(text.first_line_mm, abs=NEAR)
    assert second.left == pytest.approx(page.margin_left_mm, abs=NEAR)
    right = page.width_mm - page.margin_right_mm
    assert second.right == pytest.approx(right, abs=NEAR), "justified"
    step = (third.baseline - second.baseline) / MM
    assert step == pytest.approx(
        text.size_pt * SINGLE_LINE * text.line_spacing, abs=0.5
    )
    after = next(i for i, b in enumerate(lines) if b.text.startswith("Tuy nhiên,"))
    gap = (lines[after].baseline - lines[after - 1].baseline) / MM - step
    assert gap == pytest.approx(text.gap_pt, abs=0.7)


def test_end_stands_in_two_halves(pages: Pages) -> None:
    rules = rules_of("letter")
    page = rules.page
    sheet = pages("letter").sheets[1]
    title = sheet.find(rules.words.recipients)
    part = rules.components["recipients_title"]
    assert title.size_pt == pytest.approx(part.size_pt, abs=PT)
    assert title.face == "BoldItalic"
    assert title.left == pytest.approx(page.margin_left_mm, abs=NEAR)
    kept = sheet.find("Lưu: VT,")
    assert kept.size_pt == pytest.approx(rules.components["recipient"].size_pt, abs=PT)
    centre = page.margin_left_mm + page.text_width_mm * 0.75
    position, name = sheet.find("CHÁNH VĂN PHÒNG"), sheet.find("Bùi Hồng Quý")
    for box in (position, name):
        assert box.centre == pytest.approx(centre, abs=NEAR)
        assert (box.size_pt, box.face) == (pytest.approx(14, abs=PT), "Bold")
    assert title.baseline == pytest.approx(position.baseline, abs=1.2), "one level"
    assert name.top - position.bottom > 20, "room for a signature"


def test_page_number_stands_in_the_top_margin_from_page_two(pages: Pages) -> None:
    page = rules_of("letter").page
    one, two = pages("letter").sheets[:2]
    assert not [w for w in one.words if w.top < page.margin_top_mm - NEAR]
    (number,) = [w for w in two.words if w.bottom < page.margin_top_mm]
    assert number.text == "2"
    assert number.size_pt == pytest.approx(page.number_pt, abs=PT)
    middle = page.margin_left_mm + page.text_width_mm / 2
    assert number.centre == pytest.approx(middle, abs=NEAR)
    assert number.top == pytest.approx(page.number_from_top_mm, abs=1)


def test_titles_of_a_decision_stand_in_the_middle(pages: Pages) -> None:
    page = rules_of("decision").page
    middle = page.margin_left_mm + page.text_width_mm / 2
    for text, component in (
        ("QUYẾT ĐỊNH", "type_name"),
        ("CHÁNH VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH", "enacting_authority"),
        ("QUYẾT ĐỊNH:", "enacting"),
    ):
        box = looks(pages, "decision", text, component)
        assert box.centre == pytest.approx(middle, abs=NEAR), text
    sheet = first(pages, "decision")
    assert sheet.find("Căn cứ Luật Tổ chức").face == "Italic"
    assert sheet.find("Trách nhiệm của các đơn vị").face == "Bold"
    order = ["Căn cứ Luật", "Theo đề nghị", "QUYẾT ĐỊNH:", "Điều 1.", "1. Phòng"]
    tops = [sheet.find(text).top for text in order]
    assert tops == sorted(tops)


@pytest.mark.parametrize("name", ["dispatch", "every"])
def test_stamp_of_urgency_has_its_size_in_red(pages: Pages, name: str) -> None:
    stamp = rules_of(name).stamps["flash"]
    box = pages(name).red_area()
    assert box.width == pytest.approx(stamp.width_mm, abs=1.2)
    assert box.height == pytest.approx(stamp.height_mm, abs=1.5)
    looks(pages, name, stamp.text, "urgency")


def test_dispatch_names_who_sends_and_who_receives(pages: Pages) -> None:
    sheet = first(pages, "dispatch")
    sender = sheet.find("Chủ tịch Ủy ban nhân dân tỉnh Đắk Lắk điện:")
    receiver = sheet.find("- Sở Nông nghiệp và Môi trường;")
    assert sender.bottom < receiver.top
    assert receiver.left > sender.left


def test_record_has_two_signatures_and_no_date_line(pages: Pages) -> None:
    page = rules_of("record").page
    sheet = first(pages, "record")
    left, right = sheet.find("THƯ KÝ"), sheet.find("CHỦ TỌA")
    assert left.baseline == pytest.approx(right.baseline, abs=0.3)
    quarter = page.text_width_mm / 4
    assert left.centre == pytest.approx(page.margin_left_mm + quarter, abs=NEAR)
    assert right.centre == pytest.approx(page.margin_left_mm + 3 * quarter, abs=NEAR)
    assert "Đắk Lắk, ngày" not in sheet.text


def test_handling_stands_above_and_the_address_below_the_text(pages: Pages) -> None:
    page = rules_of("every").page
    handling = looks(pages, "every", "LƯU HÀNH NỘI BỘ", "handling")
    assert handling.bottom < page.margin_top_mm
    assert handling.left > page.width_mm / 2
    contact = looks(pages, "every", "Số 09 Lê Duẩn,", "contact")
    assert contact.top > page.height_mm - page.margin_bottom_mm - NEAR
    above = Area(0, contact.top - 4, 0, contact.top)
    rule = pages("every").longest_rule(above)
    assert rule.width == pytest.approx(page.text_width_mm, abs=1)
    later = pages("every").sheets[1].text
    assert "Lê Duẩn" not in later
    assert "LƯU HÀNH" not in later


def test_party_letter_follows_its_own_rules(pages: Pages) -> None:
    rules = rules_of("party")
    printed, sheet = pages("party"), first(pages, "party")
    looks(pages, "party", "ĐẢNG CỘNG SẢN VIỆT NAM", "country")
    number = looks(pages, "party", "Số 05-CV/ĐU", "number")
    star = sheet.find("*")
    assert sheet.find("TỈNH").bottom <= star.bottom <= number.bottom
    assert star.centre == pytest.approx(number.centre, abs=NEAR)
    looks(pages, "party", "về việc thực hiện", "letter_subject")
    assert "CỘNG HÒA" not in sheet.text
    one, two = sheet.find("a) Văn bản đi;"), sheet.find("b) Văn bản đến.")
    step = (two.baseline - one.baseline) / MM
    assert step == pytest.approx(rules.text.exact_line_pt + rules.text.gap_pt, abs=0.5)
    title = sheet.find("Nơi nhận:")
    under = printed.rule_below(title, within=0)
    assert under.width == pytest.approx(title.width, abs=1), "underlined"


def test_appendices_count_their_own_pages_and_turn_for_wide_tables(
    pages: Pages,
) -> None:
    page = rules_of("appendices").page
    sheets = pages("appendices").sheets
    starts = [
        i for i, s in enumerate(sheets) if any(w.text == "lục" for w in s.words[:4])
    ]
    assert len(starts) == 2
    assert [s.width > s.height for s in sheets[starts[0] : starts[1]]] == [True] * (
        starts[1] - starts[0]
    )
    assert all(s.height > s.width for s in sheets[: starts[0]])
    assert all(s.height > s.width for s in sheets[starts[1] :])
    for start, end in zip(starts, [starts[1], len(sheets)], strict=True):
        shown = [
            [w.text for w in s.words if w.bottom < page.margin_top_mm]
            for s in sheets[start:end]
        ]
        assert shown == [[], *([str(n)] for n in range(2, end - start + 1))]
    second = sheets[starts[1]]
    label, title = second.find("Phụ lục II"), second.find("DANH SÁCH")
    assert label.centre == pytest.approx(
        page.margin_left_mm + page.text_width_mm / 2, abs=NEAR
    )
    assert label.size_pt == pytest.approx(14, abs=PT)
    assert title.top > label.bottom
    assert second.find("(Kèm theo Quyết định").face == "Italic"


def test_copy_on_paper_stands_below_a_line_from_margin_to_margin(pages: Pages) -> None:
    page = rules_of("copy").page
    sheet, printed = pages("copy").sheets[-1], pages("copy")
    form = looks(pages, "copy", "SAO Y", "copy_form")
    signed = sheet.find("Bùi Hồng Quý")
    assert signed.bottom < form.top
    rule = printed.rule_below(signed, len(printed.sheets), within=12)
    assert rule.width == pytest.approx(page.text_width_mm, abs=1)
    number = sheet.find("Số: 12/SY-STTTT")
    dated = sheet.find("Đắk Lắk, ngày 02 tháng 3 năm 2026")
    assert number.baseline == pytest.approx(dated.baseline, abs=0.3)
    assert sheet.find("Phạm Quốc Đạt").top > dated.bottom


def test_electronic_copy_says_so_in_the_corner(pages: Pages) -> None:
    rules = rules_of("electronic")
    page = rules.page
    box = looks(pages, "electronic", "SAO Y; Sở Thông tin", "corner")
    line = first(pages, "electronic").find(
        "SAO Y; Sở Thông tin và Truyền thông; 02/3/2026 09:15:00 +07:00"
    )
    assert line.right == pytest.approx(page.width_mm - page.margin_right_mm, abs=NEAR)
    assert box.bottom < page.margin_top_mm


def test_stamps_are_measured_by_the_widths_of_the_face() -> None:
    assert text_width_mm("HỎA TỐC", 13, bold=True) < 30
