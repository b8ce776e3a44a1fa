"""What every hand that carries out steps needs: who writes, the map, what became of it.

Must never write a suggestion in a name or under an id that `named` did not give.
"""

from __future__ import annotations

from collections.abc import Callable

from pycrdt import XmlElement

from collab.content import amending
from collab.content.tree import Suggested
from collab.content.write import suggested_value
from server.review.word.mapping import Mapping, Settled
from server.review.word.outcome import Outcome
from server.review.word.steps import Step

Author = Callable[[Suggested], Suggested]
"""Who it is in the draft, and under which id."""


class Pen:
    """`settled` notes what goes for good."""

    def __init__(
        self, named: Author, mapping: Mapping, outcome: Outcome, settled: Settled
    ) -> None:
        self.named = named
        self.map = mapping
        self.outcome = outcome
        self.settled = settled

    def author(self, by: Suggested) -> Suggested:
        named = self.named(by)
        self.outcome.ids.add(named.id)
        return named

    def set(self, element: XmlElement, name: str, by: Suggested) -> None:
        amending.set_attribute(element, name, suggested_value(self.author(by)))

    def take(self, kind: str, step: Step, text: str) -> None:
        by = getattr(step, "by", None)
        named = self.author(by) if by is not None else None
        author, ident = (named.author, named.id) if named is not None else ("", "")
        self.outcome.take(kind, step, text, author, ident)
