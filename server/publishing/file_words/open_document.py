"""The words of an OpenDocument file (.odt, .ods, .odp): a line each paragraph, then
those of headers and footers.

What was deleted with tracked changes is not there. Pure. Must never follow a link out
of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from server.publishing.docx_package import Limits, Package
from server.publishing.file_words.xml_words import local

_LIMITS = Limits(max_bytes=200_000_000, max_xml_bytes=60_000_000)
_CONTENT, _STYLES = "content.xml", "styles.xml"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_EDGES = ("header", "header-left", "header-first", "footer", "footer-left")
_GAPS = frozenset({"s", "tab", "line-break"})


def words_of_odf(data: bytes, room: int) -> str:
    """Raises InvalidInput or TooLarge for a file that is broken, locked or a bomb."""
    package = Package(data, _LIMITS, proof=_CONTENT)
    try:
        said: list[str] = []
        for line in _lines(package):
            said.append(line)
            room -= len(line) + 1
            if room <= 0:
                break
        return "\n".join(said)
    finally:
        package.close()


def _lines(package: Package) -> Iterator[str]:
    body = package.xml(_CONTENT)
    etree.strip_elements(body, f"{_TEXT}tracked-changes", with_tail=False)
    yield from _paragraphs(body)
    if package.has(_STYLES):
        styles = package.xml(_STYLES)
        for edge in styles.iter(*(f"{_STYLE}{name}" for name in _EDGES)):
            yield from _paragraphs(edge)


def _paragraphs(root: Any) -> Iterator[str]:
    for paragraph in root.iter(f"{_TEXT}p", f"{_TEXT}h"):
        yield "".join(_pieces(paragraph))


def _pieces(element: Any) -> Iterator[str]:
    """Its words; a paragraph within (a note, a text box) has a line of its own."""
    yield element.text or ""
    for child in element:
        name = local(child)
        if name in _GAPS:
            yield " "
        elif name not in ("p", "h"):
            yield from _pieces(child)
        yield child.tail or ""
