"""Keys, pictures and a letter for tests of signatures. Keys are made once a run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from io import BytesIO

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image, ImageDraw

from server.common import clock
from server.publishing.pdf_export import to_signable_pdf
from server.publishing.pdf_places import Places
from server.publishing.signing.anchors import Anchors
from server.publishing.signing.demo_keys import Authority, issue, make_authority
from server.publishing.signing.images import Stamp, read_stamp
from server.publishing.signing.keys import Pkcs12Signer
from server.publishing.signing.sign import (
    Signing,
    sign_organisation,
    sign_person,
    write_number,
)
from tests.unit.server.publishing.samples import LETTER, images

PASSWORD = b"khoa-thu-nghiem"
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
LEADER = "Bùi Hồng Quý"
OFFICE = "Văn phòng UBND tỉnh Đắk Lắk"


@dataclass(frozen=True, slots=True)
class Keys:
    """An authority, a leader, an organisation, and somebody whom nobody trusts."""

    authority: Authority
    leader: Pkcs12Signer
    office: Pkcs12Signer
    impostor: Pkcs12Signer

    @property
    def anchors(self) -> Anchors:
        return Anchors((certificate_of(self.authority),))


def certificate_of(authority: Authority) -> x509.Certificate:
    return x509.Certificate.load(authority.certificate.public_bytes(Encoding.DER))


@lru_cache(maxsize=1)
def keys() -> Keys:
    authority, other = make_authority(NOON), make_authority(NOON, "Kẻ mạo danh")
    return Keys(
        authority,
        key_of(authority, LEADER, OFFICE),
        key_of(authority, OFFICE, OFFICE),
        key_of(other, LEADER, OFFICE),
    )


def key_of(
    authority: Authority,
    name: str,
    organisation: str,
    now: datetime = NOON,
    life: timedelta = timedelta(days=700),
) -> Pkcs12Signer:
    data = issue(
        authority,
        now,
        name=name,
        organisation=organisation,
        password=PASSWORD,
        life=life,
    )
    return Pkcs12Signer(data, PASSWORD)


@lru_cache(maxsize=4)
def handwriting(colour: str = "#1430b4") -> Stamp:
    image = Image.new("RGBA", (600, 240), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    points = [(30 + 18 * n, 120 + (-1) ** n * (100 - 3 * n)) for n in range(30)]
    pen.line(points, fill=colour, width=9, joint="curve")
    return read_stamp(png(image))


@lru_cache(maxsize=4)
def seal(colour: str = "#d40000") -> Stamp:
    image = Image.new("RGBA", (500, 500), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((10, 10, 490, 490), outline=colour, width=14)
    pen.ellipse((80, 80, 420, 420), outline=colour, width=6)
    pen.regular_polygon((250, 250, 110), 5, fill=colour)
    return read_stamp(png(image))


def png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=1)
def letter() -> tuple[bytes, Places]:
    """The sample letter before it has a number and a date."""
    fields = replace(LETTER.fields, number="", date="")
    with clock.fixed(NOON):
        return to_signable_pdf(replace(LETTER, fields=fields), images)


@lru_cache(maxsize=1)
def signed_by_person() -> bytes:
    pdf, places = letter()
    return sign_person(pdf, Signing(keys().leader, NOON), handwriting(), places)


@lru_cache(maxsize=1)
def issued() -> bytes:
    """Signed by the leader, numbered, and signed by the office."""
    numbered = write_number(signed_by_person(), "328", date(2026, 11, 22))
    later = NOON + timedelta(minutes=40)
    return sign_organisation(numbered, Signing(keys().office, later), seal())
