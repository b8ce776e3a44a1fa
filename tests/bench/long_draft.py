"""A draft of a hundred pages with comments and suggestions, written through the doors.

Text and suggestions go in over a socket, threads over the API, each by somebody with no
more than the level for it, as in an office. Every letter is the same each time.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.protocol.shape import read_state_vector
from collab.protocol.wire import var_uint
from tests.bench.sockets import BenchPeer
from tests.support.office import Office
from tests.support.suggesting import time_now
from tests.support.wait import until_async

WRITER, SUGGESTER = "chuyenvien", "sotttt"
CHAPTERS, ARTICLES, CLAUSES = 10, 12, 8
TEXT = (
    "cơ quan tổ chức có trách nhiệm phối hợp thực hiện kiểm tra đôn đốc tổng hợp "
    "báo cáo kết quả theo quy định của pháp luật về công tác văn thư lưu trữ và gửi "
    "hồ sơ đến đơn vị chủ trì trước thời hạn nêu tại Quyết định này"
)
_CLIENT = 4242
_LONG_CHARS = 150
_PER_FRAME = 100


_T = TypeVar("_T")


@dataclass(frozen=True)
class LongDraft:
    id: str
    paragraphs: int
    threads: int
    suggestions: int


def outline() -> Iterator[tuple[str, str]]:
    """Style and text of each paragraph, about a hundred printed pages of them."""
    words = itertools.cycle(TEXT.split())

    def say(count: int) -> str:
        return " ".join(itertools.islice(words, count))

    for chapter in range(CHAPTERS):
        yield "chapter", f"QUY ĐỊNH SỐ {chapter}"
        for article in range(ARTICLES):
            yield "article", f"Nội dung {chapter}.{article} {say(6)}"
            for clause in range(CLAUSES):
                style = "point" if clause % 4 == 3 else "clause"
                yield style, f"Khoản {chapter}.{article}.{clause} {say(45)}."


def long_draft(office: Office, *, threads: int, suggestions: int) -> LongDraft:
    """Make the draft; everybody who is named in this module may edit it."""
    draft = office.create_draft("Quy chế công tác văn thư", WRITER)
    office.share(draft, SUGGESTER, "suggest", WRITER)
    doc, anchors = asyncio.run(_write(office, draft, threads))
    for number, anchor in enumerate(anchors):
        key = uuid5(NAMESPACE_URL, f"{draft}:{number}").hex
        said = {"key": key, "text": f"Đề nghị xem lại ý này ({number})."}
        address = f"/drafts/{draft}/threads"
        office.api("POST", address, SUGGESTER, json={**said, "anchor": anchor})
    asyncio.run(_suggest(office, draft, suggestions))
    return LongDraft(draft, len(_texts(doc)), threads, suggestions)


async def _write(
    office: Office, draft: str, threads: int
) -> tuple[Doc[Any], list[dict[str, Any]]]:
    doc: Doc[Any] = Doc(client_id=_CLIENT)
    async with _Hand(office, draft, WRITER, doc) as hand:
        body: XmlFragment = doc.get("body", type=XmlFragment)
        for rows in _batches(outline()):
            with hand.one_update():
                for style, text in rows:
                    paragraph = body.children.append(XmlElement("paragraph"))
                    paragraph.attributes["style"] = style
                    paragraph.attributes["indent"] = 0.0
                    paragraph.children.append(XmlText(text))
            await hand.send()
        anchors = []
        texts = _texts(doc)[-CHAPTERS * ARTICLES * CLAUSES :]
        for number in range(threads):
            place = texts[number * len(texts) // max(threads, 1)]
            anchors.append(_commented(doc, place, number))
            await hand.send()
    return doc, anchors


def _commented(doc: Doc[Any], text: XmlText, number: int) -> dict[str, Any]:
    """Write words that a comment speaks of, whose letters' names are known."""
    before = str(text)
    clock = read_state_vector(doc.get_state()).get(_CLIENT, 0)
    quote = f"mốc thời gian {number}"
    text.insert(len(before.encode()), quote)
    return {
        "part": "body",
        "start": _beside(clock, sticks_right=True),
        "end": _beside(clock + len(quote) - 1, sticks_right=False),
        # A new draft is in its first.
        "epoch": 1,
        "quote": quote,
        "before": before[-48:],
        "after": "",
    }


