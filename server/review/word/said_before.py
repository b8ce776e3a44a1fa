"""Comments that came from Word and stand in the draft: which of a file's they are.

Programs number comments anew when they save, so one is known by its name, time and
words, whoever brings it; of several that are alike, by what they were written at, and
else in their order. Pure; must never take two comments of a file for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from server.common.text import nfc
from server.publishing.docx_revisions import word_time
from server.publishing.marked import MarkedComment

_TIMELESS = "x"
_KEY = re.compile(r"w-([0-9a-f]{24})-([0-9a-f]{8}|x)-(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Held:
    """A comment of the draft that has a key of ours; `owner` is whatever its thread is
    to the caller, `quote` what the thread hangs on."""

    owner: object
    quote: str
    key: str


@dataclass(frozen=True, slots=True)
class _Known:
    held: Held
    time: str
    number: int


class SaidBefore:
    """`salt` names the draft: the same words may be said in two."""

    def __init__(self, held: Iterable[Held], salt: str) -> None:
        self._salt = salt
        self._known: dict[str, list[_Known]] = {}
        for one in held:
            found = _KEY.fullmatch(one.key)
            if found is not None and found[4] == "0":
                known = _Known(one, found[2], int(found[3]))
                self._known.setdefault(found[1], []).append(known)
        self._next = {
            said: 1 + max(known.number for known in all_of)
            for said, all_of in self._known.items()
        }

    def match(
        self, comments: Sequence[MarkedComment], quote: Callable[[MarkedComment], str]
    ) -> dict[str, Held]:
        """By the number of a comment in its file, what it is in the draft."""
        found: dict[str, Held] = {}
        left = {said: list(all_of) for said, all_of in self._known.items()}
        for is_exact in (True, False):
            for comment in comments:
                if comment.ident in found:
                    continue
                here = left.get(self._said(comment), [])
                for known in here:
                    if _are_of_one_time(known.time, _time(comment)) and (
                        not is_exact or known.held.quote == quote(comment)
                    ):
                        found[comment.ident] = known.held
                        here.remove(known)
                        break
        return found

    def new_mark(self, comment: MarkedComment) -> str:
        """What tells a new one from all others; a key is this and the number of a
        piece."""
        said = self._said(comment)
        number = self._next.get(said, 0)
        self._next[said] = number + 1
        return f"w-{said}-{_time(comment)}-{number}"

    def _said(self, comment: MarkedComment) -> str:
        name, text = folded(comment.author), bare(comment.text)
        return sha256(f"{self._salt}|{name}|{text}".encode()).hexdigest()[:24]


def _time(comment: MarkedComment) -> str:
    at = word_time(comment.at)
    return sha256(at.encode()).hexdigest()[:8] if at else _TIMELESS


def _are_of_one_time(one: str, other: str) -> bool:
    """Programs give a time to what had none."""
    return one == other or _TIMELESS in (one, other)


def bare(text: str) -> str:
    return " ".join(nfc(text).split())


def folded(name: str) -> str:
    return bare(name).casefold()
