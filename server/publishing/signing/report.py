"""What a check of signatures found, as data. The words for people are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Place(StrEnum):
    """In which of our fields a signature stands."""

    PERSON = "person"
    ORGANISATION = "organisation"
    ATTACHMENT = "attachment"
    OTHER = "other"


class Since(StrEnum):
    """What happened to the file after a signature."""

    UNCHANGED = "unchanged"
    ALLOWED = "allowed"  # number, date, further signatures, time-stamps
    CHANGED = "changed"  # by somebody who was not allowed to


class Certificate(StrEnum):
    TRUSTED = "trusted"
    UNKNOWN = "unknown"  # no chain to an anchor that this office trusts
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    UNFIT = "unfit"  # not made for signing documents


class Verdict(StrEnum):
    """The worst that is true of the whole file."""

    VALID = "valid"
    UNPROVEN = "unproven"  # unchanged, but a certificate is not to be relied on
    CHANGED = "changed"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """`signed_at` is what the signer says, unless `timestamped`: then a service that
    this office trusts says it. `intact`: these very bytes were signed with this key."""

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

    @property
    def holds(self) -> bool:
        return self.intact and self.since is not Since.CHANGED


@dataclass(frozen=True, slots=True)
class Report:
    """`digest` is SHA-256 of the file, in hex: it names the very file that was read."""

    digest: str
    size_bytes: int
    signatures: tuple[SignatureReport, ...]

    @property
    def verdict(self) -> Verdict:
        if not self.signatures:
            return Verdict.UNSIGNED
        if not all(signature.holds for signature in self.signatures):
            return Verdict.CHANGED
        if all(s.certificate is Certificate.TRUSTED for s in self.signatures):
            return Verdict.VALID
        return Verdict.UNPROVEN
