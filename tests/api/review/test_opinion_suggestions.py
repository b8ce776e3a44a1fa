"""Whoever suggested has answered, whatever became of it: the opinions' table knows."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from pycrdt import XmlText

from server.common import clock
from server.common.errors import Unavailable
from server.review import events
from server.review.actions.asking import close_round
from server.review.models import OpinionRound
from server.review.opinions.standing import Stand
from server.review.queries import opinion_suggestions
from server.review.queries import opinions as queries
from server.review.queries.opinion_remarks import InDraft
from tests.support.history import Edit, Hand
from tests.support.opinions import NOW, Ask

pytestmark = pytest.mark.usefixtures("monday")


LINE = "Điều một."


def line(body: Any) -> XmlText:
    texts = (text for p in body.children for text in p.children)
    return next(text for text in texts if LINE in str(text))


def suggests(who: Any, ident: str, words: str = "mới ") -> Edit:
    mark = {"id": ident, "author": str(who.pk), "at": "2026-11-23T02:00:00Z"}
    return lambda body, _f: line(body).insert(0, words, {"insertion": mark})


def accepts(words: str = "mới ") -> Edit:
    size = len(words.encode())
    return lambda body, _f: line(body).format(0, size, {"insertion": None})


def takes_out(words: str = "mới ") -> Edit:
    def edit(body: Any, _fields: Any) -> None:
        del line(body)[0 : len(words.encode())]

    return edit


def said(begun: OpinionRound, holder: Any) -> tuple[Stand, InDraft]:
    key = holder.pk
    (row,) = [
        row
        for row in queries.table_of(begun).rows
        if key in (row.request.user_id, row.request.unit_id)
    ]
    return row.stand, row.in_draft


@pytest.fixture
def typed(cast: Any, draft: Any) -> Any:
    """The draft with a paragraph in which people suggest."""
    Hand(draft, cast.chuyenvien).write(LINE)
    return draft


@pytest.mark.parametrize("decide", [accepts, takes_out])
def test_what_was_decided_since_is_still_an_answer(
    decide: Any, cast: Any, typed: Any, ask: Ask, signed_in: Any
) -> None:
    begun = ask(may_suggest=True)
    Hand(typed, cast.lanhdao).edit(suggests(cast.lanhdao, "s1"))
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, InDraft(suggested=1))
    Hand(typed, cast.chuyenvien).edit(decide())
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, InDraft(decided=1))
    with clock.fixed(NOW + timedelta(days=10)):
        closed = close_round(cast.chuyenvien, begun.pk)
        assert said(closed, cast.lanhdao) == (Stand.COMMENTED, InDraft(decided=1))
        assert said(closed, cast.units["VPS"])[0] is Stand.SILENT
    file = signed_in(cast.chuyenvien).get(f"/opinion-rounds/{begun.pk}/opinions.docx")
    (table,) = Document(BytesIO(file.content)).tables
    assert [cell.text for cell in table.rows[2].cells][2:] == [
        "Góp ý trong dự thảo",
        "Đề xuất sửa 1 chỗ trong dự thảo.",
        "Đề xuất sửa: đã xem xét 1/1.",
    ]


def test_what_was_taken_back_before_anybody_went_on_was_never_said(
    cast: Any, typed: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=True)
    hand = Hand(typed, cast.lanhdao)
    hand.edit(suggests(cast.lanhdao, "s1"))
    hand.edit(takes_out())
    assert said(begun, cast.lanhdao) == (Stand.WAITING, InDraft())


def test_what_was_left_standing_for_a_while_was_said(
    cast: Any, typed: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=True)
    hand = Hand(typed, cast.lanhdao)
    hand.edit(suggests(cast.lanhdao, "s1"))
    hand.edit(takes_out(), at=NOW + timedelta(hours=1))
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, InDraft(decided=1))


def test_what_was_suggested_before_or_after_the_round_does_not_count(
    cast: Any, typed: Any, ask: Ask
) -> None:
    Hand(typed, cast.lanhdao).edit(suggests(cast.lanhdao, "before"))
    begun = ask(may_suggest=True)
    Hand(typed, cast.chuyenvien).write("Viết tiếp.")
    assert said(begun, cast.lanhdao) == (Stand.WAITING, InDraft())
    closed = close_round(cast.chuyenvien, begun.pk)
    later = NOW + timedelta(hours=1)
    Hand(typed, cast.lanhdao).edit(suggests(cast.lanhdao, "after"), at=later)
    assert said(closed, cast.lanhdao) == (Stand.SILENT, InDraft())


def test_who_had_the_right_to_suggest_before_is_heard_in_any_round(
    cast: Any, typed: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=False)
    Hand(typed, cast.lanhdao).edit(suggests(cast.lanhdao, "s1"))
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, InDraft(suggested=1))


def test_what_the_owner_brings_from_word_and_decides_at_once_is_theirs(
    cast: Any, typed: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=True)
    hand = Hand(typed, cast.chuyenvien)
    events.word_taken(typed.pk, hand.edit(suggests(cast.lanhdao, "w1")))
    hand.edit(accepts())
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, InDraft(decided=1))


def test_a_long_round_is_looked_through_in_bounded_steps(
    cast: Any, typed: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=True)
    theirs, ours = Hand(typed, cast.lanhdao), Hand(typed, cast.chuyenvien)
    for n in range(12):
        theirs.edit(suggests(cast.lanhdao, f"s{n}", "x"))
        ours.write("Tiếp.")
    for most in (1, 2, 5, 40):
        looks = opinion_suggestions._looks(begun, begun.seq + 24, most)
        assert len(looks) <= most
        assert looks[-1] == begun.seq + 24
    # He stopped twelve times, and the last word is always heard.
    assert len(looks) == 13
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, InDraft(suggested=12))


def test_where_the_past_is_damaged_what_stands_is_told(
    cast: Any, typed: Any, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: Any) -> Any:
        raise Unavailable(code="history_damaged")

    begun = ask(may_suggest=True)
    Hand(typed, cast.lanhdao).edit(suggests(cast.lanhdao, "s1"))
    monkeypatch.setattr(opinion_suggestions, "timeline_of", damaged)
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, InDraft(suggested=1))
