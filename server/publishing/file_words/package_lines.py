"""What spreadsheets and presentations have in common: lines, until there is no room.

Pure. Must never read on when the room is used up, nor leave a package open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from server.publishing.docx_package import Limits, Package

RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def lines_of_package(
    data: bytes, limits: Limits, lines: Callable[[Package], Iterator[str]], room: int
) -> str:
    """Raises InvalidInput or TooLarge for a file that is broken, locked or a bomb."""
    package = Package(data, limits)
    try:
        said: list[str] = []
        for line in lines(package):
            said.append(line)
            room -= len(line) + 1
            if room <= 0:
                break
        return "\n".join(said)
    finally:
        package.close()
