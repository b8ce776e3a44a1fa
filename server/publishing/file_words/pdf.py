"""The text layer of a PDF: what was set as letters, or lies behind a scan.

A page is one line: where the printed lines end says nothing about the sentences, and a
phrase is found over their ends. Pure. Must never draw a page nor read a picture.
"""

from __future__ import annotations

import pypdfium2

MAX_PAGES = 1_000
_NO_FORM = pypdfium2.raw.FORMTYPE_NONE


def words_of_pdf(data: bytes, room: int) -> str:
    """Raises PdfiumError for a file that is broken or locked."""
    document = pypdfium2.PdfDocument(data)
    try:
        if document.get_formtype() != _NO_FORM:
            document.init_forms()
        said: list[str] = []
        for index in range(min(len(document), MAX_PAGES)):
            if room <= 0:
                break
            line = _page(document, index, room)
            said.append(line)
            room -= len(line)
        return "\n".join(said)
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, index: int, room: int) -> str:
    """A page that cannot be read keeps nobody from the others."""
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return ""
    try:
        if document.formenv:
            # What is written into fields becomes part of this copy of the page.
            page.flatten()
        layer = page.get_textpage()
        try:
            count = min(layer.count_chars(), room)
            said = str(layer.get_text_range(0, count)) if count > 0 else ""
        finally:
            layer.close()
    except pypdfium2.PdfiumError:
        return ""
    finally:
        page.close()
    return " ".join(said.split())
