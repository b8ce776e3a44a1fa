"""Paragraphs as one line of letters and ends, and what became of each.

Letters that were written under Track Changes since the export are known by that, and
never taken for others; the rest is compared word by word. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from collab.content.comparing.words import Span, text_spans
from collab.content.tree import Inline, Run, Suggested
from server.publishing.marked import MarkedParagraph

END = "\ue00e"
Known = frozenset[tuple[str, str]]
"""Author and time of the insertions that went out."""


@dataclass(frozen=True, slots=True)
class Token:
    """A letter (`look` is its inline without text) or the end of a paragraph."""

    char: str
    look: Inline | None
    paragraph: MarkedParagraph
    at: int

    @property
    def is_end(self) -> bool:
        return self.look is None

    @property
    def insertion(self) -> Suggested | None:
        held = self.paragraph if self.look is None else self.look
        return held.insertion

    @property
    def deletion(self) -> Suggested | None:
        held = self.paragraph if self.look is None else self.look
        return held.deletion


def tokens_of(paragraphs: Sequence[MarkedParagraph]) -> list[Token]:
    found: list[Token] = []
    for paragraph in paragraphs:
        at = 0
        for inline in paragraph.inlines:
            if isinstance(inline, Run):
                look = replace(inline, text="")
                for char in inline.text:
                    found.append(Token(char, look, paragraph, at))
                    at += 1
            else:
                found.append(Token("\n", inline, paragraph, at))
                at += 1
        found.append(Token(END, None, paragraph, at))
    return found


def known_insertions(tokens: Sequence[Token]) -> Known:
    return frozenset(
        (t.insertion.author, t.insertion.at) for t in tokens if t.insertion
    )


Happened = tuple[Token | None, Token | None]
"""Kept (both), gone (the old one alone), come (the new one alone)."""


def happened(old: Sequence[Token], new: Sequence[Token]) -> Iterator[Happened]:
    """Every token of both once; what went stands before what came in its place."""
    known = known_insertions(old)
    matched: list[Token] = []
    fresh: dict[int, list[Token]] = {}  # before which matched one
    for token in new:
        by = token.insertion
        if by is not None and (by.author, by.at) not in known:
            fresh.setdefault(len(matched), []).append(token)
        else:
            matched.append(token)
    spans = list(text_spans(_line(old), _line(matched)))
    for kind, i, j, k, m in _slid(spans, old):
        if kind == "same":
            for a, b in zip(range(i, j), range(k, m), strict=True):
                yield from ((None, token) for token in fresh.pop(b, ()))
                yield old[a], matched[b]
            continue
        yield from ((old[a], None) for a in range(i, j))
        for b in range(k, m):
            yield from ((None, token) for token in fresh.pop(b, ()))
            yield None, matched[b]
    for place in sorted(fresh):
        yield from ((None, token) for token in fresh[place])


def _slid(spans: list[Span], old: Sequence[Token]) -> list[Span]:
    """Where the same letters could have gone a little earlier, those that one
    suggestion holds went: " đúng" of "theo đúng dự", and not "đúng "."""
    found: list[Span] = []
    for index, span in enumerate(spans):
        kind, i, j, k, m = span
        last = found[-1] if found else None
        follows = index + 1 < len(spans) and spans[index + 1][0] == "same"
        if kind == "same" or k != m or last is None or last[0] != "same" or not follows:
            found.append(span)
            continue
        by = _slide(old, i, j, i - last[1])
        if by:
            found[-1] = ("same", last[1], last[2] - by, last[3], last[4] - by)
            found.append((kind, i - by, j - by, k - by, m - by))
            _same, a, b, c, d = spans[index + 1]
            spans[index + 1] = ("same", a - by, b, c - by, d)
        else:
            found.append(span)
    return [span for span in found if span[2] > span[1] or span[4] > span[3]]


def _slide(old: Sequence[Token], start: int, end: int, most: int) -> int:
    if _is_one(old[start:end]):
        return 0
    for by in range(1, most + 1):
        if old[start - by].char != old[end - by].char:
            return 0
        if _is_one(old[start - by : end - by]):
            return by
    return 0


def _is_one(tokens: Sequence[Token]) -> bool:
    first = tokens[0]
    held = (first.insertion, first.deletion)
    is_suggested = held != (None, None)
    return is_suggested and all((t.insertion, t.deletion) == held for t in tokens)


def _line(tokens: Sequence[Token]) -> str:
    return "".join(token.char for token in tokens)
