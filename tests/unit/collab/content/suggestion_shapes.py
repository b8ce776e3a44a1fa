"""Drafts as `suggestion_shapes.json` writes them, built as a client writes them.

A node is its name, its attributes and its children; of a paragraph each child is a text
with its marks. Who suggests is named by `an`; layers of a look stand lowest first.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.content.normal import normalise
from collab.content.read import read_content
from collab.content.tree import Content

LOOK = {"style": "body", "align": None, "indent": 0, "number": None}
DEFAULTS: dict[str, dict[str, Any]] = {
    "paragraph": {"style": "body", "indent": 0},
    "tableCell": {"colspan": 1, "rowspan": 1},
}


def by(author: str) -> dict[str, str]:
    return {"id": f"s-{author}", "author": author, "at": "2026-11-27T08:00:00Z"}


def content_of(nodes: list[Any]) -> Content:
    doc: Doc[Any] = Doc(client_id=1)
    body = doc.get("body", type=XmlFragment)
    with doc.transaction():
        for node in nodes:
            _append(body, node)
    return normalise(read_content(doc.get_update()))


def _append(parent: XmlFragment | XmlElement, node: list[Any]) -> None:
    name, attributes, *children = node
    element = XmlElement(name)
    parent.children.append(element)
    for key, value in {**DEFAULTS.get(name, {}), **attributes}.items():
        if key in ("insertion", "deletion"):
            value = by(value)
        elif key == "formatting":
            value = _layered(value, LOOK if name == "paragraph" else {})
        if value is not None:
            element.attributes[key] = value
    if name != "paragraph":
        for child in children:
            _append(element, child)
        return
    text = XmlText("")
    element.children.append(text)
    for words, marks in children:
        text.insert(len(str(text).encode()), words, _marks(marks))


def _layered(layers: list[Any], look: dict[str, Any]) -> dict[str, Any] | None:
    made: dict[str, Any] | None = None
    for author, before in layers:
        layer = {**by(author), "before": {**look, **before}}
        made = layer if made is None else {**layer, "under": made}
    return made


def _marks(marks: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in marks.items():
        if name != "formatting":
            found[name] = {}
            continue
        for number, (author, about, before, *rank) in enumerate(value):
            key = b64encode(f"{author}{number}xxxxxx".encode())[:8].decode()
            found[f"formatting--{key}"] = {
                **by(author),
                "before": before,
                "href": None,
                "about": about,
                "rank": rank[0] if rank else 0,
            }
    return found
