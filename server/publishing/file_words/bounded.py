"""Become another program, under limits that it cannot leave: `python bounded.py SECONDS
MEMORY FILE_BYTES PROGRAM ARGUMENT…`.

Processor time, memory, the size of a file that is written; the niceness of one who can
wait; and, where the system lets an ordinary account do so, no network at all. Must
never begin anything else: it is one process, and then it is the program.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from contextlib import suppress

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def leave_the_network() -> bool:
    """A namespace of its own, with no way out of it. False where that is forbidden."""
    try:
        kernel = ctypes.CDLL(None, use_errno=True)
        return bool(kernel.unshare(_NEW_USER | _NEW_NETWORK) == 0)
    except (OSError, AttributeError):
        return False


def main(seconds: int, memory: int, file_bytes: int, program: list[str]) -> None:
    os.nice(10)
    for what, limit in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))
    leave_the_network()
    os.execv(program[0], program)  # noqa: S606 - no shell, and no other program


if __name__ == "__main__":
    _seconds, _memory, _file_bytes = map(int, sys.argv[1:4])
    main(_seconds, _memory, _file_bytes, sys.argv[4:])
