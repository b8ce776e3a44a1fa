"""From what Word says of a paragraph to what it is in an official document.

Recognises Phần, Chương, Mục, Điều, khoản, điểm, căn cứ by their signs; a label equal
to the automatic one is dropped, any other is kept as `number`. Text is never lost: a
label that is taken from the text stands in `number` or is made again. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from collab.content.labels import OWN_LINE_STYLES, Labeller, format_label
from collab.content.tree import (
    Block,
    Inline,
    LineBreak,
    ListBlock,
    Paragraph,
    Run,
    Style,
    Table,
)
from server.common import clock
from server.publishing.docx_body import ReadParagraph
from server.publishing.rules import choose_rules
from server.publishing.rules.model import StyleRule

_ORDINALS = r"(?:thứ\s+\w+|[IVXLCDM]+|\d{1,3})"
# Headings stand alone on their line; a number inside a sentence is a reference.
_HEADINGS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"(Phần\s+{_ORDINALS})\s*[.:\-–]?\s*(?=\n|$|[A-ZĐ\W])", re.I)),
    ("chapter", re.compile(r"(Chương\s+(?:[IVXLCDM]+|\d{1,3}))(?!\w)[\s.:\-–]*", re.I)),
    ("subsection", re.compile(r"(Tiểu mục\s+\d{1,3})(?!\w)[\s.:\-–]*", re.I)),
    ("section", re.compile(r"(Mục\s+(?:\d{1,3}|[IVXLC]+))(?!\w)[\s.:\-–]*", re.I)),
)
_ARTICLE = re.compile(r"(Điều\s+\d{1,4}[a-zđ]?)\s*(?:([.:])\s*|\s+(?=$)|$)")
_BOLD_ARTICLE = re.compile(r"(Điều\s+\d{1,4}[a-zđ]?)\s*([.:]?)\s*")
_CLAUSE = re.compile(r"(\d{1,3}\.)\s+(?=\S)")
_POINT = re.compile(r"([a-zđ]{1,2}\))\s*(?=\S)")
_BASIS = re.compile(r"(?:căn cứ|xét|theo đề nghị)\b", re.I)


@dataclass(slots=True)
class _State:
    labeller: Labeller
    styles: Mapping[Style, StyleRule]
    has_numbered: bool = False


def structure(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Plain blocks: styles recognised, labels resolved, in document order."""
    styles = choose_rules(clock.today()).styles
    return _blocks(tuple(blocks), _State(Labeller(), styles))


def _blocks(blocks: tuple[Block, ...], state: _State) -> tuple[Block, ...]:
    result: list[Block] = []
    skip = False
    for index, block in enumerate(blocks):
        if skip:
            skip = False
            continue
        if isinstance(block, ReadParagraph):
            after = blocks[index + 1] if index + 1 < len(blocks) else None
            paragraph = _recognise(block, state)
            title = _title_after(paragraph, block, after)
            if title is not None:
                paragraph = replace(paragraph, inlines=title)
                skip = True
            result.append(_finish(paragraph, block, state))
        elif isinstance(block, ListBlock):
            items = tuple(_blocks(item, state) for item in block.items)
            result.append(replace(block, items=items))
        elif isinstance(block, Table):
            rows = tuple(
                replace(
                    row,
                    cells=tuple(
                        replace(cell, blocks=_blocks(cell.blocks, state))
                        for cell in row.cells
                    ),
                )
                for row in block.rows
            )
            result.append(replace(block, rows=rows))
        else:
            result.append(block)
    return tuple(result)


def _recognise(block: ReadParagraph, state: _State) -> Paragraph:
    """The paragraph with its style, and in `number` the label that it had."""
    plain = Paragraph(
        block.inlines, block.style, block.align, block.indent, block.number
    )
    if block.own:
        if block.number is not None:
            return _without_label_break(plain)
        # A person may have typed a new Điều into our file, with its number as text.
        found = _match_style(plain)
        if found is not None:
            return found
        is_numbered = bool(format_label(plain.style, 1))
        return replace(plain, number="" if is_numbered else None)
    if block.number is not None:
        return _from_word_number(plain)
    return _from_text(block, plain, state)


def _without_label_break(paragraph: Paragraph) -> Paragraph:
    inlines = paragraph.inlines
    if (
        paragraph.style in OWN_LINE_STYLES
        and inlines
        and isinstance(inlines[0], LineBreak)
    ):
        return replace(paragraph, inlines=inlines[1:])
    return paragraph


def _from_word_number(paragraph: Paragraph) -> Paragraph:
    """The label comes from Word's own numbering: its form says the style."""
    label = paragraph.number or ""
    for style, pattern in _HEADINGS:
        if pattern.fullmatch(label):
            return replace(paragraph, style=style, number=_tidy(label))
    if _BOLD_ARTICLE.fullmatch(label):
        return replace(paragraph, style="article", number=_tidy(label) + ".")
    if _POINT.match(label + " x"):
        return replace(paragraph, style="point", number=label)
    if _CLAUSE.match(label + " x"):
        return replace(paragraph, style="clause", number=label)
    return replace(paragraph, number=label or None)


