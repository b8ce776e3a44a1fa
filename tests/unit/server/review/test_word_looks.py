"""A look that is changed again in Word is one more suggestion, on top of the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collab.content.suggested import final, original, resolve
from collab.content.tree import (
    Content,
    Fields,
    Paragraph,
    Reformatted,
    Restyled,
    Run,
    Suggested,
)
from tests.support.word_hand import Hand, W
from tests.unit.server.review.word_worlds import Taken, exported, plain, take_in

AN, AT = "word:Nguyễn Văn An", "2026-11-20T08:30:00Z"
BOLD, ITALIC = frozenset({"bold"}), frozenset({"italic"})
FIELDS = Fields(subject="Quy định về báo cáo", document_type="QĐ")
PLAIN = Content(FIELDS, (Paragraph((Run("Báo cáo hằng tháng."),)),))
LOOK = Reformatted("s1", AN, AT)
SUGGESTED = Content(
    FIELDS,
    (
        Paragraph(
            (Run("Báo cáo "), Run("hằng tháng", BOLD, formatting=LOOK), Run(".")),
        ),
    ),
)
RESTYLED = Content(
    FIELDS,
    (
        Paragraph(
            (Run("Báo cáo"),),
            style="article",
            formatting=Restyled("s1", AN, AT, style="body"),
        ),
    ),
)


def paragraph(content: Content) -> Paragraph:
    (block,) = content.blocks
    assert isinstance(block, Paragraph)
    return block


def run(content: Content, text: str) -> Run:
    runs = [i for i in paragraph(content).inlines if isinstance(i, Run)]
    return next(one for one in runs if one.text == text)


def missed(found: Taken) -> list[str]:
    return [m.code for m in (*found.compared.missed, *found.outcome.missed)]


def italic(content: Content, *, tracked: bool = True) -> bytes:
    hand = Hand(exported(content))
    hand.look(0, "hằng tháng", "i", tracked=tracked)
    return hand.save()


def with_name_kept(content: Content) -> bytes:
    """As Word: the change that stands stays signed as it is, with what was before."""
    hand = Hand(exported(content))
    form = hand.run(0, "hằng tháng").find(W + "rPr")
    form.insert(0, form.makeelement(W + "i"))
    return hand.save()


def test_a_look_that_was_suggested_meanwhile_gets_one_above_it() -> None:
    found = take_in(PLAIN, italic(PLAIN), now=SUGGESTED)
    assert not missed(found)
    both = run(found.after, "hằng tháng")
    assert both.marks == BOLD | ITALIC
    assert both.formatting is not None
    assert [one.author for one in both.formatting.under] == [AN]
    assert both.formatting.author == "word:Lê Thị Cúc"
    assert found.stands
    assert found.is_only_suggested


@pytest.mark.parametrize("accept", [True, False])
def test_each_is_decided_by_itself(accept: bool) -> None:
    found = take_in(PLAIN, italic(PLAIN), now=SUGGESTED)

    def decide(by: Suggested) -> bool | None:
        return accept if by.author == AN else None

    left = run(resolve(found.after, decide), "hằng tháng")
    assert left.marks == (BOLD | ITALIC if accept else ITALIC)
    assert left.formatting is not None
    assert left.formatting.under == ()
    assert run(final(found.after), "hằng tháng").marks == BOLD | ITALIC
    assert original(found.after) == original(plain(PLAIN))


def test_a_second_change_in_word_stands_above_the_first() -> None:
    found = take_in(SUGGESTED, with_name_kept(SUGGESTED))
    assert [one.kind for one in found.outcome.taken] == ["formatting"]
    top = run(found.after, "hằng tháng").formatting
    assert top is not None
    assert (top.author, top.about) == ("me", ITALIC)
    assert [one.author for one in top.under] == [AN]
    assert found.stands
    assert found.is_only_suggested


def test_what_looks_so_already_is_suggested_no_more() -> None:
    now = Content(
        FIELDS,
        (replace(paragraph(PLAIN), inlines=(Run("Báo cáo hằng tháng.", ITALIC),)),),
    )
    found = take_in(PLAIN, italic(PLAIN), now=now)
    assert not missed(found)
    assert found.after == plain(now)


def test_too_many_looks_on_one_text_are_told() -> None:
    now = SUGGESTED
    for number in range(7):
        top = run(now, "hằng tháng").formatting
        assert top is not None
        marks = BOLD if number % 2 else BOLD | {"underline"}
        layer = Reformatted(
            f"m{number}",
            AN,
            AT,
            run(now, "hằng tháng").marks,
            about=frozenset({"underline"}),
            under=(*top.under, replace(top, under=())),
        )
        inlines = tuple(
            replace(i, marks=marks, formatting=layer)
            if i == run(now, "hằng tháng")
            else i
            for i in paragraph(now).inlines
        )
        now = Content(FIELDS, (replace(paragraph(now), inlines=inlines),))
    found = take_in(PLAIN, italic(PLAIN), now=now)
    assert missed(found) == ["formatted"]
    assert found.after == plain(now)


def restyled(content: Content, style: str) -> bytes:
    hand = Hand(exported(content))
    other = Hand(
        exported(Content(FIELDS, (Paragraph((Run("Báo cáo"),), style=style),)))
    )  # type: ignore[arg-type]
    form = hand.p(0).find(W + "pPr")
    named = other.p(0).find(W + "pPr").find(W + "pStyle")
    old = form.find(W + "pStyle")
    change = form.find(W + "pPrChange")
    if change is None:
        change = hand.revision("pPrChange")
        before = form.makeelement(W + "pPr")
        if old is not None:
            before.append(old)
        change.append(before)
        form.append(change)
    elif old is not None:
        form.remove(old)
    form.insert(0, named)
    return hand.save()


def test_a_style_that_was_suggested_meanwhile_gets_one_above_it() -> None:
    sent = Content(FIELDS, (Paragraph((Run("Báo cáo"),)),))
    listed = replace(paragraph(RESTYLED), listed="bullet")
    now = Content(FIELDS, (listed,))
    found = take_in(sent, restyled(sent, "clause"), now=now)
    assert not missed(found)
    after = paragraph(found.after)
    assert (after.style, after.listed) == ("clause", "bullet")
    assert after.formatting is not None
    assert after.formatting.style == "article"
    assert after.formatting.listed == "bullet"
    assert [one.author for one in after.formatting.under] == [AN]
    assert found.stands
    assert found.is_only_suggested


def test_a_second_style_in_word_stands_above_the_first() -> None:
    found = take_in(RESTYLED, restyled(RESTYLED, "clause"))
    after = paragraph(found.after)
    assert after.style == "clause"
    assert after.formatting is not None
    assert (after.formatting.author, after.formatting.style) == ("me", "article")
    assert found.stands
    assert found.is_only_suggested


def test_an_untouched_file_adds_no_layer() -> None:
    for content in (SUGGESTED, RESTYLED):
        found = take_in(content, exported(content))
        assert found.after == plain(content)
