"""The text of a .docx: body, notes, headers and footers, a line each paragraph.

What was deleted with tracked changes is not there. Unpacked under the limits of
`docx_package`. Pure. Must never follow a link out of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from server.publishing.docx_package import Limits, Package
from server.publishing.file_words.page_tops import MAX_LENGTH

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MORE = frozenset({"footnotes", "endnotes", "header", "footer"})
_EDGES = frozenset({"header", "footer"})
_TEXT, _PARAGRAPH = f"{_W}t", f"{_W}p"
_GAPS = (f"{_W}tab", f"{_W}br", f"{_W}cr")
_MAX_BYTES = 200_000_000


def words_of_docx(data: bytes, room: int) -> str:
    """Raises InvalidInput or TooLarge for a file that is broken, locked or a bomb."""
    package = Package(data, Limits(max_bytes=_MAX_BYTES))
    try:
        said: list[str] = []
        for name in _parts(package):
            for piece in _pieces(package.xml(name)):
                said.append(piece)
                room -= len(piece)
                if room <= 0:
                    return "".join(said)
        return "".join(said)
    finally:
        package.close()


def stamped_of_docx(data: bytes) -> tuple[str, ...]:
    """The lines of headers, footers and text boxes: a stamp stands there as often as at
    the top of the text. Raises as `words_of_docx`."""
    package = Package(data, Limits(max_bytes=_MAX_BYTES))
    try:
        main = package.main_part()
        said = [_lines(box) for box in package.xml(main).iter(f"{_W}txbxContent")]
        for relation in package.relations(main).values():
            is_edge = relation.kind in _EDGES and not relation.is_external
            if is_edge and package.has(relation.target):
                said.append(_lines(package.xml(relation.target)))
        return tuple(line for lines in said for line in lines)
    finally:
        package.close()


def _lines(root: Any) -> list[str]:
    lines = (
        "".join(t.text or "" for t in p.iter(_TEXT)) for p in root.iter(_PARAGRAPH)
    )
    return [line for line in lines if line.strip() and len(line) <= MAX_LENGTH]


def _parts(package: Package) -> Iterator[str]:
    main = package.main_part()
    yield main
    for relation in package.relations(main).values():
        is_here = not relation.is_external and package.has(relation.target)
        if relation.kind in _MORE and is_here:
            yield relation.target


def _pieces(root: Any) -> Iterator[str]:
    # The same words again, for programs that draw no text boxes; and what moved away.
    etree.strip_elements(root, _FALLBACK, f"{_W}moveFrom", with_tail=False)
    for element in root.iter(_TEXT, _PARAGRAPH, *_GAPS):
        if element.tag == _TEXT:
            yield element.text or ""
        else:
            yield "\n" if element.tag == _PARAGRAPH else " "
    yield "\n"
