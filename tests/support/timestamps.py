"""A time-stamp service of our own authority, and a peer that watches who asks it."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.db import connection
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from tests.support.signing import NOON, keys


@lru_cache(maxsize=1)
def time_stamper() -> DummyTimeStamper:
    """A service that really signs, with a certificate of our authority."""
    authority = keys().authority
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "Cấp dấu thời gian")])
    certificate = (
        pyca.CertificateBuilder()
        .subject_name(name)
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(pyca.random_serial_number())
        .not_valid_before(NOON - timedelta(days=1))
        .not_valid_after(NOON + timedelta(days=3000))
        .add_extension(
            pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
        .sign(authority.key, hashes.SHA256())
    )
    return DummyTimeStamper(
        x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        ),
        fixed_dt=NOON + timedelta(seconds=1),
    )


class WatchedService:
    """Stamps, and notes how many transactions were open inside that of the test.

    A service may take ten seconds: whoever waits for it must hold no lock.
    """

    def __init__(self) -> None:
        self._outside = len(connection.savepoint_ids)
        self.asked: list[int] = []

    def answer(self, request: tsp.TimeStampReq) -> tsp.TimeStampResp:
        self.asked.append(len(connection.savepoint_ids) - self._outside)
        return time_stamper().request_tsa_response(request)

    def was_asked_outside(self) -> bool:
        return bool(self.asked) and not any(self.asked)
