"""What a Word file says of itself: the draft and place it was made from, its program.

All of it is a claim of the file. Must never be taken for a right to anything.
"""

from __future__ import annotations

from server.publishing.docx_package import Package
from server.publishing.docx_review import CUSTOM, DRAFT, EPOCH, FORM, SEQ

_ORIGIN = frozenset((DRAFT, EPOCH, FORM, SEQ))
_MAX_VALUE = 100


def origin_of(package: Package) -> dict[str, str]:
    for relation in package.relations("").values():
        is_inside = not relation.is_external and package.has(relation.target)
        if relation.kind == "custom-properties" and is_inside:
            root = package.xml(relation.target)
            return {
                entry.get("name"): "".join(entry.itertext()).strip()[:_MAX_VALUE]
                for entry in root.iter(f"{{{CUSTOM}}}property")
                if entry.get("name") in _ORIGIN
            }
    return {}


def program_of(package: Package) -> str:
    for relation in package.relations("").values():
        is_inside = not relation.is_external and package.has(relation.target)
        if relation.kind == "extended-properties" and is_inside:
            for entry in package.xml(relation.target):
                if str(entry.tag).endswith("}Application"):
                    return (entry.text or "").strip()[:_MAX_VALUE]
    return ""
