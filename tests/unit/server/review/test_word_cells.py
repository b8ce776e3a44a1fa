"""Suggestions about cells are seen in Word, decided there, and made there."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from lxml import etree

from collab.content.read import read_content
from collab.content.suggested import final, original
from collab.content.tree import Cell, Celled, Content, Paragraph, Row, Run, Table
from tests.support.reviewed_docx import CORPUS
from tests.support.word_hand import Hand, W
from tests.unit.server.review.column_worlds import (
    cell,
    missed,
    table_in,
    taken,
)
from tests.unit.server.review.word_worlds import exported, plain, take_in

AT = "2026-11-20T08:30:00Z"
ANH, BINH = "word:Nguyễn Văn An", "word:Trần Thị Bình"


def says(
    text: str, who: str = ANH, ident: str = "s", was: int | None = 100, **more: Any
) -> Cell:
    """A cell about which one person suggests something."""
    before = {"widths": (was,)} if "widths" in more else {"widths": more.pop("now", ())}
    more.setdefault("widths", before["widths"])
    made = Celled(ident, who, AT, **before)
    return cell(text, formatting=made, **more)


def draft(*rows: tuple[Cell, ...], widths: tuple[int | None, ...] = ()) -> Content:
    table = Table(tuple(map(Row, rows)), widths)
    before, after = Paragraph((Run("Bảng."),)), Paragraph((Run("Hết."),))
    return plain(Content(CORPUS.fields, (before, table, after)))


# One row is to be the header, one column wider, two cells one, and one cell two.
HEADED = draft(
    (says("A", headed=True), says("B", headed=True)), (cell("a"), cell("b"))
)  # 0; 1, 2; 3, 4; 5
WIDER = draft(
    (cell("A", widths=(100,)), says("B", widths=(200,))),
    (cell("a", widths=(100,)), says("b", widths=(200,))),
    widths=(100, 200),
)
MERGED = draft(
    (says("A", shape="merge-1"), cell("B")),
    (says("a", shape="merge-1"), cell("b")),
    (cell("c"), cell("d")),
)
SPLIT = draft(
    (says("A", shape="split", rowspan=2), cell("B")), (cell("b"),), (cell("c"),) * 2
)
ALL = {"headed": HEADED, "wider": WIDER, "merged": MERGED, "split": SPLIT}


def taken_whole(hand: Hand) -> None:
    """Everything about cells accepted, as Word does it."""
    for tag in ("tcPrChange", "trPrChange", "tblGridChange"):
        for change in list(hand.root.iter(W + tag)):
            change.getparent().remove(change)
    for mark in list(hand.root.iter(W + "cellMerge")):
        merge_now(mark.getparent(), mark.get(W + "vMerge"))
        mark.getparent().remove(mark)


def merge_now(form: Any, said: str | None) -> None:
    for old in form.findall(W + "vMerge"):
        form.remove(old)
    if said:
        made = etree.Element(W + "vMerge")
        made.set(W + "val", "restart" if said == "rest" else "continue")
        held = form.find(W + "gridSpan")
        (form.find(W + "tcW") if held is None else held).addnext(made)


def taken_back(hand: Hand) -> None:
    """Everything about cells rejected."""
    for tag, inner in (("tcPrChange", "tcPr"), ("trPrChange", "trPr")):
        for change in list(hand.root.iter(W + tag)):
            form = change.getparent()
            was = copy.deepcopy(change.find(W + inner))
            for kept in form.findall(W + "cellMerge"):
                was.append(kept)
            form.getparent().replace(form, was)
    for change in list(hand.root.iter(W + "tblGridChange")):
        grid = change.getparent()
        grid.getparent().replace(grid, copy.deepcopy(change.find(W + "tblGrid")))
    for mark in list(hand.root.iter(W + "cellMerge")):
        mark.getparent().remove(mark)


@pytest.mark.parametrize("content", ALL.values(), ids=ALL)
def test_an_untouched_file_changes_nothing(content: Content) -> None:
    found = take_in(content, exported(content))
    assert (found.compared.steps, found.compared.missed) == ([], [])


@pytest.mark.parametrize("content", ALL.values(), ids=ALL)
def test_what_is_accepted_in_word_is_accepted(content: Content) -> None:
    hand = Hand(exported(content))
    taken_whole(hand)
    found = take_in(content, hand.save())
    assert missed(found) == []
    assert {one.kind for one in found.outcome.taken} == {"accepted"}
    assert original(found.after) == original(final(content))


@pytest.mark.parametrize("content", ALL.values(), ids=ALL)
def test_what_is_rejected_in_word_is_rejected(content: Content) -> None:
    hand = Hand(exported(content))
    taken_back(hand)
    found = take_in(content, hand.save())
    assert missed(found) == []
    assert {one.kind for one in found.outcome.taken} == {"rejected"}
    assert found.after == original(content)


@pytest.mark.parametrize("content", ALL.values(), ids=ALL)
def test_whoever_may_not_write_decides_nothing(content: Content) -> None:
    hand = Hand(exported(content))
    taken_whole(hand)
    found = take_in(content, hand.save(), may_write=False)
    assert taken(found) == []
    assert {code for code, _text in missed(found)} == {"settled"}
    assert found.after == read_content(found.before)


@pytest.mark.parametrize("content", ALL.values(), ids=ALL)
def test_a_program_that_drops_the_revisions_has_decided_nothing(
    content: Content,
) -> None:
    hand = Hand(exported(content))
    hand.program("LibreOffice/7.4")
    for tag in ("tcPrChange", "trPrChange", "tblGridChange", "cellMerge"):
        for change in list(hand.root.iter(W + tag)):
            change.getparent().remove(change)
    found = take_in(content, hand.save())
    assert (found.compared.steps, found.compared.missed) == ([], [])


@pytest.mark.parametrize("content", ALL.values(), ids=ALL)
def test_a_file_from_before_it_could_say_so_has_decided_nothing(
    content: Content,
) -> None:
    """It has the cells as they stood, and no mark of what was suggested."""
    hand = Hand(exported(content))
    taken_back(hand)
    hand.part("docProps/custom.xml", lambda text: text.replace("DuthaoForm", "Other"))
    found = take_in(content, hand.save())
    assert (found.compared.steps, found.compared.missed) == ([], [])


def test_a_decision_about_a_header_leaves_another_merge_open() -> None:
    one = Celled("s1", ANH, AT)
    both = Celled("s2", BINH, AT, headed=True, under=(one,))
    top = cell("A", headed=True, shape="merge-1", formatting=both)
    low = says("a", BINH, "s2", shape="merge-1")
    sent = draft((top, says("B", ident="s1", headed=True)), (low, cell("b")))
    hand = Hand(exported(sent))
    for tag in ("tcPrChange", "trPrChange"):
        for change in list(hand.root.iter(W + tag)):
            change.getparent().remove(change)
    found = take_in(sent, hand.save())
    table = table_in(found.after)
    assert [c.header for c in table_in(original(found.after)).rows[0].cells] == [
        True
    ] * 2
    assert table.rows[0].cells[0].shape == "merge-1"
    assert table.rows[1].cells[0].formatting is not None
