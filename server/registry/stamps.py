"""The pictures that are set on documents, and the doors to them.

A signature is its owner's: nobody else gets to look at it, not even an administrator,
because a picture that lies about is set on papers its owner never saw. A seal is kept
by the clerks of its organisation, as the real one is (NĐ 30/2020, Điều 32). Reads only.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, User
from server.common import providers
from server.common.errors import Conflict, NotFound
from server.publishing.signing.images import Stamp, read_stamp
from server.registry.access import as_id
from server.registry.models import SealImage, SignatureImage
from server.registry.register_access import kept_organisations


def live_signature(user: User) -> SignatureImage | None:
    """The row of the picture that is in use. One query."""
    return SignatureImage.objects.filter(user=user, replaced_at__isnull=True).first()


def live_seal(organisation: Organisation) -> SealImage | None:
    """The row of the seal that is in use. One query."""
    rows = SealImage.objects.filter(organisation=organisation, replaced_at__isnull=True)
    return rows.first()


def signature_stamp(user: User) -> Stamp:
    """The person's signature, to be set on what they approve.

    Asks no rights: for who signs in their name. Raises Conflict `no_signature_image`.
    """
    found = live_signature(user)
    if found is None:
        raise Conflict(
            _(
                "%(name)s chưa có ảnh chữ ký. Người ký cần tải ảnh lên trong"
                " Tài khoản › Chữ ký."
            )
            % {"name": user.full_name},
            code="no_signature_image",
        )
    return read_stamp(stamp_bytes(found))


def seal_stamp(organisation: Organisation) -> Stamp:
    """The organisation's seal, to be set on what it issues.

    Asks no rights: for the clerk's act of issue. Raises Conflict `no_seal`.
    """
    found = live_seal(organisation)
    if found is None:
        raise Conflict(
            _(
                "%(name)s chưa có ảnh con dấu. Văn thư cần tải ảnh lên trong"
                " Sổ đăng ký › Con dấu."
            )
            % {"name": organisation.name},
            code="no_seal",
        )
    return read_stamp(stamp_bytes(found))


def stamp_bytes(row: SignatureImage | SealImage) -> bytes:
    """The picture as it was sent."""
    return providers.blob_store.get().get(row.digest)


def access_signature(user: User) -> SignatureImage:
    """The person's own picture; there is no way to another's. Raises NotFound."""
    found = live_signature(user) if user.is_active else None
    if found is None:
        raise NotFound
    return found


def access_seal_of(user: User, organisation_id: UUID | str) -> Organisation:
    """The organisation, for a clerk of it. Raises NotFound for everybody else."""
    kept = kept_organisations(user).filter(pk=as_id(organisation_id)).first()
    if kept is None:
        raise NotFound
    return kept


def access_seal(user: User, organisation_id: UUID | str) -> SealImage:
    """The seal, for a clerk of its organisation. Raises NotFound, also for none."""
    found = live_seal(access_seal_of(user, organisation_id))
    if found is None:
        raise NotFound
    return found
