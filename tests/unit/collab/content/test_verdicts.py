"""What became of suggestions that stand no more, told by the letters that stayed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collab.content.suggested import resolve
from collab.content.tree import (
    Cell,
    Content,
    Paragraph,
    Reformatted,
    Row,
    Run,
    Suggested,
    Table,
)
from collab.content.verdicts import changes_in, verdicts

ONE, TWO = Suggested("s1", "an", "2026-11-23T02:00:00Z"), Suggested("s2", "ba", "")
KEYS = {("an", "s1"), ("ba", "s2")}


def plain(text: str) -> Run:
    return Run(text)


def comes(text: str, by: Suggested = ONE) -> Run:
    return Run(text, insertion=by)


def goes(text: str, by: Suggested = ONE) -> Run:
    return Run(text, deletion=by)


def text(*paragraphs: tuple[Run, ...]) -> Content:
    return Content(blocks=tuple(Paragraph(runs) for runs in paragraphs))


BEFORE = {
    "insertion": text((plain("Báo cáo "), comes("ngay "), plain("cho Sở."))),
    "deletion": text((plain("Báo cáo "), goes("ngay "), plain("cho Sở."))),
    "replacement": text((plain("Trước ngày "), goes("25"), comes("20"), plain("."))),
    "whole paragraph": text((plain("Một."),), (comes("Hai."),), (plain("Ba."),)),
    "two people": text(
        (plain("Gửi "), comes("gấp "), goes("các ", TWO), plain("đơn vị."))
    ),
    "alone": text((comes("Chỉ có thế."),)),
}


@pytest.mark.parametrize("name", BEFORE)
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
def test_each_is_told_as_it_was_decided(name: str, first: bool, second: bool) -> None:
    before = BEFORE[name]
    decided = {"s1": first, "s2": second}
    after = resolve(before, lambda suggested: decided[suggested.id])
    gone = KEYS & changes_in(before).keys()
    assert gone
    found = verdicts(before, after, gone)
    assert found == {key: decided[key[1]] for key in gone}


@pytest.mark.parametrize("accepted", [True, False])
def test_colleagues_who_write_elsewhere_meanwhile_hide_nothing(accepted: bool) -> None:
    before = BEFORE["replacement"]
    decided = resolve(before, lambda _s: accepted)
    (line,) = decided.blocks
    assert isinstance(line, Paragraph)
    written = replace(line, inlines=(*line.inlines, Run(" Nội dung khác.")))
    after = Content(blocks=(Paragraph((Run("Đầu trang."),)), written))
    assert verdicts(before, after, {("an", "s1")}) == {("an", "s1"): accepted}


def test_where_the_words_around_are_gone_nothing_is_told() -> None:
    after = text((plain("Đoạn đã viết lại toàn bộ"),))
    for name in ("insertion", "deletion", "replacement"):
        assert verdicts(BEFORE[name], after, {("an", "s1")}) == {("an", "s1"): None}
        assert verdicts(BEFORE[name], text(()), {("an", "s1")}) == {("an", "s1"): None}


def test_half_of_it_taken_is_neither() -> None:
    before = text((plain("Gửi "), comes("báo cáo và kế hoạch "), plain("cho Sở.")))
    after = text((plain("Gửi báo cáo cho Sở."),))
    assert verdicts(before, after, {("an", "s1")}) == {("an", "s1"): None}


@pytest.mark.parametrize("accepted", [True, False])
def test_rows_are_known_by_what_stands_in_them(accepted: bool) -> None:
    def row(words: str, by: Suggested | None = None) -> Row:
        return Row((Cell((Paragraph((Run(words),)),)),), insertion=by)

    before = Content(blocks=(Table((row("Một"), row("Hai", ONE), row("Ba"))),))
    after = resolve(before, lambda _s: accepted)
    assert verdicts(before, after, {("an", "s1")}) == {("an", "s1"): accepted}


def test_a_change_says_where_it_stands_and_what_it_does() -> None:
    (change,) = changes_in(BEFORE["replacement"]).values()
    assert (change.inserted, change.deleted) == ("20", "25")
    assert change.quote == "Trước ngày 25."
    long = text((plain("a" * 40), comes("mới"), plain("b" * 40)))
    (change,) = changes_in(long).values()
    assert change.quote == "…" + "a" * 30 + "b" * 30 + "…"


def test_a_look_is_a_change_without_words() -> None:
    look = Reformatted("s1", "an", "")
    content = text((Run("Đậm", frozenset({"bold"}), formatting=look),))
    (change,) = changes_in(content).values()
    assert (change.inserted, change.deleted, change.quote) == ("", "", "Đậm")
    assert (
        verdicts(content, text((plain("Đậm"),)), {("an", "s1")})[("an", "s1")] is None
    )
