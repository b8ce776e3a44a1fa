"""A content, or what differs between two, as HTML of the pages.

One renderer for the read-only sheet, the comparison and "who wrote this": a sheet is a
comparison in which nothing changed. Every character of a text is escaped here, links
and pictures are written only when they lead to where they may. Must never mark as safe
what came from a document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from collab.content.comparing.changes import Change, Item, Piece, Side
from collab.content.labels import OWN_LINE_STYLES, Labeller
from collab.content.tree import (
    INDENT_MM,
    Cell,
    Image,
    Inline,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Rule,
    Run,
    Table,
)

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strike": "s",
    "subscript": "sub",
    "superscript": "sup",
}
_OWN_IMAGE = re.compile(r"/api/v1/drafts/[0-9a-f-]{36}/images/[0-9a-f]{64}")
_LINK = re.compile(r"(?:https?://|mailto:|/(?!/))", re.IGNORECASE)
_LABEL = '<span class="dt-label">{}</span>'
_SUGGESTED = '<span class="dt-suggested-{}" title="{}">{}</span>'
_EMPTY = mark_safe("")

AuthorOf = Callable[[Piece], tuple[str, str] | None]
"""Class and name of whoever wrote a piece; None: not shown."""


def _nobody(piece: Piece) -> tuple[str, str] | None:
    return None


class Renderer:
    """`side`: only what stands on that side; None: both, marked in one text.

    One object renders one text: labels count from its beginning.
    """

    def __init__(self, side: Side | None = None, author_of: AuthorOf = _nobody) -> None:
        self._side = side
        self._author_of = author_of
        self._old, self._new = Labeller(), Labeller()

    def blocks(self, changes: Iterable[Change]) -> SafeString:
        return _joined(self.block(change) for change in changes)

    def block(self, change: Change) -> SafeString:
        """One block; empty when it does not stand on this side."""
        node = change.new if change.new is not None else change.old
        if isinstance(node, Paragraph):
            # Labels count on both sides, whichever is shown.
            return self._shown(change, self._paragraph(change))
        if isinstance(node, ListBlock):
            tag = "ol" if node.ordered else "ul"
            start = format_html(' start="{}"', node.start) if node.ordered else _EMPTY
            inner = self._parts(change)
            return self._shown(change, self._wrap(tag, change, inner, start))
        if isinstance(node, Table):
            inner = format_html("<tbody>{}</tbody>", self._parts(change))
            table = self._wrap("table", change, inner)
            shown = format_html('<div class="dt-sheet-table">{}</div>', table)
            return self._shown(change, shown)
        return self._shown(change, self._atom(change))

    def pieces(self, pieces: Iterable[Piece]) -> SafeString:
        return _joined(self._piece(piece) for piece in pieces)

    def _shown(self, change: Change, html: SafeString) -> SafeString:
        if self._side is None:
            return html
        node = change.old if self._side == "old" else change.new
        return _EMPTY if node is None else html

    def _parts(self, change: Change) -> SafeString:
        return _joined(self._part(part) for part in change.parts)

    def _part(self, change: Change) -> SafeString:
        node = change.new if change.new is not None else change.old
        if isinstance(node, Item):
            html = self._wrap("li", change, self._parts(change))
        elif isinstance(node, Row):
            html = self._wrap("tr", change, self._parts(change))
        elif isinstance(node, Cell):
            spans = format_html(
                ' colspan="{}" rowspan="{}"', node.colspan, node.rowspan
            )
            tag = "th" if node.header else "td"
            html = self._wrap(tag, change, self._parts(change), spans)
        else:
            return self.block(change)
        return self._shown(change, html)

    def _wrap(
        self,
        tag: str,
        change: Change,
        inner: SafeString,
        attributes: SafeString = _EMPTY,
        classes: str = "",
    ) -> SafeString:
        names = f"{classes} {_change_class(change)}".strip()
        shown = format_html(' class="{}"', names) if names else _EMPTY
        if change.move:
            shown = format_html('{} data-move="{}"', shown, change.move)
        name = mark_safe(tag)  # noqa: S308 - a constant of this module
        return format_html("<{}{}{}>{}</{}>", name, shown, attributes, inner, name)

    def _paragraph(self, change: Change) -> SafeString:
        old, new = change.old, change.new
        before = self._old.label(old) if isinstance(old, Paragraph) else ""
        after = self._new.label(new) if isinstance(new, Paragraph) else ""
        node = old if new is None or (self._side == "old" and old is not None) else new
        assert isinstance(node, Paragraph), "the caller looked"
        label = self._label(before, after, change)
        gap = mark_safe("<br>") if node.style in OWN_LINE_STYLES else " "
        text = self.pieces(change.pieces)
        inner = format_html("{}{}{}", label, gap, text) if label else text
        style = format_html(' style="{}"', _style(node)) if _style(node) else _EMPTY
        classes = f"dt-p dt-p-{node.style}"
        return self._wrap("p", change, inner or _BREAK, style, classes)

    def _label(self, before: str, after: str, change: Change) -> SafeString:
        one_side = change.old is None or change.new is None or self._side is not None
        if one_side or before == after:
            is_old = self._side == "old" or change.new is None
            label = before if is_old else after
            return format_html(_LABEL, label) if label else _EMPTY
        # A number that only moved on is no edit of anybody's: it is said quietly.
        return format_html(
            '<span class="dt-label dt-relabelled" title="{}">{}</span>',
            _("Trước là: %(label)s") % {"label": before or "–"},
            after or "–",
        )

    def _piece(self, piece: Piece) -> SafeString:
        if self._side == "old":
            inline = piece.old
        else:
            inline = piece.new if self._side == "new" else piece.inline
        if inline is None:
            return _EMPTY
        html = _inline(inline)
        author = self._author_of(piece)
        if author is not None:
            html = format_html(
                '<span class="dt-by {}" title="{}">{}</span>', *author, html
            )
        return _marked(piece, html)

    def _atom(self, change: Change) -> SafeString:
        node = change.new if change.new is not None else change.old
        if self._side == "old" and change.old is not None:
            node = change.old
        if isinstance(node, Image):
            return self._wrap("figure", change, _picture(node))
        if isinstance(node, PageBreak):
            words = format_html("<span>{}</span>", _("Ngắt trang"))
            return self._wrap("div", change, words, classes="dt-page-break")
        if isinstance(node, Rule):
            return self._wrap("div", change, mark_safe("<hr>"))
        return _EMPTY


_BREAK = mark_safe("<br>")
_WORDS: dict[str, Literal["ins", "del"]] = {
    "inserted": "ins",
    "moved_to": "ins",
    "deleted": "del",
    "moved_from": "del",
}


def _marked(piece: Piece, html: SafeString) -> SafeString:
    if piece.kind == "same":
        return html
    if piece.kind == "formatted":
        return format_html('<span class="dt-formatted">{}</span>', html)
    tag = mark_safe(_WORDS[piece.kind])  # noqa: S308 - a constant of this module
    moved = " dt-moved" if piece.kind in ("moved_from", "moved_to") else ""
    return format_html('<{} class="dt-word{}">{}</{}>', tag, moved, html, tag)


def _change_class(change: Change) -> str:
    return "" if change.kind == "same" else f"dt-is-{change.kind.replace('_', '-')}"


def _inline(inline: Inline) -> SafeString:
    if not isinstance(inline, Run):
        return _BREAK
    html = format_html("{}", inline.text)
    if inline.insertion is not None:
        html = format_html(_SUGGESTED, "in", _("Đề xuất thêm"), html)
    if inline.deletion is not None:
        html = format_html(_SUGGESTED, "out", _("Đề xuất bỏ"), html)
    for mark, tag in _TAGS.items():
        if mark in inline.marks:
            name = mark_safe(tag)  # noqa: S308 - a constant of this module
            html = format_html("<{}>{}</{}>", name, html, name)
    if inline.href and _LINK.match(inline.href):
        html = format_html(
            '<a href="{}" rel="noopener noreferrer">{}</a>', inline.href, html
        )
    return html


def _picture(image: Image) -> SafeString:
    if not _OWN_IMAGE.fullmatch(image.src):
        return format_html("<figcaption>[{}]</figcaption>", image.alt or _("Ảnh"))
    width = f"width:{image.width_mm:g}mm" if image.width_mm else ""
    return format_html(
        '<img src="{}" alt="{}" loading="lazy" style="{}">',
        image.src,
        image.alt,
        width,
    )


def _style(paragraph: Paragraph) -> str:
    parts = []
    if paragraph.align:
        parts.append(f"text-align:{paragraph.align}")
    if paragraph.indent:
        parts.append(f"margin-inline-start:{paragraph.indent * INDENT_MM}mm")
    return ";".join(parts)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in _present(parts)))


def _present(parts: Iterable[SafeString]) -> Iterator[SafeString]:
    return (part for part in parts if part)
