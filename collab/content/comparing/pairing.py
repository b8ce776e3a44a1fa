"""Which of the old things became which of the new ones, in order.

Equal ones are found first, by hash. What is left between two equal ones is paired by
how many words two things share, within a bound, so that a text which was rewritten
costs no more than its length. Pure, and knows nothing of what the things are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

# Two that share fewer of their words are two things, not one that changed.
ALIKE = 0.4
# Pairs that are looked at one by one in a gap; a larger gap is searched near its line.
_ALL_PAIRS = 2_500
_NEAR = 20

Step = tuple[Literal["same", "changed", "deleted", "inserted"], T | None, T | None]


class Pairing(Generic[T]):
    """`words` are those of a thing; only things that are `akin` can become each other.

    One object serves one comparison: it remembers the words of what it has seen.
    """

    def __init__(
        self, words: Callable[[T], Sequence[str]], akin: Callable[[T, T], bool]
    ) -> None:
        self._words = words
        self._akin = akin
        self._bags: dict[int, tuple[T, Counter[str]]] = {}

    def steps(
        self, old: Sequence[T], new: Sequence[T], *, by_place: bool = False
    ) -> Iterator[Step[T]]:
        """Every thing of both sides once, in order. `by_place`: when there are as many
        on both sides, the first is the first."""
        names: dict[T, int] = {}
        before = [names.setdefault(thing, len(names)) for thing in old]
        after = [names.setdefault(thing, len(names)) for thing in new]
        if by_place and len(old) == len(new):
            for a, b in zip(old, new, strict=True):
                yield ("same" if a == b else "changed"), a, b
            return
        # What stands everywhere, such as an empty line, is no landmark.
        for tag, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
            if tag == "equal":
                for a, b in zip(old[i:j], new[k:m], strict=True):
                    yield "same", a, b
            else:
                yield from self._gap(old[i:j], new[k:m])

    def likeness(self, old: T, new: T) -> float:
        """From 0 to 1: the share of words that both have."""
        if not self._akin(old, new):
            return 0.0
        before, after = self._bag(old), self._bag(new)
        total = before.total() + after.total()
        return 2 * (before & after).total() / total if total else 1.0

    def _gap(self, old: Sequence[T], new: Sequence[T]) -> Iterator[Step[T]]:
        at = new_at = 0
        for i, k in [*self._pairs(old, new), (len(old), len(new))]:
            for thing in old[at:i]:
                yield "deleted", thing, None
            for thing in new[new_at:k]:
                yield "inserted", None, thing
            if i < len(old):
                yield "changed", old[i], new[k]
            at, new_at = i + 1, k + 1

    def _pairs(self, old: Sequence[T], new: Sequence[T]) -> list[tuple[int, int]]:
        if not old or not new:
            return []
        if len(old) * len(new) > _ALL_PAIRS:
            return self._near_pairs(old, new)
        # The heaviest common subsequence, weighed by likeness.
        best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
        alike = [[self.likeness(a, b) for b in new] for a in old]
        for i in range(len(old) - 1, -1, -1):
            for k in range(len(new) - 1, -1, -1):
                here = alike[i][k] + best[i + 1][k + 1]
                here = here if alike[i][k] >= ALIKE else 0.0
                best[i][k] = max(best[i + 1][k], best[i][k + 1], here)
        pairs, i, k = [], 0, 0
        while i < len(old) and k < len(new):
            taken = alike[i][k] + best[i + 1][k + 1]
            if alike[i][k] >= ALIKE and best[i][k] == taken:
                pairs.append((i, k))
                i, k = i + 1, k + 1
            elif best[i + 1][k] >= best[i][k + 1]:
                i += 1
            else:
                k += 1
        return pairs

    def _near_pairs(self, old: Sequence[T], new: Sequence[T]) -> list[tuple[int, int]]:
        """The best of the next few for each."""
        pairs, at = [], 0
        for i, thing in enumerate(old):
            near = range(at, min(at + _NEAR, len(new)))
            scored = [(self.likeness(thing, new[k]), -k) for k in near]
            if scored and max(scored)[0] >= ALIKE:
                at = -max(scored)[1]
                pairs.append((i, at))
                at += 1
        return pairs

    def _bag(self, thing: T) -> Counter[str]:
        held = self._bags.get(id(thing))
        if held is None:
            # Kept beside its words, or its id could be another thing's later.
            held = self._bags[id(thing)] = (thing, Counter(self._words(thing)))
        return held[1]
