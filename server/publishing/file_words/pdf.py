"""The layer of text of a PDF, what was set as letters or lies behind a scan; and which
of its pages are pictures.

A page is one line: where the printed lines end says nothing about the sentences, and a
phrase is found over their ends. A scan that somebody signed or stamped bears a few
words: it is a picture all the same. Pure. Must never recognise what a picture says.
"""

from __future__ import annotations

import pypdfium2
from PIL import Image

from server.publishing.file_words.pictures import DOTS_PER_INCH, MAX_PIXELS

MAX_PAGES = 1_000
_NO_FORM = pypdfium2.raw.FORMTYPE_NONE
_PICTURE = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
_POINTS_PER_INCH = 72
# A scan has the whole page, a letterhead's emblem a corner of it.
_SHARE_OF_PAGE = 0.5
# A signature and a stamp have about so many words; a page of text has more.
_FEW_WORDS = 40
_MOST_OBJECTS = 2_000


def words_of_pdf(data: bytes, room: int) -> tuple[str, tuple[int, ...]]:
    """The words, and the numbers of the pages that are pictures. Raises PdfiumError for
    a file that is broken or locked."""
    document = pypdfium2.PdfDocument(data)
    try:
        if document.get_formtype() != _NO_FORM:
            document.init_forms()
        said: list[str] = []
        bare: list[int] = []
        for index in range(min(len(document), MAX_PAGES)):
            if room <= 0:
                break
            line, is_picture = _page(document, index, room)
            said.append(line)
            room -= len(line)
            if is_picture:
                bare.append(index)
        return "\n".join(said), tuple(bare)
    finally:
        document.close()


def page_as_image(data: bytes, page: int) -> Image.Image:
    """Drawn as large as recognising needs."""
    document = pypdfium2.PdfDocument(data)
    try:
        if document.get_formtype() != _NO_FORM:
            document.init_forms()
        sheet = document[page]
        scale = DOTS_PER_INCH / _POINTS_PER_INCH
        pixels = sheet.get_width() * sheet.get_height() * scale * scale
        if pixels > MAX_PIXELS:
            scale *= (MAX_PIXELS / pixels) ** 0.5
        image: Image.Image = sheet.render(scale=scale, grayscale=True).to_pil()
        return image
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, index: int, room: int) -> tuple[str, bool]:
    """A page that cannot be read keeps nobody from the others."""
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return "", False
    try:
        is_picture = _is_picture(page)
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
        return "", False
    finally:
        page.close()
    words = said.split()
    return " ".join(words), is_picture and len(words) <= _FEW_WORDS


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    """Whether pictures cover most of it; scanners cut a page into strips."""
    sheet = page.get_width() * page.get_height()
    covered = 0.0
    for count, part in enumerate(page.get_objects(max_depth=3)):
        if count >= _MOST_OBJECTS:
            break
        if part.type == _PICTURE:
            left, bottom, right, top = part.get_bounds()
            covered += abs(right - left) * abs(top - bottom)
    return bool(covered > sheet * _SHARE_OF_PAGE)
