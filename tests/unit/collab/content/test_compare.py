"""Comparing two contents: nothing is lost, and what is said is what changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from collab.content.comparing.changes import (
    Change,
    Comparison,
    Kind,
    Piece,
    content_of,
    every_change,
)
from collab.content.comparing.compare import compare
from collab.content.comparing.pairing import Pairing
from collab.content.normal import normalise
from collab.content.tree import (
    Block,
    Cell,
    Content,
    Fields,
    LineBreak,
    ListBlock,
    Paragraph,
    Row,
    Run,
    Table,
    inline_text,
)
from tests.unit.collab.content.strategies import blocks

LONG = "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015"
OTHER = "Thực hiện chỉ đạo của Chủ tịch Ủy ban nhân dân tỉnh"


def p(*parts: str | Run, **fields: Any) -> Paragraph:
    runs = tuple(Run(x) if isinstance(x, str) else x for x in parts)
    return Paragraph(runs, **fields)


def doc(*found: Block) -> Content:
    return Content(blocks=found)


def kinds(comparison: Comparison) -> list[Kind]:
    return [change.kind for change in comparison.blocks]


def said(pieces: tuple[Piece, ...]) -> list[tuple[str, str]]:
    return [(piece.kind, inline_text([piece.inline])) for piece in pieces]


texts = st.lists(blocks, max_size=4)
few_fields = st.sampled_from(
    [Fields(), Fields(subject="V/v rà soát"), Fields(schema="2")]
)


@st.composite
def edited(draw: Any) -> tuple[Content, Content]:
    """A content, and the same after some blocks came, went, moved or changed."""
    old = normalise(Content(blocks=tuple(draw(texts))))
    new = list(old.blocks)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(new)))
        what = draw(st.sampled_from(["insert", "delete", "move", "words", "style"]))
        if what == "insert":
            new.insert(at, draw(blocks))
        elif new and what == "delete":
            del new[at % len(new)]
        elif new and what == "move":
            new.insert(at, new.pop(draw(st.integers(0, len(new) - 1))))
        elif new and isinstance(block := new[at % len(new)], Paragraph):
            if what == "words":
                inlines = (*block.inlines[:1], Run("  thêm chữ"), *block.inlines[2:])
                new[at % len(new)] = replace(block, inlines=inlines)
            else:
                new[at % len(new)] = replace(block, indent=(block.indent + 1) % 9)
    return old, normalise(Content(draw(few_fields), tuple(new)))


@given(edited())
def test_both_sides_come_back(
    pair: tuple[Content, Content],
) -> None:
    old, new = pair
    found = compare(old, new)
    assert content_of(found, "old") == old
    assert content_of(found, "new") == new


@given(texts, texts)
def test_any_two_texts_come_back(one: list[Block], other: list[Block]) -> None:
    old, new = (normalise(Content(blocks=tuple(side))) for side in (one, other))
    found = compare(old, new)
    assert content_of(found, "old") == old
    assert content_of(found, "new") == new


@given(texts)
def test_comparing_a_text_with_itself_gives_nothing(text: list[Block]) -> None:
    content = normalise(Content(blocks=tuple(text)))
    assert compare(content, content).is_empty


@given(edited())
def test_no_change_means_equal_contents(pair: tuple[Content, Content]) -> None:
    old, new = pair
    same = replace(old.fields, schema="") == replace(new.fields, schema="")
    assert compare(old, new).is_empty == (old.blocks == new.blocks and same)


def test_words_are_compared_syllable_by_syllable() -> None:
    found = compare(
        doc(p("Đề nghị các sở báo cáo.")), doc(p("Yêu cầu các sở báo cáo."))
    )
    assert kinds(found) == ["changed"]
    assert said(found.blocks[0].pieces) == [
        ("deleted", "Đề nghị"),
        ("inserted", "Yêu cầu"),
        ("same", " các sở báo cáo."),
    ]


def test_a_word_is_not_cut_in_two() -> None:
    found = compare(doc(p("gửi báo cáo trước")), doc(p("gửi báo cáng trước")))
    assert said(found.blocks[0].pieces) == [
        ("same", "gửi báo "),
        ("deleted", "cáo"),
        ("inserted", "cáng"),
        ("same", " trước"),
    ]


def test_a_letter_with_its_own_mark_is_one_word() -> None:
    decomposed = "ho\u0300a"
    found = compare(doc(p(f"{decomposed} bình")), doc(p("hòa bình")))
    assert said(found.blocks[0].pieces)[0] == ("deleted", decomposed)


def test_new_formatting_alone_is_said_to_be_that() -> None:
    bold = Run("báo cáo", frozenset({"bold"}))
    found = compare(doc(p("gửi báo cáo đi")), doc(p("gửi ", bold, " đi")))
    assert kinds(found) == ["formatted"]
    assert said(found.blocks[0].pieces) == [
        ("same", "gửi "),
        ("formatted", "báo cáo"),
        ("same", " đi"),
    ]


def test_another_style_of_a_paragraph_is_formatting() -> None:
    assert kinds(compare(doc(p(LONG)), doc(p(LONG, style="basis")))) == ["formatted"]


def test_a_line_break_is_not_the_text_of_one() -> None:
    old, new = doc(p("a", Run("\n"), "b")), doc(Paragraph((Run("a"), LineBreak())))
    assert content_of(compare(old, new), "new") == new


def test_a_paragraph_that_moved_is_not_lost_and_added() -> None:
    rest = [p(f"{OTHER} số {n}") for n in range(5)]
    found = compare(doc(p(LONG), *rest), doc(*rest, p(LONG)))
    assert kinds(found) == ["moved_from", *["same"] * 5, "moved_to"]
    assert found.blocks[0].move == found.blocks[-1].move == 1


def test_words_that_moved_within_the_text_say_so() -> None:
    moved = "theo đúng quy định của pháp luật hiện hành "
    old = doc(p(LONG + " " + moved + "như sau"), p(OTHER))
    new = doc(p(LONG + " như sau"), p("Thực hiện " + moved + OTHER[10:]))
    found = [
        piece.kind for c in every_change(compare(old, new).blocks) for piece in c.pieces
    ]
    assert "moved_from" in found
    assert "moved_to" in found


def test_a_table_is_compared_cell_by_cell() -> None:
    def table(*rows: tuple[str, ...]) -> Content:
        cells = (Row(tuple(Cell((p(text),)) for text in row)) for row in rows)
        return normalise(doc(Table(tuple(cells))))

    found = compare(
        table(("Nội dung", "Thời hạn"), ("Kiểm tra hệ thống", "tháng 3")),
        table(
            ("Nội dung", "Thời hạn"),
            ("Kiểm tra hệ thống", "tháng 4"),
            ("Tập huấn cán bộ", "tháng 5"),
        ),
    )
    (changed,) = found.blocks
    assert [row.kind for row in changed.parts] == ["same", "changed", "inserted"]
    assert [cell.kind for cell in changed.parts[1].parts] == ["same", "changed"]
    (paragraph,) = changed.parts[1].parts[1].parts
    assert said(paragraph.pieces) == [
        ("same", "tháng "),
        ("deleted", "3"),
        ("inserted", "4"),
    ]


def test_an_item_of_a_list_is_inserted_alone() -> None:
    def listed(*items: str) -> Content:
        return doc(ListBlock(tuple((p(text),) for text in items)))

    found = compare(
        listed("Sở Nội vụ", "Sở Tài chính"),
        listed("Sở Nội vụ", "Sở Y tế", "Sở Tài chính"),
    )
    assert [item.kind for item in found.blocks[0].parts] == ["same", "inserted", "same"]


def test_fields_of_the_letterhead_are_compared_too() -> None:
    old = Content(Fields(subject="V/v kiểm tra", urgency="normal"))
    new = Content(Fields(subject="V/v rà soát", urgency="urgent", schema="2"))
    found = compare(old, new)
    assert [f.name for f in found.fields] == ["subject", "urgency"]
    assert said(found.fields[0].pieces) == [
        ("same", "V/v "),
        ("deleted", "kiểm tra"),
        ("inserted", "rà soát"),
    ]


def count_likenesses(old: Content, new: Content, monkeypatch: Any) -> int:
    counted = 0
    real = Pairing.likeness

    def counting(*args: Any) -> float:
        nonlocal counted
        counted += 1
        return real(*args)

    monkeypatch.setattr(Pairing, "likeness", counting)
    compare(old, new)
    return counted


def test_a_long_text_with_one_edit_compares_only_what_differs(monkeypatch: Any) -> None:
    text = [p(f"{LONG} số {n}") for n in range(2_000)]
    new = [*text[:1_000], p("Một đoạn khác hẳn"), *text[1_001:]]
    assert count_likenesses(doc(*text), doc(*new), monkeypatch) <= 1


def test_a_rewritten_text_is_looked_at_within_a_bound(
    monkeypatch: Any,
) -> None:
    old = doc(*(p(f"cũ {n}") for n in range(1_000)))
    new = doc(*(p(f"mới khác {n} hẳn") for n in range(1_000)))
    assert count_likenesses(old, new, monkeypatch) <= 20 * 1_000


def test_a_change_without_a_side_is_of_the_other() -> None:
    found = compare(doc(p(LONG)), doc(p("Khác")))
    gone, came = found.blocks
    assert isinstance(gone, Change)
    assert (gone.kind, gone.new) == ("deleted", None)
    assert (came.kind, came.old) == ("inserted", None)
