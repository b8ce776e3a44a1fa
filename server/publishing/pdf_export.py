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
from functools import lru_cache
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from collab.content.normal import normalise
from collab.content.tree import Content
from server.common import clock
from server.common.errors import InvalidInput
from server.publishing.docx_blocks import Images
from server.publishing.fonts import FOLDER, missing_characters
from server.publishing.letterhead import letterhead_of
from server.publishing.pdf_data import PageData, page_data, shown_text

_TEMPLATE = Path(__file__).parent / "layout.typ"
_NAMED_IN_ERROR = 10
# One compiler is reused: it keeps fonts and layout work. It is not made for two
# threads at once.
_lock = threading.Lock()


def to_pdf(content: Content, images: Images) -> bytes:
    """The whole document: letterhead, body, recipients and signature.

    `images` gives the bytes for an image's `src`, or None. Raises InvalidInput
    (`missing_glyph`) when a character cannot be shown; it names the characters.
    """
    content = normalise(content)
    head = letterhead_of(content.fields, clock.today().year)
    page = page_data(content, head, images)
    missing = missing_characters(shown_text(page.data))
    if missing:
        raise missing_glyph_error(missing)
    return _compile(page)


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


def _compile(page: PageData) -> bytes:
    data = json.dumps(page.data, ensure_ascii=False)
    with tempfile.TemporaryDirectory(prefix="duthao-pdf-") as folder:
        for path, content in page.files.items():
            Path(folder, path.lstrip("/")).write_bytes(content)
        with _lock:
            result = _compiler().compile(
                input=_TEMPLATE.read_bytes(),
                root=folder,
                format="pdf",
                sys_inputs={"data": data},
                pdf_standards="a-2b",
                timestamp=int(clock.now().timestamp()),
            )
    assert isinstance(result, bytes)
    return result


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FOLDER)],
    )
    return typst.Compiler(font_paths=fonts)
