"""The fields that signing puts into a PDF: names, boxes, and writing in the blanks.

All fields of a document are made before the first signature, because that signature
then allows filling and nothing else (docs/decisions/0010). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    VisibleSigSettings,
    append_signature_field,
)

from server.publishing.pdf_places import PT_PER_MM, Blank, Box, Places
from server.publishing.signing.appearance import blank_drawing, take_over

PERSON = "signer"
ORGANISATION = "organisation"
ATTACHMENT = "attachment"
NUMBER, DAY, MONTH = "number", "day", "month"
# Shown by readers as the name of a field, so in the language of the documents.
_SHOWN_NAMES = {
    PERSON: "Chữ ký của người có thẩm quyền",
    ORGANISATION: "Chữ ký số của cơ quan",
    ATTACHMENT: "Chữ ký số của cơ quan trên văn bản kèm theo",
    NUMBER: "Số văn bản",
    DAY: "Ngày",
    MONTH: "Tháng",
}
# A field is as high as the letters of its line; this much is below the baseline.
_BELOW, _HEIGHT = 0.216, 1.107
_READ_ONLY = 1
_PRINTED_AND_LOCKED = 4 | 128


def signature_box(place: Box, width_px: int, height_px: int, widest_mm: float) -> Box:
    """The image in the middle of its place, no wider than `widest_mm`."""
    scale = min(
        place.height / height_px,
        min(place.width, widest_mm * PT_PER_MM) / width_px,
    )
    width, height = width_px * scale, height_px * scale
    left = (place.left + place.right - width) / 2
    bottom = (place.bottom + place.top - height) / 2
    return Box(place.page, left, bottom, left + width, bottom + height)


def seal_box(signature: Box, seal_mm: float, covered: float) -> Box:
    """The seal at its actual size, over that share of the signature, at its left."""
    side = seal_mm * PT_PER_MM
    right = signature.left + signature.width * covered
    middle = (signature.bottom + signature.top) / 2
    return Box(
        signature.page, right - side, middle - side / 2, right, middle + side / 2
    )


def add_signature_field(
    writer: IncrementalPdfFileWriter, name: str, box: Box, *, last: bool
) -> None:
    """An empty field. `last`: once it is signed, nothing may change any more."""
    append_signature_field(writer, signature_field(name, box, last=last))


def signature_field(name: str, box: Box, *, last: bool) -> SigFieldSpec:
    return SigFieldSpec(
        sig_field_name=name,
        on_page=box.page,
        # Fractions of a point are kept, whatever the type says.
        box=(box.left, box.bottom, box.right, box.top),  # type: ignore[arg-type]
        readable_field_name=_SHOWN_NAMES[name],
        field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL) if last else None,
        doc_mdp_update_value=MDPPerm.NO_CHANGES if last else None,
        visible_sig_settings=VisibleSigSettings(
            rotate_with_page=True, scale_with_page_zoom=True
        ),
    )


def add_blanks(writer: IncrementalPdfFileWriter, places: Places) -> None:
    """A text field over each blank. Read-only, so that a reader offers no caret."""
    for name, blank in (
        (NUMBER, places.number),
        (DAY, places.day),
        (MONTH, places.month),
    ):
        if blank is not None:
            _add_blank(writer, name, blank)


def _add_blank(writer: IncrementalPdfFileWriter, name: str, blank: Blank) -> None:
    bottom = blank.baseline - _BELOW * blank.size_pt
    height = _HEIGHT * blank.size_pt
    rect = (blank.left, bottom, blank.right, bottom + height)
    page, _resources = writer.find_page_for_modification(blank.page)
    nothing = RawContent(
        b"", box=BoxConstraints(width=blank.right - blank.left, height=height)
    ).as_form_xobject()
    font = "/Tinos-Italic" if blank.italic else "/Tinos"
    field = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): pdf_string(name),
                pdf_name("/TU"): generic.TextStringObject(_SHOWN_NAMES[name]),
                pdf_name("/Ff"): generic.NumberObject(_READ_ONLY),
                pdf_name("/DA"): pdf_string(f"{font} {blank.size_pt:g} Tf 0 g"),
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/F"): generic.NumberObject(_PRINTED_AND_LOCKED),
                pdf_name("/Rect"): generic.ArrayObject(
                    generic.FloatObject(round(value, 3)) for value in rect
                ),
                pdf_name("/P"): page,
                pdf_name("/AP"): generic.DictionaryObject(
                    {pdf_name("/N"): writer.add_object(nothing)}
                ),
            }
        )
    )
    form = writer.root["/AcroForm"]
    form["/Fields"].append(field)
    writer.update_container(form["/Fields"])
    writer.register_annotation(page, field)


@dataclass(frozen=True, slots=True)
class TextField:
    """A blank of a file that was read again."""

    name: str
    value: str
    reference: generic.IndirectObject


def held(holder: Any, key: str) -> Any:
    """The value itself or None; pyHanko's `get` would give a reference to it."""
    if holder is None or key not in holder:
        return None
    return holder[key]


def form_fields(writer: IncrementalPdfFileWriter) -> list[generic.IndirectObject]:
    """All fields at the top of the form; none when the file has no form."""
    return list(held(held(writer.root, "/AcroForm"), "/Fields") or ())


def text_fields(writer: IncrementalPdfFileWriter) -> Iterator[TextField]:
    """The blanks that this package made."""
    for reference in form_fields(writer):
        field = reference.get_object()
        name = str(field.get("/T", ""))
        if name in {NUMBER, DAY, MONTH} and field.get("/FT") == "/Tx":
            yield TextField(name, str(field.get("/V", "")), reference)


def write_blank(writer: IncrementalPdfFileWriter, field: TextField, text: str) -> None:
    """Value and picture together: readers show the picture, programs read the value."""
    target = field.reference.get_object()
    left, bottom, right, top = (float(value) for value in target["/Rect"])
    font, size, *_operators = str(target["/DA"]).split()
    drawing = blank_drawing(
        text,
        right - left,
        top - bottom,
        baseline=(top - bottom) * _BELOW / _HEIGHT,
        size=float(size),
        italic=font.endswith("Italic"),
        # Between number and notation stands a stroke and no blank.
        at_end=field.name == NUMBER,
    )
    target["/V"] = generic.TextStringObject(text)
    target["/AP"] = generic.DictionaryObject(
        {pdf_name("/N"): take_over(drawing, writer)}
    )
    writer.update_container(target)
