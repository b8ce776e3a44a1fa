"""Bring a document back to what it was, as an ordinary edit of what it is now.

The two are compared as trees of the engine, not as typed content, so that what this
program does not know (a newer editor's marks, say) comes back as well. Whatever is the
same keeps its identity: a comment on an unchanged paragraph stays on it, and what
somebody types at the same moment merges. Must never replace the document or begin an
epoch; the result is one update to be stored like any other.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from pycrdt import Doc, Map, Text, TransactionEvent, XmlElement, XmlFragment, XmlText

from collab.content.comparing.pairing import Pairing
from collab.content.comparing.words import text_spans
from collab.content.tree import SCALAR_FIELDS

_WORD = re.compile(r"\w+")
# Of the letterhead; which structure a document has is not part of what it says.
_KEPT_FIELDS = frozenset({"schema"})

Attributes = tuple[tuple[str, str], ...]
"""Names and values as JSON, by name: they can be compared and hashed."""


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A text: stretches with one set of attributes. A thing within it is JSON."""

    chunks: tuple[tuple[str, bool, Attributes], ...]  # text, is it a thing, attributes

    @property
    def text(self) -> str:
        return "".join(text for text, is_thing, _a in self.chunks if not is_thing)

    @property
    def is_plain(self) -> bool:
        return not any(is_thing for _text, is_thing, _a in self.chunks)


@dataclass(frozen=True, slots=True)
class _Element:
    tag: str
    attributes: Attributes
    children: tuple[_Tree, ...]


_Tree = _Leaf | _Element
_Parent = XmlFragment | XmlElement
_AnyText = XmlText | Text


def restoring_update(now: bytes, then: bytes) -> bytes | None:
    """The edit that makes the document of `now` say what that of `then` said.

    Both are merged updates; None when they say the same already. Raises ValueError
    when one cannot be read.
    """
    wanted: Doc[Any] = Doc()
    wanted.apply_update(then)
    live: Doc[Any] = Doc(client_id=secrets.randbits(32))
    live.apply_update(now)
    made: list[bytes] = []

    def note(event: TransactionEvent) -> None:
        made.append(event.update)

    # Roots are made before, so that making them is no part of the edit.
    bodies = [doc.get("body", type=XmlFragment) for doc in (live, wanted)]
    fields = [doc.get("fields", type=Map) for doc in (live, wanted)]
    subscription = live.observe(note)
    with wanted.transaction(), live.transaction():
        _Restorer().children(bodies[0], _trees(bodies[1]))
        _restore_fields(fields[0], fields[1])
    live.unobserve(subscription)
    return made[0] if made else None


def _trees(parent: _Parent) -> tuple[_Tree, ...]:
    return tuple(_tree(child) for child in parent.children)


def _tree(node: XmlText | XmlElement | XmlFragment) -> _Tree:
    if isinstance(node, XmlText):
        return _leaf(node)
    if isinstance(node, XmlElement):
        pairs = cast("Iterable[tuple[str, Any]]", node.attributes)
        return _Element(node.tag or "", _attributes(dict(pairs)), _trees(node))
    return _Element("", (), _trees(node))


def _leaf(text: _AnyText) -> _Leaf:
    return _Leaf(
        tuple(
            (
                value if isinstance(value, str) else _json(value),
                not isinstance(value, str),
                _attributes(attributes or {}),
            )
            for value, attributes in text.diff()
        )
    )


def _attributes(values: dict[str, Any]) -> Attributes:
    return tuple(sorted((name, _json(value)) for name, value in values.items()))


def _json(value: Any) -> str:
    # What JSON cannot say (bytes, a shared type) is named by its text: it can be told
    # apart, and is only ever kept, never made.
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _values(attributes: Attributes) -> dict[str, Any]:
    return {name: json.loads(value) for name, value in attributes}


def _words(tree: _Tree) -> list[str]:
    if isinstance(tree, _Leaf):
        return _WORD.findall(tree.text)
    return [word for child in tree.children for word in _words(child)]


def _are_akin(old: _Tree, new: _Tree) -> bool:
    if isinstance(old, _Leaf) and isinstance(new, _Leaf):
        return old.is_plain and new.is_plain
    return (
        isinstance(old, _Element) and isinstance(new, _Element) and old.tag == new.tag
    )


class _Restorer:
    def __init__(self) -> None:
        self._pairing: Pairing[_Tree] = Pairing(_words, _are_akin)

    def children(self, parent: _Parent, wanted: Sequence[_Tree]) -> None:
        """Change as little as possible; from the end, so that places before it hold."""
        nodes = list(parent.children)
        held = [_tree(node) for node in nodes]
        steps = list(self._steps(held, wanted))
        at = len(nodes)
        for kind, old, new in reversed(steps):
            if kind != "inserted":
                at -= 1
            if kind == "deleted":
                del parent.children[at]
            elif kind == "inserted" and new is not None:
                _insert(parent, at, new)
            elif kind == "changed" and old is not None and new is not None:
                self._change(nodes[at], old, new)

    def _steps(
        self, held: Sequence[_Tree], wanted: Sequence[_Tree]
    ) -> Iterator[tuple[str, _Tree | None, _Tree | None]]:
        # The one text of a paragraph stays that text, however much of it changed: two
        # people who type in it must go on typing in the same.
        if len(held) == len(wanted) == 1 and _are_akin(held[0], wanted[0]):
            if held[0] != wanted[0]:
                yield "changed", held[0], wanted[0]
            else:
                yield "same", held[0], wanted[0]
            return
        yield from self._pairing.steps(held, wanted)

    def _change(self, node: object, old: _Tree, new: _Tree) -> None:
        if isinstance(new, _Leaf) and isinstance(node, XmlText):
            _rewrite(node, new)
        elif isinstance(new, _Element) and isinstance(old, _Element):
            assert isinstance(node, XmlElement)
            _set_attributes(node, old.attributes, new.attributes)
            self.children(node, new.children)


