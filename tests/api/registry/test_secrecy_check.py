"""While a draft is written, the list of faults says that it bears a secrecy mark."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from collab.content.tree import Content
from collab.content.write import build_update
from server.common import providers
from server.publishing.check.of_secrecy import RULE
from server.publishing.secrecy_marks import FIRST_LINES
from server.registry.form_check import severe_faults
from tests.unit.server.publishing.forms import PARTY_LETTER, of_type
from tests.unit.server.publishing.samples import line

GOOD = of_type("CV")
MARKS = ["MẬT", "TỐI MẬT", "Độ mật: Tuyệt mật"]


def with_field(content: Content, name: str, text: str) -> Content:
    return replace(content, fields=replace(content.fields, **{name: text}))


@pytest.fixture
def told(begin_draft: Any, cast: Any, signed_in: Any) -> Any:
    """The faults of secrecy that the API tells of a draft with this content."""

    def faults(content: Content) -> list[dict[str, Any]]:
        draft = begin_draft("V/v họp")
        update = build_update(content)
        providers.document_store.get().start_epoch(str(draft.pk), update)
        address = f"/api/v1/drafts/{draft.pk}/format-check"
        answer = signed_in(cast.chuyenvien).get(address).json()
        return [fault for fault in answer["faults"] if fault["rule"] == RULE]

    return faults


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_in_the_text_is_a_severe_fault_with_its_place_and_source(
    told: Any, mark: str
) -> None:
    (fault,) = told(replace(GOOD, blocks=(line("Họp."), line(mark))))
    assert fault["severity"] == "error"
    assert fault["source"].startswith("Luật Bảo vệ bí mật nhà nước 2018")
    assert fault["place"] == {
        "field": None, "paragraph": 1, "start": 0, "end": len(mark),
    }  # fmt: skip
    assert fault["fix"] is None
    assert "không nối mạng" in fault["message"]


@pytest.mark.parametrize("field", ["handling", "subject", "contact"])
def test_a_mark_in_a_field_names_the_field(told: Any, field: str) -> None:
    (fault,) = told(with_field(GOOD, field, "TỐI MẬT"))
    assert fault["place"]["field"] == field


def test_a_mark_on_a_line_of_its_own_is_found_where_it_stands(told: Any) -> None:
    (fault,) = told(replace(GOOD, blocks=(line("Số 5\nMẬT\nHọp"),)))
    assert (fault["place"]["start"], fault["place"]["end"]) == (5, 8)


def test_the_party_s_form_has_the_rule_too(told: Any) -> None:
    assert told(with_field(PARTY_LETTER, "subject", "MẬT"))


def test_it_is_told_in_english(told: Any, cast: Any) -> None:
    cast.chuyenvien.language = "en"
    cast.chuyenvien.save(update_fields=["language"])
    marked = with_field(GOOD, "subject", "MẬT")
    (fault,) = told(marked)
    assert fault["message"].startswith("Marked secret")


@pytest.mark.parametrize(
    "text",
    ["Tăng cường bảo mật, đổi mật khẩu.", "Danh mục tài liệu TUYỆT MẬT của tỉnh.",
     "Không gửi văn bản MẬT qua mạng.", "Mật"],
)  # fmt: skip
def test_words_about_secrecy_are_no_fault(told: Any, text: str) -> None:
    content = replace(GOOD, blocks=(line(text), *GOOD.blocks))
    assert told(with_field(content, "subject", text)) == []


def test_deep_in_the_text_the_word_is_text(told: Any) -> None:
    many = (line("Điều khoản"),) * FIRST_LINES
    assert told(replace(GOOD, blocks=(*many, line("MẬT")))) == []


def test_the_page_puts_it_under_what_must_be_mended(
    begin_draft: Any, cast: Any, signed_in: Any
) -> None:
    draft = begin_draft("V/v họp")
    update = build_update(with_field(GOOD, "subject", "MẬT"))
    providers.document_store.get().start_epoch(str(draft.pk), update)
    page = signed_in(cast.chuyenvien).get(f"/drafts/{draft.pk}/check/")
    text = page.content.decode()
    assert "Phải sửa: 1." in text
    assert f"/drafts/{draft.pk}/#field-subject" in text


def test_it_is_no_fault_of_form_that_a_reason_could_carry_past_the_check() -> None:
    """The step refuses a mark by itself; see `test_state_secrets`."""
    marked = with_field(GOOD, "handling", "TỐI MẬT")
    assert severe_faults(marked) == severe_faults(GOOD)
