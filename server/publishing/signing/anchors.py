"""Whom an office trusts: the certificates (and revocation lists) of one folder.

.pem, .crt, .cer and .der hold certificates, .crl hold lists of revoked ones; both may
be PEM or DER. Nothing is ever fetched from the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from asn1crypto import crl, pem, x509

_CERTIFICATES = frozenset({".pem", ".crt", ".cer", ".der"})
_LISTS = frozenset({".crl"})


@dataclass(frozen=True, slots=True)
class Anchors:
    certificates: tuple[x509.Certificate, ...] = ()
    revoked: tuple[crl.CertificateList, ...] = ()


class BadAnchor(ValueError):
    """Names the file: an anchor that is skipped silently would be missed for years."""


def read_anchors(folder: Path) -> Anchors:
    """Raises BadAnchor. A folder that is not there trusts nobody."""
    certificates: list[x509.Certificate] = []
    revoked: list[crl.CertificateList] = []
    for path in sorted(folder.glob("*")):
        kind = path.suffix.lower()
        if kind not in _CERTIFICATES | _LISTS or not path.is_file():
            continue
        try:
            for der in _parts(path.read_bytes()):
                if kind in _LISTS:
                    revoked.append(crl.CertificateList.load(der, strict=True))
                else:
                    certificates.append(x509.Certificate.load(der, strict=True))
        except (ValueError, TypeError) as error:
            raise BadAnchor(f"{path.name}: {error}") from None
    return Anchors(tuple(certificates), tuple(revoked))


def _parts(data: bytes) -> list[bytes]:
    if not pem.detect(data):
        return [data]
    return [der for _kind, _headers, der in pem.unarmor(data, multiple=True)]
