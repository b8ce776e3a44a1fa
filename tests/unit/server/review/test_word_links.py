"""A link that is suggested to lead elsewhere: seen in Word, and one text back here."""

from __future__ import annotations

from typing import Any

import pytest

from collab.content.suggested import final, original
from collab.content.tree import (
    Cell,
    Content,
    Fields,
    Paragraph,
    Reformatted,
    Row,
    Run,
    Suggested,
    Table,
)
from server.publishing.docx_marked import read_marked
from server.publishing.marked import paragraphs_in
from tests.support.word_hand import CUC, Hand, W, plain_run
from tests.unit.server.review.word_worlds import Taken, exported, plain, take_in

OLD, NEW = "https://daklak.gov.vn/cu", "https://daklak.gov.vn/moi"
BY = Reformatted("s1", "word:Nguyễn Văn An", "2026-11-20T08:30:00Z", frozenset(), OLD)
LINKED = Content(
    Fields(subject="Về liên kết"),
    (
        Paragraph(
            (Run("Xem "), Run("trang này", href=NEW, formatting=BY), Run(" nhé."))
        ),
    ),
)
FILE = exported(LINKED)


def hand() -> Hand:
    return Hand(FILE)


def wrapper(of: Hand, tag: str) -> Any:
    return next(of.p(0).iter(W + tag))


def links_of(found: Taken) -> list[tuple[str, str | None]]:
    (paragraph,) = found.after.blocks
    assert isinstance(paragraph, Paragraph)
    return [(i.text, i.href) for i in paragraph.inlines if isinstance(i, Run)]


def kinds(found: Taken) -> list[str]:
    return [f"{one.kind}: {one.text}" for one in found.outcome.taken]


def test_word_shows_the_old_link_struck_and_the_new_one_inserted() -> None:
    paragraph = hand().p(0)
    for tag, text in (("del", "delText"), ("ins", "t")):
        revision = next(paragraph.iter(W + tag))
        assert revision.get(W + "author") == "Nguyễn Văn An"
        assert "".join(t.text for t in revision.iter(W + text)) == "trang này"
        assert revision.getparent().tag == W + "hyperlink"


def test_it_is_one_text_when_it_is_read() -> None:
    (line,) = paragraphs_in(read_marked(FILE).flow)
    assert line.text == "Xem trang này nhé."
    found = take_in(LINKED, FILE)
    assert found.compared.steps == []
    assert found.after == plain(LINKED)


@pytest.mark.parametrize(
    ("keeps", "leaves"), [("ins", NEW), ("del", OLD)], ids=["accepted", "rejected"]
)
def test_both_decided_in_word_is_one_decision(keeps: str, leaves: str) -> None:
    edited = hand()
    edited.accept_all() if keeps == "ins" else edited.reject_all()
    found = take_in(LINKED, edited.save())
    word = "accepted" if keeps == "ins" else "rejected"
    assert kinds(found) == [f"{word}: trang này"]
    assert links_of(found)[1] == ("trang này", leaves)
    assert found.outcome.missed == []


def test_the_new_one_refused_alone_is_the_link_as_it_was() -> None:
    edited = hand()
    gone = wrapper(edited, "ins")
    gone.getparent().remove(gone)
    found = take_in(LINKED, edited.save())
    assert kinds(found) == ["rejected: trang này"]
    assert links_of(found)[1] == ("trang này", OLD)


def test_the_old_one_struck_for_good_leaves_it_open() -> None:
    edited = hand()
    gone = wrapper(edited, "del")
    gone.getparent().remove(gone)
    assert take_in(LINKED, edited.save()).compared.steps == []


def test_words_struck_and_written_in_it_are_taken() -> None:
    edited = hand()
    edited.wrap(next(wrapper(edited, "ins").iter(W + "r")), "del")
    made = plain_run(" mới")
    wrapper(edited, "ins").getparent().addnext(made)
    edited.wrap(made, "ins")
    found = take_in(LINKED, edited.save())
    assert sorted(kinds(found)) == ["deletion: trang này", "insertion:  mới"]
    assert original(found.after) == original(plain(LINKED))
    (paragraph,) = final(found.after).blocks
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text == "Xem  mới nhé."


def test_what_somebody_strikes_after_accepting_is_not_taken_for_the_old_one() -> None:
    edited = hand()
    edited.accept_all()
    edited.delete(0, "trang này")
    found = take_in(LINKED, edited.save())
    assert sorted(kinds(found)) == ["accepted: trang này", "deletion: trang này"]
    (paragraph,) = found.after.blocks
    assert isinstance(paragraph, Paragraph)
    struck = [i for i in paragraph.inlines if i.deletion]
    assert [i.deletion.author for i in struck if i.deletion] == [f"word:{CUC}"]


def test_in_a_row_that_comes_it_is_one_text_too() -> None:
    """The same person suggested both; neither is taken for the other."""
    (paragraph,) = LINKED.blocks
    row = Row((Cell((paragraph,)),), insertion=Suggested(BY.id, BY.author, BY.at))
    content = Content(LINKED.fields, (Table((row,)),))
    data = exported(content)
    (line,) = paragraphs_in(read_marked(data).flow)
    assert line.text == "Xem trang này nhé."
    assert take_in(content, data).compared.steps == []
