"""What was changed of the letterhead in Word, field by field: old, new, and now.

Nobody suggests on the letterhead, so nothing of this is taken by itself: it is shown,
and whoever may write takes a field by a click. What is no field that people write (the
number of a register, the name of the type) is only told. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collab.content.tree import Fields, Run
from server.publishing.docx_comments import PRINTED
from server.publishing.docx_head_import import fields_of_own
from server.publishing.marked import MarkedParagraph

_DATED, _NUMBERED = "DuPlaceDate", "DuNumber"
_FIELDS_OF = {
    style: {name for name, styles in PRINTED.items() if style in styles}
    for styles in PRINTED.values()
    for style in styles
}
_FIELDS_OF[_DATED] = {"place", "date"}
TAKEN = frozenset({*PRINTED, "date"})
Lines = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class HeadChange:
    """`now` is None unless the draft changed meanwhile; `by` is a name in the file."""

    name: str
    old: str
    new: str
    now: str | None = None
    by: str = ""


def compare_heads(
    old: Sequence[MarkedParagraph],
    new: Sequence[MarkedParagraph],
    sent: Fields,
    now: Fields,
) -> tuple[list[HeadChange], list[str]]:
    """The changes, and lines that are no field. `sent`: the fields that went out."""
    before, after = _lines(old), _lines(new)
    was, became = fields_of_own(before), fields_of_own(after)
    changes: list[HeadChange] = []
    for name in sorted(TAKEN):
        held, wanted = was.get(name, ""), became.get(name, "")
        if held == wanted or (name == "date" and not wanted):
            continue
        is_moved = getattr(sent, name) != getattr(now, name)
        current = getattr(now, name) if is_moved else None
        if current == wanted:
            continue
        changes.append(HeadChange(name, held, wanted, current, _author(name, new)))
    changed = {change.name for change in changes}
    lines = list(_no_field(before, after, changed))
    if "notation" in changed and was.get("number") != became.get("number"):
        # It stands on one line with the notation, and registers alone give it.
        lines += after.get(_NUMBERED, ())
    return changes, lines


def _lines(head: Iterable[MarkedParagraph]) -> Lines:
    """By style, with what was suggested in Word accepted."""
    found: Lines = {}
    held = ""
    for line in head:
        held += "".join(
            inline.text if isinstance(inline, Run) else "\n"
            for inline in line.inlines
            if inline.deletion is None
        )
        if line.deletion is not None:
            continue
        if held.strip():
            found.setdefault(line.head_style, []).append(held)
        held = ""
    return found


def _no_field(before: Lines, after: Lines, changed: set[str]) -> Iterable[str]:
    for style in sorted({*before, *after}):
        if _FIELDS_OF.get(style, set()) & changed:
            continue
        old = [" ".join(text.split()) for text in before.get(style, ())]
        for text in after.get(style, ()):
            if (said := " ".join(text.split())) in old:
                old.remove(said)
            else:
                yield text.strip()
        if style not in after:
            yield from (f"– {text}" for text in old)


def _author(name: str, head: Iterable[MarkedParagraph]) -> str:
    """Who wrote it there, if one person did so under Track Changes."""
    names = {
        by.author
        for line in head
        if name in _FIELDS_OF.get(line.head_style, ())
        for held in (line, *line.inlines)
        for by in (held.insertion, held.deletion)
        if by is not None and by.author
    }
    return names.pop() if len(names) == 1 else ""
