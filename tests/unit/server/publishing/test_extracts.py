"""An extract holds what was chosen, word for word, under the numbers of the whole."""

from __future__ import annotations

import pytest

from collab.content.labels import label_paragraphs
from collab.content.tree import Content, Fields, PageBreak, Paragraph, iter_paragraphs
from server.publishing.extracts import extract, parts_of, with_labels
from server.publishing.rules import rules_for
from tests.unit.server.publishing.samples import DECISION, line

FIELDS = Fields(document_type="QĐ", number="12", signer_name="Bùi Hồng Quý")
RULES = rules_for(FIELDS)
DOCUMENT = Content(
    FIELDS,
    (
        line("Căn cứ Nghị định số 30/2020/NĐ-CP;", "basis"),
        line("Phạm vi", "article"),
        line("Áp dụng cho cơ quan.", "clause"),
        line("Không áp dụng cho doanh nghiệp.", "clause"),
        line("Trách nhiệm", "article"),
        line("Văn phòng:", "clause"),
        line("Hướng dẫn", "point"),
        line("Kiểm tra", "point"),
        line("Sở:", "clause"),
        line("Hiệu lực", "article"),
        PageBreak(),
        line("Phụ lục"),
        line("(Kèm theo Quyết định số 12/QĐ-VPUBND)"),
        line("Bảng số liệu"),
        line("Ghi chú"),
    ),
)


def lines(content: Content) -> list[str]:
    labels = label_paragraphs(content.blocks)
    texts = [paragraph.text for paragraph in iter_paragraphs(content.blocks)]
    return [f"{a} {b}".strip() for a, b in zip(labels, texts, strict=True)]


def index_of(words: str) -> int:
    (found,) = (p.index for p in parts_of(DOCUMENT, RULES) if words in p.text)
    return found


def chosen(*words: str) -> list[str]:
    return lines(extract(DOCUMENT, RULES, {index_of(w) for w in words}))


def test_an_article_brings_all_that_stands_under_it_and_keeps_its_number() -> None:
    assert chosen("Trách nhiệm") == [
        "Điều 2. Trách nhiệm",
        "1. Văn phòng:",
        "a) Hướng dẫn",
        "b) Kiểm tra",
        "2. Sở:",
    ]


def test_a_point_brings_the_lines_it_stands_under_and_nothing_beside_it() -> None:
    assert chosen("Kiểm tra", "Hiệu lực") == [
        "Điều 2. Trách nhiệm",
        "1. Văn phòng:",
        "b) Kiểm tra",
        "Điều 3. Hiệu lực",
    ]


def test_a_line_of_an_appendix_brings_its_heading_and_its_page() -> None:
    made = extract(DOCUMENT, RULES, {index_of("Ghi chú")})
    assert isinstance(made.blocks[0], PageBreak)
    assert lines(made) == [
        "Phụ lục",
        "(Kèm theo Quyết định số 12/QĐ-VPUBND)",
        "Ghi chú",
    ]
    assert len(chosen("Phụ lục")) == 4


def test_the_letterhead_stays_as_it_was() -> None:
    assert extract(DOCUMENT, RULES, {1}).fields == FIELDS


@pytest.mark.parametrize("wrong", [set(), {99}, {1, 99}, {-1}, {10}])
def test_nothing_or_what_is_no_part_makes_no_extract(wrong: set[int]) -> None:
    with pytest.raises(LookupError):
        extract(DOCUMENT, RULES, wrong)


def test_parts_are_told_with_their_labels_and_depth() -> None:
    told = {part.text: part.depth for part in parts_of(DOCUMENT, RULES)}
    assert told["Điều 2. Trách nhiệm"] == 0
    assert told["1. Văn phòng:"] == 1
    assert told["b) Kiểm tra"] == 2
    assert told["Căn cứ Nghị định số 30/2020/NĐ-CP;"] == 0


@pytest.mark.parametrize("content", [DOCUMENT, DECISION], ids=["ours", "decision"])
def test_all_parts_together_are_the_whole_document(content: Content) -> None:
    rules = rules_for(content.fields)
    every = {part.index for part in parts_of(content, rules)}
    whole = extract(content, rules, every)
    assert lines(whole) == [
        text
        for text, paragraph in zip(
            lines(with_labels(content)),
            iter_paragraphs(with_labels(content).blocks),
            strict=True,
        )
        if text or isinstance(paragraph, Paragraph)
    ]
    assert label_paragraphs(with_labels(content).blocks) == label_paragraphs(
        content.blocks
    )
