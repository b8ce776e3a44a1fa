"""The words of a file from outside, to be found by: the layer of text of a PDF, the
text of office files, and which pages are pictures only.

What comes from outside may be a trap, so nobody calls this in a server's own process:
`python -m server.publishing.file_words` reads one file under hard limits and ends (see
`server.registry.search.reading_apart`). Nothing of a file is run or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from server.common.text import nfc
from server.publishing.file_words import (
    open_document,
    pdf,
    pictures,
    rtf,
    sheet,
    slides,
    word,
)

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
PDF = "application/pdf"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
PPTX = f"{_OFFICE}.presentationml.presentation"
ODT, ODS, ODP = f"{_OPEN}.text", f"{_OPEN}.spreadsheet", f"{_OPEN}.presentation"
RTF = "application/rtf"
MAX_BYTES = 200_000_000
# About two hundred pages of an official document.
MAX_CHARACTERS = 500_000

_READERS: dict[str, Callable[[bytes, int], str]] = {
    DOCX: word.words_of_docx,
    XLSX: sheet.words_of_xlsx,
    PPTX: slides.words_of_pptx,
    **dict.fromkeys((ODT, ODS, ODP), open_document.words_of_odf),
    RTF: rtf.words_of_rtf,
}
PICTURES = pictures.KINDS
READABLE = frozenset({*_READERS, PDF})
# What LibreOffice turns into a file that is read here: the ending of the one and of the
# other, its type, and what LibreOffice calls the old one; it guesses wrong of rubbish.
CONVERTED = {
    "application/msword": ("doc", "docx", DOCX, "MS Word 97"),
    "application/vnd.ms-excel": ("xls", "xlsx", XLSX, "MS Excel 97"),
    "application/vnd.ms-powerpoint": ("ppt", "pptx", PPTX, "MS PowerPoint 97"),
}
# What no letter needs: PDFium marks a hyphen at the end of a line by U+FFFE.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ufffd\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """`bare`: numbers, from 0, of the pages that are pictures with hardly a word."""

    text: str
    bare: tuple[int, ...] = ()


def read(content_type: str, data: bytes, room: int = MAX_CHARACTERS) -> Reading:
    """At most `room` characters, in lines. Raises whatever a broken file raises."""
    if content_type in PICTURES:
        return Reading("", pictures.pages_of_picture(data))
    if content_type == PDF:
        said, bare = pdf.words_of_pdf(data, room)
        return Reading(cleaned(said, room), bare)
    return Reading(cleaned(_READERS[content_type](data, room), room))


def words_of(content_type: str, data: bytes, room: int = MAX_CHARACTERS) -> str:
    return read(content_type, data, room).text


def picture_of(content_type: str, data: bytes, page: int) -> bytes:
    """A page as a PNG in grey, to be recognised. Raises what a broken file raises."""
    if content_type == PDF:
        return pictures.png_of(pdf.page_as_image(data, page))
    return pictures.png_of(pictures.page_of_picture(data, page))


def cleaned(said: str, room: int = MAX_CHARACTERS) -> str:
    lines = (_BLANKS.sub(" ", line).strip() for line in nfc(said).split("\n"))
    return _NO_TEXT.sub("", "\n".join(filter(None, lines)))[:room]
