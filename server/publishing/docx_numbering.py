"""Real Word numbering for lists: one numbering instance a list, so that each counts.

A further paragraph of an item has a numbering without a sign ("continued"): Word shows
it at the indent of its item, and the importer knows to which item it belongs.
"""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from server.publishing.layout import LIST_STEP_MM, mm_to_twips

MAX_LEVEL = 8
_BULLET, _ORDERED, _CONTINUED = 1, 2, 3
_SIGNS = "-+•"


def list_indent_twips(level: int) -> int:
    """Where the text of an item at this level (from 0) begins."""
    return mm_to_twips(LIST_STEP_MM * (level + 1))


class Numbering:
    """Makes the numbering part of one document."""

    def __init__(self, document: Any) -> None:
        self._root = document.part.numbering_part.element
        for child in list(self._root):
            self._root.remove(child)
        for kind in (_BULLET, _ORDERED, _CONTINUED):
            self._root.append(_abstract(kind))
        self._last = 0
        self.continued = self._add(_CONTINUED)

    def new_list(self, ordered: bool, start: int, level: int) -> int:
        """The numId of a new list whose items stand at `level`."""
        return self._add(_ORDERED if ordered else _BULLET, level, start)

    def _add(self, kind: int, level: int = 0, start: int = 1) -> int:
        self._last += 1
        instance = OxmlElement("w:num")
        instance.set(qn("w:numId"), str(self._last))
        link = OxmlElement("w:abstractNumId")
        link.set(qn("w:val"), str(kind))
        instance.append(link)
        if kind == _ORDERED:
            override = OxmlElement("w:lvlOverride")
            override.set(qn("w:ilvl"), str(level))
            first = OxmlElement("w:startOverride")
            first.set(qn("w:val"), str(start))
            override.append(first)
            instance.append(override)
        self._root.append(instance)
        return self._last


def _abstract(kind: int) -> Any:
    levels = []
    for level in range(MAX_LEVEL + 1):
        if kind == _ORDERED:
            form, sign = "decimal", f"%{level + 1}."
        elif kind == _BULLET:
            form, sign = "bullet", _SIGNS[level % 3]
        else:
            form, sign = "none", ""
        hanging = 0 if kind == _CONTINUED else mm_to_twips(LIST_STEP_MM)
        levels.append(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:suff w:val="{"nothing" if kind == _CONTINUED else "tab"}"/>'
            f'<w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{list_indent_twips(level)}" '
            f'w:hanging="{hanging}"/></w:pPr></w:lvl>'
        )
    return parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{kind}">'
        f'<w:multiLevelType w:val="hybridMultilevel"/>{"".join(levels)}</w:abstractNum>'
    )
