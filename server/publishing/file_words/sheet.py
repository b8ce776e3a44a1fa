"""The words of a spreadsheet (.xlsx): a line each row, sheet by sheet.

What a formula came to stands in the file; nothing is reckoned. A row is read and
forgotten, so a long sheet costs no more than its words. Pure. Must never follow a link
out of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from server.publishing.docx_package import Limits, Package
from server.publishing.file_words.package_lines import RELATION_ID, lines_of_package
from server.publishing.file_words.xml_words import local, text_in

_LIMITS = Limits(max_bytes=200_000_000, max_xml_bytes=60_000_000)


def words_of_xlsx(data: bytes, room: int) -> str:
    """Raises InvalidInput or TooLarge for a file that is broken, locked or a bomb."""
    return lines_of_package(data, _LIMITS, _lines, room)


def _lines(package: Package) -> Iterator[str]:
    main = package.main_part()
    relations = package.relations(main)
    shared: list[str] = []
    for relation in relations.values():
        if relation.kind == "sharedStrings" and package.has(relation.target):
            shared = [text_in(one) for one in _each(package, relation.target, "si")]
    for sheet in package.xml(main).iter("{*}sheet"):
        yield sheet.get("name") or ""
        found = relations.get(sheet.get(RELATION_ID) or "")
        if found is None or found.is_external or not package.has(found.target):
            continue
        for row in _each(package, found.target, "row"):
            cells = (_cell(cell, shared) for cell in row if local(cell) == "c")
            yield " ".join(filter(None, cells))


def _cell(cell: Any, shared: list[str]) -> str:
    kind = cell.get("t") or "n"
    if kind in ("b", "e"):
        return ""
    if kind == "inlineStr":
        return text_in(cell)
    value = next((one.text or "" for one in cell if local(one) == "v"), "")
    if kind == "s":
        place = int(value) if value.isascii() and value.isdigit() else -1
        return shared[place] if 0 <= place < len(shared) else ""
    return value


def _each(package: Package, part: str, name: str) -> Iterator[Any]:
    """Elements of this name, one at a time."""
    source = BytesIO(package.checked(part))
    # A DTD was refused before; entities are not resolved and nothing is fetched.
    parts = etree.iterparse(
        source,
        events=("end",),
        tag=(f"{{*}}{name}",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    for _event, element in parts:
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
