"""Titles: what is accepted, how they are searched and in which order they stand."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import text
from server.common.errors import InvalidInput
from server.registry.document_types import DocumentType
from server.registry.models import TITLE_KEY_BYTES, TITLE_LENGTH


def clean_title(title: str) -> str:
    """NFC on one line. Raises InvalidInput when empty or too long."""
    visible = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c
        for c in text.nfc(title)
    )
    cleaned = " ".join(visible.split())
    if not cleaned:
        raise InvalidInput(
            _("Hãy đặt tên cho dự thảo."), fields={"title": _("Tên đang để trống.")}
        )
    if len(cleaned) > TITLE_LENGTH:
        raise InvalidInput(
            _("Tên dự thảo dài quá %(limit)s ký tự.") % {"limit": TITLE_LENGTH},
            fields={"title": _("Hãy rút ngắn tên.")},
        )
    return cleaned


def search_key_of(title: str, kind: DocumentType | None, creator: User) -> str:
    """What the search box looks in: title, type and the name of its creator."""
    type_words = f"{kind.name} {kind.code}" if kind else ""
    return text.search_key(f"{title} {type_words} {creator.full_name}")


def title_key_of(title: str) -> bytes:
    return text.collation_key(title).encode()[:TITLE_KEY_BYTES]
