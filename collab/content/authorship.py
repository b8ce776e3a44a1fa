"""Who wrote which character of a text.

The engine keeps, for every character, the client id of the browser that typed it; the
log says which people wrote each update. Joining the two gives a person for each client
id, and from there one for each character. The order of characters is the engine's own:
it reads a copy of the document in which each character was replaced by a sign that
stands for its writer. A client that several people may have been stays unknown; what an
editor only made anew keeps its first writer (`retyped`). Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import groupby

from collab.content.read import read_content
from collab.content.retyped import Part, Retyped
from collab.content.tree import (
    TEXT_FIELDS,
    Block,
    Content,
    Fields,
    Inline,
    Paragraph,
    Run,
    iter_paragraphs,
)
from collab.protocol.structs import Struct, rewrite_strings, structs_of

# Signs of the private use area stand for clients; it has 6,400 places.
_FIRST_SIGN = 0xE000
_SIGNS = 6_400

UNKNOWN = ""
"""Nobody can be named: several people may have written it, or the log does not say."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text in one look by one author (an id, or UNKNOWN)."""

    inline: Inline
    author: str


@dataclass(frozen=True, slots=True)
class Authored:
    """`paragraphs` in the order of `iter_paragraphs`; `fields` are those with text."""

    content: Content
    paragraphs: tuple[tuple[Stretch, ...], ...]
    fields: Mapping[str, tuple[Stretch, ...]]

    def counts(self) -> Counter[str]:
        """Characters of each author in the text and its letterhead."""
        counts: Counter[str] = Counter()
        for line in (*self.paragraphs, *self.fields.values()):
            for stretch in line:
                if isinstance(stretch.inline, Run):
                    counts[stretch.author] += len(stretch.inline.text)
        return counts


class Writers:
    """Learns from the updates of a log which person each client id was.

    A client is one browser of one person. An update may carry several people's work
    (they wrote in the same moment) and may repeat what others wrote before, so only
    what is new in it counts, and what it leaves open other updates may settle.
    """

    def __init__(self, *, follows_copies: bool = True) -> None:
        """`follows_copies`: whether what is only made anew is to be known, which costs
        most of the time."""
        self.retyped = Retyped()
        self._follows_copies = follows_copies
        self._clocks: dict[int, int] = {}
        self._votes: dict[int, Counter[frozenset[str]]] = {}
        self._together: list[tuple[frozenset[int], frozenset[str]]] = []

    def learn(
        self,
        update: bytes,
        authors: Iterable[str],
        at: datetime | None = None,
        *,
        restored: Iterable[tuple[Part, int]] | None = None,
    ) -> None:
        """One update in the order of the log. `restored`: it brought an earlier text
        back, and each part is of the client that is told. Raises ValueError if it is
        none."""
        people = frozenset(authors)
        if restored is not None:
            self.retyped.restored(update, restored)
        elif self._follows_copies:
            alone = next(iter(people)) if len(people) == 1 else None
            self.retyped.learn(update, alone, at)
        new: set[int] = set()
        for client, end in _ends(update).items():
            if end > self._clocks.get(client, 0):
                self._clocks[client] = end
                new.add(client)
        if not people:
            return
        for client in new:
            self._votes.setdefault(client, Counter())[people] += 1
        if len(people) > 1 and len(new) > 1:
            self._together.append((frozenset(new), people))

    def skip(self, update: bytes) -> frozenset[int]:
        """An update that says nothing of who wrote: the first, or a repetition of all.

        Returns the clients in it.
        """
        if self._follows_copies:
            self.retyped.learn(update)
            self.retyped.forget_cuts()
        ends = _ends(update)
        for client, end in ends.items():
            self._clocks[client] = max(end, self._clocks.get(client, 0))
        return frozenset(ends)

    def is_of(self, client: int, person: str) -> bool | None:
        """Whether this person may be the one behind a client, by all that was learned;
        None: nothing was learned of it. Nobody is behind one that was only in what
        says nothing of who wrote."""
        votes = self._votes.get(client)
        if votes is None:
            return False if client in self._clocks else None
        common = frozenset.intersection(*votes)
        return person in common if common else _agreed(votes) in (person, UNKNOWN)

    def resolve(self) -> dict[int, str]:
        """The person of each client whose person is certain."""
        known: dict[int, str] = {}
        for client, votes in self._votes.items():
            found = _agreed(votes)
            if found:
                known[client] = found
        while self._by_elimination(known):
            pass
        return known

    def _by_elimination(self, known: dict[int, str]) -> bool:
        """Of those who wrote one update together, the last one left wrote the rest.

        It fails for one who typed in two windows within the same few milliseconds in
        which another did nothing but delete.
        """
        for clients, people in self._together:
            open_clients = [c for c in clients if c not in known]
            left = people - {known[c] for c in clients if c in known}
            if len(left) == 1 and len(open_clients) == 1:
                (known[open_clients[0]],) = left
                return True
        return False


