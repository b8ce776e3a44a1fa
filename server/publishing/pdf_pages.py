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
from server.publishing.signing.sign import not_a_pdf

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


def joined(first: bytes, second: bytes) -> bytes:
    """The pages of both, for printing: signatures and form fields do not come along.

    Raises InvalidInput `not_a_pdf` for a file that cannot be read, or is locked.
    """
    return _written(first, second, may_lose_signatures=True)


def rewritten(pdf: bytes) -> bytes:
    """The same pages in a file without the small faults that scanners write.

    Raises InvalidInput `not_a_pdf` as `joined`, and for a file with signatures, which
    would be lost.
    """
    return _written(pdf, may_lose_signatures=False)


def _written(*files: bytes, may_lose_signatures: bool) -> bytes:
    with _lock:
        made = pypdfium2.PdfDocument.new()
        opened: list[pypdfium2.PdfDocument] = []
        try:
            for data in files:
                opened.append(pypdfium2.PdfDocument(data))
                signatures = pypdfium2.raw.FPDF_GetSignatureCount(opened[-1])
                if signatures > 0 and not may_lose_signatures:
                    raise not_a_pdf()
                made.import_pages(opened[-1])
            out = BytesIO()
            made.save(out)
        except pypdfium2.PdfiumError:
            raise not_a_pdf() from None
        finally:
            for document in (*opened, made):
                document.close()
        return out.getvalue()


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
