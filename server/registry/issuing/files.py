"""The files of an issued document: the .docx and the PDF, with number and date.

A signed copy is numbered in its blanks and then sealed, so the signer's signature stays
valid; without one, both files are drawn for signing by hand. The same input gives the
same pages. Must never write to the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

from collab.content.tree import Content
from server.accounts.models import Organisation
from server.common import clock
from server.publishing.docx_export import to_docx
from server.publishing.pdf_export import to_pdf
from server.publishing.rules import rules_for
from server.publishing.signing.sign import Signing, sign_organisation, write_number
from server.registry.issuing.addresses import verify_url
from server.registry.models import IssuedNumber, OutgoingDocument
from server.registry.signing_keys import organisation_signer, timestamp_service
from server.registry.stamps import seal_stamp


@dataclass(frozen=True, slots=True)
class Given:
    """What the clerk gives: the number as it is printed ("05", "12a"), and the date."""

    number: str
    issued_on: date

    @classmethod
    def of(cls, row: IssuedNumber | OutgoingDocument) -> Given:
        return cls(row.written, row.issued_on)


@dataclass(frozen=True, slots=True)
class Source:
    """The approved content. `signed` is the signer's PDF, None for one on paper."""

    content: Content
    images: Callable[[str], bytes | None]
    organisation: Organisation
    code: str
    signed: bytes | None


@dataclass(frozen=True, slots=True)
class Files:
    docx: bytes
    pdf: bytes
    pages: int


def make_files(source: Source, given: Given) -> Files:
    """Raises Conflict (`no_seal`), Unavailable (`key_unusable`, time-stamps) and what
    the drawing raises."""
    pdf = numbered_pdf(source, given)
    if source.signed is not None:
        seal = seal_stamp(source.organisation)
        signing = Signing(
            organisation_signer(source.organisation), clock.now(), timestamp_service()
        )
        pdf = sign_organisation(pdf, signing, seal)
    docx = to_docx(filled(source.content, given), source.images)
    return Files(docx, pdf, page_count(pdf))


def needs_network(source: Source) -> bool:
    """Whether making the files asks a service elsewhere: then no lock may be held."""
    return source.signed is not None and timestamp_service() is not None


def numbered_pdf(source: Source, given: Given) -> bytes:
    """The pages as they go out, before the organisation signs: also the preview."""
    content = filled(source.content, given)
    if source.signed is not None:
        rules = rules_for(content.fields)
        return write_number(source.signed, given.number, given.issued_on, rules)
    return to_pdf(content, source.images, verify_url=verify_url(source.code))


def filled(content: Content, given: Given) -> Content:
    """The text with the number and the date that it was given."""
    fields = replace(
        content.fields, number=given.number, date=given.issued_on.isoformat()
    )
    return replace(content, fields=fields)


def page_count(pdf: bytes) -> int:
    """The file is one of ours."""
    return int(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"])
