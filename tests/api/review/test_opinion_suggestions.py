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
from server.review.actions.closing import close_round
from server.review.models import OpinionRound
from server.review.opinions.standing import Stand
from server.review.queries import opinion_suggestions
from server.review.queries import opinions as queries
from server.review.queries.opinion_remarks import InDraft
from server.review.queries.opinion_suggestions import Fate
from tests.support.history import Edit, Hand
from tests.support.opinions import NOW, Ask

pytestmark = pytest.mark.usefixtures("monday")


LINE = "Điều một."


def line(body: Any) -> XmlText:
    texts = (text for p in body.children for text in p.children)
    return next(text for text in texts if LINE[:4] in str(text))


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


def said(begun: OpinionRound, holder: Any) -> tuple[Stand, int, int]:
    """How it stands, how many suggestions are open, how many decided."""
    stand, made = left(begun, holder)
    return stand, made.suggested, made.decided


def left(begun: OpinionRound, holder: Any) -> tuple[Stand, InDraft]:
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
    took = decide is accepts
    begun = ask(may_suggest=True)
    Hand(typed, cast.lanhdao).edit(suggests(cast.lanhdao, "s1"))
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, 1, 0)
    Hand(typed, cast.chuyenvien).edit(decide())
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, 0, 1)
    with clock.fixed(NOW + timedelta(days=10)):
        closed = close_round(cast.chuyenvien, begun.pk)
        assert said(closed, cast.lanhdao) == (Stand.COMMENTED, 0, 1)
        assert said(closed, cast.units["VPS"])[0] is Stand.SILENT
    file = signed_in(cast.chuyenvien).get(f"/opinion-rounds/{begun.pk}/opinions.docx")
    (table,) = Document(BytesIO(file.content)).tables
    assert [cell.text for cell in table.rows[2].cells][2:] == [
        "Góp ý trong dự thảo",
        "Đề xuất sửa 1 chỗ trong dự thảo:\n"
        f"– tại “Điều một.” thêm “mới” ({'đã đồng ý' if took else 'đã bỏ'})",
        f"Đề xuất sửa: đã xem xét 1/1 ({'đồng ý' if took else 'bỏ'} 1).",
    ]


def test_what_was_taken_back_before_anybody_went_on_was_never_said(
    cast: Any, typed: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=True)
    hand = Hand(typed, cast.lanhdao)
    hand.edit(suggests(cast.lanhdao, "s1"))
    hand.edit(takes_out())
    assert said(begun, cast.lanhdao) == (Stand.WAITING, 0, 0)


def test_what_was_left_standing_for_a_while_was_said(
    cast: Any, typed: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=True)
    hand = Hand(typed, cast.lanhdao)
    hand.edit(suggests(cast.lanhdao, "s1"))
    hand.edit(takes_out(), at=NOW + timedelta(hours=1))
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, 0, 1)


def test_what_was_suggested_before_or_after_the_round_does_not_count(
    cast: Any, typed: Any, ask: Ask
) -> None:
    Hand(typed, cast.lanhdao).edit(suggests(cast.lanhdao, "before"))
    begun = ask(may_suggest=True)
    Hand(typed, cast.chuyenvien).write("Viết tiếp.")
    assert said(begun, cast.lanhdao) == (Stand.WAITING, 0, 0)
    closed = close_round(cast.chuyenvien, begun.pk)
    later = NOW + timedelta(hours=1)
    Hand(typed, cast.lanhdao).edit(suggests(cast.lanhdao, "after"), at=later)
    assert said(closed, cast.lanhdao) == (Stand.SILENT, 0, 0)


def test_who_had_the_right_to_suggest_before_is_heard_in_any_round(
    cast: Any, typed: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=False)
    Hand(typed, cast.lanhdao).edit(suggests(cast.lanhdao, "s1"))
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, 1, 0)


def test_what_the_owner_brings_from_word_and_decides_at_once_is_theirs(
    cast: Any, typed: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=True)
    hand = Hand(typed, cast.chuyenvien)
    events.word_taken(typed.pk, hand.edit(suggests(cast.lanhdao, "w1")))
    hand.edit(accepts())
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, 0, 1)


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
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, 12, 0)


def test_where_the_past_is_damaged_what_stands_is_told(
    cast: Any, typed: Any, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: Any) -> Any:
        raise Unavailable(code="history_damaged")

    begun = ask(may_suggest=True)
    Hand(typed, cast.lanhdao).edit(suggests(cast.lanhdao, "s1"))
    monkeypatch.setattr(opinion_suggestions, "timeline_of", damaged)
    assert said(begun, cast.lanhdao) == (Stand.COMMENTED, 1, 0)


def fates(begun: OpinionRound, holder: Any) -> list[tuple[str, str, str, Fate]]:
    _stand, made = left(begun, holder)
    return [(m.quote, m.deleted, m.inserted, m.fate) for m in made.made]


