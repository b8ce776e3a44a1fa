"""The words of a file from outside, to be found by: the text layer of a PDF, the text
of a .docx.

What comes from outside may be a trap, so nobody calls this in a server's own process:
`python -m server.publishing.file_words` reads one file under hard limits and ends (see
`server.registry.search.reading_apart`). Nothing of a file is run, fetched or drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from server.common.text import nfc
from server.publishing.file_words import pdf, word

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_BYTES = 200_000_000
# About two hundred pages of an official document.
MAX_CHARACTERS = 500_000

_READERS: dict[str, Callable[[bytes, int], str]] = {
    PDF: pdf.words_of_pdf,
    DOCX: word.words_of_docx,
}
READABLE = frozenset(_READERS)
# What no letter needs: PDFium marks a hyphen at the end of a line by U+FFFE.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ufffd\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")


def words_of(content_type: str, data: bytes, room: int = MAX_CHARACTERS) -> str:
    """At most `room` characters, in lines. Raises whatever a broken file raises."""
    said = _READERS[content_type](data, room)
    lines = (_BLANKS.sub(" ", line).strip() for line in nfc(said).split("\n"))
    return _NO_TEXT.sub("", "\n".join(filter(None, lines)))[:room]
