"""How many edits one flush may take, learned from what the last ones took.

The event loop belongs to every room: a flush shall not hold it for longer than
`BUDGET_S`, be an edit a letter or a pasted table. One edit cannot be divided, so the
least is one. Pure; must never be told of time that does not grow with the edits (such
as sending to many peers), or it would make flushes smaller without making them shorter.
"""

from __future__ import annotations

BUDGET_S = 0.010
# What any flush costs, be it of one letter: that says nothing about many.
OVERHEAD_S = 0.0002
# What a flush may grow by at once: one that was cheap says little of the next.
_GROWTH = 2


class Pace:
    def __init__(self, first: int, most: int) -> None:
        """`first`: how many at the beginning; `most`: never more."""
        self.allowed = first
        self._most = most

    def learn(self, count: int, seconds: float) -> None:
        """Tell how long a flush of `count` edits took."""
        grown = min(self._most, max(self.allowed, count * _GROWTH))
        each = max(seconds - OVERHEAD_S, 0.0) / count
        self.allowed = (
            grown if each * grown <= BUDGET_S else max(1, int(BUDGET_S / each))
        )
