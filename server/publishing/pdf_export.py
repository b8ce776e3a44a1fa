"""A draft as a PDF/A-2b file with embedded fonts, the same layout as the .docx.

typst draws it from `layout.typ` and JSON data; system fonts are ignored, so every
machine makes the same pages. A character that the font lacks stops the export with its
name: a box in an official document would go unnoticed until it is issued.
"""

from __future__ import annotations

import json
import tempfile
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

from collab.content.normal import normalise
from collab.content.tree import Content
from server.common import clock
from server.common.errors import InvalidInput
from server.publishing.copies import Copy, CopyLines, copy_lines
from server.publishing.docx_blocks import Images
from server.publishing.fonts import FOLDER, missing_characters
from server.publishing.pdf_data import PageData, page_data, shown_text
from server.publishing.pdf_places import MARKS, Places, read_places
from server.publishing.rules import RuleSet, rules_for
from server.publishing.turns import turn

_TEMPLATE = Path(__file__).parent / "layout.typ"
_NAMED_IN_ERROR = 10
# One compiler is reused: it keeps fonts and layout work. It is not made for two
# threads at once.
_lock = threading.Lock()


def to_pdf(
    content: Content,
    images: Images,
    rules: RuleSet | None = None,
    copy: Copy | None = None,
    *,
    verify_url: str = "",
) -> bytes:
    """The whole document: letterhead, body, recipients and signature, appendices.

    `images` gives the bytes for an image's `src`, or None; `rules` default to those in
    force on the draft's date; `copy` makes it a copy of an issued document;
    `verify_url` stands as a QR code at the foot of page 1. Raises InvalidInput
    (`missing_glyph`) when a character cannot be shown, and names the characters;
    Unavailable (`pdf_busy`) when the others ahead take too long.
    """
    rules = rules or rules_for(content.fields)
    return _compile(_page(content, images, rules, copy, verify_url))


def copy_sheet(copy: Copy, rules: RuleSet) -> bytes:
    """A page with the block of a copy and nothing else, to stand behind a scan."""
    nothing: Images = lambda _src: None  # noqa: E731 - a sheet has no images
    page = _page(Content(), nothing, rules, copy, "")
    page.data["head"] |= {"shown": False, "end_shown": False}
    return _compile(page)


def to_signable_pdf(
    content: Content,
    images: Images,
    rules: RuleSet | None = None,
    *,
    verify_url: str = "",
) -> tuple[bytes, Places]:
    """The same bytes as `to_pdf`, and where number, date and signatures belong."""
    rules = rules or rules_for(content.fields)
    page = _page(content, images, rules, None, verify_url)
    with _project(page) as inputs:
        found = typst.query(
            selector=MARKS, field="value", font_paths=_fonts(), **inputs
        )
    return _compile(page), read_places(found, rules.page.height_mm)


def _page(
    content: Content,
    images: Images,
    rules: RuleSet,
    copy: Copy | None,
    verify_url: str,
) -> PageData:
    content = normalise(content)
    year = clock.today().year
    copied = copy_lines(copy, year, rules) if copy else CopyLines()
    page = page_data(content, images, rules, year, copied, verify_url)
    missing = missing_characters(shown_text(page.data))
    if missing:
        raise missing_glyph_error(missing)
    return page


def missing_glyph_error(missing: tuple[str, ...]) -> InvalidInput:
    names = [
        f"{char} (U+{ord(char):04X} {unicodedata.name(char, '?')})"
        for char in missing[:_NAMED_IN_ERROR]
    ]
    if len(missing) > _NAMED_IN_ERROR:
        names.append("…")
    return InvalidInput(
        _("Phông chữ của văn bản không có ký tự: %(characters)s. Hãy thay ký tự này.")
        % {"characters": ", ".join(names)},
        code="missing_glyph",
        fields={"body": ", ".join(names)},
    )


@contextmanager
def _project(page: PageData) -> Iterator[dict[str, Any]]:
    """What typst compiles, its files in a folder of its own for as long as it runs."""
    data = json.dumps(page.data, ensure_ascii=False)
    with tempfile.TemporaryDirectory(prefix="duthao-pdf-") as folder:
        for path, content in page.files.items():
            Path(folder, path.lstrip("/")).write_bytes(content)
        yield {
            "input": _TEMPLATE.read_bytes(),
            "root": folder,
            "sys_inputs": {"data": data},
        }


def _compile(page: PageData) -> bytes:
    with _project(page) as inputs, turn(_lock):
        result = _compiler().compile(
            format="pdf",
            pdf_standards="a-2b",
            timestamp=int(clock.now().timestamp()),
            **inputs,
        )
    assert isinstance(result, bytes)
    return result


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=_fonts())


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FOLDER)],
    )