def strikes(who: Any, ident: str, words: str) -> Edit:
    mark = {"id": ident, "author": str(who.pk), "at": "2026-11-23T02:00:00Z"}

    def edit(body: Any, _fields: Any) -> None:
        text = line(body)
        start = len(LINE.split(words)[0].encode())
        text.format(start, start + len(words.encode()), {"deletion": mark})

    return edit


def test_each_suggestion_is_told_with_its_words_and_its_fate(
    cast: Any, typed: Any, ask: Ask, signed_in: Any
) -> None:
    begun = ask(may_suggest=True)
    theirs, ours = Hand(typed, cast.lanhdao), Hand(typed, cast.chuyenvien)
    theirs.edit(strikes(cast.lanhdao, "s1", "một"))
    ours.write("Tiếp.")
    theirs.edit(suggests(cast.lanhdao, "s2"))
    assert [fate for *_rest, fate in fates(begun, cast.lanhdao)] == [Fate.OPEN] * 2
    ours.edit(accepts())
    assert fates(begun, cast.lanhdao) == [
        ("mới Điều một.", "một", "", Fate.OPEN),
        (LINE, "", "mới", Fate.ACCEPTED),
    ]
    page = signed_in(cast.chuyenvien).get(f"/opinion-rounds/{begun.pk}/")
    shown = page.content.decode()
    assert "<del>một</del>" in shown and "<ins>mới</ins>" in shown
    assert "dt-fate-accepted" in shown and "dt-fate-open" in shown
    told = signed_in(cast.chuyenvien).get(f"/api/v1/opinion-rounds/{begun.pk}")
    (row,) = [r for r in told.json()["requests"] if r["changes"]]
    assert [c["fate"] for c in row["changes"]] == ["open", "accepted"]


def wipes(body: Any, _fields: Any) -> None:
    while len(body.children):
        del body.children[0]


def test_the_edit_that_decided_is_found_among_many(
    cast: Any, typed: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=True)
    ours = Hand(typed, cast.chuyenvien)
    Hand(typed, cast.lanhdao).edit(suggests(cast.lanhdao, "s1"))
    ours.write("Một.")
    ours.edit(takes_out())
    # What was written after it says nothing of the place any more.
    ours.edit(wipes)
    ours.write("Viết lại tất cả.")
    assert fates(begun, cast.lanhdao) == [(LINE, "", "mới", Fate.REJECTED)]


def test_what_its_author_took_back_later_is_no_decision_of_ours(
    cast: Any, typed: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=True)
    theirs = Hand(typed, cast.lanhdao)
    theirs.edit(suggests(cast.lanhdao, "s1"))
    Hand(typed, cast.chuyenvien).write("Tiếp.")
    theirs.edit(takes_out())
    assert [fate for *_rest, fate in fates(begun, cast.lanhdao)] == [Fate.TAKEN_BACK]


def test_long_words_are_shortened_and_many_are_counted(
    cast: Any, typed: Any, ask: Ask, signed_in: Any
) -> None:
    begun = ask(may_suggest=True)
    theirs = Hand(typed, cast.lanhdao)
    theirs.edit(suggests(cast.lanhdao, "s0", "dài " * 200))
    for n in range(1, 24):
        theirs.edit(suggests(cast.lanhdao, f"s{n}", "x"))
    _stand, made = left(begun, cast.lanhdao)
    assert (made.changes, len(made.listed), made.unlisted) == (24, 20, 4)
    assert all(len(one.inserted) <= 120 for one in made.made)
    for form in ("docx", "xlsx", "pdf"):
        file = signed_in(cast.chuyenvien).get(
            f"/opinion-rounds/{begun.pk}/opinions.{form}"
        )
        assert file.status_code == 200
    page = signed_in(cast.chuyenvien).get(f"/opinion-rounds/{begun.pk}/")
    assert "và 4 chỗ khác" in page.content.decode()


def test_suggestions_for_the_letterhead_are_in_the_table(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun = ask()
    words = {"old": "cũ", "new": "mới"}
    first = begin_thread(draft, cast.lanhdao, "", suggestion=words)
    begin_thread(draft, cast.lanhdao, "Thừa.", suggestion={"old": "cũ", "new": ""})
    at = f"/api/v1/drafts/{draft.pk}/threads/{first['id']}/suggestion/reject"
    signed_in(cast.chuyenvien).post(at, {}, "application/json")
    stand, made = left(begun, cast.lanhdao)
    assert stand is Stand.COMMENTED
    assert [remark.text for remark in made.remarks] == ["Thừa."]
    assert set(fates(begun, cast.lanhdao)) == {
        ("Trích yếu", "cũ", "mới", Fate.REJECTED),
        ("Trích yếu", "cũ", "", Fate.OPEN),
    }
