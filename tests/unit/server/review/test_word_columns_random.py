"""Whatever is done by chance to the columns and rows of a table: as it was meant."""

from __future__ import annotations

import random
import re

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from collab.content.suggested import final, original
from collab.content.tree import (
    Cell,
    Content,
    Fields,
    LineBreak,
    Paragraph,
    Row,
    Run,
    Suggested,
    Table,
    iter_paragraphs,
)
from tests.support.word_columns import (
    add_column,
    add_row,
    mark_cell,
    remove_column,
    strike_column,
)
from tests.support.word_hand import Hand, W
from tests.unit.server.review.suggested_contents import columned_rows
from tests.unit.server.review.word_worlds import Taken, exported, plain, take_in

PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
SLOW = [HealthCheck.too_slow]
AUTHORS = ("Lê Thị Cúc", "Phạm Dũng")
AN = Suggested("k1", "word:Nguyễn Văn An", "2026-11-20T08:30:00Z")
Lines = list[list[str]]


class TableHand:
    """`meant` is the table as it is when everything is accepted. A column or row that
    came is struck without a trace, as by whoever made it; one that there was, either
    way. The first cell stays, by which the hand knows the table."""

    def __init__(self, hand: Hand, lines: Lines, chance: random.Random) -> None:
        self.hand = hand
        self.meant = lines
        self.log: list[str] = []
        self._chance = chance
        self._count = 0
        self._struck: set[int] = set()  # columns that are still there

    def act(self, times: int) -> None:
        for _ in range(times):
            self.hand.by = self._chance.choice(AUTHORS)
            self._chance.choice([self._come, self._come, self._go, self._row])()

    def _word(self) -> str:
        self._count += 1
        return f"chữ{self._count}x"

    def _shown(self) -> list[int]:
        width = len(self.meant[0]) + len(self._struck)
        return [at for at in range(width) if at not in self._struck]

    def _come(self) -> None:
        tracked = self._chance.random() < 0.5
        shown = self._shown()
        place = self._chance.randint(1, len(shown))
        at = shown[place] if place < len(shown) else shown[-1] + 1
        texts = [self._word() for _ in self.meant]
        self.log.append(f"come {at} {tracked} {texts}")
        add_column(self.hand, 1, at, texts, tracked=tracked)
        self._struck = {n + (n >= at) for n in self._struck}
        for line, text in zip(self.meant, texts, strict=True):
            line.insert(place, text)

    def _go(self) -> None:
        shown = self._shown()
        if len(shown) < 3:
            return
        place = self._chance.randrange(1, len(shown))
        at = shown[place]
        is_new = "chữ" in self.meant[0][place]
        tracked = not is_new and self._chance.random() < 0.5
        self.log.append(f"go {at} {tracked}")
        if tracked:
            strike_column(self.hand, 1, at)
            self._struck.add(at)
        else:
            remove_column(self.hand, 1, at)
            self._struck = {n - (n > at) for n in self._struck}
        for line in self.meant:
            del line[place]

    def _row(self) -> None:
        texts = [self._word() for _ in self.meant[0]]
        self.log.append(f"row {texts}")
        width = len(self.meant[0]) + len(self._struck)
        shown = iter(texts)
        cells = ["" if at in self._struck else next(shown) for at in range(width)]
        made = add_row(self.hand, 1, cells, tracked=self._chance.random() < 0.5)
        for at, cell in enumerate(made.findall(W + "tc")):
            if at in self._struck:
                mark_cell(self.hand, cell, "cellDel", "del")
        self.meant.insert(1, texts)


def table_of(lines: Lines) -> Content:
    rows = tuple(
        Row(tuple(Cell((Paragraph((Run(text),)),)) for text in line)) for line in lines
    )
    first, last = Paragraph((Run("Trước bảng."),)), Paragraph((Run("Sau bảng."),))
    return Content(Fields(document_type="QĐ"), (first, Table(rows), last))


def lines_in(content: Content) -> Lines:
    return [
        [" ".join(p.text for p in iter_paragraphs(c.blocks)) for c in row.cells]
        for block in content.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]


def begun(chance: random.Random) -> Lines:
    """Some words stand more than once."""
    words = ["quý I", "quý II", "Sở Nội vụ", "Ngày 10", "1", "2"]
    width, height = chance.randint(2, 4), chance.randint(1, 4)
    lines = [[chance.choice(words) for _ in range(width)] for _ in range(height)]
    lines[0][0] = "Đơn vị"
    return lines


def told(found: Taken) -> str:
    missed = [*found.compared.missed, *found.outcome.missed]
    return "\n".join(f"{one.code}: {one.text}" for one in missed)


