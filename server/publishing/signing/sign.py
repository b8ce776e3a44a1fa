"""Sign: first the person, then number and date, then the organisation.

Each step is an incremental update: earlier bytes stay as they are, so an earlier
signature stays valid. Which change a signature allows after it is decided here and in
docs/decisions/0010. Must never sign what it did not get whole, nor open a file that
already forbids the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSigningSession

from server.common import clock
from server.common.errors import Conflict, InvalidInput
from server.publishing.fonts import text_width_mm
from server.publishing.letterhead import padded_number
from server.publishing.pdf_places import PT_PER_MM, Box, Places
from server.publishing.rules import RuleSet, choose_rules
from server.publishing.signing import fields
from server.publishing.signing.appearance import (
    Drawing,
    line_drawing,
    picture_drawing,
)
from server.publishing.signing.images import Stamp
from server.publishing.signing.ports import Signer, TimestampService
from server.publishing.signing.timestamp import ServiceTimeStamper


@dataclass(frozen=True, slots=True)
class Signing:
    """What every signature needs: whose key, when, and whose clock vouches for it."""

    signer: Signer
    at: datetime
    timestamps: TimestampService | None = None


def sign_person(
    pdf: bytes,
    signing: Signing,
    image: Stamp,
    places: Places,
    *,
    rules: RuleSet | None = None,
    seal_mm: float | None = None,
) -> bytes:
    """The competent person signs: the handwritten image between chức vụ and họ tên.

    `rules` are those of the document, else of the day of signing; `seal_mm` is the size
    of the organisation's own seal, else that of the rules. After it only number, date
    and the organisation's signature may be added; their fields are made now. Raises
    Conflict (`no_place_to_sign`, `already_signed`).
    """
    if places.signature is None:
        raise Conflict(
            _("Văn bản chưa có họ tên người ký nên không có chỗ đặt chữ ký."),
            code="no_place_to_sign",
        )
    writer = _open(pdf)
    if fields.form_fields(writer):
        raise _already_signed()
    form = (rules or _rules_of(signing)).signing
    box = fields.signature_box(
        places.signature, image.width_px, image.height_px, form.widest_signature_mm
    )
    seal = fields.seal_box(box, seal_mm or form.seal_mm, form.seal_share)
    fields.add_signature_field(writer, fields.PERSON, box, last=False)
    fields.add_signature_field(writer, fields.ORGANISATION, seal, last=True)
    fields.add_blanks(writer, places)
    return _sign(
        writer,
        signing,
        fields.PERSON,
        picture_drawing(image.data, box.width, box.height),
        certify=MDPPerm.FILL_FORMS,
    )


def write_number(
    pdf: bytes, number: str, issued_on: date, rules: RuleSet | None = None
) -> bytes:
    """The clerk writes number and date where the signed file left them blank.

    `rules` are those of the document, else of the day that it is given. A file that was
    numbered before it was signed is returned as it is. Raises Conflict
    (`already_numbered`) when a blank is already written in.
    """
    rules = rules or choose_rules(issued_on)
    writer = _open(pdf)
    words = {
        fields.NUMBER: padded_number(number, rules),
        fields.DAY: rules.zeros.day(issued_on.day),
        fields.MONTH: rules.zeros.month(issued_on.month),
    }
    blanks = list(fields.text_fields(writer))
    if not blanks:
        return pdf
    for blank in blanks:
        if blank.value:
            raise Conflict(_("Văn bản đã có số."), code="already_numbered")
        fields.write_blank(writer, blank, words[blank.name])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def sign_organisation(pdf: bytes, signing: Signing, seal: Stamp) -> bytes:
    """The organisation signs with its red seal; then nothing may change any more.

    Raises Conflict (`not_signed_yet`) before the person has signed, and
    (`already_signed`) after the organisation has.
    """
    writer = _open(pdf)
    field = _signature_field(writer, fields.ORGANISATION)
    person = _signature_field(writer, fields.PERSON)
    if field is None or person is None or "/V" not in person:
        raise Conflict(
            _("Người có thẩm quyền chưa ký văn bản này."), code="not_signed_yet"
        )
    if "/V" in field:
        raise _already_signed()
    left, bottom, right, top = (float(value) for value in field["/Rect"])
    drawing = picture_drawing(seal.data, right - left, top - bottom)
    return _sign(writer, signing, fields.ORGANISATION, drawing)


def sign_attachment(pdf: bytes, signing: Signing, number_and_notation: str) -> bytes:
    """A separate file that belongs to a document: text at the top right, no image.

    Nothing may change after it. `number_and_notation` is that of the document
    ("328/VPUBND-HCTC"); for an electronic copy the form and the organisation
    ("SAO Y, Văn phòng UBND tỉnh Đắk Lắk"). Raises Conflict (`already_signed`).
    """
    writer = _open(pdf)
    if fields.form_fields(writer):
        raise _already_signed()
    rules = _rules_of(signing)
    size = rules.components["corner"].size_pt
    line = f"{number_and_notation}; {written_time(signing.at, rules)}"
    box = _corner(writer, text_width_mm(line, size) * PT_PER_MM + 1, rules)
    return _sign(
        writer,
        signing,
        fields.ATTACHMENT,
        line_drawing(line, box.width, box.height, size=size),
        certify=MDPPerm.NO_CHANGES,
        new=fields.signature_field(fields.ATTACHMENT, box, last=False),
    )


def written_time(at: datetime, rules: RuleSet) -> str:
    """Ngày tháng năm, giờ phút giây, múi giờ: "05.01.2026 16:30:15 +07:00"."""
    here = at.astimezone(clock.VIETNAM)
    day, month = rules.zeros.day(here.day), rules.zeros.month(here.month)
    return f"{day}.{month}.{here:%Y %H:%M:%S} +07:00"


def _rules_of(signing: Signing) -> RuleSet:
    return choose_rules(signing.at.astimezone(clock.VIETNAM).date())


class _PdfSigner(signers.PdfSigner):
    """pyHanko's, at the time of our clock."""

    def __init__(self, at: datetime, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._at = at

    def init_signing_session(self, *args: Any, **options: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **options)
        session.system_time = self._at.astimezone(clock.VIETNAM).replace(microsecond=0)
        return session


def _sign(
    writer: IncrementalPdfFileWriter,
    signing: Signing,
    field: str,
    drawing: bytes,
    *,
    certify: MDPPerm | None = None,
    new: SigFieldSpec | None = None,
) -> bytes:
    wishes = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=certify is not None,
        docmdp_permissions=certify or MDPPerm.NO_CHANGES,
    )
    service = signing.timestamps
    with signing.signer.session() as key:
        signer = _PdfSigner(
            signing.at,
            wishes,
            key,
            timestamper=ServiceTimeStamper(service) if service else None,
            stamp_style=Drawing(page=drawing),
            new_field_spec=new,
        )
        try:
            out = signer.sign_pdf(writer, existing_fields_only=new is None)
        except SigningError:
            # The file forbids it: it was certified elsewhere, or is a hybrid file.
            raise Conflict(
                _("Tệp PDF này không cho phép ký thêm."), code="signing_forbidden"
            ) from None
    return bytes(out.getvalue())