def _ends(update: bytes) -> dict[int, int]:
    """How far each client has written by this update."""
    ends: dict[int, int] = {}
    for struct in structs_of(update):
        if struct.is_written:
            end = struct.clock + struct.length
            ends[struct.client] = max(end, ends.get(struct.client, 0))
    return ends


def _agreed(votes: Counter[frozenset[str]]) -> str:
    """The one person whom all updates allow; one who stands alone outweighs a crowd.

    An update that is sent again by somebody else after an outage names the wrong one:
    whoever is alone named most often is believed then.
    """
    common = frozenset.intersection(*votes)
    if len(common) == 1:
        return next(iter(common))
    alone: Counter[str] = Counter()
    for people, count in votes.items():
        if len(people) == 1:
            alone[next(iter(people))] += count
    ranked = alone.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return UNKNOWN
    return ranked[0][0]


def authored(
    state: bytes, author_of: Mapping[int, str], retyped: Retyped | None = None
) -> Authored:
    """The content of a merged update with the author of every character.

    `author_of` maps client ids to people; `retyped` knows what was only made anew.
    Raises ValueError for what is no update.
    """
    first = retyped or Retyped()
    people = [UNKNOWN, *dict.fromkeys(author_of.values())]
    sign_of = {who: chr(_FIRST_SIGN + n) for n, who in enumerate(people[:_SIGNS])}
    unknown = sign_of[UNKNOWN]

    def signs(struct: Struct, length: int) -> str:
        parts = first.writers_of(struct.client, struct.clock, length)
        return "".join(
            sign_of.get(author_of.get(client, UNKNOWN), unknown) * size
            for client, _, size in parts
        )

    signed = read_content(rewrite_strings(state, signs))
    content = read_content(state)
    who = {sign: person for person, sign in sign_of.items()}
    return Authored(
        content,
        tuple(
            _line(real.inlines, mark.inlines, who)
            for real, mark in zip(
                _paragraphs(content.blocks), _paragraphs(signed.blocks), strict=True
            )
        ),
        {
            name: _field(value, getattr(signed.fields, name), who)
            for name, value in _texts(content.fields)
            if value
        },
    )


def _paragraphs(blocks: Sequence[Block]) -> Iterator[Paragraph]:
    return iter_paragraphs(blocks)


def _texts(found: Fields) -> Iterator[tuple[str, str]]:
    for field in fields(found):
        if field.name in TEXT_FIELDS:
            yield field.name, getattr(found, field.name)


def _line(
    real: Sequence[Inline], signed: Sequence[Inline], who: Mapping[str, str]
) -> tuple[Stretch, ...]:
    """Both have the same inlines: only the letters differ."""
    found: list[Stretch] = []
    for inline, mark in zip(real, signed, strict=True):
        if isinstance(inline, Run) and isinstance(mark, Run):
            for text, author in _shares(inline.text, mark.text, who):
                found.append(Stretch(replace(inline, text=text), author))
        else:
            found.append(Stretch(inline, UNKNOWN))
    return tuple(found)


def _field(real: str, signed: str, who: Mapping[str, str]) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(Run(text), author) for text, author in _shares(real, signed, who)
    )


def _shares(
    real: str, signed: str, who: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Text and author, stretch by stretch. A sign stands for one UTF-16 unit."""
    authors: list[str] = []
    at = 0
    for char in real:
        authors.append(who.get(signed[at : at + 1], UNKNOWN))
        at += 2 if ord(char) > 0xFFFF else 1
    start = 0
    for author, group in groupby(authors):
        end = start + len(list(group))
        yield real[start:end], author
        start = end
