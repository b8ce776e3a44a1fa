"""Give the demo office keys to sign with, and trust them on this machine alone.

Everything goes under DATA_DIR (or where the settings say), readable by this account
only. The authority's own key is thrown away, so nobody can issue more in its name. Must
never replace a key that is there: files signed with it would lose their signer.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from server.accounts.models import Membership, Organisation, Role
from server.common import clock
from server.publishing.signing.demo_keys import Authority, issue, make_authority
from server.registry.models import OfficePolicy

_ANCHOR = "demo-{serial:x}.pem"


@dataclass(frozen=True, slots=True)
class Made:
    """The files that are new, and those that were there and stay."""

    new: tuple[Path, ...]
    kept: tuple[Path, ...]


def make_demo_keys() -> Made:
    """A key for the organisation and one for each of its leaders; it signs from now on.

    The organisation is that of the first clerk. Raises Organisation.DoesNotExist when
    there is no demo office yet.
    """
    clerk = Membership.objects.filter(role=Role.CLERK).order_by("id").first()
    if clerk is None:
        raise Organisation.DoesNotExist
    office = clerk.unit.organisation
    leaders = Membership.objects.filter(
        role=Role.LEADER, unit__organisation=office, user__is_active=True
    ).select_related("user")
    wanted = {settings.ORGANISATION_KEY: office.name}
    for leader in leaders:
        path = settings.PERSON_KEYS / f"{leader.user.get_username()}.p12"
        wanted[path] = leader.user.full_name
    new = [path for path in wanted if not path.exists()]
    if new:
        authority = make_authority(clock.now())
        for path in new:
            _make_key(authority, path, wanted[path], office.name)
        serial = authority.certificate.serial_number
        _write(settings.TRUST_DIR / _ANCHOR.format(serial=serial), authority.pem)
    # With keys the demo shows signing, unless somebody has ruled on it already.
    OfficePolicy.objects.get_or_create(
        organisation=office,
        defaults={"signs_digitally": True, "inserts_numbers": True},
    )
    return Made(tuple(new), tuple(path for path in wanted if path not in new))


def _make_key(authority: Authority, path: Path, name: str, organisation: str) -> None:
    password = secrets.token_urlsafe(24).encode()
    data = issue(
        authority, clock.now(), name=name, organisation=organisation, password=password
    )
    # The password first: a key that cannot be opened would be kept for ever.
    _write(_password_of(path), password)
    _write(path, data)


def _password_of(key: Path) -> Path:
    if key == settings.ORGANISATION_KEY:
        found: Path = settings.ORGANISATION_PASSWORD
        return found
    return key.with_suffix(".password")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
