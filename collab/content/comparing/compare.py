"""Compare two contents: which blocks came, went, moved or changed, and how.

Equal blocks are found first, by their hashes, so that a hundred pages with three edits
cost little more than reading them once. What is left between two equal blocks is paired
by how many words two blocks share, within a bound. Pure; the result gives back both
contents (`changes.content_of`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from difflib import SequenceMatcher

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
from collab.content.comparing.words import compare_words, whole
from collab.content.tree import TEXT_FIELDS, Cell, Content, Run, inline_text

_WORD = re.compile(r"\w+")
# Two blocks that share fewer of their words are two blocks, not one that changed.
_ALIKE = 0.4
# Pairs that are looked at one by one in a gap; a larger gap is searched near its line.
_ALL_PAIRS = 2_500
_NEAR = 20
_FIELD_WORDS = 2_000


def compare(old: Content, new: Content) -> Comparison:
    """What makes `new` out of `old`."""
    blocks = _align(old.blocks, new.blocks, {})
    return mark_moves(
        Comparison(old.fields, new.fields, tuple(_fields(old, new)), tuple(blocks))
    )


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


Bags = dict[int, tuple[Node, Counter[str]]]


def _align(old: Sequence[Node], new: Sequence[Node], bags: Bags) -> list[Change]:
    names: dict[Node, int] = {}
    before = [names.setdefault(node, len(names)) for node in old]
    after = [names.setdefault(node, len(names)) for node in new]
    changes: list[Change] = []
    # Blocks that stand everywhere, such as empty lines, are no landmarks.
    for tag, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            changes.extend(_whole("same", node) for node in new[k:m])
        else:
            changes.extend(_gap(old[i:j], new[k:m], bags))
    return changes


def _gap(old: Sequence[Node], new: Sequence[Node], bags: Bags) -> Iterator[Change]:
    at = new_at = 0
    for i, k in [*_pairs(old, new, bags), (len(old), len(new))]:
        yield from (_whole("deleted", node) for node in old[at:i])
        yield from (_whole("inserted", node) for node in new[new_at:k])
        if i < len(old):
            yield _changed(old[i], new[k], bags)
        at, new_at = i + 1, k + 1


def _pairs(
    old: Sequence[Node], new: Sequence[Node], bags: Bags
) -> list[tuple[int, int]]:
    """Which blocks became which, in order."""
    if not old or not new:
        return []
    if isinstance(old[0], Cell) and len(old) == len(new):
        return [(i, i) for i in range(len(old))]
    if len(old) * len(new) > _ALL_PAIRS:
        return _near_pairs(old, new, bags)
    # The heaviest common subsequence, weighed by likeness.
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_likeness(a, b, bags) for b in new] for a in old]
    for i in range(len(old) - 1, -1, -1):
        for k in range(len(new) - 1, -1, -1):
            here = alike[i][k] + best[i + 1][k + 1] if alike[i][k] >= _ALIKE else 0.0
            best[i][k] = max(best[i + 1][k], best[i][k + 1], here)
    pairs, i, k = [], 0, 0
    while i < len(old) and k < len(new):
        taken = alike[i][k] + best[i + 1][k + 1]
        if alike[i][k] >= _ALIKE and best[i][k] == taken:
            pairs.append((i, k))
            i, k = i + 1, k + 1
        elif best[i + 1][k] >= best[i][k + 1]:
            i += 1
        else:
            k += 1
    return pairs


def _near_pairs(
    old: Sequence[Node], new: Sequence[Node], bags: Bags
) -> list[tuple[int, int]]:
    """The best of the next few for each, so that a rewritten text stays affordable."""
    pairs, at = [], 0
    for i, node in enumerate(old):
        near = range(at, min(at + _NEAR, len(new)))
        scored = [(_likeness(node, new[k], bags), -k) for k in near]
        if scored and max(scored)[0] >= _ALIKE:
            at = -max(scored)[1]
            pairs.append((i, at))
            at += 1
    return pairs


def _likeness(old: Node, new: Node, bags: Bags) -> float:
    """From 0 to 1: the share of words that both have."""
    if type(old) is not type(new):
        return 0.0
    if is_picture(old):
        return 1.0
    before, after = _bag(old, bags), _bag(new, bags)
    total = before.total() + after.total()
    if total == 0:
        return 1.0
    return 2 * (before & after).total() / total


def _bag(node: Node, bags: Bags) -> Counter[str]:
    held = bags.get(id(node))
    if held is None:
        # The node is kept beside its words, or its id could be another's later.
        held = bags[id(node)] = (node, Counter(_WORD.findall(_text(node))))
    return held[1]


def _text(node: Node) -> str:
    own = inline_text(i for i in inlines_of(node) if isinstance(i, Run))
    return " ".join([own, *(_text(part) for part in inside(node))])


def _changed(old: Node, new: Node, bags: Bags) -> Change:
    pieces = compare_words(inlines_of(old), inlines_of(new))
    parts = tuple(_align(inside(old), inside(new), bags))
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
