"""Find the words of a comment again in a stored document, as the editor does.

An anchor is two relative positions and a quote with what stood around it. Positions
name letters; where a letter is now the engine alone can tell, and only of a text that
one already holds. So a sign is written behind each letter in a copy of the document,
and the copy is read. Letters have random names, so in a document that was made anew
positions lead nowhere by themselves. Words to which none leads are sought by the quote.

Pure. Must never change the document it was given, never raise because of what an
anchor holds: it came from a browser; and never lead to other people's words that happen
to be the same.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from collab.content.anchored_parts import (
    BODY,
    PICTURE,
    Deleted,
    choices_of,
    document,
    parts_of,
)
from collab.content.picture_anchors import Pictures
from collab.content.positions import Position, read_position
from collab.content.quotes import (
    Quoted,
    Squeezed,
    echo_of,
    find_elsewhere,
    find_near,
    resembles,
    squeeze,
)
from collab.content.tree import CHOICE_FIELDS
from collab.protocol.shape import read_state_vector
from collab.protocol.wire import var_string, var_uint

_REMNANT = 2
_AROUND = 64
# A longer quote keeps its beginning only.
_LONG_QUOTE = 999
# A text of this origin, and nothing else: see the Yjs update format, version 1.
_STRING_AFTER_ORIGIN = 0x80 | 4


@dataclass(frozen=True, slots=True)
class Anchored:
    """What a thread says about its place; `start` and `end` are base64."""

    part: str
    start: str
    end: str
    epoch: int
    quote: str
    before: str = ""
    after: str = ""
    echo: int = 0

    @property
    def quoted(self) -> Quoted:
        return Quoted(self.quote, self.before, self.after, self.echo)


@dataclass(frozen=True, slots=True)
class Spot:
    """`block` counts the paragraphs of the body in document order, those of lists and
    cells included (0 in a field); `offset` counts code points in it. Of a picture,
    `block` counts the pictures."""

    block: int
    offset: int


@dataclass(frozen=True, slots=True)
class Found:
    """`here`: the positions hold. `moved`: found by the quote. `gone`: nowhere, and
    then there are no spots."""

    kind: Literal["here", "moved", "gone"]
    start: Spot | None = None
    end: Spot | None = None
    text: str = ""
    is_changed: bool = False


GONE = Found("gone")


class Anchors:
    """The parts of one document, ready to look for many anchors.

    `state` is one update that stands for all of it (`collab.content.state`); raises
    ValueError when it is none. Reading costs once, whatever the number of anchors.
    """

    def __init__(self, state: bytes, anchors: Sequence[Anchored]) -> None:
        doc = document(state)
        self._parts = {part: _Part(text) for part, text in parts_of(doc).items()}
        self._choices = choices_of(doc)
        ends: dict[bool, list[str]] = {True: [], False: []}
        for anchor in anchors:
            ends[anchor.part == PICTURE] += (anchor.start, anchor.end)
        self._known, self._places = _places(state, ends[False])
        self._pictures = Pictures(state, ends[True]) if ends[True] else None

    def blocks_of(self, part: str) -> list[str]:
        """The texts that `Spot.block` counts; empty for a part that is not there."""
        found = self._parts.get(part)
        return list(found.blocks) if found else []

    def find(self, anchor: Anchored) -> Found:
        if anchor.part in CHOICE_FIELDS:
            return self._choice(anchor)
        if anchor.part == PICTURE:
            return self._picture(anchor)
        part = self._parts.get(anchor.part)
        if part is None:
            return GONE
        if not anchor.quote:
            # A field stays, whatever is written in it.
            whole = anchor.part != BODY
            return part.found("here", 0, len(part.text)) if whole else GONE
        live = self._live(anchor, part)
        quote = squeeze(anchor.quote).plain
        now = squeeze(part.text[live[0] : live[1]]).plain if live else ""
        if live and _is_same(now, quote, anchor.quote):
            return part.found("here", *live)
        quoted = anchor.quoted
        # The whole quote around what is left of it, or where it was: a paragraph was
        # split or joined, or somebody else's undo brought the words back.
        if live and (around := _find_around(part.text, live, quoted)):
            return part.found("moved", *around)
        if live and now and resembles(now, quote):
            return part.found("here", *live, is_changed=True)
        near = live[0] if live else None
        stood_here = anchor.start in self._known or anchor.end in self._known
        found = find_elsewhere(part.plain, quoted, near, may_be_copy=stood_here)
        if found:
            return part.found("moved", *found)
        is_remnant = len(now) <= _REMNANT < _REMNANT * 2 < len(quote)
        if live and now and not is_remnant:
            return part.found("here", *live, is_changed=True)
        return GONE

    def _choice(self, anchor: Anchored) -> Found:
        """A field stays, whatever is chosen in it."""
        now = self._choices[anchor.part]
        end = Spot(0, len(now))
        return Found("here", Spot(0, 0), end, now, is_changed=now != anchor.quote)

    def _picture(self, anchor: Anchored) -> Found:
        """`before` names its file."""
        if self._pictures is None:
            return GONE
        shown = self._pictures.find(
            anchor.start, anchor.end, anchor.before, anchor.echo
        )
        if shown is None:
            return GONE
        kind: Literal["here", "moved"] = "moved" if shown.is_moved else "here"
        here = Spot(shown.index, 0), Spot(shown.index, 1)
        return Found(kind, *here, is_changed=shown.is_changed)

    def _live(self, anchor: Anchored, part: _Part) -> tuple[int, int] | None:
        ends = [self._places.get(p) for p in (anchor.start, anchor.end)]
        offsets = [
            part.offset(place[1], place[2])
            for place in ends
            if place is not None and place[0] == anchor.part
        ]
        if len(offsets) < 2 or offsets[0] > offsets[1]:
            return None
        return offsets[0], offsets[1]


def _is_same(now: str, quote: str, whole: str) -> bool:
    return now == quote or (len(whole) >= _LONG_QUOTE and now.startswith(quote))


def _find_around(
    text: str, live: tuple[int, int], quoted: Quoted
) -> tuple[int, int] | None:
    """The quote where it touches `live`; only a short stretch is searched."""
    reach = len(quoted.quote) * 2 + _AROUND
    start = max(0, live[0] - reach)
    near = squeeze(text[start : live[1] + reach])
    found = find_near(near, quoted, live[0] - start)
    if found is None:
        return None
    begin, end = found[0] + start, found[1] + start
    return (begin, end) if begin <= live[1] and end >= live[0] else None


class _Part:
    """One part as a line of text; its blocks stand between line breaks."""

    def __init__(self, blocks: Sequence[str]) -> None:
        self._starts: list[int] = []
        self.blocks = blocks
        at, held = 0, ""
        for block in blocks:
            # As in the browser: nothing parts blocks that are empty.
            if block and at:
                held += "\n"
                at += 1
            self._starts.append(at)
            held += block
            at += len(block)
        self.text = held
        self._plain: Squeezed | None = None

    @property
    def plain(self) -> Squeezed:
        if self._plain is None:
            self._plain = squeeze(self.text)
        return self._plain

    def offset(self, block: int, at: int) -> int:
        return self._starts[block] + min(at, len(self.blocks[block]))

    def found(
        self,
        kind: Literal["here", "moved"],
        start: int,
        end: int,
        *,
        is_changed: bool = False,
    ) -> Found:
        return Found(
            kind,
            self._spot(start, is_end=False),
            self._spot(end, is_end=True),
            self.text[start:end],
            is_changed,
        )

    def _spot(self, offset: int, *, is_end: bool) -> Spot:
        best = 0
        for block, start in enumerate(self._starts):
            if not self.blocks[block]:
                continue
            if start > offset or (is_end and start == offset and offset > 0):
                break
            best = block
            if not is_end and offset < start + len(self.blocks[block]):
                break
        here = max(0, offset - self._starts[best])
        return Spot(best, min(here, len(self.blocks[best])))


def anchor_on(
    state: bytes, part: str, quote: str, epoch: int, *, context: int = 48
) -> Anchored:
    """An anchor without positions on the first place where these words stand.

    An editor that finds them by the quote anchors them anew. Raises ValueError when
    they stand nowhere.
    """
    blocks = parts_of(document(state)).get(part)
    text = _Part(blocks).text if blocks is not None else ""
    at = text.find(quote)
    if at < 0:
        raise ValueError(f"no {quote!r} in {part}")
    end = at + len(quote)
    before, after = text[max(0, at - context) : at], text[end : end + context]
    echo = echo_of(squeeze(text), Quoted(quote, before, after), (at, end))
    return Anchored(part, nowhere(), nowhere(), epoch, quote, before, after, echo)


def nowhere() -> str:
    """A relative position in a shared type that no document has."""
    return base64.b64encode(b"\x01" + var_string("-") + b"\x00").decode()


# ── the copy with signs ─────────────────────────────────────────────────────────────

_Place = tuple[str, int, int]


def _places(
    state: bytes, positions: Sequence[str]
) -> tuple[frozenset[str], dict[str, _Place]]:
    """The positions whose letter the document holds or held; and part, block and offset
    of each that leads anywhere."""
    wanted: dict[str, Position] = {}
    for text in dict.fromkeys(positions):
        try:
            position = read_position(base64.b64decode(text, validate=True))
        except (ValueError, binascii.Error):
            continue
        if position.item is not None:
            wanted[text] = position
    if not wanted:
        return frozenset(), {}
    doc = document(state)
    known = read_state_vector(doc.get_state())
    wanted = {
        text: position
        for text, position in wanted.items()
        if position.item and known.get(position.item[0], 0) > position.item[1]
    }
    if not wanted:
        return frozenset(), {}
    deleted = Deleted(doc.get_update(doc.get_state()))
    nonce = secrets.token_hex(4)
    doc.apply_update(_signs(wanted.values(), known.get(0, 0), nonce))
    sign = re.compile(rf"\ue000{nonce}:(\d+)\ue001")
    names = list(wanted)
    found: dict[str, _Place] = {}
    for part, blocks in parts_of(doc).items():
        for block, text in enumerate(blocks):
            written = 0
            for match in sign.finditer(text):
                name = names[int(match[1])]
                position = wanted[name]
                assert position.item is not None
                behind = match.start() - written
                written += len(match[0])
                # A letter that is there and is held by its left side starts before.
                is_before = position.sticks_right and position.item not in deleted
                found[name] = (part, block, max(0, behind - is_before))
    return frozenset(wanted), found


def _signs(positions: Any, clock: int, nonce: str) -> bytes:
    """An update that writes a numbered sign right behind each of these letters.

    Writer 0 is the smallest, so that among what was written behind the same letter the
    sign stands first.
    """
    structs = []
    length = 0
    for number, position in enumerate(positions):
        text = f"\ue000{nonce}:{number}\ue001"
        writer, at = position.item
        structs.append(
            bytes((_STRING_AFTER_ORIGIN,))
            + var_uint(writer)
            + var_uint(at)
            + var_string(text)
        )
        length += len(text)
    head = var_uint(1) + var_uint(len(structs)) + var_uint(0) + var_uint(clock)
    return head + b"".join(structs) + var_uint(0)
