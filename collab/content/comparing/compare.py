"""Compare two contents: which blocks came, went, moved or changed, and how.

Blocks are paired first (`pairing`), then what is inside each pair is compared, down to
the words. Pure; the result gives back both contents (`changes.content_of`), and a
hundred pages take about a second however different they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from collab.content.comparing.changes import (
    Change,
    Comparison,
    FieldChange,
    Kind,
    Node,
    inlines_of,
    inside,
    is_picture,
    shell,
)
from collab.content.comparing.moves import mark_moves
from collab.content.comparing.pairing import Pairing
from collab.content.comparing.words import compare_words, whole
from collab.content.tree import TEXT_FIELDS, Cell, Content, Run, inline_text

_WORD = re.compile(r"\w+")
_FIELD_WORDS = 2_000


def compare(old: Content, new: Content) -> Comparison:
    """What makes `new` out of `old`."""
    pairing: Pairing[Node] = Pairing(_words, _are_akin)
    blocks = _align(old.blocks, new.blocks, pairing)
    return mark_moves(
        Comparison(old.fields, new.fields, tuple(_fields(old, new)), tuple(blocks))
    )


def unchanged(blocks: Iterable[Node]) -> tuple[Change, ...]:
    """Blocks as a comparison in which nothing happened to them."""
    return tuple(_whole("same", block) for block in blocks)


def _fields(old: Content, new: Content) -> Iterator[FieldChange]:
    before, after = asdict(old.fields), asdict(new.fields)
    for name, text in after.items():
        was = before[name]
        if text == was or name == "schema":
            continue
        a, b = (Run(was),) if was else (), (Run(text),) if text else ()
        if name in TEXT_FIELDS:
            yield FieldChange(name, compare_words(a, b, max_tokens=_FIELD_WORDS))
        else:
            yield FieldChange(name, (*whole("deleted", a), *whole("inserted", b)))


def _align(
    old: Sequence[Node], new: Sequence[Node], pairing: Pairing[Node]
) -> Iterator[Change]:
    cells = bool(old) and isinstance(old[0], Cell)
    for kind, before, after in pairing.steps(old, new, by_place=cells):
        if before is not None and after is not None:
            if kind == "same":
                yield _whole("same", after)
            else:
                yield _changed(before, after, pairing)
        elif before is not None:
            yield _whole("deleted", before)
        elif after is not None:
            yield _whole("inserted", after)


def _are_akin(old: Node, new: Node) -> bool:
    return type(old) is type(new)


def _words(node: Node) -> list[str]:
    # Another picture in the place of one is that picture changed: it has no words.
    return [] if is_picture(node) else _WORD.findall(_text(node))


def _text(node: Node) -> str:
    own = inline_text(i for i in inlines_of(node) if isinstance(i, Run))
    return " ".join([own, *(_text(part) for part in inside(node))])


def _changed(old: Node, new: Node, pairing: Pairing[Node]) -> Change:
    pieces = compare_words(inlines_of(old), inlines_of(new))
    parts = tuple(_align(inside(old), inside(new), pairing))
    kinds = {p.kind for p in pieces} | {p.kind for p in parts}
    kinds.discard("same")
    before, after = shell(old), shell(new)
    kind: Kind = "changed"
    if not kinds:
        kind = "same" if before == after else "formatted"
        if is_picture(old) and before != after:
            kind = "changed"
    elif kinds == {"formatted"}:
        kind = "formatted"
    return Change(kind, before, after, pieces, parts)


def _whole(kind: Kind, node: Node) -> Change:
    bare = shell(node)
    return Change(
        kind,
        None if kind == "inserted" else bare,
        None if kind == "deleted" else bare,
        whole(kind, inlines_of(node)),
        tuple(_whole(kind, part) for part in inside(node)),
    )
