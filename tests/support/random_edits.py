"""Edits of every kind that Yjs programs make, chosen by numbers, so that a failing run
can be repeated. Must never depend on anything but its numbers.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

WORDS = ("Kính gửi ", "ủy ban ", "x", "điều 1. ", "🙂", "\n")
STEPS = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 1_000), st.integers(0, 1_000)),
    min_size=1,
    max_size=25,
)


class Edits:
    """One document and the edits that are made in it: `body`, `content`, `fields`."""

    def __init__(self, client_id: int | None = None) -> None:
        self.doc: Doc[Any] = Doc() if client_id is None else Doc(client_id=client_id)
        self.text = self.doc.get("content", type=Text)
        self.fields = self.doc.get("fields", type=Map)
        self.list = self.doc.get("list", type=Array)
        self.body = self.doc.get("body", type=XmlFragment)

    def do(self, kind: int, where: int, what: int) -> bytes:
        """Make one edit; the update that a client sends for it."""
        updates: list[bytes] = []
        subscription = self.doc.observe(lambda event: updates.append(event.update))
        try:
            with self.doc.transaction():
                self._edit(kind, where, WORDS[what % len(WORDS)], what)
        finally:
            self.doc.unobserve(subscription)
        return updates[0] if updates else b"\x00\x00"

    def _edit(self, kind: int, where: int, word: str, what: int) -> None:
        if kind <= 2:
            self.text += word if kind else f"{what} "
        elif kind == 3 and len(self.text):
            self.text.clear() if what % 5 == 0 else self.text.insert(0, word)
        elif kind == 4 and len(self.text):
            # Places are counted in UTF-8 bytes: never inside a letter.
            self.text.format(0, len(str(self.text)[0].encode()), {"bold": {}})
        elif kind == 5:
            self.fields[f"k{where % 4}"] = [what, word, {"a": None, "b": 1.5}]
        elif kind == 6 and f"k{where % 4}" in self.fields:
            del self.fields[f"k{where % 4}"]
        elif kind == 7:
            self.list.insert(where % (len(self.list) + 1), what)
        elif kind == 8 and len(self.list):
            del self.list[where % len(self.list)]
        elif kind == 9:
            self._paragraph(where, word)
        elif kind == 10 and len(self.body.children):
            del self.body.children[where % len(self.body.children)]
        elif kind == 11 and len(self.body.children):
            node = self.body.children[where % len(self.body.children)]
            node.attributes["style"] = ("body", "article", "clause")[what % 3]

    def _paragraph(self, where: int, word: str) -> None:
        children = self.body.children
        children.insert(where % (len(children) + 1), XmlElement("paragraph"))
        children[where % len(children)].children.append(XmlText(word))

    def shown(self) -> tuple[Any, ...]:
        """All content, comparable between peers that have converged."""
        return (
            str(self.text),
            str(self.body),
            self.fields.to_py(),
            self.list.to_py(),
        )