def _beside(clock: int, *, sticks_right: bool) -> str:
    assoc = b"\x00" if sticks_right else b"\x41"
    return base64.b64encode(
        b"\x00" + var_uint(_CLIENT) + var_uint(clock) + assoc
    ).decode()


async def _suggest(office: Office, draft: str, count: int) -> None:
    """Half of them new words, half of them words to go, evenly over the text."""
    doc: Doc[Any] = Doc(client_id=_CLIENT + 1)
    author = office.user_id(SUGGESTER)
    async with _Hand(office, draft, SUGGESTER, doc) as hand:
        texts = [text for text in _texts(doc) if len(str(text)) > _LONG_CHARS]
        shares = [
            count * (n + 1) // len(texts) - count * n // len(texts)
            for n in range(len(texts))
        ]
        for rows in _batches(zip(texts, shares, strict=True)):
            with hand.one_update():
                for text, share in rows:
                    _suggest_in(text, share, author)
            await hand.send()


def _suggest_in(text: XmlText, share: int, author: str) -> None:
    """From behind, so that what stands before keeps its place."""
    plain = str(text)
    for slot in reversed(range(share)):
        mark = {"id": secrets.token_hex(8), "author": author, "at": time_now()}
        start = _word(plain, 6 + 8 * slot)
        if slot % 2:
            text.format(start, _word(plain, 9 + 8 * slot), {"deletion": mark})
        else:
            text.insert(start, "và các phụ lục kèm theo ", {"insertion": mark})


def _batches(rows: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(rows)
    while batch := list(itertools.islice(rest, _PER_FRAME)):
        yield batch


def _word(text: str, number: int) -> int:
    """Where a word begins, counted as the engine counts: in bytes."""
    return len(" ".join(text.split(" ")[:number]).encode()) + 1


def _texts(doc: Doc[Any]) -> list[XmlText]:
    body: XmlFragment = doc.get("body", type=XmlFragment)
    return [
        child
        for element in body.children
        if isinstance(element, XmlElement)
        for child in element.children
        if isinstance(child, XmlText)
    ]


class _Hand:
    """One person at a socket, whose edits leave as they were made."""

    def __init__(self, office: Office, draft: str, user: str, doc: Doc[Any]) -> None:
        self._peer = BenchPeer(office, draft, user)
        self._office, self._draft = office, draft
        self._doc = doc
        self._made: list[bytes] = []

    @property
    def one_update(self) -> Callable[[], Any]:
        return self._doc.transaction

    async def __aenter__(self) -> _Hand:
        await self._peer.open()
        for update in self._peer.first_state:
            self._doc.apply_update(update)
        self._kept = self._doc.observe(lambda event: self._made.append(event.update))
        return self

    async def send(self) -> None:
        for update in self._made:
            await self._peer.send_update(update)
        self._made.clear()

    async def __aexit__(self, *_: object) -> None:
        self._doc.unobserve(self._kept)
        await self._peer.settled()
        # What who only suggests sends waits in the room until it can be judged, and is
        # let go with the peer.
        await until_async(self._is_shown, 60)
        await self._peer.close()

    async def _is_shown(self) -> bool:
        """Whether somebody who comes now gets all that was made."""
        other = BenchPeer(self._office, self._draft, WRITER)
        await other.open()
        await other.close()
        shown: Doc[Any] = Doc()
        for update in other.first_state:
            shown.apply_update(update)
        made = read_state_vector(self._doc.get_state()).get(self._doc.client_id, 0)
        held = read_state_vector(shown.get_state())
        return held.get(self._doc.client_id, 0) >= made
