"""The very XML of a Word file, and the text as it is read back from a PDF.

`test_golden.py` keeps what every type says, line by line; here stand the parts of three
whole files, so that a property of a paragraph, a style or a number that changes is
seen, too. To accept a change that is meant: WRITE_GOLDEN=1 and look at the difference.
"""

from __future__ import annotations

import os
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from collab.content.tree import Content
from server.common import clock
from server.publishing.docx_export import to_docx
from server.publishing.pdf_export import to_pdf
from server.publishing.pdf_pages import words_of
from tests.unit.server.publishing.forms import PARTY_LETTER
from tests.unit.server.publishing.samples import DECISION, LETTER, images
from tests.unit.server.publishing.test_golden import FOLDER, NOON

DOCUMENTS: dict[str, Content] = {
    "letter": LETTER,
    "decision": DECISION,
    "party": PARTY_LETTER,
}
# What is the same in every file stands in the first one alone.
SHARED = ("word/styles.xml", "word/settings.xml")


def kept(path: Path, now: str) -> str:
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(now, "utf-8")
    return path.read_text("utf-8")


def xml_of(content: Content, *, whole: bool) -> str:
    """Text, numbering, headers and footers; `whole`: what all files share, too."""
    with (
        clock.fixed(NOON),
        zipfile.ZipFile(BytesIO(to_docx(content, images))) as package,
    ):
        names = sorted(
            name
            for name in package.namelist()
            if re.fullmatch(r"word/(document|numbering|header\d*|footer\d*)\.xml", name)
            or (whole and name in SHARED)
        )
        parts = [f"<!-- {name} -->\n{package.read(name).decode()}" for name in names]
    text = re.sub(r' xmlns:\w+="[^"]*"', "", "\n".join(parts))
    # Those that a Word file always brings along and that we never use say nothing.
    text = re.sub(r"<w:latentStyles.*?</w:latentStyles>", "", text, flags=re.DOTALL)
    text = re.sub(r"<w:style .*?</w:style>", _own_style, text, flags=re.DOTALL)
    return re.sub(r"(?=<w:(?:p|tr|tc|r|style|abstractNum|lvl|num)[ />])", "\n", text)


def _own_style(found: re.Match[str]) -> str:
    return found[0] if re.search(r'w:styleId="(Du\w+|Normal)"', found[0]) else ""


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_the_word_file_is_the_golden_xml(name: str) -> None:
    now = xml_of(DOCUMENTS[name], whole=name == "letter") + "\n"
    assert now == kept(FOLDER / f"{name}.xml", now)


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_the_pdf_reads_as_the_golden_text(name: str) -> None:
    """With its line and page breaks: what moves to another page is seen."""
    with clock.fixed(NOON):
        said = words_of(to_pdf(DOCUMENTS[name], images))
    now = "\n".join(line.rstrip() for line in said.splitlines()) + "\n"
    assert now == kept(FOLDER / f"{name}.pdf.txt", now)
