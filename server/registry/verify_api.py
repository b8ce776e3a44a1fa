"""The check of a PDF or a code for programs. Open to anybody, as the page is."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from ninja import File, Router, Schema, UploadedFile
from pydantic import Field

from server.publishing.signing.report import (
    Certificate,
    Place,
    Report,
    SignatureReport,
    Since,
    Verdict,
)
from server.registry.models import CopyKind
from server.registry.queries.public_documents import (
    LaterDocument,
    PublicCopy,
    PublicDocument,
    PublicStanding,
)
from server.registry.verifying import check, copied_as, issued_as, look_up

router = Router(tags=["verify"])


class SignatureOut(Schema):
    """`signed_at` is the signer's word unless `timestamped`."""

    place: Place
    signer: str
    organisation: str
    issuer: str
    serial: str
    signed_at: datetime | None
    timestamped: bool
    intact: bool
    since: Since
    certificate: Certificate
    revocation_known: bool

    @classmethod
    def from_report(cls, report: SignatureReport) -> SignatureOut:
        return cls(
            place=report.place,
            signer=report.signer,
            organisation=report.organisation,
            issuer=report.issuer,
            serial=report.serial,
            signed_at=report.signed_at,
            timestamped=report.timestamped,
            intact=report.intact,
            since=report.since,
            certificate=report.certificate,
            revocation_known=report.revocation_known,
        )


class LaterDocumentOut(Schema):
    full_number: str
    issued_on: date
    is_recalled: bool

    @classmethod
    def of(cls, later: LaterDocument) -> LaterDocumentOut:
        return cls(**{name: getattr(later, name) for name in cls.model_fields})


class PublicDocumentOut(Schema):
    """What stands on the first page, and whether the document still holds. `pdf` is
    the SHA-256 of the issued file."""

    code: str
    organisation: str
    full_number: str
    issued_on: date
    document_type: str
    type_name: str
    subject: str
    signer_name: str
    signer_position: str
    is_signed: bool
    pdf: str
    standing: PublicStanding
    recalled_at: datetime | None
    replaced_by: list[LaterDocumentOut]
    corrected_by: list[LaterDocumentOut]

    @classmethod
    def of(cls, found: PublicDocument) -> PublicDocumentOut:
        later = {"replaced_by", "corrected_by"}
        return cls(
            replaced_by=[LaterDocumentOut.of(row) for row in found.replaced_by],
            corrected_by=[LaterDocumentOut.of(row) for row in found.corrected_by],
            **{n: getattr(found, n) for n in cls.model_fields if n not in later},
        )


class PublicCopyOut(Schema):
    """A copy by its number in its book. `document` is what it was made of, null when
    that came from outside this system."""

    organisation: str
    full_number: str
    issued_on: date
    kind: CopyKind
    is_void: bool
    document: PublicDocumentOut | None

    @classmethod
    def of(cls, found: PublicCopy) -> PublicCopyOut:
        return cls(
            document=PublicDocumentOut.of(found.document) if found.document else None,
            **{n: getattr(found, n) for n in cls.model_fields if n != "document"},
        )


class ReportOut(Schema):
    """`digest` is the SHA-256 of the file that was sent; `issued` the document that
    was issued as exactly this file, `made_copy` the copy that was made as it; null when
    there is none."""

    verdict: Verdict
    digest: str
    size_bytes: int
    signatures: list[SignatureOut]
    issued: PublicDocumentOut | None
    made_copy: PublicCopyOut | None = None
    original: ReportOut | None = Field(
        None, description="the signed original that a valid electronic copy bears"
    )

    @classmethod
    def of(
        cls,
        report: Report,
        issued: PublicDocument | None,
        copy: PublicCopy | None = None,
        original: ReportOut | None = None,
    ) -> ReportOut:
        return cls(
            original=original,
            made_copy=PublicCopyOut.of(copy) if copy else None,
            verdict=report.verdict,
            digest=report.digest,
            size_bytes=report.size_bytes,
            signatures=[SignatureOut.from_report(one) for one in report.signatures],
            issued=PublicDocumentOut.of(issued) if issued else None,
        )


@router.post("/verify", response=ReportOut, auth=None)
def verify_file(request: HttpRequest, file: File[UploadedFile]) -> ReportOut:
    """Who signed this PDF, and whether it is still what was signed. Nothing is kept."""
    checked = check(request, file)
    original = checked.original
    return ReportOut.of(
        checked.report,
        issued_as(checked.report),
        copied_as(checked.report),
        ReportOut.of(original, issued_as(original)) if original else None,
    )


@router.get("/verify/{code}", response=PublicDocumentOut, auth=None)
def verify_code(request: HttpRequest, code: str) -> PublicDocumentOut:
    """The document that bears this code, and whether it still holds. Capitals and
    spaces do not matter. Its files are not given out here."""
    return PublicDocumentOut.of(look_up(request, code))
