"""Read the words of an attached file in a process of its own.

A PDF may be made to eat memory, time, or the program that reads it. So it is read by a
child that bounds itself and gets the bytes and nothing else. What that child cannot
read, a program of the office's machine may (`programs`): it turns an old file into a
newer one, or recognises a page that the child has drawn; no other program ever sees a
PDF or a picture from outside. Whatever happens to a child, here it is a reason why
nothing was read. Must be called off the event loop, and must never raise for what is in
a file.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from server.publishing.file_words import (
    CONVERTED,
    MAX_CHARACTERS,
    PICTURES,
    READABLE,
    cleaned,
)
from server.registry.models import WhyUnread
from server.registry.search.apart import Apart, Ended, Stopped
from server.registry.search.programs import Programs

__all__ = ["FileReader", "Said", "Stopped"]

logger = logging.getLogger(__name__)

# A letter has three bytes at most in Vietnamese, four anywhere; a line before them.
_MOST_BYTES = MAX_CHARACTERS * 4 + 20_000
_MOST_PICTURE_BYTES = 60_000_000
Chunks = Callable[[], Iterable[bytes]]
KINDS = READABLE | PICTURES | CONVERTED.keys()


@dataclass(frozen=True, slots=True)
class Said:
    """`text` is None for what cannot be read, and `why` says why. `bare`: the pages
    that are pictures, which nobody has read yet."""

    text: str | None
    bare: tuple[int, ...] = ()
    why: WhyUnread | None = None


class FileReader:
    """One file at a time; `stop` ends the present one from another thread."""

    def __init__(
        self, programs: Programs | None = None, seconds: int | None = None
    ) -> None:
        self._programs = programs or Programs.of_settings()
        self._seconds = seconds or self._programs.seconds
        self._apart = Apart()

    @property
    def is_reading(self) -> bool:
        return self._apart.is_running

    @cached_property
    def recognises(self) -> bool:
        """Whether pages that are pictures can be read here. Asks the program, once."""
        is_so = self._programs.languages_known(self._apart)
        if not is_so:
            logger.info("pages that are pictures are not read: no Tesseract with the"
                        " languages %s", self._programs.languages)  # fmt: skip
        return is_so

    @property
    def converts(self) -> bool:
        return bool(self._programs.office)

    @property
    def most_pages(self) -> int:
        return self._programs.most_pages

    @property
    def seconds(self) -> int:
        """The longest that one step takes."""
        return self._seconds

    def read(self, content_type: str, chunks: Iterable[bytes]) -> Said:
        """Raises Stopped, and what `chunks` raises."""
        if content_type in CONVERTED:
            return self._read_converted(content_type, chunks)
        ended = self._child(content_type, chunks, _MOST_BYTES)
        if not ended.is_well:
            return Said(None, why=_why(ended, WhyUnread.BROKEN))
        head, _line, text = ended.said.decode("utf-8", "ignore").partition("\n")
        return Said(text, tuple(json.loads(head)["bare"]))

    def recognise(self, content_type: str, page: int, chunks: Iterable[bytes]) -> Said:
        """What a page says that is a picture. Raises as `read`."""
        drawn = self._child(content_type, chunks, _MOST_PICTURE_BYTES, str(page))
        if not drawn.is_well:
            return Said(None, why=_why(drawn, WhyUnread.BROKEN))
        ended = self._programs.recognised(self._apart, drawn.said)
        if not ended.is_well:
            return Said(None, why=_why(ended, WhyUnread.CRASHED))
        return Said(cleaned(ended.said.decode("utf-8", "ignore")))

    def stop(self) -> None:
        self._apart.stop()

    def _read_converted(self, content_type: str, chunks: Iterable[bytes]) -> Said:
        if not self.converts:
            return Said(None, why=WhyUnread.NO_PROGRAM)
        old, new, kind, known_as = CONVERTED[content_type]
        ended, data = self._programs.converted(self._apart, chunks, old, new, known_as)
        if not data:
            # It ends well without a file, too: what is locked, or nothing of the kind.
            fault = WhyUnread.BROKEN if ended.is_well else WhyUnread.CRASHED
            return Said(None, why=_why(ended, fault))
        return self.read(kind, [data])

    def _child(
        self, content_type: str, chunks: Iterable[bytes], most: int, *page: str
    ) -> Ended:
        module = "server.publishing.file_words"
        command = (sys.executable, "-m", module, content_type, str(self._seconds))
        return self._apart.run(
            [*command, *page], seconds=self._seconds, most_bytes=most, chunks=chunks
        )


def _why(ended: Ended, fault: WhyUnread) -> WhyUnread:
    return WhyUnread.TOO_SLOW if ended.is_slow else fault
