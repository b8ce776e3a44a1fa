"""One name for what a document says: SHA-256 over a canonical form of its content.

An approval is bound to it, so it depends on the letterhead and the blocks alone (with
the suggestions in them, which whoever approved has seen too): the
same text has the same digest however it was typed, merged, compacted or begun anew.
The form has a version; another way to write it down would be another version. Pure.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from typing import Any

from collab.content.read import read_content
from collab.content.tree import Content

_VERSION = "content-1"
_UNSAID: dict[str, Any] = {
    "insertion": None,
    "deletion": None,
    "formatting": None,
    "under": (),
    "about": None,
    "listed": None,
    "nested": 0,
    "headed": None,
    "shape": None,
    "widths": (),
}


def content_digest(state: bytes) -> str:
    """Lower-case hexadecimal digest of a merged Yjs update (version 1).

    Raises ValueError when the bytes are not an update.
    """
    return digest_of(read_content(state))


def digest_of(content: Content) -> str:
    """The digest of content that was read before."""
    form = json.dumps(
        [_VERSION, _plain(content)],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    # A half of a surrogate pair, which a broken client may write, has no UTF-8.
    return hashlib.sha256(form.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        named = {
            f.name: _plain(getattr(value, f.name))
            for f in fields(value)
            # Text without suggestions has the digest that it had before there were any.
            if f.name not in _UNSAID or getattr(value, f.name) != _UNSAID[f.name]
        }
        return {"is": type(value).__name__, **named}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value
