"""Keys: a PKCS#12 file on the server, or a token that speaks PKCS#11.

Must never log or show a password, a PIN or a key, nor say which of them was wrong.
"""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from pyhanko.config.pkcs11 import PKCS11SignatureConfig, TokenCriteria
from pyhanko.sign import signers
from pyhanko.sign.general import SigningError

from server.common.errors import Unavailable


def key_unusable() -> Unavailable:
    return Unavailable(
        _("Không mở được khóa ký số. Hãy báo quản trị viên."), code="key_unusable"
    )


@dataclass(frozen=True, slots=True)
class Pkcs12Signer:
    """`data` is the file, with the key, its certificate and the chain above it."""

    data: bytes = field(repr=False)
    password: bytes = field(repr=False)

    @contextmanager
    def session(self) -> Iterator[signers.Signer]:
        try:
            signer = signers.SimpleSigner.load_pkcs12_data(
                self.data, other_certs=[], passphrase=self.password
            )
        except ValueError:
            raise key_unusable() from None
        yield signer


def pkcs12_from_files(key: Path, password: Path) -> Pkcs12Signer:
    """The password file holds one line. Raises Unavailable (`key_unusable`)."""
    try:
        return Pkcs12Signer(key.read_bytes(), password.read_bytes().strip(b"\r\n"))
    except OSError:
        raise key_unusable() from None


@dataclass(frozen=True, slots=True)
class Pkcs11Signer:
    """A key in a token: a USB token, a smart card, an HSM.

    `module` is the vendor's library; `certificate` is the label of the certificate in
    the token, which its key shares. One session at a time is opened and closed again.
    """

    module: Path
    token: str
    certificate: str
    pin: str = field(repr=False)

    @contextmanager
    def session(self) -> Iterator[signers.Signer]:
        # Imported here: most offices have no token, and the library loads native code.
        import pkcs11
        from pyhanko.sign.pkcs11 import PKCS11SigningContext

        config = PKCS11SignatureConfig(
            module_path=str(self.module),
            cert_label=self.certificate,
            token_criteria=TokenCriteria(label=self.token),
            user_pin=self.pin,
        )
        context = PKCS11SigningContext(config)
        try:
            signer = context.__enter__()
        except (SigningError, pkcs11.PKCS11Error, OSError, RuntimeError):
            raise key_unusable() from None
        try:
            yield signer
        except pkcs11.PKCS11Error:
            raise key_unusable() from None
        finally:
            # A token that was pulled out has ended its session itself.
            with contextlib.suppress(pkcs11.PKCS11Error):
                context.__exit__(None, None, None)


def pkcs11_with_pin(
    module: str, token: str, certificate: str, pin: Path
) -> Pkcs11Signer:
    """The PIN's file holds one line. Raises Unavailable (`key_unusable`)."""
    try:
        line = pin.read_text().strip("\r\n")
    except (OSError, ValueError):
        raise key_unusable() from None
    return Pkcs11Signer(Path(module), token, certificate, line)


def pkcs11_from_file(description: Path, pin: Path) -> Pkcs11Signer:
    """A token that a TOML file describes by `module`, `token` and `certificate`.
    Raises Unavailable (`key_unusable`)."""
    try:
        said = tomllib.loads(description.read_text("utf-8"))
        words = [said[name] for name in ("module", "token", "certificate")]
    except (OSError, ValueError, KeyError):
        raise key_unusable() from None
    if not all(isinstance(word, str) for word in words):
        raise key_unusable()
    module, token, certificate = words
    return pkcs11_with_pin(module, token, certificate, pin)
