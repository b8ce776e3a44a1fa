"""A draft's content from a .docx file that somebody made elsewhere.

The result is the first content of a new draft, never a replacement of a live one.
Styles of the trade, lists, tables, images and the letterhead are recognised; what
cannot be kept is listed. The file is not trusted: `server.publishing.docx_package`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from collab.content.normal import normalise
from collab.content.tree import Block, Content, Fields
from server.publishing.docx_body import BodyReader, count_section
from server.publishing.docx_formats import NumberingReader, Styles, W, value_of
from server.publishing.docx_head_import import fields_of_own, take_letterhead
from server.publishing.docx_notes import Notes, Warning_
from server.publishing.docx_package import Limits, Package, Relation, broken
from server.publishing.docx_runs import RunReader
from server.publishing.docx_structure import structure
from server.publishing.docx_styles import HEAD_IDS

__all__ = ["Imported", "Limits", "Warning_", "from_docx"]


# Paragraphs from the top in which a stamp may stand, those of a header table counted.
_TOP = 60


@dataclass(frozen=True, slots=True)
class Imported:
    """`images` maps a SHA-256 digest to bytes; `Image.src` is that digest.

    `stamped` are the lines where a stamp may stand: headers and footers, text boxes and
    the top of the text, as the file has them, whatever became of them in `content`.
    """

    content: Content
    images: dict[str, bytes]
    warnings: tuple[Warning_, ...]
    stamped: tuple[str, ...] = ()


def from_docx(data: bytes, limits: Limits | None = None) -> Imported:
    """Read a whole file. Raises InvalidInput (`not_docx`, `broken_docx`, `zip_bomb`,
    `unsafe_xml`) or TooLarge (`docx_too_large`); nothing else, whatever the bytes."""
    limits = limits or Limits()
    package = Package(data, limits)
    try:
        return _read(package, limits)
    except RecursionError:
        raise broken() from None
    finally:
        package.close()


def _read(package: Package, limits: Limits) -> Imported:
    main = package.main_part()
    body = package.xml(main).find(W + "body")
    if body is None:
        raise broken()
    relations = package.relations(main)
    notes = Notes()
    styles = Styles(_related(package, relations, "styles"))
    runs = RunReader(package, relations, styles, notes)
    numbering = NumberingReader(_related(package, relations, "numbering"))
    reader = BodyReader(runs, styles, numbering, notes)
    blocks = reader.read(body, limits.max_blocks)
    section = body.find(W + "sectPr")
    if section is not None and not reader.has_own_sections:
        count_section(section, notes)
    _read_edges(package, relations, reader, notes)
    fields, blocks = _letterhead(reader, blocks)
    content = normalise(Content(fields, structure(blocks)))
    stamped = tuple(_stamped(package, relations, body))
    return Imported(content, runs.images, notes.warnings(), stamped)


def _stamped(
    package: Package, relations: dict[str, Relation], body: Any
) -> Iterator[str]:
    for relation in relations.values():
        is_edge = relation.kind in ("header", "footer") and not relation.is_external
        if is_edge and package.has(relation.target):
            yield from map(_text, package.xml(relation.target).iter(W + "p"))
    for box in body.iter(W + "txbxContent"):
        yield from map(_text, box.iter(W + "p"))
    yield from map(_text, islice(body.iter(W + "p"), _TOP))


def _text(paragraph: Any) -> str:
    return "".join(t.text or "" for t in paragraph.iter(W + "t"))


def _letterhead(
    reader: BodyReader, blocks: tuple[Block, ...]
) -> tuple[Fields, tuple[Block, ...]]:
    if reader.head:
        return Fields(**fields_of_own(reader.head)), blocks
    found, rest = take_letterhead(blocks)
    return Fields(**found), rest


def _related(package: Package, relations: dict[str, Relation], kind: str) -> Any | None:
    for relation in relations.values():
        is_inside = not relation.is_external and package.has(relation.target)
        if relation.kind == kind and is_inside:
            return package.xml(relation.target)
    return None


def _read_edges(
    package: Package, relations: dict[str, Relation], reader: BodyReader, notes: Notes
) -> None:
    """Headers and footers: our own lines are fields; a page number is made anyway."""
    for relation in relations.values():
        if relation.kind not in ("header", "footer") or relation.is_external:
            continue
        if not package.has(relation.target):
            continue
        is_foreign = False
        for paragraph in package.xml(relation.target).iter(W + "p"):
            text = _text(paragraph)
            style_id = value_of(paragraph.find(W + "pPr"), "pStyle")
            if style_id in HEAD_IDS:
                if text.strip():
                    reader.head.setdefault(str(style_id), []).append(text)
            elif re.search(r"[^\W\d_]", re.sub(r"(?i)trang|page", "", text)):
                is_foreign = True
        if is_foreign:
            notes.count("headers_footers")
