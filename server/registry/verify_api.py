"""The check of a PDF for programs. Open to anybody, as the page is."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import File, Router, Schema, UploadedFile

from server.publishing.signing.report import (
    Certificate,
    Place,
    Report,
    SignatureReport,
    Since,
    Verdict,
)
from server.registry.verifying import check

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


class ReportOut(Schema):
    """`digest` is the SHA-256 of the file that was sent."""

    verdict: Verdict
    digest: str
    size_bytes: int
    signatures: list[SignatureOut]

    @classmethod
    def from_report(cls, report: Report) -> ReportOut:
        return cls(
            verdict=report.verdict,
            digest=report.digest,
            size_bytes=report.size_bytes,
            signatures=[SignatureOut.from_report(one) for one in report.signatures],
        )


@router.post("/verify", response=ReportOut, auth=None)
def verify_file(request: HttpRequest, file: File[UploadedFile]) -> ReportOut:
    """Who signed this PDF, and whether it is still what was signed. Nothing is kept."""
    return ReportOut.from_report(check(request, file))
