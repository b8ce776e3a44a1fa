"""Find the picture of a comment again in a stored document, as the editor does.

A picture has no words: its anchor is the position of its element, and its file says
which one it was where that leads nowhere. Where an element is now, only a text that
one already holds tells: so a sign is set behind each in a copy, and the copy is read.

Pure. Must never change the document it was given, never raise because of what an
anchor holds, and never take another picture for the one that went.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pycrdt import XmlElement, XmlFragment

from collab.content.anchored_parts import BODY, Deleted, document
from collab.content.positions import read_position
from collab.protocol.shape import read_state_vector
from collab.protocol.wire import var_string, var_uint

_PICTURE = "image"
# An element of this origin, and nothing else: see the Yjs update format, version 1.
_TYPE_AFTER_ORIGIN = 0x80 | 7
_ELEMENT = 3

_Item = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """The picture of an anchor: which of the body's, in document order, from 0."""

    index: int
    is_moved: bool = False
    is_changed: bool = False


def file_of(src: object) -> str:
    """What tells one picture from another: the last part of its address."""
    return src.rsplit("/", 1)[-1] if isinstance(src, str) else ""


class Pictures:
    """The pictures of one document, ready to look for many anchors.

    `ends` are the positions of the anchors that will be sought. `state` as in
    `collab.content.anchors.Anchors`.
    """

    def __init__(self, state: bytes, ends: Iterable[str]) -> None:
        doc = document(state)
        body: XmlFragment = doc.get(BODY, type=XmlFragment)
        # Before the signs are set: one at an attribute would stand in its stead.
        with doc.transaction():
            self._files = list(_files(body))
        vector = read_state_vector(doc.get_state())
        items = {item for item in map(_item, ends) if item is not None}
        self._known = {item for item in items if vector.get(item[0], 0) > item[1]}
        self._at: dict[_Item, int] = {}
        deleted = Deleted(doc.get_update(doc.get_state()))
        wanted = [item for item in self._known if item not in deleted]
        if not wanted:
            return
        nonce = secrets.token_hex(4)
        doc.apply_update(_signs(wanted, vector.get(0, 0), nonce))
        sign = re.compile(rf"sign-{nonce}-(\d+)")
        with doc.transaction():
            for number, index in _signed(body, sign, itertools.count()):
                self._at[wanted[number]] = index

    def find(self, start: str, end: str, file: str, echo: int) -> Shown | None:
        item = _item(start)
        if item is not None and item == _item(end) and item in self._at:
            index = self._at[item]
            return Shown(index, is_changed=self._files[index] != file)
        # One that stood twice is not known from the other when one of them goes.
        stood_here = item in self._known or _item(end) in self._known
        same = [index for index, each in enumerate(self._files) if each == file]
        if file and len(same) == 1 and (echo < 0 or not stood_here):
            return Shown(same[0], is_moved=True)
        return None


def _files(parent: XmlFragment | XmlElement) -> Iterator[str]:
    """Of each picture below, in document order."""
    for child in parent.children:
        if not isinstance(child, XmlElement):
            continue
        if child.tag == _PICTURE:
            yield file_of(child.attributes.get("src"))
        else:
            yield from _files(child)


def _signed(
    parent: XmlFragment | XmlElement, sign: re.Pattern[str], count: Iterator[int]
) -> Iterator[tuple[int, int]]:
    """The number of each sign that stands behind a picture, and which picture."""
    last: int | None = None
    for child in parent.children:
        tag = child.tag if isinstance(child, XmlElement) else None
        found = sign.fullmatch(tag or "")
        if found is None:
            last = next(count) if tag == _PICTURE else None
        elif last is not None:
            yield int(found[1]), last
        if isinstance(child, XmlElement) and found is None and tag != _PICTURE:
            yield from _signed(child, sign, count)


def _item(position: str) -> _Item | None:
    try:
        return read_position(base64.b64decode(position, validate=True)).item
    except (ValueError, binascii.Error):
        return None


def _signs(items: Iterable[_Item], clock: int, nonce: str) -> bytes:
    """An update that sets a numbered element right behind each of these.

    Writer 0 is the smallest, so that among what stands behind the same element the sign
    stands first.
    """
    structs = [
        bytes((_TYPE_AFTER_ORIGIN,))
        + var_uint(writer)
        + var_uint(at)
        + var_uint(_ELEMENT)
        + var_string(f"sign-{nonce}-{number}")
        for number, (writer, at) in enumerate(items)
    ]
    head = var_uint(1) + var_uint(len(structs)) + var_uint(0) + var_uint(clock)
    return head + b"".join(structs) + var_uint(0)
