"""Drafts in one line each, as `suggestion_cases.json` writes them.

`style:text¶`, with `style~before:` where the style is suggested; {+new+} {-gone-};
¶+ and ¶- are ends; `---` is a line across, `---+` and `----` one that comes or goes;
a list of lines is a list of items.
"""

from __future__ import annotations

import re
from typing import Any, cast

from collab.content.tree import (
    Block,
    ListBlock,
    Paragraph,
    Restyled,
    Rule,
    Run,
    Style,
    Suggested,
)

MARK = Suggested("s", "an", "2026-11-27T08:00:00Z")
_PART = re.compile(r"\{\+\{-(.*?)-\}\+\}|\{\+(.*?)\+\}|\{-(.*?)-\}|([^{}]+)")
_LINE = re.compile(r"(?:(\w+)(?:~(\w+))?:)?(.*)¶([+-]?)")


def block(line: str | list[str]) -> Block:
    if isinstance(line, list):
        return ListBlock(tuple((block(item),) for item in line))
    if line.startswith("---"):
        end = line[3:]
        return Rule(MARK if end == "+" else None, MARK if end == "-" else None)
    found = _LINE.fullmatch(line)
    assert found, line
    style, before, text, end = found.groups()
    return Paragraph(
        tuple(_run(*each.groups()) for each in _PART.finditer(text)),
        cast(Style, style or "body"),
        insertion=MARK if end == "+" else None,
        deletion=MARK if end == "-" else None,
        formatting=Restyled(MARK.id, MARK.author, MARK.at, cast(Style, before))
        if before
        else None,
    )


def _run(both: str, new: str, gone: str, plain: str) -> Run:
    text = both or new or gone or plain
    inserted, deleted = bool(both or new), bool(both or gone)
    return Run(
        text, insertion=MARK if inserted else None, deletion=MARK if deleted else None
    )


def blocks(lines: Any) -> tuple[Block, ...]:
    return tuple(map(block, lines))
