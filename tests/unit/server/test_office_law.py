"""Everything else that the law decides: an office changes it without code, from a day
on. Slips in its files: test_office_law_faults.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from collab.content.tree import Content
from server.common.workdays import add_working_days
from server.config.wiring import OFFICE_MATTERS
from server.publishing.check import check
from server.publishing.incoming.docx import slip_to_docx
from server.publishing.incoming.pdf import stamp_to_pdf
from server.publishing.incoming.slip import Opinion, Slip, Stamp
from server.publishing.letterhead import date_line, number_line
from server.publishing.pdf_places import PT_PER_MM
from server.publishing.registers.forms import Kind, form_of
from server.publishing.rules import choose_rules
from server.publishing.signing.fields import text_fields
from server.publishing.signing.sign import (
    Signing,
    sign_attachment,
    sign_person,
    write_number,
)
from server.registry import document_types as types
from server.registry.case_files import rules as case_files
from server.registry.file_kinds import is_too_old
from server.registry.incoming_terms import transfer_by
from server.registry.numbering.notation import Form as NumberForm
from server.registry.numbering.notation import number_text
from server.registry.type_forms import zeros
from server.registry.workflow.authority import Fault, Form, Mandate, fault_of
from tests.support.office_rules import Rules, changed
from tests.support.signing import NOON, handwriting, keys, letter
from tests.unit.server.publishing.forms import of_type
from tests.unit.server.publishing.samples import line
from tests.unit.server.publishing.signing.test_signing import rect

BEFORE, AFTER = date(2026, 12, 31), date(2027, 1, 1)
LAW = choose_rules(BEFORE)


def dated(day: date, text: str = "", **fields: str) -> Content:
    """A sound letter of that day, whose first paragraph says `text`."""
    sound = of_type("CV")
    blocks = (line(text), *sound.blocks[1:]) if text else sound.blocks
    told = replace(sound.fields, date=day.isoformat(), **fields)
    return replace(sound, fields=told, blocks=blocks)


def faults(day: date, text: str = "", **fields: str) -> list[str]:
    return [fault.rule_id for fault in check(dated(day, text, **fields))]


# ── what comes with the product ──────────────────────────────────────────────────


@pytest.mark.parametrize("matter", OFFICE_MATTERS, ids=lambda m: m.name)
def test_every_matter_has_dated_editions_whose_values_say_their_source(
    matter: Any,
) -> None:
    editions = matter.editions()
    assert editions
    for edition in editions:
        assert edition.sources and all(edition.sources.values()), edition.id
    ids = [edition.id for edition in editions]
    assert len(ids) == len(set(ids))
    first = editions[0]
    assert matter.edition(date(1999, 1, 1)) is first, "older papers are printable"


def test_an_edition_without_an_end_holds_until_a_later_one_begins(
    office_rules: Rules,
) -> None:
    office_rules(
        "procedure",
        changed("procedure-nd30-2020", "[transfer]\nworking_days.value = 2").replace(
            "valid_from = 2027-01-01", "valid_from = 2027-01-01\nvalid_to = 2027-12-31"
        ),
    )
    days = (BEFORE, AFTER, date(2027, 12, 31), date(2028, 1, 3))
    counts = [transfer_by(day, "normal") for day in days]
    expected = zip(days, (1, 2, 2, 1), strict=True)
    assert counts == [add_working_days(day, count) for day, count in expected]


# ── signing ──────────────────────────────────────────────────────────────────────


def test_an_office_says_which_form_of_signing_rests_on_which(
    office_rules: Rules,
) -> None:
    def passed_on(day: date) -> Fault | None:
        end = day.replace(month=12, day=31)
        under = Mandate(Form.TUQ, "Giám đốc", day, end, is_written=True)
        return fault_of(Mandate(Form.KT, "Trưởng phòng", day, end, under=under))

    def open_ended(day: date) -> Fault | None:
        return fault_of(Mandate(Form.TUQ, "Giám đốc", day, is_written=True))

    assert passed_on(AFTER) is Fault.NOT_RE_DELEGABLE
    office_rules(
        "procedure",
        changed(
            "procedure-nd30-2020",
            '[forms.KT]\nmay_rest_on = ["TM", "Q", "TL", "TUQ"]\n'
            "[forms.TUQ]\nneeds_end = false\n",
        ),
    )
    assert (passed_on(BEFORE), passed_on(AFTER)) == (Fault.NOT_RE_DELEGABLE, None)
    assert (open_ended(BEFORE), open_ended(AFTER)) == (Fault.NEEDS_END, None)


def test_an_office_says_how_large_its_seal_is_and_how_far_it_reaches(
    office_rules: Rules,
) -> None:
    seals = (
        "[signing]\nseal_mm.value = 34\nseal_share.value = 0.5\n"
        '[seals]\n"Sở Nội vụ" = { value = 32, source = "Mẫu dấu" }\n'
        '"000.00.12.H15" = { value = 40, source = "Mẫu dấu" }\n'
    )
    office_rules("layout", changed("nd30-2020", seals))
    pdf, places = letter()
    widths, shares = [], []
    for day in (BEFORE, AFTER):
        rules = choose_rules(day)
        signing = Signing(keys().leader, NOON)
        signed = sign_person(pdf, signing, handwriting(), places, rules=rules)
        left, _bottom, right, _top = rect(signed, "organisation")
        from_, _low, to, _high = rect(signed, "signer")
        widths.append((right - left) / PT_PER_MM)
        shares.append((right - from_) / (to - from_))
    assert widths == pytest.approx([36, 34], abs=0.01)
    assert shares == pytest.approx([1 / 3, 1 / 2], abs=0.01)
    after = choose_rules(AFTER)
    assert after.seal_mm_of("", "SỞ NỘI VỤ") == 32
    assert after.seal_mm_of("000.00.12.H15", "Sở Nội vụ") == 40
    assert after.seal_mm_of("", "Sở Tư pháp") == 34
    assert choose_rules(BEFORE).seal_mm_of("", "Sở Nội vụ") == 36


def test_an_office_says_how_the_line_in_the_corner_looks(office_rules: Rules) -> None:
    pdf = letter()[0]
    signing = Signing(keys().office, NOON)
    before = rect(sign_attachment(pdf, signing, "328/VPUBND"), "attachment")
    looks = (
        "[signing]\ncorner_margin_mm.value = 12\n"
        "[component.corner]\nsize_pt = 9\nrange = [9, 9]\n"
    )
    office_rules("layout", changed("nd30-2020", looks, valid_from="2026-11-01"))
    after = rect(sign_attachment(pdf, signing, "328/VPUBND"), "attachment")
    assert before[2] - after[2] == pytest.approx(4 * PT_PER_MM, abs=0.01)
    assert before[3] - before[1] == pytest.approx(12, abs=0.01)
    assert after[3] - after[1] == pytest.approx(10.8, abs=0.01)


# ── zeros ────────────────────────────────────────────────────────────────────────


def test_one_rule_says_which_numbers_have_a_zero_before_them(
    office_rules: Rules,
) -> None:
    office_rules(
        "layout",
        changed(
            "nd30-2020",
            "[zeros]\nnumber_below.value = 1\nday_below.value = 1\n"
            "month_below.value = 10\n",
        ),
    )
    old, new = date(2026, 2, 5), date(2027, 3, 5)
    rules = choose_rules(new)
    assert date_line("Đắk Lắk", "2026-02-05", 2026, LAW).endswith(
        "05 tháng 02 năm 2026"
    )
    assert date_line("", "2027-03-05", 2027, rules) == "ngày 5 tháng 03 năm 2027"
    assert number_line("5", "UBND", LAW) == "Số: 05/UBND"
    assert number_line("5", "UBND", rules) == "Số: 5/UBND"
    assert [number_text(NumberForm.DECREE_30, 5, "a", day) for day in (old, new)] == [
        "05a",
        "5a",
    ]
    assert "date_form" not in faults(old, "Từ ngày 05 tháng 3 năm 2027.")
    assert "date_form" in faults(new, "Từ ngày 05 tháng 3 năm 2027.")
    assert "date_form" not in faults(new, "Từ ngày 5 tháng 03 năm 2027.")
    none = (Opinion(), Opinion(), Opinion())
    slips = [
        Slip("", "", "Đắk Lắk", day, "", none, day).place_line for day in (old, new)
    ]
    assert slips == [
        "Đắk Lắk, ngày 05 tháng 02 năm 2026",
        "Đắk Lắk, ngày 5 tháng 03 năm 2027",
    ]
    editor = zeros()
    assert [rule["month"] for rule in editor["state"]] == [3, 10], "it has both"
    assert [rule["month"] for rule in editor["party"]] == [3], "nobody changed these"


def test_what_is_written_into_a_signed_file_has_the_same_zeros(
    office_rules: Rules,
) -> None:
    pdf, places = letter()
    signed = sign_person(pdf, Signing(keys().leader, NOON), handwriting(), places)
    as_it_was = write_number(signed, "5", date(2027, 2, 3))
    changes = "[zeros]\nnumber_below.value = 1\nmonth_below.value = 1"
    office_rules("layout", changed("nd30-2020", changes))
    assert written_in(as_it_was) == {"number": "05", "day": "03", "month": "02"}
    assert written_in(write_number(signed, "5", date(2026, 2, 3))) == written_in(
        as_it_was
    )
    now = write_number(signed, "5", date(2027, 2, 3))
    assert written_in(now) == {"number": "5", "day": "03", "month": "2"}


def written_in(pdf: bytes) -> dict[str, str]:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    return {field.name: field.value for field in text_fields(writer)}


# ── the words of the check ───────────────────────────────────────────────────────


def test_an_office_says_which_titles_may_not_stand_before_a_name(
    office_rules: Rules,
) -> None:
    assert "signer_title" in faults(AFTER, signer_name="BS. Bùi Hồng Quý")
    office_rules(
        "check",
        changed(
            "check-nd30-2020",
            "[academic_titles]\nprofessional = false\n"
            '[academic_titles.own]\nwords = ["Đại tá"]\nsource = "Quy định riêng"\n',
        ),
    )

    def has_title(day: date, name: str) -> bool:
        return "signer_title" in faults(day, signer_name=name)

    assert has_title(BEFORE, "BS. Bùi Hồng Quý")
    assert not has_title(AFTER, "BS. Bùi Hồng Quý")
    assert has_title(AFTER, "TS. Bùi Hồng Quý"), "what the office leaves out stands"
    assert has_title(AFTER, "Đại tá Bùi Hồng Quý")
    assert not has_title(BEFORE, "Đại tá Bùi Hồng Quý")


def test_an_office_without_titles_writes_what_it_likes(office_rules: Rules) -> None:
    none = "[academic_titles]\nprofessional = false\nacademic = false\n"
    office_rules("check", changed("check-nd30-2020", none))
    assert "signer_title" not in faults(AFTER, signer_name="GS. TS. Bùi Hồng Quý")


def test_an_office_says_which_short_forms_need_no_words(office_rules: Rules) -> None:
    said = "Đề nghị PTNMT quan tâm."
    assert "abbreviation" in faults(AFTER, said)
    own = '[abbreviations.own]\nwords = ["PTNMT"]\nsource = "Quy chế"\n'
    office_rules("check", changed("check-nd30-2020", own))
    assert "abbreviation" in faults(BEFORE, said)
    assert "abbreviation" not in faults(AFTER, said)


def test_an_office_says_how_a_word_is_spelled(office_rules: Rules) -> None:
    said = "Việc của nhà nước và của buôn làng."
    own = (
        "[capitals]\nstate = false\n"
        "[capitals.village]\nwrong = 'buôn làng'\nright = \"Buôn làng\"\n"
        'source = "Quy chế"\n'
    )
    office_rules("check", changed("check-nd30-2020", own))

    def quoted(day: date) -> list[str]:
        found = check(dated(day, said))
        return [fault.quote for fault in found if fault.rule_id == "capitals"]

    assert quoted(BEFORE) == ["nhà nước"]
    assert quoted(AFTER) == ["buôn làng"]


# ── terms, files, types, case files, books ───────────────────────────────────────


def test_an_office_says_by_when_what_arrived_goes_on(office_rules: Rules) -> None:
    terms = "[transfer]\nworking_days.value = 3\nurgent_working_days.value = 1\n"
    office_rules("procedure", changed("procedure-nd30-2020", terms))
    last, first = date(2026, 12, 30), date(2027, 3, 1)
    assert transfer_by(last, "normal") == date(2026, 12, 31)
    assert transfer_by(last, "flash") == last
    assert transfer_by(first, "normal") == date(2027, 3, 4)
    assert transfer_by(first, "flash") == date(2027, 3, 2)


def test_the_law_says_from_which_version_a_pdf_is_a_scan(office_rules: Rules) -> None:
    newer = '[digitised]\noldest_pdf.value = "1.7"'
    office_rules("procedure", changed("procedure-nd30-2020", newer))
    assert not is_too_old("1.4", BEFORE)
    assert is_too_old("1.4", AFTER)


def test_an_office_adds_renames_and_abolishes_a_type(office_rules: Rules) -> None:
    office_rules(
        "types",
        changed(
            "types-nd30-2020",
            '[type]\nPB = false\n[type.CV]\nname = "Công thư"\n'
            '[type.PYK]\nabbreviation = "PYK"\nname = "Phiếu xin ý kiến"\n'
            'template = "named"\nsource = "Quy chế"\n',
        ),
    )

    def codes(day: date) -> set[str]:
        return {kind.code for kind in types.all_types(day)}

    assert codes(AFTER) - codes(BEFORE) == {"PYK"}
    assert codes(BEFORE) - codes(AFTER) == {"PB"}
    assert types.name_of("CV", BEFORE) == "Công văn"
    assert types.name_of("CV", AFTER) == "Công thư"
    assert types.name_of("PB", AFTER) == "Phiếu báo", "what is old keeps its name"
    assert types.find("PYK", BEFORE) is None
    assert {"PB", "PYK", "NĐ"} <= {kind.code for kind in types.known_types()}
    assert types.name_of("?", AFTER) == "?"


def test_an_office_changes_how_long_a_file_is_kept_and_when_it_goes(
    office_rules: Rules,
) -> None:
    office_rules(
        "archive",
        changed(
            "luat-33-2024-d17",
            '[retention.y3]\nname = "3 năm"\nyears = 3\nsource = "Quy chế"\n'
            '[retention.y10]\nname = "Mười năm"\n'
            "[months]\nwork.value = 6\n[hand_over]\nleast_years.value = 3\n"
            "notice_days.value = 60\nkeep_back_months.value = 12\n",
        ),
    )

    def due(ended: date) -> date | None:
        kept = case_files.retention_of("y10", ended)
        return case_files.due_day(ended, "work", kept)

    assert (due(BEFORE), due(AFTER)) == (date(2027, 12, 31), date(2027, 7, 1))
    assert case_files.retention_of("y10", BEFORE).name == "10 năm"
    assert case_files.retention_of("y10", AFTER).name == "Mười năm"
    assert "y3" in {r.code for r in case_files.retentions(AFTER)}
    assert "y3" not in {r.code for r in case_files.retentions(BEFORE)}
    years = [r.years or 1000 for r in case_files.retentions(AFTER)]
    assert years == sorted(years, reverse=True), "the longest first"
    day = date(2028, 1, 31)
    assert case_files.notice_day(day, BEFORE) == date(2028, 1, 1)
    assert case_files.notice_day(day, AFTER) == date(2027, 12, 2)
    assert case_files.last_day_kept(day, AFTER) == date(2029, 1, 31)
    assert case_files.hand_over_rule(AFTER).id == "office"


def test_an_office_draws_its_book_anew_from_a_year_on(office_rules: Rules) -> None:
    books = (
        '[follow_up]\ntitle = "SỔ THEO DÕI"\ncolumns = [\n'
        '  { name = "Cơ quan, số, ngày", shows = "document", width = 150 },\n'
        '  { name = "Số đến", shows = "arrival_number", width = 27 },\n'
        '  { name = "Ký nhận", width = 40 },\n'
        '  { name = "Ghi chú", shows = "note", width = 40 },\n]\n'
    )
    office_rules("books", changed("nd-30-2020-pl-iv", books))
    old, new = (form_of(Kind.FOLLOW_UP, date(year, 1, 1)) for year in (2026, 2027))
    assert (old.title, new.title) == (
        "SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN",
        "SỔ THEO DÕI",
    )
    cells = (7, "Công văn 12", "Phòng A", None, "đang làm", "", "gấp")
    assert old.arranged(cells) == cells
    assert new.arranged(cells) == ("Công văn 12", 7, "", "gấp")
    assert form_of(Kind.OUTGOING, AFTER) == form_of(Kind.OUTGOING, BEFORE)


def test_an_office_draws_slip_and_stamp_anew(office_rules: Rules) -> None:
    papers = '[slip]\ntitle.value = "PHIẾU XỬ LÝ"\n[stamp]\nwidth_mm.value = 60\n'
    office_rules("books", changed("nd-30-2020-pl-iv", papers))
    none = (Opinion(), Opinion(), Opinion())
    titles, boxes = [], []
    for day in (BEFORE, AFTER):
        slip = Slip("", "VĂN PHÒNG", "", None, "", none, day)
        word = Document(BytesIO(slip_to_docx(slip)))
        titles.append(word.core_properties.title)
        pages = PdfFileReader(BytesIO(stamp_to_pdf(Stamp("VP", "1", day))))
        assert pages.root["/Pages"]["/Count"] == 1
        box = pages.root["/Pages"]["/Kids"][0]["/MediaBox"]
        sides = (box[2], box[3])
        boxes.append([round(float(value) / PT_PER_MM) for value in sides])
    assert titles == ["PHIẾU GIẢI QUYẾT VĂN BẢN ĐẾN", "PHIẾU XỬ LÝ"]
    assert boxes == [[50, 35], [60, 35]]
