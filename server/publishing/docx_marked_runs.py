"""The inside of a paragraph with its revisions: what `docx_runs` reads, and who did it.

What is broken (a deletion in an insertion in a deletion, an author or a time that is
missing, text that moved) is read as what it shows. Must never drop a letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from collab.content.tree import LineBreak, Reformatted, Run, Suggested
from server.publishing.docx_formats import W
from server.publishing.docx_runs import (
    BoxPiece,
    ImagePiece,
    LabelPiece,
    PageBreakPiece,
    RunReader,
    marks_of,
)
from server.publishing.letterhead import clean_text
from server.publishing.marked import AtomKind, PointKind, Size

MAX_NAME = 120
MAX_TIME = 40
_INSERTED = frozenset((W + "ins", W + "moveTo"))
_DELETED = frozenset((W + "del", W + "moveFrom"))
_POINTS: dict[str, PointKind] = {
    W + "commentRangeStart": "start",
    W + "commentRangeEnd": "end",
}
_MARK = re.compile(
    r"_dt(?:([pb])_(\d{1,7})(?:_(\d{1,5})x(\d{1,5}))?|l_\d{1,7}_([0-9a-f]{8}))"
)


@dataclass(frozen=True, slots=True)
class AtomPiece:
    kind: AtomKind
    insertion: Suggested | None = None
    deletion: Suggested | None = None
    text: str = ""
    digest: str = ""
    width_mm: float | None = None
    shown_mm: Size | None = None


@dataclass(frozen=True, slots=True)
class PointPiece:
    kind: PointKind
    comment: str


@dataclass(frozen=True, slots=True)
class MarkPiece:
    """A bookmark of ours: "p" counts paragraphs, "b" other blocks, "l" lies around a
    link that is suggested to lead elsewhere, and its number is the sum of by whom;
    `ident` tells which end is whose; `sent_mm` is how large a picture went out."""

    kind: str
    number: int
    ident: str = ""
    is_end: bool = False
    sent_mm: Size | None = None


MarkedPiece = Run | LineBreak | LabelPiece | AtomPiece | PointPiece | MarkPiece


def revision_of(element: Any) -> Suggested:
    """Who and when, as the element says; a name that is missing stays empty."""
    name = " ".join(clean_text(element.get(W + "author") or "").split())[:MAX_NAME]
    at = (element.get(W + "date") or "").strip()[:MAX_TIME]
    return Suggested("", name, at)


def mark_of(element: Any) -> MarkPiece | None:
    found = _MARK.fullmatch(element.get(W + "name") or "")
    ident = element.get(W + "id") or ""
    if found is None:
        return None
    if found[5]:
        return MarkPiece("l", int(found[5], 16), ident)
    sent = (int(found[3]) / 10, int(found[4]) / 10) if found[3] else None
    return MarkPiece(found[1], int(found[2]), ident, sent_mm=sent)


class MarkedRuns(RunReader):
    """`read_marked` instead of `read`; the base class sees one run at a time."""

    def read_marked(
        self, paragraph: Any, style_id: str | None, *, own: bool
    ) -> list[MarkedPiece]:
        pieces: list[Any] = []
        self._read_children(paragraph, style_id, own, None, pieces)
        return pieces

    def _read_children(
        self,
        parent: Any,
        style_id: str | None,
        own: bool,
        href: str | None,
        pieces: list[Any],
    ) -> None:
        for child in parent:
            tag, start = child.tag, len(pieces)
            if tag in _INSERTED or tag in _DELETED:
                self._read_children(child, style_id, own, href, pieces)
                name = "insertion" if tag in _INSERTED else "deletion"
                revision = revision_of(child)
                pieces[start:] = [_with(p, name, revision) for p in pieces[start:]]
            elif tag in _POINTS:
                ident = child.get(W + "id") or ""
                pieces.append(PointPiece(_POINTS[tag], ident))
            elif tag == W + "bookmarkStart":
                mark = mark_of(child)
                if mark is not None:
                    pieces.append(mark)
            elif tag == W + "bookmarkEnd":
                pieces.append(MarkPiece("", 0, child.get(W + "id") or "", is_end=True))
            elif tag == W + "r":
                super()._read_children([child], style_id, own, href, pieces)
                pieces[start:] = self._finished(child, pieces[start:], style_id, own)
            else:
                super()._read_children([child], style_id, own, href, pieces)

    def _finished(
        self, run: Any, pieces: list[Any], style_id: str | None, own: bool
    ) -> list[Any]:
        properties = run.find(W + "rPr")
        change = None if properties is None else properties.find(W + "rPrChange")
        formatting: Reformatted | None = None
        if change is not None:
            old = change.find(W + "rPr")
            chain = [old] if old is not None else []
            if not own:
                chain = self._styles.run_chain(style_id, old)
            by = revision_of(change)
            formatting = Reformatted("", by.author, by.at, marks_of(chain))
        found: list[Any] = []
        for piece in pieces:
            if isinstance(piece, Run) and formatting is not None:
                # What changes the look leaves the link as it is.
                look = replace(formatting, href=piece.href)
                found.append(replace(piece, formatting=look))
            elif isinstance(piece, ImagePiece):
                found.append(
                    AtomPiece(
                        "image",
                        text=piece.alt,
                        digest=piece.digest,
                        width_mm=piece.width_mm,
                        shown_mm=piece.shown_mm,
                    )
                )
            elif isinstance(piece, PageBreakPiece):
                found.append(AtomPiece("pageBreak"))
            elif isinstance(piece, BoxPiece):
                # Its words are told of, not taken: a draft has no boxes.
                lines = (
                    "".join(t.text or "" for t in line.iter(W + "t"))
                    for line in piece.content.iter(W + "p")
                )
                said = clean_text("\n".join(filter(None, lines)))
                found.append(AtomPiece("textBox", text=said))
            else:
                found.append(piece)
        return found

    def _read_object(self, child: Any, pieces: list[Any]) -> None:
        if child.tag == W + "commentReference":
            pieces.append(PointPiece("reference", child.get(W + "id") or ""))
        else:
            super()._read_object(child, pieces)


def _with(piece: Any, name: str, revision: Suggested) -> Any:
    """The inner revision is the later one, and says who."""
    if not isinstance(piece, Run | LineBreak | AtomPiece):
        return piece
    if name == "insertion":
        return piece if piece.insertion else replace(piece, insertion=revision)
    return piece if piece.deletion else replace(piece, deletion=revision)
