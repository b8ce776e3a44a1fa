"""The parts of a document: its main text, and the appendices behind it.

An appendix begins at a page break whose next lines say so ("Phụ lục II", "(Kèm theo
Quyết định …)"). Each has page numbers of its own, and lies on its side when a table
needs the width. Pure; must never move or drop a block other than that page break.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from collab.content.tree import Block, PageBreak, Paragraph, Table
from server.common.text import search_key
from server.publishing.layout import TURN_BEYOND, TURN_COLUMNS, px_to_mm
from server.publishing.rules.model import RuleSet

_HEADING_STYLES = frozenset({"body", "heading", "center_title", "caption"})
_MOST_HEADING_LINES = 8
_LONGEST_LABEL = 120
_REFERENCE = re.compile(r"^\(?(?:ban hành )?kèm theo\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """`heading` is how many first blocks are its label, title and reference."""

    blocks: tuple[Block, ...]
    heading: int = 0
    turned: bool = False

    @property
    def is_appendix(self) -> bool:
        return self.heading > 0


def split_parts(blocks: tuple[Block, ...], rules: RuleSet) -> tuple[Part, ...]:
    """The main text, then the appendices; the page breaks between them are gone."""
    starts: list[tuple[int, int]] = []
    for index, block in enumerate(blocks):
        # A break that is only suggested, either way, must be seen where it stands.
        if block == PageBreak():
            heading = heading_length(blocks[index + 1 :], rules)
            if heading:
                starts.append((index, heading))
    ends = [start for start, _ in starts[1:]] + [len(blocks)]
    main = blocks[: starts[0][0]] if starts else blocks
    parts = [Part(main)]
    for (start, heading), end in zip(starts, ends, strict=True) if starts else ():
        own = blocks[start + 1 : end]
        parts.append(Part(own, heading, _needs_width(own, rules)))
    return tuple(parts)


def heading_length(blocks: tuple[Block, ...], rules: RuleSet) -> int:
    """How many blocks from the first are the heading of an appendix; 0 = none."""
    length = 0
    is_one = False
    for index, block in enumerate(blocks[:_MOST_HEADING_LINES]):
        if not isinstance(block, Paragraph) or block.style not in _HEADING_STYLES:
            break
        text = block.text.strip()
        if is_reference(text):
            return index + 1
        if index == 0 and is_label(text, rules):
            is_one = True
        elif not _is_title(block, text):
            break
        length = index + 1
    return length if is_one else 0


def is_label(text: str, rules: RuleSet) -> bool:
    """ "Phụ lục", "PHỤ LỤC II", "Phụ lục 1: …"."""
    word = search_key(rules.words.appendix)
    key = search_key(text)
    after = key.removeprefix(word)
    return (
        key.startswith(word) and len(text) <= _LONGEST_LABEL and not after[:1].isalpha()
    )


def is_reference(text: str) -> bool:
    """ "(Kèm theo Quyết định số … )"."""
    return bool(_REFERENCE.match(text.strip()))


def _is_title(block: Paragraph, text: str) -> bool:
    is_centred = block.align == "center" or block.style in ("center_title", "caption")
    return bool(text) and (is_centred or text.upper() == text)


def _needs_width(blocks: tuple[Block, ...], rules: RuleSet) -> bool:
    return any(_is_wide(b, rules) for b in blocks if isinstance(b, Table))


def _is_wide(table: Table, rules: RuleSet) -> bool:
    widths = table.column_widths
    if len(widths) >= TURN_COLUMNS:
        return True
    if not widths or not all(widths):
        return False
    total = px_to_mm(sum(width or 0 for width in widths))
    return total > rules.page.text_width_mm * TURN_BEYOND
