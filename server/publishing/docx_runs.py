"""The inside of a Word paragraph: text with marks, links, images, breaks.

Gives pieces in order; what cannot be kept is counted in the notes. Text never vanishes
silently: fields give their result, text boxes their text.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from collab.content.tree import Inline, LineBreak, Run
from server.publishing.docx_formats import (
    Styles,
    W,
    first_switch,
    first_value,
    value_of,
)
from server.publishing.docx_notes import Notes
from server.publishing.docx_package import Package, Relation
from server.publishing.docx_styles import BOLD_LABEL, LABEL
from server.publishing.layout import px_to_mm
from server.publishing.legacy_fonts import is_legacy_font, to_unicode
from server.publishing.letterhead import clean_text
from server.publishing.links import safe_href
from server.publishing.pictures import open_picture

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_V = "{urn:schemas-microsoft-com:vml}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_EMU_PER_MM = 36_000
# Signs of Word's symbol fonts that office texts use.
_SYMBOLS = {
    "f0b7": "•", "f0a7": "▪", "f0fc": "√", "f0e0": "→", "f0d8": "►", "f02d": "-",
    "f0b0": "°", "f0b1": "±", "f0b3": "≥", "f0a3": "≤", "f0b4": "×",
}  # fmt: skip
_SIGNS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "noBreakHyphen": "\u2011",
    W + "softHyphen": "\u00ad",
}
_WRAPPERS = frozenset(
    W + name
    for name in ("smartTag", "customXml", "bdo", "dir", "sdtContent", "ins", "moveTo")
)


@dataclass(frozen=True, slots=True)
class ImagePiece:
    digest: str
    alt: str
    width_mm: float | None
    shown_mm: tuple[float, float] | None = None  # as the file says, natural or not


@dataclass(frozen=True, slots=True)
class PageBreakPiece:
    pass


@dataclass(frozen=True, slots=True)
class BoxPiece:
    """A text box: its paragraphs are read by the caller."""

    content: Any


@dataclass(frozen=True, slots=True)
class LabelPiece:
    text: str


Piece = Inline | ImagePiece | PageBreakPiece | BoxPiece | LabelPiece


class RunReader:
    """Reads paragraphs of one part; collects images by digest."""

    def __init__(
        self,
        package: Package,
        relations: dict[str, Relation],
        styles: Styles,
        notes: Notes,
    ) -> None:
        self._package = package
        self._relations = relations
        self._styles = styles
        self._notes = notes
        self.images: dict[str, bytes] = {}
        self._by_target: dict[str, tuple[str, int] | None] = {}
        # Fields may begin in one paragraph and end in another.
        self._fields: list[dict[str, Any]] = []

    def read(self, paragraph: Any, style_id: str | None, *, own: bool) -> list[Piece]:
        """`own`: the paragraph has one of our styles, so only direct marks count."""
        pieces: list[Piece] = []
        self._read_children(paragraph, style_id, own, None, pieces)
        return pieces

    def _read_children(
        self,
        parent: Any,
        style_id: str | None,
        own: bool,
        href: str | None,
        pieces: list[Piece],
    ) -> None:
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                self._read_run(child, style_id, own, href, pieces)
            elif tag == W + "hyperlink":
                target = self._link_target(child) or href
                self._read_children(child, style_id, own, target, pieces)
            elif tag == W + "fldSimple":
                target = self._field_target(child.get(W + "instr") or "")
                self._read_children(child, style_id, own, target or href, pieces)
            elif tag == W + "sdt":
                content = child.find(W + "sdtContent")
                if content is not None:
                    self._read_children(content, style_id, own, href, pieces)
            elif tag in (W + "del", W + "moveFrom"):
                self._notes.count("revisions")
            elif tag in _WRAPPERS:
                if tag in (W + "ins", W + "moveTo"):
                    self._notes.count("revisions")
                self._read_children(child, style_id, own, href, pieces)
            elif tag in (_M + "oMath", _M + "oMathPara"):
                self._notes.count("equations")
                text = "".join(t.text or "" for t in child.iter(_M + "t"))
                pieces.append(Run(clean_text(text)))
            elif tag == _MC + "AlternateContent":
                best = _best_choice(child)
                if best is not None:
                    self._read_children(best, style_id, own, href, pieces)

    def _read_run(
        self,
        run: Any,
        style_id: str | None,
        own: bool,
        href: str | None,
        pieces: list[Piece],
    ) -> None:
        properties = run.find(W + "rPr")
        character_style = value_of(properties, "rStyle")
        is_label = character_style in (LABEL, BOLD_LABEL)
        chain = self._styles.run_chain(style_id, properties)
        if own:
            chain = [properties] if properties is not None else []
        if first_switch(chain, "vanish"):
            self._notes.count("hidden_text")
            return
        marks = marks_of(chain)
        font = first_value(chain, "rFonts", "ascii") or ""
        caps = first_switch(chain, "caps") and not own
        legacy = is_legacy_font(font)
        if legacy:
            self._notes.count("legacy_fonts")
        text: list[str] = []

        def flush() -> None:
            joined = clean_text("".join(text))
            text.clear()
            if legacy:
                joined = clean_text(to_unicode(joined, font))
            if not joined or self._in_instruction():
                return
            if is_label:
                pieces.append(LabelPiece(joined))
            else:
                shown = joined.upper() if caps else joined
                pieces.append(Run(shown, marks, self._field_href() or href))

        for child in _run_children(run):
            tag = child.tag
            if tag == W + "t":
                text.append((child.text or "").replace("\n", " "))
            elif tag in _SIGNS:
                text.append(_SIGNS[tag])
            elif tag == W + "sym":
                text.append(self._symbol(child))
            elif tag in (W + "br", W + "cr"):
                flush()
                is_page = child.get(W + "type") == "page"
                pieces.append(PageBreakPiece() if is_page else LineBreak())
            elif tag == W + "instrText":
                if self._fields:
                    self._fields[-1]["instruction"] += child.text or ""
            elif tag == W + "fldChar":
                flush()
                self._field_step(child.get(W + "fldCharType"))
            else:
                flush()
                self._read_object(child, pieces)
        flush()

    def _symbol(self, child: Any) -> str:
        sign = _SYMBOLS.get((child.get(W + "char") or "").casefold(), "")
        if not sign:
            self._notes.count("symbols")
        return sign

    def _read_object(self, child: Any, pieces: list[Piece]) -> None:
        tag = child.tag
        if tag in (W + "footnoteReference", W + "endnoteReference"):
            self._notes.count("footnotes")
        elif tag == W + "commentReference":
            self._notes.count("comments")
        elif tag == W + "object":
            self._notes.count("embedded_objects")
        elif tag == W + "drawing":
            self._read_drawing(child, pieces)
        elif tag == W + "pict":
            for image in child.iter(_V + "imagedata"):
                self._add_image(image.get(_R + "id"), "", None, pieces)
            self._add_boxes(child, pieces)

    def _read_drawing(self, drawing: Any, pieces: list[Piece]) -> None:
        if any(True for _ in drawing.iter(_CHART, _DIAGRAM)):
            self._notes.count("charts")
            return
        blips = list(drawing.iter(_A + "blip"))
        alt, shown = "", None
        description = next(drawing.iter(_WP + "docPr"), None)
        if description is not None:
            alt = clean_text(description.get("descr") or "")
        extent = next(drawing.iter(_WP + "extent"), None)
        if extent is not None and len(blips) == 1:
            shown = _size_mm(extent)
        for blip in blips:
            if blip.get(_R + "link") and not blip.get(_R + "embed"):
                self._notes.count("external_content")
                continue
            self._add_image(blip.get(_R + "embed"), alt, shown, pieces)
        self._add_boxes(drawing, pieces)

    def _add_boxes(self, parent: Any, pieces: list[Piece]) -> None:
        for content in parent.iter(W + "txbxContent"):
            # A box inside a box is read with the outer one.
            if next(content.iterancestors(W + "txbxContent"), None) is None:
                self._notes.count("text_boxes")
                pieces.append(BoxPiece(content))

    def _add_image(
        self,
        relation_id: str | None,
        alt: str,
        shown: tuple[float, float] | None,
        pieces: list[Piece],
    ) -> None:
        relation = self._relations.get(relation_id or "")
        if relation is None:
            self._notes.count("images")
            return
        if relation.is_external:
            self._notes.count("external_content")
            return
        stored = self._store_image(relation.target)
        if stored is None:
            self._notes.count("images")
            return
        digest, width_px = stored
        natural = px_to_mm(width_px)
        width_mm = None if shown is None else shown[0]
        if width_mm is not None and not 0 < width_mm <= 1000:
            width_mm = None
        if width_mm is not None and abs(width_mm - natural) < 0.01 * natural + 0.06:
            width_mm = None
        pieces.append(ImagePiece(digest, alt, width_mm, shown))

    def _store_image(self, target: str) -> tuple[str, int] | None:
        if target not in self._by_target:
            self._by_target[target] = None
            if self._package.has(target):
                data = self._package.read(target)
                picture = None
                if len(data) <= self._package.limits.max_image_bytes:
                    picture = open_picture(data)
                if picture is not None:
                    digest = hashlib.sha256(picture.data).hexdigest()
                    self.images[digest] = picture.data
                    self._by_target[target] = (digest, picture.width_px)
        return self._by_target[target]

    def _link_target(self, element: Any) -> str | None:
        relation = self._relations.get(element.get(_R + "id") or "")
        if relation is None or not relation.is_external:
            return None
        return self._checked(relation.target)

    def _checked(self, href: str) -> str | None:
        safe = safe_href(clean_text(href))
        if safe is None:
            self._notes.count("unsafe_links")
        return safe

    def _field_target(self, instruction: str) -> str | None:
        words = instruction.split()
        if len(words) < 2 or words[0].upper() != "HYPERLINK" or words[1][:1] == "\\":
            return None
        return self._checked(words[1].strip('"'))

    def _field_step(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append({"instruction": "", "shown": False, "href": None})
        elif kind == "separate" and self._fields:
            here = self._fields[-1]
            here["shown"] = True
            here["href"] = self._field_target(here["instruction"])
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _in_instruction(self) -> bool:
        return any(not here["shown"] for here in self._fields)

    def _field_href(self) -> str | None:
        hrefs = [here["href"] for here in self._fields if here["href"]]
        return hrefs[-1] if hrefs else None


def _size_mm(extent: Any) -> tuple[float, float] | None:
    try:
        cx, cy = (int(extent.get(name) or 0) for name in ("cx", "cy"))
    except ValueError:
        return None
    return round(cx / _EMU_PER_MM, 1), round(cy / _EMU_PER_MM, 1)


def marks_of(chain: list[Any]) -> frozenset[str]:
    found = {
        name
        for name, tag in (("bold", "b"), ("italic", "i"), ("strike", "strike"))
        if first_switch(chain, tag)
    }
    if (first_value(chain, "u") or "none") != "none":
        found.add("underline")
    position = first_value(chain, "vertAlign")
    if position in ("subscript", "superscript"):
        found.add(position)
    return frozenset(found)


def _run_children(run: Any) -> list[Any]:
    """Children of a run, with the readable choice of alternatives in their place."""
    children: list[Any] = []
    for child in run:
        if child.tag == _MC + "AlternateContent":
            best = _best_choice(child)
            children.extend(best if best is not None else ())
        else:
            children.append(child)
    return children


def _best_choice(alternatives: Any) -> Any | None:
    """The first choice; what it is for is newer than its fallback, never less."""
    choice = alternatives.find(_MC + "Choice")
    return alternatives.find(_MC + "Fallback") if choice is None else choice
