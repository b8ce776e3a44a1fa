"""People see what is new since they last looked, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.registry.workflow.changes import Change, Piece, compare


def test_the_same_text_shows_nothing() -> None:
    assert compare("Điều 1.\nĐiều 2.", "Điều 1.\nĐiều 2.") == ()


def test_a_changed_word_is_shown_inside_its_paragraph() -> None:
    before = "Kính gửi các sở.\nHạn trả lời: ngày 05 tháng 01."
    after = "Kính gửi các sở.\nHạn trả lời: ngày 15 tháng 01."
    assert compare(before, after) == (
        Change("same", (), 1),
        Change(
            "changed",
            (
                Piece("same", "Hạn trả lời: ngày "),
                Piece("removed", "05"),
                Piece("added", "15"),
                Piece("same", " tháng 01."),
            ),
        ),
    )


def test_a_new_paragraph_and_one_that_went_are_shown_whole() -> None:
    assert compare("a b c\nd e f", "a b c\ng h i\nd e f") == (
        Change("same", (), 1),
        Change("added", (Piece("added", "g h i"),)),
        Change("same", (), 1),
    )
    assert compare("a b c\nd e f", "d e f")[0] == Change(
        "removed", (Piece("removed", "a b c"),)
    )


def test_two_paragraphs_with_nothing_in_common_are_not_mixed() -> None:
    kinds = [c.kind for c in compare("Căn cứ Luật Lưu trữ", "Họp lúc 8 giờ sáng mai")]
    assert kinds == ["removed", "added"]


LINES = st.lists(
    st.text(alphabet="abă đ.", max_size=12).map(str.strip).filter(bool), max_size=8
)


@given(LINES, LINES)
def test_both_texts_can_be_read_off_the_changes(
    before: list[str], after: list[str]
) -> None:
    changes = compare("\n".join(before), "\n".join(after))
    for kind, lines, other in (("removed", before, "added"), ("added", after, None)):
        del other
        shown = [
            "".join(p.text for p in c.pieces if p.kind in ("same", kind))
            for c in changes
            if c.kind in ("changed", kind)
        ]
        # Every line that is not counted as unchanged stands there, in its order.
        rest = iter(lines)
        assert all(any(line == text for line in rest) for text in shown)
        same = sum(c.count for c in changes if c.kind == "same")
        assert len(shown) + same == len(lines) or before == after


def test_a_very_long_text_is_compared_in_reasonable_steps() -> None:
    lines = [f"Khoản {n}. Nội dung số {n}" for n in range(5_000)]
    changed = [*lines[:2_500], "Khoản mới", *lines[2_500:]]
    assert compare("\n".join(lines), "\n".join(changed)) == (
        Change("same", (), 2_500),
        Change("added", (Piece("added", "Khoản mới"),)),
        Change("same", (), 2_500),
    )
