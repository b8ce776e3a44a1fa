"""Run one program at a time, apart from the server, as long and as much as is allowed.

It gets bytes and nothing else: no settings, no secret, no connection. It is ended, with
all that it began, when its time is over, when it says more than is wanted, and when the
server ends. Must be called off the event loop, and must never raise for what a program
does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[3]
PATH = os.defpath


class Stopped(Exception):
    """The server is ending: nothing is known of the file."""


@dataclass(frozen=True, slots=True)
class Ended:
    """`code` as of a shell, negative for a signal. `is_slow`: its time was over;
    `is_long`: it said more than was wanted."""

    code: int
    said: bytes
    is_slow: bool = False
    is_long: bool = False

    @property
    def is_well(self) -> bool:
        return self.code == 0 and not self.is_slow and not self.is_long


class Apart:
    """`stop` ends the present program from another thread."""

    def __init__(self) -> None:
        self._stopped = False
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._child is not None

    def run(
        self,
        command: Sequence[str],
        *,
        seconds: int,
        most_bytes: int,
        chunks: Iterable[bytes] = (),
        env: dict[str, str] | None = None,
    ) -> Ended:
        """Raises Stopped, and what `chunks` raises."""
        if self._stopped:
            raise Stopped
        child = subprocess.Popen(  # noqa: S603 - named by us or by the settings
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={"PATH": PATH, "PYTHONDONTWRITEBYTECODE": "1", **(env or {})},
            start_new_session=True,
        )
        self._child = child
        late = threading.Event()
        alarm = threading.Timer(seconds, _end_late, (child, late))
        alarm.daemon = True
        alarm.start()
        try:
            said = _talk(child, chunks, most_bytes + 1)
        finally:
            alarm.cancel()
            _end(child)
            code = child.wait()
            self._child = None
        if self._stopped:
            raise Stopped
        is_slow = late.is_set() or code == -signal.SIGXCPU
        return Ended(code, said[:most_bytes], is_slow, len(said) > most_bytes)

    def stop(self) -> None:
        self._stopped = True
        child = self._child
        if child is not None:
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """With all that it began: they are of one session, whose number is its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()


def _end_late(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _end(child)


def _talk(child: subprocess.Popen[bytes], chunks: Iterable[bytes], most: int) -> bytes:
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
        found = said.read(most)
    with suppress(subprocess.TimeoutExpired):
        child.wait(1)
    return found


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert child.stdin is not None
    assert child.stdout is not None
    return child.stdin, child.stdout
