"""What a copy carries over from a file that was signed: its pictures, or itself.

A signature cannot be copied, its picture can: a copy shows signature and seal where
the original shows them. An electronic copy also bears the original as an attached file,
byte for byte, so that whoever gets the copy can check the signatures of the original.
Pure; must never change a file that is signed already: what comes out is a new file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.embed import (
    EmbeddedFileObject,
    EmbeddedFileParams,
    FileSpec,
    embed_file,
)
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from server.publishing.pdf_places import Box
from server.publishing.signing import fields

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class _Picture:
    """How a signature looks (a form of the file it stands in), and where."""

    drawing: Any
    place: Box


def with_signature_pictures(copy: bytes, original: bytes) -> bytes:
    """The copy with the pictures of the original's signatures on the same places.

    `copy` has the same pages as `original`, at least to the last signature.
    """
    pictures = list(_pictures(PdfFileReader(BytesIO(original))))
    if not pictures:
        return copy
    writer = IncrementalPdfFileWriter(BytesIO(copy))
    for page in sorted({one.place.page for one in pictures}):
        # What the page itself drew may have left the axes turned.
        _draw(writer, page, b"q", before=True)
        _draw(writer, page, b"Q")
    for number, one in enumerate(pictures):
        name = f"/Carried{number}"
        drawing = writer.add_object(writer.import_object(one.drawing))
        left, bottom, right, top = map(float, one.drawing["/BBox"])
        wide, high = one.place.width / (right - left), one.place.height / (top - bottom)
        x, y = one.place.left - left * wide, one.place.bottom - bottom * high
        shown = f"q {wide:.5f} 0 0 {high:.5f} {x:.3f} {y:.3f} cm {name} Do Q"
        named = generic.DictionaryObject({pdf_name(name): drawing})
        _draw(writer, one.place.page, shown.encode(), named)
    return _written(writer)


def with_original(copy: bytes, original: bytes, name: str) -> bytes:
    """The copy, to which the original is attached under this name."""
    writer = IncrementalPdfFileWriter(BytesIO(copy))
    file = EmbeddedFileObject.from_file_data(
        writer, original, mime_type=_PDF, params=EmbeddedFileParams(embed_size=True)
    )
    spec = FileSpec(
        file_spec_string="original.pdf",
        file_name=name,
        embedded_data=file,
        description="Văn bản gốc đã ký số",
        af_relationship=pdf_name("/Source"),
    )
    embed_file(writer, spec)
    return _written(writer)


def original_in(copy: bytes) -> bytes | None:
    """The original that is attached to an electronic copy, if one is."""
    names: Any = PdfFileReader(BytesIO(copy)).root
    for key in ("/Names", "/EmbeddedFiles", "/Names"):
        if key not in names:
            return None
        names = names[key]
    for spec in list(names)[1::2]:
        named = spec.get_object()
        if named.get("/AFRelationship") == "/Source":
            return bytes(named["/EF"]["/F"].data)
    return None


def _pictures(reader: PdfFileReader) -> Iterator[_Picture]:
    for number in range(reader.root["/Pages"]["/Count"]):
        page = reader.find_page_for_modification(number)[0].get_object()
        for reference in fields.held(page, "/Annots") or ():
            field = reference.get_object()
            if field.get("/FT") != "/Sig" or "/V" not in field or "/AP" not in field:
                continue
            left, bottom, right, top = map(float, field["/Rect"])
            place = Box(number, left, bottom, right, top)
            if place.width > 0 and place.height > 0:
                yield _Picture(field["/AP"]["/N"], place)


def _draw(
    writer: IncrementalPdfFileWriter,
    page: int,
    operators: bytes,
    drawings: generic.DictionaryObject | None = None,
    *,
    before: bool = False,
) -> None:
    stream = writer.add_object(generic.StreamObject(stream_data=operators))
    resources = None
    if drawings is not None:
        resources = generic.DictionaryObject({pdf_name("/XObject"): drawings})
    writer.add_stream_to_page(page, stream, resources, prepend=before)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
