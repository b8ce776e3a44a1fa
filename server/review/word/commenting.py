"""What was said in Word: which comments are new, answer ours, or are done.

A comment that went out is known by its number, or by author, time and words where a
program gave it a new one; one that was brought before, by `said_before`. What is new
hangs on the words it was written at, by their quote. Pure; must never change what
somebody said here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.translation import gettext as _

from server.common.text import nfc
from server.publishing.docx_comments import PRINTED, CommentText, ThreadText, gone_line
from server.publishing.docx_revisions import word_time
from server.publishing.marked import (
    Marked,
    MarkedComment,
    MarkedParagraph,
    paragraphs_in,
)
from server.review.models import BODY, COMMENT_LENGTH, QUOTE_LENGTH
from server.review.word.said_before import Held, SaidBefore, bare, folded
from server.review.word.steps import Missed

CONTEXT = 48
_PIECE = COMMENT_LENGTH - 200
_FIELD_OF = {style: name for name, styles in PRINTED.items() for style in styles}


@dataclass(frozen=True, slots=True)
class Sent:
    """A thread that stands in the draft, as it went out; `keys` of its comments."""

    thread: UUID
    shown: ThreadText
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """`name` is who wrote it in Word, `key` is its name in the draft."""

    name: str
    text: str
    key: str


@dataclass(slots=True)
class NewThread:
    part: str
    quote: str
    before: str
    after: str
    said: list[Said]
    is_resolved: bool = False


@dataclass(frozen=True, slots=True)
class NewReply:
    thread: UUID
    quote: str
    said: Said


@dataclass(frozen=True, slots=True)
class Turn:
    thread: UUID
    quote: str
    is_resolved: bool


@dataclass(slots=True)
class CommentPlan:
    """`already`: how many were brought before; `unturned`: turns that were refused
    when the plan was carried out."""

    threads: list[NewThread] = field(default_factory=list)
    replies: list[NewReply] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    already: int = 0
    unturned: int = 0


def plan_comments(
    edited: Marked,
    sent: Sequence[Sent],
    before: Sequence[MarkedComment] = (),
    salt: str = "",
) -> CommentPlan:
    """`before`: those of the file that this one goes on from, if it was taken here;
    what was done to them there is no news. `salt` names the draft."""
    return _Planner(edited, sent, before, salt).plan()


class _Planner:
    def __init__(
        self,
        edited: Marked,
        sent: Sequence[Sent],
        before: Sequence[MarkedComment],
        salt: str,
    ) -> None:
        self._edited = edited
        self._was_done = {_words(c.author, c.at, c.text): c.is_done for c in before}
        self._was_said = {_number(c): c for c in before if c.key}
        self._said = SaidBefore(
            (Held(s, s.shown.quote, key) for s in sent for key in s.keys),
            salt,
        )
        self._by_key = {c.key: (s, c) for s in sent for c in s.shown.comments}
        self._by_words = {
            _words(c.author, c.at, _with_line(s, c, with_line)): (s, c)
            for s in sent
            for c in s.shown.comments
            for with_line in (False, True)
        }
        self._plan = CommentPlan()
        self._lines = [*edited.head, *paragraphs_in(edited.flow)]
        self._begun: dict[str, NewThread] = {}
        self._known: dict[str, Sent] = {}
        self._by_ident = {c.ident: c for c in edited.comments}

    def plan(self) -> CommentPlan:
        others: list[MarkedComment] = []
        for comment in self._edited.comments:
            known = self._known_as(comment)
            if known is None:
                others.append(comment)
            else:
                self._see(comment, *known)
        fresh = self._new_of(others)
        # What is answered comes before its answers.
        for comment in sorted(fresh, key=lambda c: bool(c.answers)):
            self._add(comment)
        return self._plan

    def _known_as(self, comment: MarkedComment) -> tuple[Sent, CommentText] | None:
        by_words = self._by_words.get(_words(comment.author, comment.at, comment.text))
        if by_words is not None:
            return by_words
        found = self._by_key.get(comment.key) if comment.key else None
        # Another program's number may be the same by chance.
        if found is not None and folded(found[1].author) == folded(comment.author):
            return found
        return None

    def _new_of(self, comments: Sequence[MarkedComment]) -> list[MarkedComment]:
        """Those that nobody brought before."""
        as_said = {c.ident: self._as_said(c) for c in comments}
        held = self._said.match(
            [as_said[c.ident] for c in comments], lambda c: self._anchored(c).quote
        )
        for comment in comments:
            known = held.get(comment.ident)
            if known is None:
                continue
            sent = known.owner
            assert isinstance(sent, Sent)
            self._plan.already += 1
            self._known[comment.ident] = sent
            if as_said[comment.ident] is not comment:
                self._plan.missed.append(Missed("comment_changed", comment.text))
            if known.key == sent.keys[0] and comment.is_done:
                self._turn(comment, sent)
        return [c for c in comments if c.ident not in held]

    def _as_said(self, comment: MarkedComment) -> MarkedComment:
        """With the words that it had when it was brought, when they were changed."""
        was = self._was_said.get(_number(comment))
        if was is None or bare(was.text) == bare(comment.text):
            return comment
        return replace(comment, text=was.text)

    def _see(self, comment: MarkedComment, sent: Sent, was: CommentText) -> None:
        self._known[comment.ident] = sent
        if bare(comment.text) not in (
            bare(was.text),
            bare(_with_line(sent, was, True)),
        ):
            self._plan.missed.append(Missed("comment_changed", comment.text))
        first = sent.shown.comments[0]
        # That it is open says something only in a file that kept our number.
        if was is first and (comment.is_done or comment.key == was.key):
            self._turn(comment, sent)

    def _turn(self, comment: MarkedComment, sent: Sent) -> None:
        was = self._was_done.get(_words(comment.author, comment.at, comment.text))
        if comment.is_done not in (sent.shown.is_resolved, was):
            turn = Turn(sent.thread, sent.shown.quote, comment.is_done)
            self._plan.turns.append(turn)

    def _add(self, comment: MarkedComment) -> None:
        text = nfc(comment.text).strip()
        if not text:
            self._plan.missed.append(Missed("comment_empty", comment.author))
            return
        mark = self._said.new_mark(comment)
        said = [
            Said(comment.author, piece, f"{mark}-{number}")
            for number, piece in enumerate(_pieces(text))
        ]
        root = self._root(comment)
        if root in self._known:
            sent = self._known[root]
            self._plan.replies += [
                NewReply(sent.thread, sent.shown.quote, one) for one in said
            ]
        elif root in self._begun:
            self._begun[root].said += said
        else:
            thread = replace(self._anchored(comment), said=said)
            thread.is_resolved = comment.is_done
            self._begun[comment.ident] = thread
            self._plan.threads.append(thread)

    def _root(self, comment: MarkedComment) -> str:
        """The comment that began it; answers may answer each other in a circle."""
        seen: set[str] = set()
        here = comment
        while here.answers and here.ident not in seen:
            seen.add(here.ident)
            above = self._by_ident.get(here.answers)
            if above is None:
                break
            here = above
        return here.ident

    def _anchored(self, comment: MarkedComment) -> NewThread:
        start = self._point(comment.ident, "start")
        end = self._point(comment.ident, "end")
        reference = self._point(comment.ident, "reference")
        end = end or reference
        if start is None or end is None or end < start:
            # Without a range: the paragraph at which it was written.
            line = (reference or start or end or (-1, 0))[0]
            line = self._speaking(line)
            start, end = (line, 0), (line, _length(self._lines, line))
        quote = self._between(start, end)
        if not quote.strip():
            line = self._speaking(start[0])
            start, end = (line, 0), (line, _length(self._lines, line))
            quote = self._between(start, end)
        if not quote.strip():
            nothing = _("(không gắn với chữ nào)")
            return NewThread(BODY, nothing, "", "", [])
        first = self._lines[start[0]]
        last = self._lines[end[0]]
        part = _FIELD_OF.get(first.head_style, BODY)
        return NewThread(
            part,
            quote[:QUOTE_LENGTH],
            first.text[max(0, start[1] - CONTEXT) : start[1]],
            last.text[end[1] : end[1] + CONTEXT],
            [],
        )

    def _point(self, ident: str, kind: str) -> tuple[int, int] | None:
        for index, line in enumerate(self._lines):
            for point in line.points:
                if point.comment == ident and point.kind == kind:
                    return index, point.offset
        return None

    def _between(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        if start[0] < 0:
            return ""
        texts: list[str] = []
        for index in range(start[0], min(end[0], start[0] + QUOTE_LENGTH) + 1):
            text = self._lines[index].text
            until = end[1] if index == end[0] else len(text)
            texts.append(text[start[1] if index == start[0] else 0 : until])
        return nfc("\n".join(texts))

    def _speaking(self, index: int) -> int:
        """That line, or the nearest before it that says something."""
        for at in range(min(index, len(self._lines) - 1), -1, -1):
            if self._lines[at].text.strip():
                return at
        return -1


def _length(lines: Sequence[MarkedParagraph], index: int) -> int:
    return len(lines[index].text) if index >= 0 else 0


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), _PIECE):
        yield text[start : start + _PIECE]


def _with_line(sent: Sent, comment: CommentText, with_line: bool) -> str:
    if not with_line:
        return comment.text
    return f"{gone_line(sent.shown.quote)}\n{comment.text}"


def _words(author: str, at: str, text: str) -> tuple[str, str, str]:
    return folded(author), word_time(at) or "", bare(text)


def _number(comment: MarkedComment) -> tuple[str, str, str]:
    return comment.key, folded(comment.author), word_time(comment.at) or ""
