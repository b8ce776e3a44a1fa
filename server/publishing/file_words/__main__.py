"""One file from standard input; its words, or a page of it as a picture, to standard
output; then the end.

Bounds itself before a byte is read: processor time, memory, no file written. Words come
after a line of JSON that names the pages without any. Ends with 0 when the file could
be read, even where it says nothing; with anything else it could not. Must never be
given a secret: what it reads is not to be trusted.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from contextlib import suppress

MAX_MEMORY_BYTES = 1_500_000_000
_CANNOT_BE_READ = 3


def _bound(seconds: int) -> None:
    os.nice(10)
    for what, limit in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        # Not every system knows every limit; who waits for us has one of its own.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))


def main(content_type: str, seconds: int, page: int | None) -> int:
    _bound(seconds)
    from server.publishing import file_words

    data = sys.stdin.buffer.read(file_words.MAX_BYTES + 1)
    if len(data) > file_words.MAX_BYTES:
        return _CANNOT_BE_READ
    try:
        if page is None:
            found = file_words.read(content_type, data)
            head = json.dumps({"bare": found.bare}) + "\n"
            said = (head + found.text).encode("utf-8", "ignore")
        else:
            said = file_words.picture_of(content_type, data, page)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it cannot be read
        return _CANNOT_BE_READ
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else None
    sys.exit(main(sys.argv[1], int(sys.argv[2]), wanted))