@settings(max_examples=120, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(st.integers(0, 2**32))
def test_what_was_meant_for_a_table_is_suggested(seed: int) -> None:
    chance = random.Random(seed)
    lines = begun(chance)
    sent = table_of(lines)
    base = exported(sent)
    hand = TableHand(Hand(base), [list(line) for line in lines], chance)
    hand.act(chance.randint(1, 6))
    found = take_in(sent, hand.hand.save(), base=base)
    assert told(found) == "", hand.log
    assert lines_in(final(found.after)) == hand.meant, hand.log
    assert found.stands, hand.log
    assert found.is_only_suggested, hand.log


@settings(max_examples=60, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(st.integers(0, 2**32))
def test_nobody_loses_what_was_done_to_the_table_meanwhile(seed: int) -> None:
    """Somebody put a column and a row into it, and took another out."""
    chance = random.Random(seed)
    lines = begun(chance)
    sent = table_of(lines)
    hand = TableHand(Hand(exported(sent)), [list(line) for line in lines], chance)
    hand.act(chance.randint(1, 5))
    now = _meanwhile(sent, chance)
    found = take_in(sent, hand.hand.save(), now=now, may_write=False)
    assert original(found.after) == original(plain(now)), hand.log
    assert found.is_only_suggested, hand.log
    there = " ".join(p.text for p in iter_paragraphs(found.after.blocks))
    for word in re.findall(r"chữ\d+x", str(hand.meant)):
        assert word in there + told(found), (word, hand.log)
    for word in re.findall(r"lúc đó \d+", str(lines_in(plain(now)))):
        assert word in there, (word, hand.log)


alone = columned_rows().map(lambda rows: Content(Fields(), (Table(rows),)))


@settings(max_examples=40, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(alone, alone, st.one_of(st.none(), alone), st.booleans())
def test_any_table_can_come_back_for_any_other(
    sent: Content, came: Content, now: Content | None, may_write: bool
) -> None:
    """With columns that are suggested, cells that span others, and marks that stray."""
    found = take_in(sent, exported(came), now=now, may_write=may_write)
    if not may_write:
        assert found.stands
        assert found.is_only_suggested
    assert lost(found, sent, came, now) == []


def test_a_cell_that_stays_in_a_column_that_came_and_went_is_told() -> None:
    """Of the rows that there were, the new column is struck; a new row has words in
    it that are not."""
    gone = Suggested("c", "word:Trần", "2026-11-21T01:02:03Z")
    struck = Cell((Paragraph((Run("Ghi chú"),)),), deletion=gone)
    sent = table_of([["Đơn vị"]])
    came = _with_rows(
        sent, Row((_cell("Đơn vị"), struck)), Row((_cell("Sở Y tế"), _cell("xong")))
    )
    found = take_in(sent, exported(came))
    assert lines_in(final(found.after)) == [["Đơn vị"], ["Sở Y tế"]]
    assert told(found) == "cells: xong"


def test_a_wide_cell_over_columns_that_came_and_went_is_told() -> None:
    gone = Suggested("c", "word:Trần", "2026-11-21T01:02:03Z")
    struck = Cell((Paragraph((Run("Ghi chú"),)),), deletion=gone)
    come = Cell((Paragraph(),), insertion=AN)
    sent = table_of([["", "Đơn vị"], ["", "Sở Y tế"], ["", "Sở Nội vụ"]])
    came = _with_rows(
        sent,
        Row((_cell("Đơn vị"), struck, come)),
        Row((_cell("Sở Y tế"), _wide("xong"))),
        Row((_cell("Sở Nội vụ"), _wide("chưa"))),
    )
    found = take_in(sent, exported(came))
    assert told(found) == "cells: xong\ncells: chưa"
    assert lines_in(final(found.after)) == [["Đơn vị"], ["Sở Y tế"], ["Sở Nội vụ"]]


def test_a_word_between_which_a_break_is_struck_is_not_lost() -> None:
    gone = Suggested("c", "word:Trần", "2026-11-21T01:02:03Z")
    line = Paragraph((Run("Căn cứ"), LineBreak(deletion=gone), Run("vào")))
    sent = _with_rows(table_of([]), Row((Cell((line,)),)))
    found = take_in(sent, exported(sent))
    assert lost(found, sent, sent, None) == []


def lost(found: Taken, sent: Content, came: Content, now: Content | None) -> list[str]:
    """Words of the file that are neither in the draft nor told. Of what the file only
    has because it went out with it, the draft may have got rid meanwhile."""
    there = told(found) + "\n" + _said(found.after)
    there += "" if now is None else "\n" + _said(sent)
    runs = (
        inline.text
        for paragraph in iter_paragraphs(final(came).blocks)
        for inline in paragraph.inlines
        if isinstance(inline, Run)
    )
    words = (word for text in runs for word in re.findall(r"[a-zA-ZÀ-ỹ]{3,}", text))
    return [word for word in words if word not in there and word != "Điều"]


def _said(content: Content) -> str:
    """With what is struck and without: a word may go on behind something struck."""
    both = (*iter_paragraphs(content.blocks), *iter_paragraphs(final(content).blocks))
    return "\n".join(paragraph.text for paragraph in both)


def _with_rows(content: Content, *rows: Row) -> Content:
    first, _table, last = content.blocks
    return Content(content.fields, (first, Table(rows), last))


def _wide(text: str) -> Cell:
    return Cell((Paragraph((Run(text),)),), colspan=2)


def _cell(text: str) -> Cell:
    return Cell((Paragraph((Run(text),)),))


def _meanwhile(sent: Content, chance: random.Random) -> Content:
    before, table, after = sent.blocks
    assert isinstance(table, Table)
    rows = [list(row.cells) for row in table.rows]
    if chance.random() < 0.3 and len(rows[0]) > 2:
        at = chance.randrange(1, len(rows[0]))
        for row in rows:
            del row[at]
    if chance.random() < 0.6:
        at = chance.randint(0, len(rows[0]))
        end = AN if chance.random() < 0.5 else None
        for number, row in enumerate(rows):
            blocks = (Paragraph((Run(f"lúc đó {number}"),)),)
            row.insert(at, Cell(blocks, insertion=end))
    if chance.random() < 0.5:
        blocks = (Paragraph((Run("lúc đó 9"),)),)
        rows.insert(chance.randint(0, len(rows)), [Cell(blocks) for _ in rows[0]])
    made = Table(tuple(Row(tuple(row)) for row in rows))
    return Content(sent.fields, (before, made, after))
