"""The pages of a PDF as pictures, and their words.

An old laptop or a phone shows a picture where it cannot show a PDF inside a page; the
picture has everything that would be printed, signatures and written-in fields too. The
file's own scripts and links are not run. One file at a time: PDFium keeps global state.
"""

from __future__ import annotations

import threading
from io import BytesIO

import pypdfium2

from server.common.errors import NotFound

_lock = threading.Lock()
_POINTS_PER_INCH = 72
MAX_DPI = 200


def page_count(pdf: bytes) -> int:
    with _lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()


def page_picture(pdf: bytes, page: int, *, dpi: int = 110) -> bytes:
    """PNG of one page, counted from 1. Raises NotFound for a page that is not there."""
    with _lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 1 <= page <= len(document):
                raise NotFound
            document.init_forms()
            shown = document[page - 1].render(
                scale=min(dpi, MAX_DPI) / _POINTS_PER_INCH
            )
            out = BytesIO()
            shown.to_pil().save(out, "PNG", optimize=False)
            return out.getvalue()
        finally:
            document.close()


def words_of(pdf: bytes) -> str:
    """What is printed on all pages; what was filled in later stands after the rest."""
    with _lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            document.init_forms()
            return "\n".join(_words(document, index) for index in range(len(document)))
        finally:
            document.close()


def _words(document: pypdfium2.PdfDocument, index: int) -> str:
    if document.formenv:
        # What is written into fields becomes part of this copy of the page.
        document[index].flatten()
    return str(document[index].get_textpage().get_text_bounded())
