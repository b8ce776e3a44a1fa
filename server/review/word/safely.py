"""Apply steps so that, whatever they are, nothing that stands is overwritten.

What was accepted and rejected comes first. Then all that is suggested is tried, and
held by the guard of those who may only suggest, whoever brings the file. Where it
refuses, the steps are tried in halves, down to the one that does it: that is told.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence, Set
from typing import Any

from pycrdt import Doc, Map, TransactionEvent, XmlFragment, merge_updates

from collab.rooms.suggesting import only_suggests
from server.publishing.marked import Flow
from server.review.word.applying import Applier
from server.review.word.mapping import Settled
from server.review.word.outcome import Outcome
from server.review.word.pen import Author
from server.review.word.settling import MaySettle
from server.review.word.steps import Decision, Step

# Each try loads the document. Files in which the guard refuses so much are not edited
# by people; what is left of them is told.
MOST_TRIES = 64


class Safely:
    """`known`: ids of what stands in the draft; `left`: as for `Settler`."""

    def __init__(
        self,
        base: Flow,
        author: Author,
        may_settle: MaySettle,
        known: Set[str],
        left: Set[str] = frozenset(),
    ) -> None:
        self._base = base
        self._author = author
        self._may_settle = may_settle
        self._known = known
        self._left = left
        self._outcome = Outcome()
        self._settled = Settled()
        self._updates: list[bytes] = []
        self._state = b""
        self._tries = 0

    def apply(
        self, state: bytes, steps: Sequence[Step]
    ) -> tuple[Outcome, bytes | None]:
        """What became of them, and the edit; None when the text stays as it is."""
        self._state = state
        settled = [s for s in steps if isinstance(s, Decision)]
        if settled:
            self._keep(*self._tried(settled))
        self._try([s for s in steps if not isinstance(s, Decision)])
        if not self._updates:
            return self._outcome, None
        return self._outcome, merge_updates(*self._updates)

    def _try(self, steps: Sequence[Step]) -> None:
        if not steps:
            return
        self._tries += 1
        outcome, update = self._tried(steps)
        ids = outcome.ids
        if update is None or only_suggests(
            self._state, update, lambda by: by.id in ids
        ):
            self._keep(outcome, update)
        elif len(steps) == 1 or self._tries >= MOST_TRIES:
            for step in steps:
                self._outcome.miss("no_place", step)
        else:
            half = len(steps) // 2
            self._try(steps[:half])
            self._try(steps[half:])

    def _tried(self, steps: Sequence[Step]) -> tuple[Outcome, bytes | None]:
        doc: Doc[Any] = Doc(client_id=secrets.randbits(32))
        doc.apply_update(self._state)
        doc.get("body", type=XmlFragment)
        doc.get("fields", type=Map)
        made: list[bytes] = []

        def note(event: TransactionEvent) -> None:
            made.append(event.update)

        subscription = doc.observe(note)
        applier = Applier(
            doc,
            self._base,
            self._author,
            self._may_settle,
            self._settled,
            frozenset(self._outcome.ids),
            self._left,
        )
        with doc.transaction():
            outcome = applier.apply(steps, self._known)
        doc.unobserve(subscription)
        return outcome, made[0] if made else None

    def _keep(self, outcome: Outcome, update: bytes | None) -> None:
        self._outcome.add(outcome)
        if update is not None:
            self._updates.append(update)
            self._state = merge_updates(self._state, update)
