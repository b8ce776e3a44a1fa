"""The very XML of a Word file, and the text as it is read back from a PDF.

`test_golden.py` keeps what every type says, line by line; here stand whole files, one
of each form that an office writes, so that a property of a paragraph, a style or a
number that changes is seen, too. Types that are laid out alike (a plan, a scheme, a
project …) are not repeated. To accept a change that is meant: WRITE_GOLDEN=1 and look
at the difference.
"""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from collab.content.tree import Content
from server.common import clock
from server.publishing.copies import Copy
from server.publishing.docx_export import to_docx
from server.publishing.extracts import extract
from server.publishing.pdf_export import to_pdf
from server.publishing.pdf_pages import words_of
from server.publishing.rules import rules_for
from tests.unit.server.publishing.forms import (
    ELECTRONIC_COPY,
    PAPER_COPY,
    PARTY_LETTER,
    SHORT_APPENDICES,
    of_type,
    party_type,
)
from tests.unit.server.publishing.samples import DECISION, LETTER, images
from tests.unit.server.publishing.test_golden import FOLDER, NOON

_WHOLE = of_type("QĐ")
# The second Điều, with what stands under it.
EXTRACT = extract(_WHOLE, rules_for(_WHOLE.fields), {4})
# By the name of the file: the document, and as which copy it is made.
DOCUMENTS: dict[str, tuple[Content, Copy | None]] = {
    "letter": (LETTER, None),
    "decision": (DECISION, None),
    "party": (PARTY_LETTER, None),
    "party_resolution": (party_type("NQ"), None),
    "state_decision": (of_type("QĐ"), None),
    "resolution": (of_type("NQ"), None),
    "notice": (of_type("TB"), None),
    "report": (of_type("BC"), None),
    "plan": (of_type("KH"), None),
    "submission": (of_type("TTr"), None),
    "directive": (of_type("CT"), None),
    "dispatch": (of_type("CĐ"), None),
    "invitation": (of_type("GM"), None),
    "minutes": (of_type("BB"), None),
    "introduction": (of_type("GGT"), None),
    "leave": (of_type("GNP"), None),
    "appendices": (SHORT_APPENDICES, None),
    "true_copy": (of_type("TB"), PAPER_COPY),
    "true_copy_electronic": (of_type("TB"), ELECTRONIC_COPY),
    "copied_copy": (of_type("TB"), replace(PAPER_COPY, form="SL", notation="SL-STTTT")),
    "extract": (EXTRACT, replace(PAPER_COPY, form="TrS", notation="TrS-STTTT")),
}
# What is the same in every file stands in the first one alone; so do the labels.
SHARED = ("word/styles.xml", "word/settings.xml")
LABELLED = ("letter", "decision", "party")


def kept(path: Path, now: str) -> str:
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(now, "utf-8")
    return path.read_text("utf-8")


def xml_of(name: str) -> str:
    """Text, headers and footers, of some the numbering; of the first what all share."""
    parts = "document|numbering" if name in LABELLED else "document"
    content, copy = DOCUMENTS[name]
    with (
        clock.fixed(NOON),
        zipfile.ZipFile(BytesIO(to_docx(content, images, None, copy))) as package,
    ):
        names = sorted(
            part
            for part in package.namelist()
            if re.fullmatch(rf"word/({parts}|header\d*|footer\d*)\.xml", part)
            or (name == "letter" and part in SHARED)
        )
        found = [f"<!-- {part} -->\n{package.read(part).decode()}" for part in names]
    text = re.sub(r' xmlns:\w+="[^"]*"', "", "\n".join(found))
    # Those that a Word file always brings along and that we never use say nothing.
    text = re.sub(r"<w:latentStyles.*?</w:latentStyles>", "", text, flags=re.DOTALL)
    text = re.sub(r"<w:style .*?</w:style>", _own_style, text, flags=re.DOTALL)
    return re.sub(r"(?=<w:(?:p|tr|tc|r|style|abstractNum|lvl|num)[ />])", "\n", text)


def _own_style(found: re.Match[str]) -> str:
    return found[0] if re.search(r'w:styleId="(Du\w+|Normal)"', found[0]) else ""


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_the_word_file_is_the_golden_xml(name: str) -> None:
    now = xml_of(name) + "\n"
    assert now == kept(FOLDER / f"{name}.xml", now)


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_the_pdf_reads_as_the_golden_text(name: str) -> None:
    """With its line and page breaks: what moves to another page is seen."""
    content, copy = DOCUMENTS[name]
    with clock.fixed(NOON):
        said = words_of(to_pdf(content, images, None, copy))
    now = "\n".join(line.rstrip() for line in said.splitlines()) + "\n"
    assert now == kept(FOLDER / f"{name}.pdf.txt", now)
