"""A .docx that was exported for review and edited elsewhere, read with its revisions.

The same guards as for an import (`docx_package`). The styles of our file are found by
name: LibreOffice gives them new ids. Reading our own export and reading the edited file
lose the same things, so that only what somebody did is left when the two are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from collab.content.labels import OWN_LINE_STYLES
from collab.content.normal import merge_runs
from collab.content.tree import MAX_INDENT, LineBreak, Run
from server.common import clock
from server.publishing.docx_body import block_children, is_own_letterhead
from server.publishing.docx_formats import (
    NumberingReader,
    Styles,
    W,
    first_value,
    level_of,
    value_of,
    whole_of,
)
from server.publishing.docx_marked_comments import read_comments
from server.publishing.docx_marked_links import without_doubles
from server.publishing.docx_marked_origin import origin_of, program_of
from server.publishing.docx_marked_rows import rows_of
from server.publishing.docx_marked_runs import (
    AtomPiece,
    MarkedPiece,
    MarkedRuns,
    MarkPiece,
    PointPiece,
    mark_of,
    revision_of,
)
from server.publishing.docx_notes import Notes
from server.publishing.docx_numbering import list_indent_twips
from server.publishing.docx_package import Limits, Package, Relation, broken
from server.publishing.docx_runs import LabelPiece
from server.publishing.docx_styles import (
    BODY_IDS,
    FILLER,
    HEAD_IDS,
    IMAGE,
    PAGE_BREAK,
    RULE,
    new_document,
)
from server.publishing.layout import INDENT_TWIPS
from server.publishing.marked import (
    AtomKind,
    Flow,
    Look,
    Marked,
    MarkedAtom,
    MarkedParagraph,
    MarkedTable,
    Node,
    Point,
)
from server.publishing.rules import choose_rules

MAX_DEPTH = 8
_ALIGN = {"both": "justify", "distribute": "justify", "end": "right", "start": "left"}
_KINDS: dict[str, AtomKind] = {
    IMAGE: "image",
    PAGE_BREAK: "pageBreak",
    RULE: "horizontalRule",
}
_DELETED = {W + "delText": W + "t", W + "delInstrText": W + "instrText"}
_STYLED = (W + "pStyle", W + "rStyle", W + "basedOn")
_LOOKED_AT = frozenset(W + name for name in ("pStyle", "jc", "ind", "numPr"))
_PLACEHOLDER = re.compile(r"\[[^\]]*\]")


def read_marked(data: bytes, limits: Limits | None = None) -> Marked:
    """Raises what `from_docx` raises: InvalidInput or TooLarge, whatever the bytes."""
    limits = limits or Limits()
    package = Package(data, limits)
    try:
        return _read(package, limits)
    except RecursionError:
        raise broken() from None
    finally:
        package.close()


def _read(package: Package, limits: Limits) -> Marked:
    main = package.main_part()
    root = package.xml(main)
    body = root.find(W + "body")
    if body is None:
        raise broken()
    relations = package.relations(main)
    styles_root = _part(package, relations, "styles")
    _use_our_ids(styles_root, root)
    for element in root.iter(*_DELETED):
        element.tag = _DELETED[element.tag]
    styles, notes = Styles(styles_root), Notes()
    runs = MarkedRuns(package, relations, styles, notes)
    numbering = _part(package, relations, "numbering")
    lists = NumberingReader(numbering)
    reader = _Reader(runs, styles, notes, limits.max_blocks, lists)
    flow = reader.flow(body, 0)
    return Marked(
        flow,
        tuple(reader.head),
        read_comments(package, relations),
        origin_of(package),
        program_of(package),
        {warning.code: warning.count for warning in notes.warnings()},
        runs.images,
    )


def _part(package: Package, relations: dict[str, Relation], kind: str) -> Any:
    for relation in relations.values():
        is_inside = not relation.is_external and package.has(relation.target)
        if relation.kind == kind and is_inside:
            return package.xml(relation.target)
    return None


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """The id of each of our styles by its name, folded."""
    root = new_document(choose_rules(clock.today())).styles.element
    named = {
        (value_of(style, "name") or "").casefold(): style.get(W + "styleId")
        for style in root.iter(W + "style")
    }
    return {name: str(at) for name, at in named.items() if name.startswith("duthao ")}


def _use_our_ids(styles: Any, document: Any) -> None:
    if styles is None:
        return
    ours = _names()
    renamed: dict[str, str] = {}
    for style in styles.iter(W + "style"):
        name = (value_of(style, "name") or "").casefold().strip()
        wanted, given = ours.get(name), style.get(W + "styleId")
        if wanted and given and given != wanted:
            renamed[given] = wanted
            style.set(W + "styleId", wanted)
    if renamed:
        for root in (styles, document):
            for element in root.iter(*_STYLED):
                value = element.get(W + "val")
                if value in renamed:
                    element.set(W + "val", renamed[value])


class _Reader:
    def __init__(
        self,
        runs: MarkedRuns,
        styles: Styles,
        notes: Notes,
        max_blocks: int,
        lists: NumberingReader,
    ) -> None:
        self._runs = runs
        self._numbering = lists
        self._styles = styles
        self._notes = notes
        self._left = max_blocks
        self._looks: dict[tuple[object, ...], Look] = {}
        self.head: list[MarkedParagraph] = []

    def flow(self, container: Any, depth: int) -> Flow:
        nodes: list[Node] = []
        waiting: list[MarkPiece] = []  # bookmarks between paragraphs
        for child in block_children(container):
            if self._left <= 0:
                self._notes.count("too_long")
                break
            self._left -= 1
            if child.tag == W + "p":
                nodes += self._paragraph(child, waiting)
                waiting = []
            elif child.tag == W + "tbl":
                nodes += self._table(child, depth)
            elif child.tag == W + "bookmarkStart":
                mark = mark_of(child)
                waiting += [mark] if mark else []
            elif child.tag == W + "altChunk":
                self._notes.count("embedded_objects")
        return tuple(nodes)

    def _paragraph(self, element: Any, waiting: list[MarkPiece]) -> list[Node]:
        properties = element.find(W + "pPr")
        style_id = value_of(properties, "pStyle")
        is_head = style_id in HEAD_IDS
        own = style_id in BODY_IDS or style_id in _KINDS or is_head
        read = self._runs.read_marked(element, style_id, own=own)
        pieces = [*waiting, *without_doubles(read)]
        if style_id == FILLER and not any(isinstance(p, Run) for p in pieces):
            # Beside tables and between parts; comments that hang there stay.
            return [*_shown(pieces), *self._hanging(pieces, properties)]
        made = self._made(pieces, properties, style_id)
        if is_head:
            self.head.append(replace(made, head_style=str(style_id)))
            # A picture on a line of the letterhead has no place in the text.
            return [replace(atom, digest="") for atom in _shown(pieces)]
        atoms = _atoms(pieces, made.look.align)
        kind = _KINDS.get(style_id or "")
        text = made.text.strip()
        if kind is not None and text and not _PLACEHOLDER.fullmatch(text):
            # Somebody wrote there, or it was joined with what stood there.
            is_marked = _block_mark(pieces) is not None
            held = [_atom(kind, pieces, made)] if is_marked and not atoms else atoms
            return [*held, replace(made, look=replace(made.look, style=None))]
        if kind is not None:
            held = [a for a in atoms if a.kind == kind]
            if kind == "horizontalRule" or not held or _PLACEHOLDER.fullmatch(text):
                held = [_atom(kind, pieces, made)]
            others = [a for a in _shown(pieces) if a.kind != kind]
            return [*held, *others, *self._hanging(pieces, None)]
        if made.mark is None and not text and not made.points:
            is_new = made.insertion is not None
            return [*atoms] if atoms or not is_new else [made]
        return [made, *atoms]

    def _hanging(self, pieces: list[MarkedPiece], properties: Any) -> list[Node]:
        made = self._made(pieces, properties, None)
        if made.points and self.head and not made.mark:
            # On a line that is ours: what hangs there hangs on nothing.
            self.head.append(replace(made, head_style=FILLER))
        return []

    def _made(
        self, pieces: list[MarkedPiece], properties: Any, style_id: str | None
    ) -> MarkedParagraph:
        inlines: list[Run | LineBreak] = []
        points: list[Point] = []
        marks: list[tuple[int, int]] = []
        label, at = "", 0
        for piece in pieces:
            if isinstance(piece, LabelPiece):
                label += piece.text
            elif isinstance(piece, Run | LineBreak):
                inlines.append(piece)
                at += len(piece.text) if isinstance(piece, Run) else 1
            elif isinstance(piece, PointPiece):
                points.append(Point(at, piece.kind, piece.comment))
            elif isinstance(piece, MarkPiece) and piece.kind == "p":
                marks.append((piece.number, at))
        look = self._look(properties, style_id)
        is_own_line = label and look.style in OWN_LINE_STYLES
        if is_own_line and inlines and isinstance(inlines[0], LineBreak):
            # The line break behind such a label is drawn, not written.
            del inlines[0]
            points = [replace(p, offset=max(0, p.offset - 1)) for p in points]
        ends = properties.find(W + "rPr") if properties is not None else None
        change = properties.find(W + "pPrChange") if properties is not None else None
        return MarkedParagraph(
            merge_runs(inlines),
            look,
            marks[0][0] if marks else None,
            _end(ends, "ins", "moveTo"),
            _end(ends, "del", "moveFrom"),
            None if change is None else revision_of(change),
            None if change is None else self._was(change, style_id),
            properties is not None and properties.find(W + "numPr") is not None,
            label.rstrip(),
            tuple(points),
            joined=tuple(marks[1:]),
        )

    def _was(self, change: Any, style_id: str | None) -> Look:
        old = change.find(W + "pPr")
        return self._look(old, value_of(old, "pStyle") or style_id)

    def _look(self, properties: Any, style_id: str | None) -> Look:
        """Worked out once of those that say the same: a table has thousands."""
        said = () if properties is None else tuple(_said(properties))
        key = (style_id, properties is None, said)
        if key not in self._looks:
            self._looks[key] = self._found_look(properties, style_id)
        return self._looks[key]

    def _found_look(self, properties: Any, style_id: str | None) -> Look:
        chain = self._styles.paragraph_chain(properties)
        if style_id and (properties is None or value_of(properties, "pStyle") is None):
            chain += self._styles.style_chain(style_id)
        here = [properties] if properties is not None else []
        style = _align(first_value([c for c in chain if c is not properties], "jc"))
        seen = _align(first_value(here, "jc")) if here else ""
        left = first_value(chain, "ind", "left") or first_value(chain, "ind", "start")
        twips = whole_of(left) or 0
        number = properties.find(W + "numPr") if here else None
        listed, place = "", None
        if number is not None:
            level = level_of(number)
            twips -= list_indent_twips(level)
            given = value_of(number, "numId") or "0"
            if given != "0":
                listed = f"{given}/{level}"
                place = (self._numbering.kind(given, level), level)
        indent = max(0, min(MAX_INDENT, round(twips / INDENT_TWIPS)))
        align = seen or style or "left"
        is_given = align != (style or "left")
        style_named = BODY_IDS.get(style_id or "")
        return Look(style_named, align, indent, is_given, listed, place)

    def _table(self, element: Any, depth: int) -> list[Node]:
        if is_own_letterhead(element) or depth >= MAX_DEPTH:
            flows = [self.flow(cell, depth + 1) for cell in element.iter(W + "tc")]
            # What a person added between the lines of the letterhead.
            return [n for flow in flows for n in flow if _says_something(n)]
        rows = rows_of(element, lambda cell: self.flow(cell, depth + 1))
        return [MarkedTable(rows)] if rows else []


def _end(properties: Any, *names: str) -> Any:
    for name in names:
        found = properties.find(W + name) if properties is not None else None
        if found is not None:
            return revision_of(found)
    return None


def _said(properties: Any) -> Iterator[tuple[object, ...]]:
    """What a look is worked out of."""
    for child in properties:
        if child.tag in _LOOKED_AT:
            yield child.tag, *child.items(), *((c.tag, *c.items()) for c in child)


def _align(value: str | None) -> str:
    return _ALIGN.get(value or "", value or "")


def _says_something(node: Node) -> bool:
    return not isinstance(node, MarkedParagraph) or bool(node.text.strip())


def _atoms(pieces: list[MarkedPiece], align: str) -> list[MarkedAtom]:
    mark = _block_mark(pieces)
    found: list[MarkedAtom] = []
    for piece in pieces:
        if isinstance(piece, AtomPiece):
            found.append(
                MarkedAtom(
                    piece.kind,
                    None if mark is None else mark.number,
                    piece.insertion,
                    piece.deletion,
                    piece.text,
                    piece.digest,
                    piece.width_mm,
                    align,
                    sent_mm=None if mark is None else mark.sent_mm,
                    shown_mm=piece.shown_mm,
                )
            )
            mark = None
    return found


def _shown(pieces: list[MarkedPiece]) -> list[MarkedAtom]:
    """What is seen of them; programs leave breaks where they like."""
    return [a for a in _atoms(pieces, "") if a.kind in ("image", "textBox")]


def _atom(
    kind: AtomKind, pieces: list[MarkedPiece], paragraph: MarkedParagraph
) -> MarkedAtom:
    """One that its style names: what its run says, else what its end says."""
    mark = _block_mark(pieces)
    number = None if mark is None else mark.number
    runs = [p for p in pieces if isinstance(p, Run | AtomPiece)]
    insertion, deletion = paragraph.insertion, paragraph.deletion
    if runs:
        insertion, deletion = runs[0].insertion, runs[0].deletion
    return MarkedAtom(kind, number, insertion, deletion, paragraph.text)


def _block_mark(pieces: list[MarkedPiece]) -> MarkPiece | None:
    for piece in pieces:
        if isinstance(piece, MarkPiece) and piece.kind == "b":
            return piece
    return None
