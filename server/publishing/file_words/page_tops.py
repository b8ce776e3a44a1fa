"""The lines at the top of a page: where a stamp stands, as the page has them.

The words of a file are made to be found by, and a page of a PDF is one line of them. A
mark is known by standing alone, so the lines are told beside the words. Long lines are
sentences and are left out. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from server.publishing.secrecy_marks import FIRST_LINES

# A file may be several letters, or a letter and what it encloses: of every page after
# the first what stands beside its header.
TOP_LINES = 12
# A mark with its label and its frame.
MAX_LENGTH = 80
# For a thousand pages of headings.
MAX_CHARACTERS = 300_000


def top_of_page(lines: Iterable[str], page: int) -> Iterator[str]:
    """`page` counts from 0."""
    most = TOP_LINES if page else FIRST_LINES
    shown = (line.strip() for line in lines)
    for line in islice(filter(None, shown), most):
        if len(line) <= MAX_LENGTH:
            yield line


def bounded(tops: Iterable[str]) -> tuple[str, ...]:
    """Each once, as many as there is room for."""
    room, kept = MAX_CHARACTERS, []
    for line in dict.fromkeys(tops):
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return tuple(kept)
