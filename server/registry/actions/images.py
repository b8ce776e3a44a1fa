"""Images of a draft: checked by content, stored once, reached only through the draft.

The bytes go to the blob store under their digest; the row says that this draft holds
them. Must never trust the name or the type that the browser sent.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from server.accounts.models import User
from server.common import audit, clock, providers
from server.common.errors import InvalidInput, NotFound, TooLarge
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.models import Draft, DraftImage

CONTENT_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
}
# A small file can unfold to gigabytes; a scanned A3 page at 600 dpi is 70 million.
MAX_PIXELS = 80_000_000


@dataclass(frozen=True, slots=True)
class StoredImage:
    data: bytes
    content_type: str


def check_image(data: bytes) -> str:
    """The content type, from the bytes alone. Raises InvalidInput or TooLarge."""
    if len(data) > settings.MAX_IMAGE_BYTES:
        raise TooLarge(
            _("Ảnh lớn quá %(limit)s MB.")
            % {"limit": settings.MAX_IMAGE_BYTES // 1_000_000},
            code="image_too_large",
        )
    try:
        with warnings.catch_warnings():
            # Pillow warns of a bomb by its own limit; ours is checked just below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=list(CONTENT_TYPES)) as image:
                width, height, kind = image.width, image.height, image.format
                if width * height <= MAX_PIXELS:
                    image.verify()
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise InvalidInput(
            _("Tệp không phải ảnh PNG, JPEG, GIF hoặc WebP còn nguyên vẹn."),
            code="not_an_image",
        ) from None
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()
    return CONTENT_TYPES[str(kind)]


def _too_many_pixels() -> TooLarge:
    return TooLarge(
        _("Ảnh có kích thước quá lớn (trên %(limit)s triệu điểm ảnh).")
        % {"limit": MAX_PIXELS // 1_000_000},
        code="image_too_large",
    )


def add_image(actor: User, draft_id: UUID | str, data: bytes) -> str:
    """Store an image of the draft and return its address. The same image twice is one.

    The right to suggest is enough: the text shows a picture only where somebody put it,
    and whoever may only suggest can put it there as a suggestion alone. Raises what
    `check_image` and `access_draft` raise.
    """
    draft = access_draft(actor, draft_id, Action.SUGGEST).draft
    content_type = check_image(data)
    with transaction.atomic():
        digest = keep_image(actor, draft, data, content_type)
    return image_address(draft.pk, digest)


def keep_image(actor: User, draft: Draft, data: bytes, content_type: str) -> str:
    """Write blob and row for bytes that were checked. Returns the digest."""
    info = providers.blob_store.get().put(data)
    _row, is_new = DraftImage.objects.get_or_create(
        draft=draft,
        digest=info.digest,
        defaults={
            "content_type": content_type,
            "size_bytes": info.size_bytes,
            "added_by": actor,
            "added_at": clock.now(),
        },
    )
    if is_new:
        audit.record(
            actor,
            "draft.image_added",
            "draft",
            draft.pk,
            digest=info.digest,
            size_bytes=info.size_bytes,
        )
    return info.digest


def image_address(draft_id: UUID, digest: str) -> str:
    """Relative, so that it holds on every host the office is reached by."""
    return f"/api/v1/drafts/{draft_id}/images/{digest}"


def read_image(actor: User, draft_id: UUID | str, digest: str) -> StoredImage:
    """Raises NotFound unless this draft holds the image and the person may open it."""
    draft = access_draft(actor, draft_id, Action.OPEN).draft
    row = DraftImage.objects.filter(draft=draft, digest=digest).first()
    if row is None:
        raise NotFound
    return StoredImage(providers.blob_store.get().get(row.digest), row.content_type)