def _set_attributes(node: XmlElement, old: Attributes, new: Attributes) -> None:
    before, after = dict(old), dict(new)
    for name in before.keys() - after.keys():
        del node.attributes[name]
    for name, value in new:
        if before.get(name) != value:
            node.attributes[name] = json.loads(value)


def _insert(parent: _Parent, at: int, tree: _Tree) -> None:
    if isinstance(tree, _Leaf):
        text = XmlText("")
        parent.children.insert(at, text)
        _fill(text, tree)
        return
    element = XmlElement(tree.tag)
    parent.children.insert(at, element)
    for name, value in tree.attributes:
        element.attributes[name] = json.loads(value)
    for index, child in enumerate(tree.children):
        _insert(element, index, child)


def _fill(text: XmlText, leaf: _Leaf) -> None:
    at = 0
    for chunk, is_thing, attributes in leaf.chunks:
        if is_thing:
            text.insert_embed(at, json.loads(chunk), _values(attributes))
            at += 1
        else:
            text.insert(at, chunk, _values(attributes))
            at += _size(chunk)


def _rewrite(text: _AnyText, wanted: _Leaf) -> None:
    """Words first, from the end; then the formatting of what stayed."""
    before, after = _leaf(text).text, wanted.text
    looks = _looks(wanted)
    for kind, i, j, k, m in reversed(list(text_spans(before, after))):
        if kind == "same":
            continue
        at = _size(before[:i])
        if j > i:
            del text[at : at + _size(before[i:j])]
        place = at
        for attributes, start, end in _stretches(looks, k, m):
            text.insert(place, after[start:end], _values(attributes))
            place += _size(after[start:end])
    _reformat(text, after, looks)


def _reformat(text: _AnyText, after: str, wanted: Sequence[Attributes]) -> None:
    held = _looks(_leaf(text))
    both = list(zip(held, wanted, strict=True))
    at = 0
    for (is_now, should_be), group in groupby(both):
        end = at + len(list(group))
        if is_now != should_be:
            gone: dict[str, Any] = {name: None for name, _value in is_now}
            start = _size(after[:at])
            size = _size(after[at:end])
            text.format(start, start + size, gone | _values(should_be))
        at = end


def _looks(leaf: _Leaf) -> list[Attributes]:
    """The attributes of each character."""
    return [attributes for text, _thing, attributes in leaf.chunks for _char in text]


def _stretches(
    looks: Sequence[Attributes], start: int, end: int
) -> Iterator[tuple[Attributes, int, int]]:
    at = start
    for attributes, group in groupby(looks[start:end]):
        size = len(list(group))
        yield attributes, at, at + size
        at += size


def _size(text: str) -> int:
    """Places in the engine are counted in bytes of UTF-8."""
    return len(text.encode())


def fields_update(now: bytes, values: Mapping[str, str]) -> bytes | None:
    """The edit that makes fields of the letterhead say this, word by word; None when
    they say so already. `now` is a merged update. Raises ValueError as above."""
    live: Doc[Any] = Doc(client_id=secrets.randbits(32))
    live.apply_update(now)
    made: list[bytes] = []

    def note(event: TransactionEvent) -> None:
        made.append(event.update)

    fields: Map[Any] = live.get("fields", type=Map)
    subscription = live.observe(note)
    with live.transaction():
        for name, value in sorted(values.items()):
            held = fields.get(name)
            if isinstance(held, Text):
                if str(held) != value:
                    _rewrite(held, _plain(value))
            elif held != value:
                fields[name] = value if name in SCALAR_FIELDS else Text(value)
    live.unobserve(subscription)
    return made[0] if made else None


def _restore_fields(live: Map[Any], wanted: Map[Any]) -> None:
    for name in sorted({*live.keys(), *wanted.keys()} - _KEPT_FIELDS):
        now, then = live.get(name), wanted.get(name)
        if isinstance(now, Text) and isinstance(then, Text | str | None):
            leaf = _leaf(then) if isinstance(then, Text) else _plain(then or "")
            if _leaf(now) != leaf:
                _rewrite(now, leaf)
        elif isinstance(then, Text):
            live[name] = Text(str(then))
        elif isinstance(then, str | int | float | bool) and then != now:
            live[name] = then
        elif then is None and isinstance(now, str) and now:
            live[name] = ""


def _plain(text: str) -> _Leaf:
    return _Leaf(((text, False, ()),) if text else ())
