"""Who wrote the words that an update brought back from an earlier text.

Restoring writes them anew under one client id. The text after it says what the earlier
one said, paragraph by paragraph, so each letter that the update wrote is the one at the
same place then. Where somebody typed at the same moment the paragraphs differ, and
nothing is told. Pure. Must never guess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from collab.content.authorship import Authored, Stretch
from collab.content.read import read_content
from collab.content.retyped import Part
from collab.content.tree import TEXT_FIELDS, Content, Inline, Run, iter_paragraphs
from collab.protocol import shape
from collab.protocol.structs import Struct, rewrite_strings, structs_of

# Signs of the private use area stand for pieces of the update.
_FIRST_SIGN = 0xE000
_SIGNS = 6_000
_OTHER = "\uf8ff"
_THING = "\ufffc"


def brought_back(
    update: bytes, after: bytes, then: Authored
) -> Iterator[tuple[Part, str]]:
    """Parts of the update with the person (or what `then` says instead).

    `after` is the merged state right after the update. Raises ValueError.
    """
    pieces = [
        (struct.client, struct.clock, struct.length)
        for struct in structs_of(update)
        if struct.content == shape.STRING
    ]
    texts = _places(read_content(after))
    wanted = _wanted(then)
    for first in range(0, len(pieces), _SIGNS):
        some = pieces[first : first + _SIGNS]
        signed = _places(read_content(rewrite_strings(after, _Signs(some))))
        free = {key: list(lines) for key, lines in wanted.items()}
        found: dict[int, list[str]] = defaultdict(list)
        for (name, text), (_name, signs) in zip(texts, signed, strict=True):
            lines = free.get((name, text))
            if not lines:
                continue
            for sign, person in zip(signs, lines.pop(0), strict=True):
                number = ord(sign) - _FIRST_SIGN
                if 0 <= number < len(some):
                    found[number].append(person)
        for number, people in found.items():
            # Less than all of it stands: which letters do is not known.
            if len(people) == some[number][2]:
                yield from _parts(some[number], people)


def _parts(piece: Part, people: Sequence[str]) -> Iterator[tuple[Part, str]]:
    client, clock, _length = piece
    for person, group in groupby(people):
        size = len(list(group))
        yield (client, clock, size), person
        clock += size


class _Signs:
    """For each unit of a text the sign of its piece, or that of no piece."""

    def __init__(self, pieces: Sequence[Part]) -> None:
        self._of: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for number, (client, clock, length) in enumerate(pieces):
            sign = chr(_FIRST_SIGN + number)
            self._of[client].append((clock, clock + length, sign))

    def __call__(self, struct: Struct, length: int) -> str:
        made = [_OTHER] * length
        start, end = struct.clock, struct.clock + length
        for low, high, sign in self._of.get(struct.client, ()):
            for at in range(max(low, start), min(high, end)):
                made[at - start] = sign
        return "".join(made)


def _places(content: Content) -> list[tuple[str, str]]:
    """Every text with its name: "" for a paragraph, else of the field. A letter that
    takes two units stands twice, as two signs do."""
    lines = [("", _units(p.inlines)) for p in iter_paragraphs(content.blocks)]
    fields = [(name, getattr(content.fields, name)) for name in TEXT_FIELDS]
    return lines + [(name, _doubled(value)) for name, value in fields]


def _units(inlines: Sequence[Inline]) -> str:
    return "".join(
        _doubled(inline.text) if isinstance(inline, Run) else _THING
        for inline in inlines
    )


def _doubled(text: str) -> str:
    return "".join(char * 2 if ord(char) > 0xFFFF else char for char in text)


def _wanted(then: Authored) -> dict[tuple[str, str], list[list[str]]]:
    """The person of every unit, by the name and words of its text."""
    found: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for line in then.paragraphs:
        found["", _units([s.inline for s in line])].append(_people(line))
    for name, line in then.fields.items():
        found[name, _units([s.inline for s in line])].append(_people(line))
    return found


def _people(line: Sequence[Stretch]) -> list[str]:
    return [s.author for s in line for _unit in _units([s.inline])]
