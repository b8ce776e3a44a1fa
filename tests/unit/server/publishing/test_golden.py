"""What every type of document says on paper, line by line, kept in one file a norm.

To accept a change that is meant: WRITE_GOLDEN=1 and look at the difference.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from collab.content.tree import Content
from server.common import clock
from server.publishing.copies import Copy, CopyLines, copy_lines
from server.publishing.docx_export import to_docx
from server.publishing.docx_import import from_docx
from server.publishing.pdf_data import page_data
from server.publishing.rules import choose_rules, rules_for
from tests.unit.server.publishing.forms import (
    ELECTRONIC_COPY,
    EVERY_PART,
    PAPER_COPY,
    PARTY_CODES,
    PARTY_LETTER,
    STATE_CODES,
    WITH_APPENDICES,
    WITH_REGULATION,
    of_type,
    party_type,
)
from tests.unit.server.publishing.round_trip import kept
from tests.unit.server.publishing.samples import DECISION, LETTER, images

FOLDER = Path(__file__).parent / "golden"
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
STATE: dict[str, tuple[Content, Copy | None]] = {
    **{code: (of_type(code), None) for code in STATE_CODES},
    "công văn 328": (LETTER, None),
    "quyết định có chương, mục, bảng": (DECISION, None),
    "đủ mọi thành phần": (EVERY_PART, None),
    "phụ lục": (WITH_APPENDICES, None),
    "quyết định kèm quy chế (1.3)": (WITH_REGULATION, None),
    "sao y trên giấy": (of_type("TB"), PAPER_COPY),
    "sao y điện tử": (of_type("TB"), ELECTRONIC_COPY),
}
PARTY: dict[str, tuple[Content, Copy | None]] = {
    "công văn": (PARTY_LETTER, None),
    **{code: (party_type(code), None) for code in PARTY_CODES if code != "CV"},
}


def word_lines(content: Content, copy: Copy | None) -> list[str]:
    """Every line of the Word file with the style that gives it its look."""
    document = Document(BytesIO(to_docx(content, images, None, copy)))
    lines: list[str] = []
    first = document.sections[0]
    for edge in (first.first_page_header, first.first_page_footer):
        lines += _lines(edge._element)
    lines += _lines(document.element.body)
    return [*lines, *(_section(s) for s in document.sections)]


def _lines(root: Any) -> list[str]:
    found = []
    for paragraph in root.iter(qn("w:p")):
        style = paragraph.pPr.pStyle.val if paragraph.pPr is not None and (
            paragraph.pPr.pStyle is not None
        ) else ""  # fmt: skip
        text = "".join(
            t.text if t.tag == qn("w:t") else " / "
            for t in paragraph.iter(qn("w:t"), qn("w:br"))
        )
        if text.strip():
            found.append(f"{style}: {re.sub(chr(160), '_', text)}")
    return found


def _section(section: Any) -> str:
    start = section._sectPr.find(qn("w:pgNumType"))
    first = "" if start is None else f", numbers from {start.get(qn('w:start'))}"
    return f"[{round(section.page_width.mm)} × {round(section.page_height.mm)}{first}]"


def written(documents: dict[str, tuple[Content, Copy | None]]) -> str:
    with clock.fixed(NOON):
        parts = [
            "\n".join([f"## {name}", *word_lines(content, copy), ""])
            for name, (content, copy) in documents.items()
        ]
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("name", "documents"), [("nd30-2020", STATE), ("party-05-2026", PARTY)]
)
def test_every_type_is_printed_as_before(
    name: str, documents: dict[str, tuple[Content, Copy | None]]
) -> None:
    path = FOLDER / f"{name}.txt"
    now = written(documents)
    if os.environ.get("WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(now, "utf-8")
    assert now == path.read_text("utf-8")


def words_of(lines: list[str]) -> list[str]:
    return sorted(" ".join(lines).replace("/", " ").casefold().split())


# Lists have no signs in Word's text, runs of one word are parted in the data, and the
# corner of an electronic copy is no part of the document.
OTHERWISE = ("quyết định có chương, mục, bảng", "sao y điện tử")


@pytest.mark.parametrize("name", [n for n in STATE if n not in OTHERWISE])
def test_pdf_and_word_say_the_same_words(name: str) -> None:
    content, copy = STATE[name]
    rules = rules_for(content.fields)
    copied = copy_lines(copy, 2026, rules) if copy else CopyLines()
    data = page_data(content, images, rules, 2026, copied).data
    said: list[str] = []

    def walk(value: Any, key: str = "") -> None:
        if isinstance(value, str):
            said.append(value)
        elif isinstance(value, list):
            for item in value:
                walk(item, key)
        elif isinstance(value, dict):
            for inner, item in value.items():
                if inner not in NOT_PRINTED:
                    walk(item, inner)

    walk({k: data[k] for k in ("head", "bases", "blocks", "appendices", "copy")})
    head, copy_data = data["head"], data["copy"]
    # What is only printed together with something else.
    if not head["addressees"]:
        said.remove(head["addressees_title"])
    if not head["recipients"]:
        said.remove(head["recipients_title"])
    if not copy_data["recipients"]:
        said.remove(copy_data["recipients_title"])
    if not head["two_sign"]:
        for line in head["second_position"]:
            said.remove(line)
    with clock.fixed(NOON):
        printed = [line.split(": ", 1)[1] for line in word_lines(content, copy)[:-1]
                   if not line.startswith("[")]  # fmt: skip
    assert words_of(said) == words_of(printed)


NOT_PRINTED = frozenset(
    {"kind", "align", "sign", "part", "path", "alt", "href", "marks", "issuer_mark"}
)


@pytest.mark.parametrize("code", STATE_CODES)
def test_every_type_comes_back_from_word(code: str) -> None:
    content = of_type(code)
    back = from_docx(to_docx(content, images))
    again = from_docx(to_docx(back.content, images)).content
    assert again == back.content
    assert back.warnings == ()
    # Lines that a form makes from fields come back as text: nothing is lost. A thư công
    # has no name by which to know it again.
    layout = choose_rules(NOON.date()).types[code]
    if layout.name_line and not layout.lines_before:
        expected = kept(content)
        blocks = back.content.blocks
        assert blocks[: len(expected.blocks)] == expected.blocks
        assert back.content.fields == expected.fields


@pytest.mark.parametrize(
    "content", [EVERY_PART, PARTY_LETTER, WITH_APPENDICES],
    ids=["every part", "party", "appendices"],
)  # fmt: skip
def test_special_parts_come_back_from_word(content: Content) -> None:
    imported = from_docx(to_docx(content, images))
    assert imported.content == kept(content)
    assert imported.warnings == ()


def test_a_form_that_is_no_copy_is_refused() -> None:
    with pytest.raises(LookupError):
        copy_lines(Copy(form="XY", issuer="A"), 2026, choose_rules(NOON.date()))
