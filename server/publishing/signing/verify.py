"""Judge the signatures in a PDF: who, when, and is it still what was signed?

The file comes from anybody, so its size is bounded by the caller, what it unpacks to by
pyHanko and the number of revisions and signatures here. Must never fetch anything, nor
call a file good because a check could not be made.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
)
from pyhanko_certvalidator import ValidationContext

from server.common import clock
from server.common.errors import InvalidInput
from server.publishing.signing import fields
from server.publishing.signing.anchors import Anchors
from server.publishing.signing.report import (
    Certificate,
    Place,
    Report,
    SignatureReport,
    Since,
)
from server.publishing.signing.sign import not_a_pdf

MAX_REVISIONS = 60
MAX_SIGNATURES = 30
_PLACES = {
    fields.PERSON: Place.PERSON,
    fields.ORGANISATION: Place.ORGANISATION,
    fields.ATTACHMENT: Place.ATTACHMENT,
}
# Some authorities give one of the two to those who sign documents, some the other.
_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
_PROBLEMS = {
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Certificate.EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: Certificate.EXPIRED,
    AdESIndeterminate.EXPIRED: Certificate.EXPIRED,
    AdESIndeterminate.NOT_YET_VALID: Certificate.NOT_YET_VALID,
    AdESIndeterminate.REVOKED_NO_POE: Certificate.REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: Certificate.REVOKED,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: Certificate.UNFIT,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: Certificate.UNFIT,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: Certificate.UNFIT,
}
# A broken or hostile file can fail anywhere inside the parsers.
_PARSER_ERRORS = (
    PdfError,
    SignatureValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    OSError,
    ArithmeticError,
    RecursionError,
)


def verify(pdf: bytes, anchors: Anchors, at: datetime | None = None) -> Report:
    """All signatures, in the order in which they were made.

    Certificates are judged at `at` (now when not given), or at the time that a trusted
    time-stamp gives. Raises InvalidInput: `not_a_pdf` for what cannot be read whole (a
    file that was cut off too), `too_many_signatures` for a file made to tire us.
    """
    judge = _Judge(anchors, at or clock.now())
    try:
        reader = PdfFileReader(BytesIO(pdf))
        if reader.encrypted:
            raise not_a_pdf()
        if reader.xrefs.total_revisions > MAX_REVISIONS:
            raise _too_many()
        found = reader.embedded_regular_signatures
    except _PARSER_ERRORS:
        raise not_a_pdf() from None
    if len(found) > MAX_SIGNATURES:
        raise _too_many()
    # Bytes behind the end belong to no revision; a reader may still show them.
    whole = pdf.rstrip(b"\r\n \t\0").endswith(b"%%EOF")
    reports = asyncio.run(judge.all(found, whole))
    return Report(hashlib.sha256(pdf).hexdigest(), len(pdf), tuple(reports))


@dataclass(frozen=True, slots=True)
class _Judge:
    anchors: Anchors
    now: datetime

    async def all(
        self, found: list[EmbeddedPdfSignature], whole: bool
    ) -> list[SignatureReport]:
        return [await self._one(signature, whole) for signature in found]

    async def _one(
        self, signature: EmbeddedPdfSignature, whole: bool
    ) -> SignatureReport:
        try:
            status = await self._status(signature, self.now)
            stamp = status.timestamp_validity
            stamped = bool(
                stamp is not None and stamp.intact and stamp.valid and stamp.trusted
            )
            moment = stamp.timestamp if stamp is not None and stamped else self.now
            if stamped:
                status = await self._status(signature, moment)
        except _PARSER_ERRORS:
            return _unreadable(signature)
        certificate = status.signing_cert
        signed_at = stamp.timestamp if stamped and stamp else status.signer_reported_dt
        return SignatureReport(
            place=_PLACES.get(signature.field_name, Place.OTHER),
            signer=_named(certificate.subject, "common_name"),
            organisation=_named(certificate.subject, "organization_name"),
            issuer=_named(certificate.issuer, "common_name", "organization_name"),
            serial=f"{certificate.serial_number:x}",
            signed_at=signed_at,
            timestamped=stamped,
            intact=status.intact and status.valid,
            since=_since(status) if whole else Since.CHANGED,
            certificate=self._certificate(status, moment),
            revocation_known=any(
                issued.issuer == certificate.issuer for issued in self.anchors.revoked
            ),
        )

    async def _status(
        self, signature: EmbeddedPdfSignature, moment: datetime
    ) -> PdfSignatureStatus:
        return await async_validate_pdf_signature(
            signature,
            signer_validation_context=self._context(moment),
            ts_validation_context=self._context(self.now),
            key_usage_settings=_USAGE,
        )

    def _context(self, moment: datetime) -> ValidationContext:
        return ValidationContext(
            # Never None: that would trust whomever the machine trusts.
            trust_roots=list(self.anchors.certificates),
            crls=list(self.anchors.revoked),
            moment=moment,
            allow_fetching=False,
            revocation_mode="soft-fail",
            retroactive_revinfo=True,
        )

    def _certificate(self, status: PdfSignatureStatus, moment: datetime) -> Certificate:
        problem = status.trust_problem_indic
        if self._revoked(status.signing_cert, moment):
            return Certificate.REVOKED
        if status.signing_cert.not_valid_before > moment:
            return Certificate.NOT_YET_VALID
        if problem is None and status.validation_path is not None:
            return Certificate.TRUSTED
        if not isinstance(problem, AdESIndeterminate):
            return Certificate.UNKNOWN
        return _PROBLEMS.get(problem, Certificate.UNKNOWN)

    def _revoked(self, certificate: x509.Certificate, moment: datetime) -> bool:
        """In a list of the folder, whether or not the certificate names a list."""
        return any(
            entry["user_certificate"].native == certificate.serial_number
            and entry["revocation_date"].native <= moment
            for issued in self.anchors.revoked
            if issued.issuer == certificate.issuer
            for entry in issued["tbs_cert_list"]["revoked_certificates"] or ()
        )


def _since(status: PdfSignatureStatus) -> Since:
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return Since.UNCHANGED
    if status.coverage is not SignatureCoverageLevel.ENTIRE_REVISION:
        return Since.CHANGED
    if not status.docmdp_ok or not status.seed_value_ok:
        return Since.CHANGED
    # A later revision that changes nothing that is seen is an allowed one too.
    known = status.modification_level
    return Since.ALLOWED if known is not ModificationLevel.OTHER else Since.CHANGED


def _named(name: x509.Name, *kinds: str) -> str:
    """The first of the kinds that the name has; several values stand side by side."""
    native: dict[str, Any] = name.native
    for kind in kinds:
        value = native.get(kind)
        if value:
            return ", ".join(value) if isinstance(value, list) else str(value)
    return ""


def _unreadable(signature: EmbeddedPdfSignature) -> SignatureReport:
    """A signature that cannot be followed proves nothing."""
    return SignatureReport(
        place=_PLACES.get(signature.field_name, Place.OTHER),
        signer="",
        organisation="",
        issuer="",
        serial="",
        signed_at=None,
        timestamped=False,
        intact=False,
        since=Since.CHANGED,
        certificate=Certificate.UNKNOWN,
        revocation_known=False,
    )


def _too_many() -> InvalidInput:
    return InvalidInput(
        _("Tệp có quá nhiều lần sửa hoặc quá nhiều chữ ký để kiểm tra."),
        code="too_many_signatures",
    )
