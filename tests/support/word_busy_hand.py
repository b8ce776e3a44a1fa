"""A hand that does to paragraphs whatever somebody may do in Word, by chance.

It works on the body's paragraphs as they stand in the file, also on those that it made
itself. Each word that it writes is unique, so that a test can ask where it went.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

from lxml import etree

from server.publishing.docx_styles import BODY_IDS
from tests.support.word_hand import Hand, W, _text_of, _unwrap, plain_run

AUTHORS = ("Lê Thị Cúc", "Phạm Dũng")


class BusyHand:
    """`log` says what it did. Under Track Changes, or without a trace."""

    def __init__(self, hand: Hand, chance: random.Random, *, tracked: bool) -> None:
        self.hand = hand
        self._chance = chance
        self._tracked = tracked
        self._count = 0
        self.log: list[str] = []

    def act(self, times: int, written: int = 0) -> None:
        """`written`: words are counted from there."""
        self._count = written
        acts: list[Callable[[], None]] = [
            self._type, self._type, self._erase, self._erase, self._enter, self._enter,
            self._join, self._join, self._new, self._drop, self._move, self._settle,
        ]  # fmt: skip
        for _ in range(times):
            self.hand.by = self._chance.choice(AUTHORS)
            self._chance.choice(acts)()

    # ── what is there ───────────────────────────────────────────────────────────────

    def paragraphs(self) -> list[Any]:
        return [
            p
            for p in self.hand.body.iter(W + "p")
            if (style := p.find(f"{W}pPr/{W}pStyle")) is not None
            and style.get(W + "val") in BODY_IDS
        ]

    def _any(self) -> Any:
        return self._chance.choice(self.paragraphs())

    def _runs(self, paragraph: Any) -> list[Any]:
        """Runs whose words still stand."""
        return [
            run
            for run in paragraph.iter(W + "r")
            if run.find(W + "t") is not None
            and run.find(f"{W}rPr/{W}rStyle") is None
            and run.getparent().tag in (W + "p", W + "ins", W + "moveTo")
        ]

    def _note(self, *what: object) -> None:
        self.log.append(" ".join(map(str, what)))

    def _word(self) -> str:
        self._count += 1
        return f" chữ{self._count}x"

    def _is_own(self, run: Any) -> bool:
        parent = run.getparent()
        at = (W + "author", W + "date")
        return parent.tag == W + "ins" and (
            tuple(map(parent.get, at)) == (self.hand.by, self.hand.at)
        )

    def _cut(self, run: Any, at: int) -> Any | None:
        """The run that begins at that letter; None at the end of it."""
        text = _text_of(run)
        said = text.text or ""
        if at <= 0:
            return run
        if at >= len(said):
            return None
        other = copy.deepcopy(run)
        _text_of(other).text = said[at:]
        text.text = said[:at]
        run.addnext(other)
        return other

    # ── acts ────────────────────────────────────────────────────────────────────────

    def _type(self) -> None:
        paragraph, word = self._any(), self._word()
        runs = self._runs(paragraph)
        made = plain_run(word)
        self._note("type", word, self._tracked)
        if not runs:
            paragraph.append(made)
        else:
            run = self._chance.choice(runs)
            length = len(_text_of(run).text or "")
            at = self._chance.randint(0, length)
            here = self._cut(run, at)
            (here.addprevious if here is not None else run.addnext)(made)
        self._mark(made, "ins")

    def _mark(self, run: Any, tag: str) -> None:
        """Under Track Changes, unless it stands in what the same hand wrote."""
        parent = run.getparent()
        if not self._tracked:
            if parent.tag == W + "ins" and tag == "ins":
                _split_out(run)
            return
        if tag == "ins" and self._is_own(run):
            return
        if tag == "ins" and parent.tag in (W + "ins", W + "moveTo"):
            _split_out(run)
        self.hand.wrap(run, tag)

    def _erase(self) -> None:
        runs = self._runs(self._any())
        if not runs:
            return
        run = self._chance.choice(runs)
        said = _text_of(run).text or ""
        start = self._chance.randint(0, max(0, len(said) - 1))
        end = self._chance.randint(start + 1, max(start + 1, len(said)))
        self._cut(run, end)
        piece = self._cut(run, start)
        if piece is not None:
            self._note("erase", _text_of(piece).text, self._tracked)
            self._erased(piece)

    def _erased(self, run: Any) -> None:
        if not self._tracked or self._is_own(run):
            run.getparent().remove(run)
        else:
            self.hand.wrap(run, "del")

    def _enter(self) -> None:
        """What stands above gets the new end; the mark stays above."""
        paragraph = self._any()
        runs = self._runs(paragraph)
        if not runs:
            return
        run = self._chance.choice(runs)
        here = self._cut(run, self._chance.randint(0, len(_text_of(run).text or "")))
        self._note("enter", _text_of(run).text, self._tracked)
        below = etree.Element(W + "p")
        below.append(copy.deepcopy(paragraph.find(W + "pPr")))
        first = here if here is not None else run
        if first.getparent() is not paragraph:
            first = _divide(first, after=here is None)
        elif here is None:
            first = run.getnext()
        while first is not None:
            after = first.getnext()
            below.append(first)
            first = after
        paragraph.addnext(below)
        _without_ends(paragraph)
        if self._tracked:
            self.hand.end_of(paragraph, "ins")

    def _join(self) -> None:
        paragraph = self._any()
        after = paragraph.getnext()
        if after is None or after not in self.paragraphs():
            return
        self._note("join", "".join(paragraph.itertext()), self._tracked)
        ends = paragraph.find(f"{W}pPr/{W}rPr")
        inserted = None if ends is None else ends.find(W + "ins")
        if ends is not None and ends.find(W + "del") is not None:
            return
        own = inserted is not None and inserted.get(W + "author") == self.hand.by
        if self._tracked and not own:
            self.hand.end_of(paragraph, "del")
            return
        # Word keeps the lower one's looks and both marks.
        place = after.find(W + "pPr")
        for part in reversed([c for c in paragraph if c.tag != W + "pPr"]):
            place.addnext(part)
        paragraph.getparent().remove(paragraph)

    def _new(self) -> None:
        near, word = self._any(), self._word()
        self._note("new", word, self._tracked)
        made = etree.Element(W + "p")
        made.append(copy.deepcopy(near.find(W + "pPr")))
        _without_ends(made)
        run = plain_run(word)
        made.append(run)
        self._chance.choice((near.addnext, near.addprevious))(made)
        if self._tracked:
            self.hand.end_of(made, "ins")
            self.hand.wrap(run, "ins")

    def _drop(self) -> None:
        paragraph = self._any()
        inside = paragraph.getparent()
        if len(inside.findall(W + "p")) < 2:
            return
        self._note("drop", "".join(paragraph.itertext()), self._tracked)
        if not self._tracked:
            inside.remove(paragraph)
            return
        for run in self._runs(paragraph):
            self._erased(run)
        ends = paragraph.find(f"{W}pPr/{W}rPr")
        if ends is None or ends.find(W + "del") is None:
            self.hand.end_of(paragraph, "del")

    def _move(self) -> None:
        """Cut and paste of a whole paragraph, without a trace."""
        paragraph, near = self._any(), self._any()
        inside = paragraph.getparent()
        if paragraph is near or len(inside.findall(W + "p")) < 2:
            return
        if self._tracked:
            return
        self._note("move", "".join(paragraph.itertext()))
        near.addnext(paragraph)

    def _settle(self) -> None:
        """Accept or reject one revision that went out or that somebody made since."""
        found = [
            e
            for e in self.hand.body.iter(W + "ins", W + "del")
            if e.getparent().tag in (W + "p", W + "ins")
        ]
        if not found:
            return
        one = self._chance.choice(found)
        stays = (one.tag == W + "ins") == self._chance.choice((True, False))
        self._note("settle", one.tag[-3:], stays, "".join(one.itertext()))
        if not stays:
            one.getparent().remove(one)
            return
        if one.tag == W + "del":
            for text in one.iter(W + "delText"):
                text.tag = W + "t"
        _unwrap(one)


def _split_out(run: Any) -> None:
    """Out of the wrapper around it, which goes on behind."""
    wrapper = run.getparent()
    behind = copy.copy(wrapper)
    for child in list(behind):
        behind.remove(child)
    for child in list(run.itersiblings()):
        behind.append(child)
    wrapper.addnext(run)
    if len(behind):
        run.addnext(behind)
    if not len(wrapper):
        wrapper.getparent().remove(wrapper)


def _divide(run: Any, *, after: bool) -> Any | None:
    """The wrapper around the run in two, before it or after it: the second one."""
    wrapper = run.getparent()
    behind = copy.deepcopy(wrapper)
    for child in list(behind):
        behind.remove(child)
    moved = list(run.itersiblings())
    if not after:
        moved = [run, *moved]
    for child in moved:
        behind.append(child)
    wrapper.addnext(behind)
    if not len(wrapper):
        wrapper.getparent().remove(wrapper)
    if not len(behind):
        following = behind.getnext()
        behind.getparent().remove(behind)
        return following
    return behind


def _without_ends(paragraph: Any) -> None:
    form = paragraph.find(W + "pPr")
    for ends in form.findall(W + "rPr"):
        form.remove(ends)
