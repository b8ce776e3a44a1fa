"""The words of a presentation (.pptx): a line each paragraph, slide by slide, and its
notes.

Pure. Must never follow a link out of the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from server.publishing.docx_package import Limits, Package
from server.publishing.file_words.package_lines import RELATION_ID, lines_of_package
from server.publishing.file_words.xml_words import text_in

_LIMITS = Limits(max_bytes=200_000_000)


def words_of_pptx(data: bytes, room: int) -> str:
    """Raises InvalidInput or TooLarge for a file that is broken, locked or a bomb."""
    return lines_of_package(data, _LIMITS, _lines, room)


def _lines(package: Package) -> Iterator[str]:
    main = package.main_part()
    relations = package.relations(main)
    for place in package.xml(main).iter("{*}sldId"):
        slide = relations.get(place.get(RELATION_ID) or "")
        if slide is None or slide.is_external or not package.has(slide.target):
            continue
        yield from _paragraphs(package, slide.target)
        for more in package.relations(slide.target).values():
            is_here = not more.is_external and package.has(more.target)
            if more.kind == "notesSlide" and is_here:
                yield from _paragraphs(package, more.target)


def _paragraphs(package: Package, part: str) -> Iterator[str]:
    for paragraph in package.xml(part).iter("{*}p"):
        yield text_in(paragraph)