def _from_text(block: ReadParagraph, plain: Paragraph, state: _State) -> Paragraph:
    text = plain.text.lstrip()
    bold, italic = _all_have(plain, "bold"), _all_have(plain, "italic")
    is_centred = plain.align == "center"
    if is_centred or bold or block.outline is not None:
        for style, pattern in _HEADINGS:
            match = pattern.match(text)
            if match:
                return _cut(plain, style, _tidy(match[1]), match.end())
    first = next((i for i in plain.inlines if isinstance(i, Run)), Run(""))
    starts_bold = "bold" in first.marks
    is_heading = starts_bold or block.outline is not None
    match = (_BOLD_ARTICLE if is_heading else _ARTICLE).match(text)
    if match:
        return _cut(plain, "article", _tidy(match[1]) + ".", match.end())
    if not is_centred:
        for style, pattern in _CLAUSE_AND_POINT:
            match = pattern.match(text)
            if match:
                return _cut(plain, style, match[1], match.end())
    is_basis = _BASIS.match(text) and (italic or text.rstrip().endswith(";"))
    if is_basis and not state.has_numbered:
        return replace(plain, style="basis")
    if block.outline is not None or block.style_name.startswith("heading"):
        return replace(plain, style="heading")
    if block.style_name == "caption":
        return replace(plain, style="caption")
    if block.style_name == "title" or (is_centred and bold and len(text) < 300):
        return replace(plain, style="center_title")
    return plain


_CLAUSE_AND_POINT: tuple[tuple[Style, re.Pattern[str]], ...] = (
    ("clause", _CLAUSE),
    ("point", _POINT),
)


def _match_style(paragraph: Paragraph) -> Paragraph | None:
    """A label of the paragraph's own style at the start of its text."""
    text = paragraph.text.lstrip()
    patterns = dict((*_HEADINGS, *_CLAUSE_AND_POINT))
    patterns["article"] = _BOLD_ARTICLE
    pattern = patterns.get(paragraph.style)
    match = pattern.match(text) if pattern else None
    if match is None:
        return None
    dot = "." if paragraph.style == "article" else ""
    return _cut(paragraph, paragraph.style, _tidy(match[1]) + dot, match.end())


def without_typed_label(paragraph: Paragraph) -> Paragraph:
    """Its label is counted anew: one that was typed in front of the text goes."""
    found = _match_style(paragraph)
    return replace(found or paragraph, number=None)


def _title_after(
    paragraph: Paragraph, read: ReadParagraph, after: Block | None
) -> tuple[Inline, ...] | None:
    """The title of a chapter that stands in the next paragraph of a foreign file."""
    if read.own or paragraph.style not in OWN_LINE_STYLES or paragraph.text.strip():
        return None
    if not isinstance(after, ReadParagraph) or after.own or after.number is not None:
        return None
    text = after.text.strip()
    is_title = after.align == "center" and (
        _all_have(after, "bold") or text.upper() == text
    )
    is_label = any(p.match(text) for _, p in _HEADINGS) or _ARTICLE.match(text)
    return after.inlines if text and is_title and not is_label else None


def _finish(paragraph: Paragraph, read: ReadParagraph, state: _State) -> Paragraph:
    """Drop what the style says anyway, and the label when it is the automatic one."""
    rule = state.styles[paragraph.style]
    if not read.own and paragraph.style != "body":
        for mark, is_given in (("bold", rule.bold), ("italic", rule.italic)):
            if is_given and _all_have(paragraph, mark):
                paragraph = replace(paragraph, inlines=_unmark(paragraph, mark))
        if paragraph.align in (rule.align, "justify"):
            paragraph = replace(paragraph, align=None)
    elif not read.own and paragraph.align == rule.align:
        paragraph = replace(paragraph, align=None)
    label = paragraph.number
    if label is not None:
        expected = state.labeller.expected(paragraph)
        if label == expected or (label == "" and not expected):
            paragraph = replace(paragraph, number=None)
    state.labeller.label(paragraph)
    if format_label(paragraph.style, 1):
        state.has_numbered = True
    return paragraph


def _cut(paragraph: Paragraph, style: Style, label: str, length: int) -> Paragraph:
    """Take the label off the front of the text; `length` counts without indent."""
    text = paragraph.text
    length += len(text) - len(text.lstrip())
    kept: list[Inline] = []
    for inline in paragraph.inlines:
        size = len(inline.text) if isinstance(inline, Run) else 1
        if length >= size:
            length -= size
        elif isinstance(inline, Run):
            kept.append(replace(inline, text=inline.text[length:]))
            length = 0
        else:
            kept.append(inline)
    return replace(paragraph, inlines=tuple(kept), style=style, number=label)


def _tidy(label: str) -> str:
    """ "CHƯƠNG  ii" → "Chương II": the spelling of the automatic label."""
    words = label.strip(" .:").split()
    if not words:
        return label
    first, last = " ".join(words[:-1]), words[-1]
    if re.fullmatch(r"(?i)[ivxlcdm]+", last):
        last = last.upper()
    return f"{first[:1].upper()}{first[1:].lower()} {last}" if first else last


def _all_have(paragraph: Paragraph, mark: str) -> bool:
    runs = [i for i in paragraph.inlines if isinstance(i, Run) and i.text.strip()]
    return bool(runs) and all(mark in run.marks for run in runs)


def _unmark(paragraph: Paragraph, mark: str) -> tuple[Inline, ...]:
    return tuple(
        replace(i, marks=i.marks - {mark}) if isinstance(i, Run) else i
        for i in paragraph.inlines
    )
