"""What changed inside one paragraph or field, word by word.

Vietnamese writes a space between syllables, so a syllable is the unit that people see
change; a combining mark belongs to its letter even where the text is not composed.
The formatting of what stayed is compared after the words. Pure; must stay quick on a
paragraph that repeats one word a thousand times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import groupby

from collab.content.comparing.changes import Kind, Piece
from collab.content.tree import Inline, Run

# A word or a sign, with the blanks after it; or blanks at the very beginning.
_TOKEN = re.compile(r"[\w\u0300-\u036f]+\s*|[^\w\s\u0300-\u036f]\s*|\s+|.", re.DOTALL)
# Above this many words, those that stand everywhere are no landmarks.
_MANY = 600
# More words than this in one paragraph are replaced as a whole.
MAX_TOKENS = 20_000

Span = tuple[str, int, int, int, int]


def compare_words(
    old: Sequence[Inline], new: Sequence[Inline], *, max_tokens: int = MAX_TOKENS
) -> tuple[Piece, ...]:
    """Pieces in reading order; deleted ones stand before what replaces them."""
    before, after = _Line(old), _Line(new)
    pieces: list[Piece] = []
    for kind, i, j, k, m in text_spans(before.text, after.text, max_tokens):
        if kind == "same":
            pieces.extend(_kept(before, after, i, k, j - i))
        else:
            pieces.extend(_one_side("deleted", before, i, j))
            pieces.extend(_one_side("inserted", after, k, m))
    return tuple(pieces)


def whole(kind: Kind, inlines: Iterable[Inline]) -> tuple[Piece, ...]:
    """All of a text as one kind of piece."""
    return tuple(
        Piece(kind, None if kind == "inserted" else i, None if kind == "deleted" else i)
        for i in inlines
    )


class _Line:
    """Inlines as one text, with the look of each character beside it."""

    def __init__(self, inlines: Sequence[Inline]) -> None:
        texts: list[str] = []
        self.looks: list[Inline] = []
        for inline in inlines:
            if isinstance(inline, Run):
                texts.append(inline.text)
                self.looks.extend([replace(inline, text="")] * len(inline.text))
            else:
                texts.append("\n")
                self.looks.append(inline)
        self.text = "".join(texts)

    def inlines(self, start: int, end: int) -> Iterator[Inline]:
        """One inline for each look; breaks one by one."""
        at = start
        for look, group in groupby(self.looks[start:end]):
            length = len(list(group))
            if isinstance(look, Run):
                yield replace(look, text=self.text[at : at + length])
            else:
                yield from [look] * length
            at += length


def _one_side(kind: Kind, line: _Line, start: int, end: int) -> Iterator[Piece]:
    for inline in line.inlines(start, end):
        is_old = kind == "deleted"
        yield Piece(kind, inline if is_old else None, None if is_old else inline)


def _kept(
    before: _Line, after: _Line, start: int, new_start: int, length: int
) -> Iterator[Piece]:
    """The same text on both sides, parted where the look of either side changes."""
    looks = zip(
        before.looks[start : start + length],
        after.looks[new_start : new_start + length],
        strict=True,
    )
    at = 0
    for (old_look, new_look), group in groupby(looks):
        size = len(list(group))
        old = list(before.inlines(start + at, start + at + size))
        new = list(after.inlines(new_start + at, new_start + at + size))
        kind: Kind = "same" if old_look == new_look else "formatted"
        if len(old) == len(new):
            pairs = zip(old, new, strict=True)
            yield from (Piece(kind, a, b) for a, b in pairs)
        else:  # a break on one side, a sign of text on the other
            yield from (Piece("deleted", a, None) for a in old)
            yield from (Piece("inserted", None, b) for b in new)
        at += size


def text_spans(old: str, new: str, max_tokens: int = MAX_TOKENS) -> Iterator[Span]:
    """("same" | "other", start and end in the old text, start and end in the new)."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield "same", 0, head, 0, head
    for kind, i, j, k, m in _middle(before, after, max_tokens):
        yield kind, i + head, j + head, k + head, m + head
    if tail:
        yield "same", len(old) - tail, len(old), len(new) - tail, len(new)


def _common(old: str, new: str) -> int:
    """Length of the common beginning, at the border of a word."""
    if old == new:
        return len(old)
    short = min(len(old), len(new))
    at = next((i for i in range(short) if old[i] != new[i]), short)
    while at and not (_parts(old, at) and _parts(new, at)):
        at -= 1
    return at


def _parts(text: str, at: int) -> bool:
    """Whether a word may end here."""
    return at in (0, len(text)) or text[at - 1].isspace() or text[at].isspace()


def _middle(old: str, new: str, max_tokens: int) -> Iterator[Span]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) + len(after) > max_tokens or not before or not after:
        if old or new:
            yield "other", 0, len(old), 0, len(new)
        return
    old_words, new_words = [t.rstrip() for t in before], [t.rstrip() for t in after]
    many = max(len(before), len(after)) > _MANY
    found = SequenceMatcher(None, old_words, new_words, autojunk=many).get_opcodes()
    ends, new_ends = _ends(before), _ends(after)
    for tag, i, j, k, m in found:
        if tag != "equal":
            yield "other", ends[i], ends[j], new_ends[k], new_ends[m]
            continue
        yield from _equal(before[i:j], after[k:m], ends[i], new_ends[k])


def _equal(
    before: Sequence[str], after: Sequence[str], at: int, new_at: int
) -> Iterator[Span]:
    """Equal words; the blanks after them may differ."""
    start, new_start = at, new_at
    for old, new in zip(before, after, strict=True):
        length = len(old) if old == new else len(old.rstrip())
        at, new_at = at + length, new_at + length
        if old != new:
            yield "same", start, at, new_start, new_at
            start, new_start = at + len(old) - length, new_at + len(new) - length
            yield "other", at, start, new_at, new_start
            at, new_at = start, new_start
    if at > start:
        yield "same", start, at, new_start, new_at


def _ends(tokens: Sequence[str]) -> list[int]:
    ends = [0]
    for token in tokens:
        ends.append(ends[-1] + len(token))
    return ends
