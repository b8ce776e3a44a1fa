"""What a suggester's program writes, honest or not, as raw Yjs edits.

Works on a `Doc` like that of any client; must never use the code that is under test to
decide what is honest.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pycrdt import Doc, Map, XmlElement, XmlFragment, XmlText

from collab.content.tree import Content, Paragraph, Run
from collab.content.write import build_update

# Five minutes before the noon of `tests.support.rooms`. A test of a whole server, which
# has the clock of the machine, sets its own.
AT = "2026-11-22T11:55:00Z"
Edit = Callable[[Doc[Any]], object]


def time_now() -> str:
    """By the clock of the machine, for what is sent to a whole server."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def mark(author: str, ident: str = "s1") -> dict[str, str]:
    return {"id": ident, "author": author, "at": AT}


def first_text(*paragraphs: str) -> bytes:
    blocks = tuple(Paragraph((Run(text),) if text else ()) for text in paragraphs)
    return build_update(Content(blocks=blocks), client_id=7)


def body_of(doc: Doc[Any]) -> XmlFragment:
    return doc.get("body", type=XmlFragment)


def text_of(doc: Doc[Any], paragraph: int = 0) -> XmlText:
    child = body_of(doc).children[paragraph].children[0]
    assert isinstance(child, XmlText)
    return child


def element(doc: Doc[Any], index: int = 0) -> XmlElement:
    child = body_of(doc).children[index]
    assert isinstance(child, XmlElement)
    return child


def inserts(words: str, author: str, at: int = 0, ident: str = "s1") -> Edit:
    def edit(doc: Doc[Any]) -> None:
        text_of(doc).insert(at, words, {"insertion": mark(author, ident)})

    return edit


def deletes(start: int, end: int, author: str, ident: str = "s1") -> Edit:
    def edit(doc: Doc[Any]) -> None:
        text_of(doc).format(start, end, {"deletion": mark(author, ident)})

    return edit


def splits(at: int, author: str) -> Edit:
    """As the editor's binding does it: the rest of the text is made anew below."""

    def edit(doc: Doc[Any]) -> None:
        first = element(doc)
        text = text_of(doc)
        with doc.transaction():
            whole = str(text)
            rest = whole[at:]
            # Positions are counted in bytes here.
            del text[len(whole[:at].encode()) : len(whole.encode())]
            below = XmlElement("paragraph")
            body_of(doc).children.insert(1, below)
            for name in ("style", "indent"):
                below.attributes[name] = dict(first.attributes)[name]  # type: ignore[call-overload]
            below.children.append(XmlText(rest))
            first.attributes["insertion"] = mark(author)  # type: ignore[assignment]

    return edit


def update_of(doc: Doc[Any], edit: Edit) -> bytes:
    """Carry an edit out on a document and return what a client would send."""
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(event.update))
    with doc.transaction():
        edit(doc)
    doc.unobserve(subscription)
    assert len(updates) == 1, "the edit changes something, in one go"
    return updates[0]


def fields_of(doc: Doc[Any]) -> Map[Any]:
    return doc.get("fields", type=Map)
