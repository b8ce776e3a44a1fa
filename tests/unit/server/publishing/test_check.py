"""The check of form finds each fault, names its place, and offers what it can fix."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from collab.content.tree import Content, PageBreak, Paragraph, Run
from server.publishing.check import Fault, Fix, check
from server.publishing.rules import all_rules, choose_rules
from server.publishing.rules.model import CHECKS
from tests.unit.server.publishing.forms import (
    DECIDED,
    PARTY_LETTER,
    STATE_CODES,
    WITH_APPENDICES,
    appendix,
    of_type,
)
from tests.unit.server.publishing.samples import LETTER, line

GOOD = of_type("CV")
DECISION = of_type("QĐ")


def with_fields(content: Content, **fields: str) -> Content:
    return replace(content, fields=replace(content.fields, **fields))


def saying(text: str, content: Content = GOOD) -> Content:
    """The first paragraph says this."""
    return replace(content, blocks=(line(text), *content.blocks[1:]))


def only(content: Content) -> Fault:
    (fault,) = check(content)
    return fault


@pytest.mark.parametrize("code", STATE_CODES)
def test_a_sound_document_of_each_type_has_no_fault(code: str) -> None:
    assert check(of_type(code)) == ()


def test_sound_appendices_and_party_letters_have_no_fault() -> None:
    assert check(WITH_APPENDICES) == ()
    assert check(PARTY_LETTER) == ()


def test_the_office_s_own_letter_has_the_faults_that_it_has() -> None:
    found = [(f.rule_id, f.quote, f.place.paragraph) for f in check(LETTER)]
    assert found == [
        ("capitals", "nhà nước", 0),
        ("capitals", "nhà nước", 1),
        ("abbreviation", "OMS", 5),
    ]


FIELD_CASES = [
    ({"subject": ""}, "subject_missing", "subject", None),
    ({"subject": "x " * 260}, "subject_too_long", "subject", None),
    ({"issuer": " "}, "issuer_missing", "issuer", None),
    ({"place": ""}, "place_missing", "place", None),
    ({"addressees": ""}, "addressees_missing", "addressees", None),
    ({"signer_name": ""}, "signer_missing", "signer_name", None),
    ({"signer_position": ""}, "signer_missing", "signer_position", None),
    ({"signer_name": "TS. Bùi Hồng Quý"}, "signer_title", "signer_name", ("TS. ", "")),
    (
        {"signer_name": "Bùi hồng Quý"},
        "name_capitals",
        "signer_name",
        ("Bùi hồng Quý", "Bùi Hồng Quý"),
    ),
    (
        {"signer_authority": "KT CHỦ TỊCH"},
        "authority_form",
        "signer_authority",
        ("KT", "KT."),
    ),
    (
        {"signer_authority": "T/M ỦY BAN NHÂN DÂN"},
        "authority_form",
        "signer_authority",
        ("T/M", "TM."),
    ),
    ({"recipients": ""}, "recipients_missing", "recipients", None),
    (
        {"recipients": "Như trên\nSở Nội vụ"},
        "recipients_not_filed",
        "recipients",
        ("", "\nLưu: VT"),
    ),
    (
        {"recipients": "Như trên\nLưu VT, HCTC."},
        "recipients_not_filed",
        "recipients",
        ("Lưu VT", "Lưu: VT"),
    ),
    (
        {"recipients": "Sở Nội vụ\nLưu: VT"},
        "recipients_same_as_above",
        "recipients",
        None,
    ),
    ({"number": "7/1"}, "number_form", "number", None),
    ({"notation": ""}, "notation_form", "notation", None),
    (
        {"notation": "VPUBND – HCTC"},
        "notation_form",
        "notation",
        ("VPUBND – HCTC", "VPUBND-HCTC"),
    ),
    ({"date": "2026-02-30"}, "date_form", "date", None),
]


@pytest.mark.parametrize(
    ("fields", "rule_id", "field", "fix"),
    FIELD_CASES,
    ids=lambda v: v if isinstance(v, str) else None,
)
def test_a_fault_of_a_field_names_it(
    fields: dict[str, str], rule_id: str, field: str, fix: tuple[str, str] | None
) -> None:
    fault = only(with_fields(GOOD, **fields))
    assert (fault.rule_id, fault.place.field) == (rule_id, field)
    assert fault.fix == (Fix("replace", *fix) if fix else None)
    if fix:
        text = fields[field]
        assert text[fault.place.start : fault.place.end] == fix[0]


TEXT_CASES = [
    ("double_space", "Gửi  các đơn vị", ("  ", " ")),
    ("space_before_sign", "Gửi các sở , ngành", (" ", "")),
    ("space_after_sign", "Gửi các sở,ngành", (",", ", ")),
    (
        "date_form",
        "Họp ngày 5, tháng 1 năm 2026",
        ("ngày 5, tháng 1", "ngày 05 tháng 01"),
    ),
    (
        "date_form",
        "Họp ngày 15 tháng 07 năm 2026",
        ("ngày 15 tháng 07", "ngày 15 tháng 7"),
    ),
    ("date_form", "Công văn ngày 5/1/2026", ("5/1/2026", "05/01/2026")),
    ("capitals", "theo quy định tại điều 5 của Luật", ("điều 5", "Điều 5")),
    ("capitals", "theo quy định tại Khoản 2 Điều 5", ("Khoản 2", "khoản 2")),
    (
        "capitals",
        "báo cáo Ủy Ban Nhân Dân tỉnh",
        ("Ủy Ban Nhân Dân", "Ủy ban nhân dân"),
    ),
    ("capitals", "trên địa bàn Tỉnh Đắk Lắk", ("Tỉnh ", "tỉnh ")),
    ("capitals", "cơ quan nhà nước các cấp", ("nhà nước", "Nhà nước")),
    ("capitals", "phục vụ nhân dân", ("nhân dân", "Nhân dân")),
    ("capitals", "nghỉ Tết nguyên đán", ("Tết nguyên đán", "tết Nguyên đán")),
    ("capitals", "tại thành phố Hồ Chí Minh", ("thành phố", "Thành phố")),
    ("abbreviation", "Triển khai CNTT trong năm", None),
    ("old_font", "Theo ®Ò nghÞ chung", ("®Ò", "đề")),
    ("old_font", "Theo ñeà nghò chung", ("ñeà", "đề")),
]


@pytest.mark.parametrize(("rule_id", "text", "fix"), TEXT_CASES)
def test_a_fault_of_the_words_names_them_and_their_correction(
    rule_id: str, text: str, fix: tuple[str, str] | None
) -> None:
    found = [f for f in check(saying(text)) if f.rule_id == rule_id]
    assert found
    fault = found[0]
    assert fault.place.paragraph == 0
    if fix is None:
        assert fault.fix is None
        return
    assert fault.fix is not None
    assert text[fault.place.start : fault.place.end] == fault.fix.old
    assert fault.fix.old.startswith(fix[0])
    assert fault.fix.new.startswith(fix[1])


@pytest.mark.parametrize(
    "text",
    [
        "Xem https://daklak.gov.vn/a,b;c và thu@daklak.gov.vn, v.v.",
        "Ủy ban nhân dân tỉnh, Hội đồng nhân dân xã, Tòa án nhân dân, Công an nhân dân",
        "Căn cứ điểm a khoản 2 Điều 5 Quyết định số 38/2016/QĐ-UBND ngày 29/11/2016",
        "Hệ thống OMS (Office Management System) do tỉnh quản lý (OMS)",
        "Công nghệ thông tin (sau đây gọi tắt là CNTT) và CNTT",
        "tỉ lệ 1.234,5 và 12:30; quý I, quy chế; hòa bình, thúy",
        "QUYẾT ĐỊNH VỀ VIỆC ABC XYZ",
        "Señor Malmö, 25 °C, 5 m², ½ giờ, café, Đà Nẵng, quá",
        "Đồng chí Nguyễn Văn Phi, 70.000 nhân dân tệ",
    ],
)
def test_what_is_right_is_no_fault(text: str) -> None:
    assert check(saying(text)) == ()


def test_mixed_tone_marks_are_put_as_the_most_are() -> None:
    mixed = saying("Hòa bình, hòa hợp và hoà giải")
    fault = only(mixed)
    assert (fault.rule_id, fault.fix) == ("tone_marks", Fix("replace", "oà", "òa"))
    other = only(saying("Hoà bình, hoà hợp, thuỷ lợi và hòa giải"))
    assert other.fix == Fix("replace", "òa", "oà")


def test_a_decision_needs_bases_and_the_words_that_decide() -> None:
    bare = replace(DECISION, blocks=DECIDED[3:])
    assert only(bare).rule_id == "basis_missing"
    mute = with_fields(DECISION, enacting_authority="")
    assert only(mute).rule_id == "enacting_missing"
    body = (*DECIDED[:3], line("QUYẾT ĐỊNH:", "center_title"), *DECIDED[3:])
    assert check(replace(mute, blocks=body)) == ()


def test_bases_end_with_semicolons_and_the_last_with_a_stop() -> None:
    first = line("Căn cứ Luật Tổ chức chính quyền địa phương", "basis")
    last = line("Theo đề nghị của Trưởng phòng;", "basis")
    body = (first, DECIDED[1], last, *DECIDED[3:])
    found = check(replace(DECISION, blocks=body))
    assert [(f.rule_id, f.fix) for f in found] == [
        ("basis_ending", Fix("replace", "", ";")),
        ("basis_ending", Fix("replace", ";", ".")),
    ]


def test_labels_that_jump_are_named() -> None:
    jumped = Paragraph((Run("Hiệu lực"),), "article", number="Điều 7.")
    found = only(replace(DECISION, blocks=(*DECIDED[:-1], jumped, DECIDED[-1])))
    assert (found.rule_id, found.fix) == (
        "numbering_order",
        Fix("number", "Điều 7.", ""),
    )
    typed = (line("1. Một;"), line("3. Ba;"), line("a) a;"), line("f) f./."))
    found = check(replace(GOOD, blocks=typed))
    assert [(f.rule_id, f.quote) for f in found] == [
        ("numbering_order", "3."),
        ("point_letter", "f)"),
    ]
    assert found[0].fix == Fix("replace", "3.", "2.")


def test_the_text_ends_as_its_norm_says() -> None:
    open_end = replace(GOOD, blocks=(*GOOD.blocks[:-1], line("Đề nghị thực hiện.")))
    assert only(open_end).fix == Fix("replace", ".", "./.")
    party = replace(PARTY_LETTER, blocks=GOOD.blocks)
    assert only(party).fix == Fix("replace", "./.", ".")


def test_empty_paragraphs_are_named_but_an_empty_body_only_once() -> None:
    holed = replace(GOOD, blocks=(GOOD.blocks[0], Paragraph(), *GOOD.blocks[1:]))
    assert only(holed).fix == Fix("remove", "", "")
    assert only(replace(GOOD, blocks=())).rule_id == "body_missing"


def test_a_type_without_addressees_has_none() -> None:
    notice = of_type("TB")
    named = with_fields(notice, addressees="Sở Nội vụ")
    assert only(named).rule_id == "addressees_unexpected"
    assert only(saying("Kính gửi: Sở Nội vụ", notice)).place.paragraph == 0


def test_a_record_needs_both_signatures() -> None:
    assert only(with_fields(of_type("BB"), second_name="")).place.field == "second_name"


def test_the_notation_names_the_type() -> None:
    assert only(with_fields(DECISION, notation="VPUBND")).rule_id == "notation_type"
    assert check(with_fields(DECISION, notation="2026/QĐ-UBND")) == ()


def test_appendices_are_numbered_in_roman_digits_when_there_are_two() -> None:
    def body(*numbers: str) -> Content:
        parts = [appendix(number, "DANH SÁCH", line("x.")) for number in numbers]
        return replace(DECISION, blocks=(*DECIDED, *(b for p in parts for b in p)))

    assert check(body("")) == ()
    assert check(body("I", "II")) == ()
    assert only(body("I")).fix == Fix("replace", "Phụ lục I", "Phụ lục")
    found = check(body("1", "2"))
    assert [f.fix.new for f in found if f.fix] == ["Phụ lục I", "Phụ lục II"]
    assert [f.place.paragraph for f in found] == [len(DECIDED), len(DECIDED) + 4]


def test_every_fault_says_its_source_and_grade() -> None:
    wrong = with_fields(saying("hai  khoảng"), subject="", recipients="")
    for fault in check(wrong):
        assert fault.source.startswith("Nghị định số 30/2020/NĐ-CP: ")
        assert fault.severity in ("error", "warning")
        assert str(fault.message)


def test_a_norm_without_a_rule_does_not_ask_for_it() -> None:
    party = choose_rules(date(2026, 11, 22), "party")
    assert "capitals" not in party.checks
    assert check(saying("cơ quan nhà nước các cấp", PARTY_LETTER)) == ()


def test_every_rule_that_is_known_is_in_force_somewhere() -> None:
    assert frozenset().union(*(r.checks for r in all_rules())) == CHECKS


def test_a_page_break_alone_begins_no_appendix() -> None:
    body = (*GOOD.blocks[:-1], PageBreak(), GOOD.blocks[-1])
    assert check(replace(GOOD, blocks=body)) == ()
