"""Whose keys this office holds, and whom it trusts: the settings as objects.

Must never be cached: an administrator changes a key or an anchor by changing a file.
"""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings

from server.accounts.models import Organisation, User
from server.common.errors import Unavailable
from server.publishing.signing.anchors import Anchors, BadAnchor, read_anchors
from server.publishing.signing.keys import (
    key_unusable,
    pkcs11_from_file,
    pkcs11_with_pin,
    pkcs12_from_files,
)
from server.publishing.signing.ports import Signer, TimestampService
from server.publishing.signing.timestamp import HttpTimestampService
from server.registry.models import OfficePolicy

log = logging.getLogger(__name__)


def organisation_signer(organisation: Organisation | None = None) -> Signer:
    """The key of this server, for the organisation that it belongs to.

    Raises Unavailable (`key_unusable`) when there is none, or when it is another
    organisation's: nobody seals with a foreign key.
    """
    if organisation is not None and not _holds_key(organisation):
        raise key_unusable()
    if not settings.ORGANISATION_TOKEN:
        return pkcs12_from_files(
            settings.ORGANISATION_KEY, settings.ORGANISATION_PASSWORD
        )
    return pkcs11_with_pin(
        settings.ORGANISATION_TOKEN_MODULE,
        settings.ORGANISATION_TOKEN,
        settings.ORGANISATION_TOKEN_CERTIFICATE,
        settings.ORGANISATION_PASSWORD,
    )


def _holds_key(organisation: Organisation) -> bool:
    """Named in the settings; else the only one here that signs digitally."""
    if settings.ORGANISATION:
        return organisation.abbreviation == str(settings.ORGANISATION)
    others = OfficePolicy.objects.filter(signs_digitally=True)
    return not others.exclude(organisation=organisation).exists()


def person_signer(user: User) -> Signer:
    """The key that the server reaches for a person: the token that `<name>.token`
    describes, else the file `<name>.p12`. Raises Unavailable."""
    folder, name = settings.PERSON_KEYS, user.get_username()
    # A sign-in name is chosen by an administrator, but it shall name no other folder.
    if name != Path(name).name or name in {"", ".", ".."}:
        raise key_unusable()
    secret = folder / f"{name}.password"
    token = folder / f"{name}.token"
    if token.exists():
        return pkcs11_from_file(token, secret)
    return pkcs12_from_files(folder / f"{name}.p12", secret)


def timestamp_service() -> TimestampService | None:
    url = settings.TIMESTAMP_URL
    return HttpTimestampService(url) if url else None


def trusted() -> Anchors:
    """Raises Unavailable when a file of the folder cannot be read: an anchor that is
    skipped would call good signatures untrusted."""
    try:
        return read_anchors(settings.TRUST_DIR)
    except BadAnchor as error:
        log.error("trust folder: %s", error)
        raise Unavailable from None
