"""A secrecy mark is known where it stands alone, and words about secrecy are let be."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.content.tree import Cell, Content, Fields, ListBlock, Paragraph, Row, Run
from collab.content.tree import Table as ContentTable
from server.common import clock
from server.common.errors import Conflict
from server.registry.secrecy import (
    FIRST_LINES,
    content_bears_mark,
    is_mark,
    refuse_marked_fields,
)
from tests.support.office_rules import Rules, changed

LEVELS = ["MẬT", "TỐI MẬT", "TUYỆT MẬT"]


def test_the_law_says_which_words_are_a_mark(office_rules: Rules) -> None:
    office_rules(
        "procedure",
        changed(
            "procedure-nd30-2020",
            '[secrecy]\nlevels.value = ["Mật", "Tối mật", "Hạn chế"]\n',
        ),
    )
    for day, marks in ((2026, ["TUYỆT MẬT"]), (2027, ["HẠN CHẾ"])):
        with clock.fixed(datetime(day, 6, 1, tzinfo=UTC)):
            assert [w for w in ("TUYỆT MẬT", "HẠN CHẾ") if is_mark(w)] == marks
            assert is_mark("MẬT")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "written",
    ["{}", " {} ", "[{}]", "* {} *", "Độ mật: {}", "ĐỘ MẬT: {}", "Độ mật {}",
     "Dấu chỉ độ mật: {}", "Mức độ mật: {}", "“{}”", "{}."],
)  # fmt: skip
def test_a_mark_alone_is_a_mark(level: str, written: str) -> None:
    assert is_mark(written.format(level))
    assert is_mark(unicodedata.normalize("NFD", written.format(level)))


@pytest.mark.parametrize(
    "line", ["Độ mật: mật", "Độ mật: Tối mật", "độ mật: tuyệt mật"]
)
def test_with_its_label_a_mark_may_be_in_small_letters(line: str) -> None:
    assert is_mark(line)


def test_a_mark_may_be_broken_by_any_blank() -> None:
    assert is_mark("TUYỆT\u00a0MẬT")
    assert is_mark("TỐI  MẬT")


@pytest.mark.parametrize(
    "line",
    ["bảo mật", "BẢO MẬT", "mật khẩu", "MẬT KHẨU", "thư mật", "mật", "Mật", "mật ong",
     "Danh mục tài liệu TUYỆT MẬT của tỉnh", "Độ mật:", "Độ mật: không",
     "CÔNG TÁC BẢO VỆ BÍ MẬT NHÀ NƯỚC", "MAT", "MẮT", "MẶT", "MÁT", "TOI MAT", "MẬT 2",
     "Không được gửi văn bản MẬT qua mạng.", "", "  ", "Số: 12/MẬT-VP"],
)  # fmt: skip
def test_words_about_secrecy_are_no_mark(line: str) -> None:
    assert not is_mark(line)


@given(
    before=st.sampled_from(["bảo", "công tác", "thư", "văn bản"]),
    level=st.sampled_from(LEVELS),
)
def test_a_level_inside_a_sentence_is_no_mark(before: str, level: str) -> None:
    assert not is_mark(f"{before} {level}")
    assert not is_mark(f"{level} {before}")


def paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text),))


@pytest.mark.parametrize(
    "field", ["handling", "subject", "addressees", "typist", "contact"]
)
def test_a_field_of_the_letterhead_is_looked_at_line_by_line(field: str) -> None:
    assert content_bears_mark(Content(Fields(**{field: "Như trên\nTỐI MẬT"})))
    assert not content_bears_mark(Content(Fields(**{field: "V/v bảo mật"})))


def test_a_mark_in_the_first_lines_is_found_in_lists_and_tables() -> None:
    mark = paragraph("MẬT")
    for block in (
        mark,
        ListBlock(((mark,),)),
        ContentTable((Row((Cell((paragraph("Số: 5"), mark)),)),)),
    ):
        assert content_bears_mark(Content(Fields(), (paragraph("UBND TỈNH"), block)))


def test_deep_in_the_text_the_word_is_text() -> None:
    many = (paragraph("Điều khoản"),) * FIRST_LINES
    assert not content_bears_mark(Content(Fields(), (*many, paragraph("MẬT"))))
    assert content_bears_mark(Content(Fields(), (*many[1:], paragraph("MẬT"))))


def test_the_refusal_names_the_fields_and_says_what_to_do() -> None:
    with pytest.raises(Conflict) as refused:
        refuse_marked_fields({"subject": "Độ mật: Mật", "note": "mật khẩu"})
    assert refused.value.code == "state_secret"
    assert set(refused.value.fields) == {"subject"}
    assert "sổ văn bản mật" in str(refused.value)
