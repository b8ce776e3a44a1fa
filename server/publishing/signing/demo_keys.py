"""Keys for the demo office: an authority of its own, its people and its seal.

They prove nothing outside the demo. Everything is made anew with fresh randomness and
written by the caller to files that are never part of the sources. RSA, which every
reader of PDF 1.7 knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

AUTHORITY_LIFE = timedelta(days=3650)
KEY_BITS = 2048
KEY_LIFE = timedelta(days=1095)
DEMO_AUTHORITY = "Duthao: chứng thực của văn phòng mẫu"


@dataclass(frozen=True, slots=True)
class Authority:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def make_authority(now: datetime, name: str = DEMO_AUTHORITY) -> Authority:
    key = _new_key()
    subject = _name(name, "")
    certificate = (
        _begun(subject, subject, key, now, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, certificate)


def issue(
    authority: Authority,
    now: datetime,
    *,
    name: str,
    organisation: str,
    password: bytes,
    life: timedelta = KEY_LIFE,
) -> bytes:
    """A new key with its certificate and the authority's, as a PKCS#12 file."""
    key = _new_key()
    subject = _name(name, organisation)
    certificate = (
        _begun(subject, authority.certificate.subject, key, now, life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .sign(authority.key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        name.encode(),
        key,
        certificate,
        [authority.certificate],
        serialization.BestAvailableEncryption(password),
    )


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    # Clocks differ by minutes; a key is used at once by other machines.
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=10))
        .not_valid_after(now + life)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
    )


def _name(common: str, organisation: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if organisation:
        parts.append(
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _short(organisation))
        )
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, _short(common)))
    return x509.Name(parts)


def _short(name: str) -> str:
    """A certificate's names hold 64 bytes; a letter is never cut in two."""
    return name.encode()[:64].decode(errors="ignore").strip()


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