def _open(pdf: bytes) -> IncrementalPdfFileWriter:
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
    except (PdfError, ValueError, KeyError, TypeError, AttributeError):
        raise not_a_pdf() from None
    if writer.prev.encrypted:
        raise not_a_pdf()
    return writer


def not_a_pdf() -> InvalidInput:
    return InvalidInput(
        _("Tệp không phải PDF còn nguyên vẹn, hoặc đã được khóa bằng mật khẩu."),
        code="not_a_pdf",
    )


def _already_signed() -> Conflict:
    return Conflict(_("Tệp này đã được ký."), code="already_signed")


def _signature_field(writer: IncrementalPdfFileWriter, name: str) -> Any:
    for reference in fields.form_fields(writer):
        field = reference.get_object()
        if field.get("/T") == name and field.get("/FT") == "/Sig":
            return field
    return None


def _corner(writer: IncrementalPdfFileWriter, width: float, rules: RuleSet) -> Box:
    """The top right of the first page as it is seen, its margins apart."""
    page = writer.find_page_for_modification(0)[0].get_object()
    area = turned = None
    while page is not None:
        area = area or fields.held(page, "/MediaBox")
        turned = turned or fields.held(page, "/Rotate")
        page = fields.held(page, "/Parent")
    if area is None or len(area) != 4 or int(turned or 0) % 360:
        raise InvalidInput(
            _("Trang đầu của tệp bị xoay. Hãy lưu lại tệp với trang đứng rồi ký."),
            code="page_is_turned",
        )
    left, bottom, right, top = (float(value) for value in area)
    left, right = min(left, right), max(left, right)
    top = max(bottom, top)
    margin = rules.signing.corner_margin_mm * PT_PER_MM
    height = rules.components["corner"].size_pt * 1.2
    return Box(
        0,
        max(left, right - margin - width),
        top - margin - height,
        right - margin,
        top - margin,
    )
