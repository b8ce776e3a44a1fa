"""Who brought which client id to a document, after its room was unloaded.

What somebody types without a network is under an id of which the log knows nothing if
it is that page's first. Wrote a colleague under it meanwhile, the engine would take
the letters that come later for known, and they would be lost. A room knows who
announced an id; here it is remembered for the next room of the same document. Must
never grow without a bound: of a process that was started anew, and of what was put
away long ago, nothing is known.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

_MOST_OF_ONE = 500
_MOST = 50_000


class Announced:
    def __init__(self, most_of_one: int = _MOST_OF_ONE, most: int = _MOST) -> None:
        self._most_of_one, self._most = most_of_one, most
        self._held: OrderedDict[str, dict[int, str]] = OrderedDict()
        self._count = 0

    def keep(self, document_id: str, owners: Mapping[int, str]) -> None:
        """The people by client id; of one document the last that came are kept."""
        self._count -= len(self._held.pop(document_id, {}))
        if not owners:
            return
        kept = dict(list(owners.items())[-self._most_of_one :])
        self._held[document_id] = kept
        self._count += len(kept)
        while self._count > self._most:
            _document, gone = self._held.popitem(last=False)
            self._count -= len(gone)

    def of(self, document_id: str) -> Mapping[int, str]:
        return self._held.get(document_id, {})
