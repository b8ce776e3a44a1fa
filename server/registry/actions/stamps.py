"""Set the picture of a signature, or of a seal. The former one is kept as history.

A person sets only their own signature, in blue; a clerk the seal of an organisation
whose registers they keep, in red (NĐ 30/2020, Phụ lục I). Must never trust the name or
the type that a browser sent: the bytes say what they are.
"""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, User
from server.common import audit, clock, outbox, providers
from server.common.errors import InvalidInput, NotAllowed
from server.publishing.signing.images import Ink, read_stamp
from server.registry.models import SealImage, SignatureImage
from server.registry.stamp_events import SEAL_IMAGE_SET, SIGNATURE_IMAGE_SET
from server.registry.stamps import access_seal_of

Picture = TypeVar("Picture", SignatureImage, SealImage)


def set_signature_image(actor: User, data: bytes) -> SignatureImage:
    """The actor's own signature from now on. The same picture again changes nothing.

    Raises InvalidInput: what `read_stamp` raises, or `signature_not_blue`.
    """
    if not actor.is_active:
        raise NotAllowed
    if read_stamp(data).ink is not Ink.BLUE:
        message = _("Ảnh chữ ký phải là mực xanh. Hãy ký bằng bút xanh rồi tách nền.")
        raise InvalidInput(message, code="signature_not_blue")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.pk)
        return _replace(actor, SignatureImage, "user", actor.pk, data)


def set_seal_image(actor: User, organisation: Organisation, data: bytes) -> SealImage:
    """The organisation's seal from now on. The same picture again changes nothing.

    Raises NotFound for who is no clerk of it, and InvalidInput: what `read_stamp`
    raises, or `seal_not_red`.
    """
    kept = access_seal_of(actor, organisation.pk)
    if read_stamp(data).ink is not Ink.RED:
        message = _("Ảnh con dấu phải là mực đỏ. Hãy quét màu rồi tách nền.")
        raise InvalidInput(message, code="seal_not_red")
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=kept.pk)
        return _replace(actor, SealImage, "organisation", kept.pk, data)


def _replace(
    actor: User, kind: type[Picture], owner: str, owner_id: UUID, data: bytes
) -> Picture:
    """The caller has locked the owner: two browsers must not both find none."""
    rows = kind._default_manager.filter(**{owner: owner_id}, replaced_at__isnull=True)
    former = rows.first()
    info = providers.blob_store.get().put(data)
    if former is not None and former.digest == info.digest:
        return former
    now = clock.now()
    rows.update(replaced_at=now)
    made = kind._default_manager.create(
        **{f"{owner}_id": owner_id},
        digest=info.digest,
        size_bytes=info.size_bytes,
        set_by=actor,
        set_at=now,
    )
    deed = SIGNATURE_IMAGE_SET if kind is SignatureImage else SEAL_IMAGE_SET
    audit.record(
        actor,
        deed,
        owner,
        owner_id,
        digest=made.digest,
        former=former.digest if former else None,
    )
    outbox.emit(deed, owner_id)
    return made
