"""Document types and the first texts of their drafts. No database."""

from __future__ import annotations

import pytest

from collab.content.labels import label_paragraphs
from collab.content.read import read_content
from collab.content.tree import Paragraph
from collab.content.write import build_update
from server.accounts.models import Organisation, Unit
from server.registry import document_types
from server.registry.first_text import content_for, subject_from

PROVINCE = Organisation(name="UBND tỉnh Đắk Lắk", abbreviation="UBND", place="Đắk Lắk")
OFFICE = Organisation(
    name="Văn phòng UBND tỉnh Đắk Lắk",
    abbreviation="VPUBND",
    place="Đắk Lắk",
    parent=PROVINCE,
)
HCTC = Unit(name="Phòng Hành chính – Tổ chức", abbreviation="HCTC", organisation=OFFICE)


def kind(code: str) -> document_types.DocumentType:
    found = document_types.find(code)
    assert found is not None
    return found


def test_the_decree_names_29_types_and_two_have_no_abbreviation() -> None:
    types = document_types.all_types()
    assert len(types) == len({t.code for t in types}) == 29
    assert {t.name for t in types if not t.abbreviation} == {"Công văn", "Thư công"}


def test_types_stand_in_vietnamese_order() -> None:
    names = [t.name for t in document_types.all_types()]
    assert names[:3] == ["Bản ghi nhớ", "Bản thỏa thuận", "Báo cáo"]
    assert names.index("Dự án") < names.index("Đề án") < names.index("Giấy mời")


def test_du_an_and_de_an_are_two_types() -> None:
    assert kind("DA").name == "Dự án"
    assert kind("ĐA").name == "Đề án"


def test_a_type_is_found_without_diacritics() -> None:
    assert [t.code for t in document_types.matching("to trinh")] == ["TTr"]
    assert document_types.matching("xyz") == ()


def test_a_code_is_found_in_decomposed_form_too() -> None:
    assert document_types.find("D\u0110".replace("D", "Q")) is kind("QĐ")
    assert document_types.find("XX") is None


def test_the_letterhead_of_a_letter_names_office_parent_and_unit() -> None:
    fields = content_for(kind("CV"), HCTC, title="V/v nâng cấp hệ thống idesk").fields
    assert fields.issuer_parent == "UBND TỈNH ĐẮK LẮK"
    assert fields.issuer == "VĂN PHÒNG"
    assert fields.notation == "VPUBND-HCTC"
    assert fields.place == "Đắk Lắk"
    assert fields.subject == "nâng cấp hệ thống idesk"
    assert fields.recipients == "Như trên;\nLưu: VT, HCTC."
    assert fields.number == "" and fields.date == ""


def test_a_type_with_a_name_has_it_in_its_notation() -> None:
    assert content_for(kind("QĐ"), HCTC, title="x").fields.notation == "QĐ-VPUBND"


def test_a_decision_begins_with_bases_and_numbered_articles() -> None:
    blocks = content_for(kind("QĐ"), HCTC, title="Quy chế làm việc").blocks
    paragraphs = [b for b in blocks if isinstance(b, Paragraph)]
    styles = [p.style for p in paragraphs]
    assert styles.index("basis") < styles.index("article")
    assert "QUYẾT ĐỊNH:" in [p.text for p in paragraphs]
    assert "Điều 3." in label_paragraphs(blocks)


def test_a_decision_names_the_head_and_a_resolution_the_collective() -> None:
    decision = content_for(kind("QĐ"), HCTC, title="Quy chế làm việc")
    assert decision.fields.enacting_authority == (
        "CHÁNH VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK"
    )
    resolution = content_for(kind("NQ"), HCTC, title="Nhiệm vụ năm")
    assert resolution.fields.enacting_authority == (
        "VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK"
    )
    for content in (decision, resolution):
        words = [b.text for b in content.blocks if isinstance(b, Paragraph)]
        assert not any("THẨM QUYỀN" in text for text in words)


@pytest.mark.parametrize(
    ("name", "authority"),
    [
        ("UBND tỉnh Đắk Lắk", "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK"),
        ("Sở Thông tin và Truyền thông", "GIÁM ĐỐC SỞ THÔNG TIN VÀ TRUYỀN THÔNG"),
        ("Chi cục Kiểm lâm", "CHI CỤC TRƯỞNG CHI CỤC KIỂM LÂM"),
        ("Liên đoàn Lao động tỉnh", "LIÊN ĐOÀN LAO ĐỘNG TỈNH"),
        ("Bảo tàng tỉnh", "BẢO TÀNG TỈNH"),
    ],
)
def test_the_head_is_named_as_his_organisation_names_him(
    name: str, authority: str
) -> None:
    office = Organisation(name=name, abbreviation="X", place="Đắk Lắk")
    unit = Unit(name="Văn phòng", abbreviation="VP", organisation=office)
    content = content_for(kind("QĐ"), unit, title="x")
    assert content.fields.enacting_authority == authority


@pytest.mark.parametrize("code", ["CV", "TB", "GM", "BB"])
def test_other_types_have_no_enacting_authority(code: str) -> None:
    fields = content_for(kind(code), HCTC, title="x").fields
    assert fields.enacting_authority == ""


def test_an_invitation_has_its_parts_as_fields_and_not_as_text() -> None:
    content = content_for(kind("GM"), HCTC, title="Họp giao ban")
    assert content.fields.event == "Họp giao ban"
    words = [b.text for b in content.blocks if isinstance(b, Paragraph)]
    assert not any(text.startswith(("Tới dự", "Chủ trì")) for text in words)


def test_a_blank_draft_has_a_letterhead_and_one_empty_paragraph() -> None:
    content = content_for(kind("CV"), HCTC, title="x", blank=True)
    assert content.blocks == (Paragraph(),)
    assert content.fields.issuer == "VĂN PHÒNG"
    assert content.fields.recipients == ""


def test_a_person_without_a_unit_gets_no_invented_letterhead() -> None:
    fields = content_for(kind("CV"), None, title="x").fields
    assert fields.issuer == fields.notation == fields.place == ""


@pytest.mark.parametrize("code", [t.code for t in document_types.all_types()])
def test_every_type_has_a_first_text_that_a_document_can_hold(code: str) -> None:
    content = content_for(kind(code), HCTC, title="Nội dung thử")
    assert read_content(build_update(content)) == content
    words = " ".join(p.text for p in content.blocks if isinstance(p, Paragraph))
    assert "{" not in words + content.fields.recipients


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("V/v mời họp", "mời họp"),
        ("Về việc mời họp", "mời họp"),
        ("Mời họp", "Mời họp"),
    ],
)
def test_the_subject_is_kept_without_v_v(title: str, subject: str) -> None:
    assert subject_from(title) == subject
