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
    """The pages of both, as a printer puts them on paper: signatures and fields come
    along as pictures and words.

    Raises InvalidInput `not_a_pdf` for a file that cannot be read, or is locked.
    """
    return _written(first, second, is_print=True)


def as_printed(pdf: bytes) -> bytes:
    """A new file with the same pages, for which `joined` holds."""
    return _written(pdf, is_print=True)


def rewritten(pdf: bytes) -> bytes:
    """The same pages in a file without the small faults that scanners write.

    Raises InvalidInput `not_a_pdf` as `joined`, and for a file with signatures, which
    would be lost.
    """
    return _written(pdf, is_print=False)


def _written(*files: bytes, is_print: bool) -> bytes:
    with _lock:
        made = pypdfium2.PdfDocument.new()
        opened: list[pypdfium2.PdfDocument] = []
        try:
            for data in files:
                opened.append(pypdfium2.PdfDocument(data))
                signatures = pypdfium2.raw.FPDF_GetSignatureCount(opened[-1])
                if is_print:
                    _flatten(opened[-1])
                elif signatures > 0:
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


def _flatten(document: pypdfium2.PdfDocument) -> None:
    """What stands on the pages in fields becomes a part of them, in memory only."""
    document.init_forms()
    for page in document:
        pypdfium2.raw.FPDFPage_Flatten(page.raw, pypdfium2.raw.FLAT_PRINT)
        page.close()


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
