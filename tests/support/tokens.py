"""Tokens that sign: SoftHSM, where it is installed, with keys put in as a vendor's tool
puts them. Nothing is faked: the library speaks PKCS#11 as a token's own does."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from server.publishing.signing.keys import Pkcs12Signer

TOKEN, PIN = "van-phong", "123456"
SOFTHSM = next(
    (
        path
        for folder in ("/usr/lib", "/usr/lib64", "/usr/local/lib")
        for path in Path(folder).glob("**/libsofthsm2.so")
    ),
    None,
)


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty token; gives the module to reach it."""
    if SOFTHSM is None or shutil.which("softhsm2-util") is None:
        pytest.skip("needs SoftHSM: Debian's package softhsm2")
    import pkcs11

    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    init = f"softhsm2-util --init-token --free --label {TOKEN} --pin {PIN}"
    subprocess.run(
        [*init.split(), "--so-pin", "87654321"], check=True, capture_output=True
    )
    # The library reads its settings once; another test may have had another folder.
    pkcs11.lib(str(SOFTHSM)).reinitialize()
    return SOFTHSM


def put_key(module: Path, signer: Pkcs12Signer, label: str) -> None:
    """Key and certificate under one label."""
    import pkcs11
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    key, certificate, _chain = pkcs12.load_key_and_certificates(
        signer.data, signer.password
    )
    assert isinstance(key, rsa.RSAPrivateKey)
    assert certificate is not None
    raw = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    place = pkcs11.lib(str(module)).get_token(token_label=TOKEN)
    both = {
        pkcs11.Attribute.LABEL: label,
        pkcs11.Attribute.ID: label.encode(),
        pkcs11.Attribute.TOKEN: True,
    }
    with place.open(rw=True, user_pin=PIN) as session:
        secret = {pkcs11.Attribute.SIGN: True, pkcs11.Attribute.SENSITIVE: True}
        session.create_object({**decode_rsa_private_key(raw), **both, **secret})
        der = certificate.public_bytes(serialization.Encoding.DER)
        session.create_object({**decode_x509_certificate(der), **both})
