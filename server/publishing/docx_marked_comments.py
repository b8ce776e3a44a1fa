"""The comments of a Word file: words, author, time, what they answer, what is done.

Programs keep different halves of this: LibreOffice gives comments new numbers and drops
answers, Word keeps all. Must never raise because of what a comment holds.
"""

from __future__ import annotations

from typing import Any

from server.publishing.docx_comments import W14, W15
from server.publishing.docx_formats import W
from server.publishing.docx_marked_runs import revision_of
from server.publishing.docx_package import Package, Relation
from server.publishing.letterhead import clean_text
from server.publishing.marked import MarkedComment

MOST_COMMENTS = 5000
_BREAKS = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t"}


def read_comments(
    package: Package, relations: dict[str, Relation]
) -> tuple[MarkedComment, ...]:
    root = _part(package, relations, "comments")
    if root is None:
        return ()
    extended = _extended(package, relations)
    found: list[MarkedComment] = []
    idents: dict[str, str] = {}  # key → ident
    parents: dict[str, str] = {}  # ident → key of what it answers
    for element in root.iter(W + "comment"):
        if len(found) >= MOST_COMMENTS:
            break
        ident, lines = element.get(W + "id") or "", list(element.iter(W + "p"))
        keys = [line.get(f"{{{W14}}}paraId") or "" for line in lines]
        key = next((k for k in reversed(keys) if k), "").upper()
        parent, is_done = extended.get(key, ("", False))
        by = revision_of(element)
        text = "\n".join(_text(line) for line in lines)
        found.append(MarkedComment(ident, key, by.author, by.at, text, is_done=is_done))
        if key:
            idents.setdefault(key, ident)
        if parent:
            parents[ident] = parent
    return tuple(
        _answering(comment, idents.get(parents.get(comment.ident, ""), ""))
        for comment in found
    )


def _answering(comment: MarkedComment, ident: str) -> MarkedComment:
    if not ident or ident == comment.ident:
        return comment
    return MarkedComment(
        comment.ident,
        comment.key,
        comment.author,
        comment.at,
        comment.text,
        ident,
        comment.is_done,
    )


def _extended(
    package: Package, relations: dict[str, Relation]
) -> dict[str, tuple[str, bool]]:
    """By key: the key of what it answers, and whether it is done."""
    root = _part(package, relations, "commentsExtended")
    if root is None:
        return {}
    found: dict[str, tuple[str, bool]] = {}
    for entry in root.iter(f"{{{W15}}}commentEx"):
        key = (entry.get(f"{{{W15}}}paraId") or "").upper()
        parent = (entry.get(f"{{{W15}}}paraIdParent") or "").upper()
        found[key] = (parent, entry.get(f"{{{W15}}}done") in ("1", "true"))
    return found


def _part(package: Package, relations: dict[str, Relation], kind: str) -> Any | None:
    for relation in relations.values():
        is_inside = not relation.is_external and package.has(relation.target)
        if relation.kind == kind and is_inside:
            return package.xml(relation.target)
    return None


def _text(paragraph: Any) -> str:
    said: list[str] = []
    for element in paragraph.iter():
        if element.tag == W + "t":
            said.append(element.text or "")
        elif element.tag in _BREAKS:
            said.append(_BREAKS[element.tag])
    return clean_text("".join(said))
