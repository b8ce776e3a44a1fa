"""Files as they come with an incoming document: PDFs with letters, scans without, Word.

Made by other programs than the one that reads them: typst sets the PDFs, python-docx
writes the Word files, pyhanko locks.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path

import docx
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.document import Document
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from server.registry.actions.incoming_files import attach_file
from server.registry.models import IncomingDocument, IncomingFile
from server.registry.search.attached import read_new_files
from server.registry.search.reading_apart import FileReader
from tests.support.incoming import Desks

_FONTS = Path(__file__).resolve().parents[2] / "server" / "publishing" / "fonts"


def pdf_saying(*pages: str, width_mm: int = 120) -> bytes:
    """A page for each text, set in Tinos; the same bytes whenever it is made."""
    sheet = f'#set page(width: {width_mm}mm, height: 160mm)\n#set text(font: "Tinos")\n'
    said = "\n#pagebreak()\n".join(f'#text("{page}")' for page in pages)
    source = (sheet + said).encode()
    made = typst.compile(
        source, font_paths=[str(_FONTS)], ignore_system_fonts=True, timestamp=0
    )
    return bytes(made)


def scan() -> bytes:
    """A page that is a picture and nothing else."""
    out = BytesIO()
    Image.new("L", (120, 160), 200).save(out, "PDF")
    return out.getvalue()


def locked(pdf: bytes) -> bytes:
    """The same file, which nobody opens without the password."""
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    writer.encrypt(owner_pass="chỉ mình tôi", user_pass="chỉ mình tôi")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def docx_saying(*paragraphs: str, note: str = "") -> bytes:
    """A Word file; `note` stands in its header."""
    made: Document = docx.Document()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    if note:
        made.sections[0].header.paragraphs[0].text = note
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def pdf_of_streams(*streams: bytes, more: str = "") -> bytes:
    """A PDF of one page whose content is the first stream, written by hand. Each of
    the others is a form that the ones before may draw, by the name of its place."""
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    forms = "".join(f"/X{n} {n + 5} 0 R" for n in range(1, len(streams)))
    resources = f"<</Font<</F1 {font}>>/XObject<<{forms}>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 5 0 R"
        f"/Resources 4 0 R{more}>>".encode(),
        resources.encode(),
    ]
    for place, stream in enumerate(streams):
        packed = zlib.compress(stream, 1)
        form = "/Type/XObject/Subtype/Form/BBox[0 0 200 200]/Resources 4 0 R"
        head = f"<</Length {len(packed)}/Filter/FlateDecode{form if place else ''}>>"
        objects.append(head.encode() + b"stream\n" + packed + b"\nendstream")
    body, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + text + b"\nendobj\n"
    size = len(objects) + 1
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    end += f"trailer<</Root 1 0 R/Size {size}>>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + end.encode()


def pdf_that_never_ends() -> bytes:
    """A few hundred bytes that draw ten thousand million words: each form draws the
    next one a hundred times."""
    twice = [b" ".join(b"/X%d Do" % (n + 1) for _ in range(100)) for n in range(5)]
    word = b"BT /F1 9 Tf (bom) Tj ET"
    return pdf_of_streams(*twice, word)


def pdf_that_swells(megabytes: int) -> bytes:
    """A small file whose page is so many megabytes of words."""
    line = b"BT /F1 9 Tf (bom) Tj ET\n"
    return pdf_of_streams(line * (megabytes * 1_000_000 // len(line)))


def attach(
    desks: Desks, document: IncomingDocument, data: bytes, name: str = "quét.pdf"
) -> IncomingFile:
    """The clerk attaches it; nobody has read it yet."""
    return attach_file(desks.clerk, document.pk, SimpleUploadedFile(name, data))


def read_all() -> int:
    """What the watch does soon after. How many files there were."""
    return len(list(read_new_files(FileReader())))
