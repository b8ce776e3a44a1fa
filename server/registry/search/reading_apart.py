"""Read the words of an attached file in a process of its own.

A PDF may be made to eat memory, time, or the program that reads it. So it is read by a
child that bounds itself and gets the bytes and nothing else: no settings, no secret, no
connection. Whatever happens to the child, here it means "cannot be read". Must be
called off the event loop, and must never raise for what is in a file.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

from server.publishing.file_words import MAX_CHARACTERS

# By the clock on the wall; the child's own limit is of processor time.
MAX_SECONDS = 60
# A letter has three bytes at most in Vietnamese, four anywhere.
_MOST_BYTES = MAX_CHARACTERS * 4
_ROOT = Path(__file__).resolve().parents[3]


class Stopped(Exception):
    """The server is ending: nothing is known of the file."""


class FileReader:
    """One file at a time; `stop` ends the present one from another thread."""

    def __init__(self, seconds: int = MAX_SECONDS) -> None:
        self._seconds = seconds
        self._stopped = False
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, content_type: str, chunks: Iterable[bytes]) -> str | None:
        """The words, "" for a file that says nothing, None for one that cannot be read.

        Raises Stopped, and what `chunks` raises.
        """
        if self._stopped:
            raise Stopped
        module = "server.publishing.file_words"
        child = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", module, content_type, str(self._seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self._child = child
        alarm = threading.Timer(self._seconds, child.kill)
        alarm.daemon = True
        alarm.start()
        try:
            said = _talk(child, chunks)
        finally:
            alarm.cancel()
            child.kill()
            code = child.wait()
            self._child = None
        if self._stopped:
            raise Stopped
        return said.decode("utf-8", "ignore") if code == 0 else None

    def stop(self) -> None:
        self._stopped = True
        child = self._child
        if child is not None:
            child.kill()


def _talk(child: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> bytes:
    """The child reads all before it writes, so neither waits for the other."""
    given, said = _pipes(child)
    with said:
        try:
            with suppress(BrokenPipeError):
                for chunk in chunks:
                    given.write(chunk)
        finally:
            with suppress(BrokenPipeError):
                given.close()
        found = said.read(_MOST_BYTES)
    with suppress(subprocess.TimeoutExpired):
        child.wait(1)
    return found


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert child.stdin is not None
    assert child.stdout is not None
    return child.stdin, child.stdout
