"""The content of a draft as plain, typed, immutable values.

Everything that reads a draft without editing it (export, import, search, templates,
checks of form) works on this tree, so that none of it knows Yjs. It is a picture of
one moment: a live document is never rebuilt from it.

Must never import pycrdt, a framework or the application.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Literal, get_args

Style = Literal[
    "body",
    "basis",  # căn cứ
    "part",  # Phần
    "chapter",  # Chương
    "section",  # Mục
    "subsection",  # Tiểu mục
    "article",  # Điều
    "clause",  # khoản
    "point",  # điểm
    "heading",  # bold, without a number
    "caption",
    "center_title",
]
Align = Literal["left", "center", "right", "justify"]
ImageAlign = Literal["left", "center", "right"]
# What a paragraph is to become: an item of such a list, or one of none.
Listed = Literal["bullet", "ordered", "none"]

STYLES: frozenset[str] = frozenset(get_args(Style))
ALIGNMENTS: frozenset[str] = frozenset(get_args(Align))
IMAGE_ALIGNMENTS: frozenset[str] = frozenset(get_args(ImageAlign))
LISTINGS: frozenset[str] = frozenset(get_args(Listed))
MARKS = frozenset({"bold", "italic", "underline", "strike", "subscript", "superscript"})
MAX_INDENT = 8
MAX_NESTED = 8
MAX_LAYERS = 16  # suggestions about the look of one thing
INDENT_MM = 10
MAX_COLUMNS = 63  # the widest table that Word accepts

SPLIT = "split"
MERGE = "merge-"  # before a name that the cells of one merge share
Widths = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """Who suggests it and when; parts with one `id` are one suggestion.

    On text, breaks and blocks: `insertion` = suggested, not there yet; `deletion` = to
    go. Of a paragraph the two speak of its END, as Word's paragraph mark does: without
    it, the text joins the next paragraph, which keeps its own style and number.
    """

    id: str
    author: str  # the person's id; "word:<name>" when it came from a Word file
    at: str  # ISO time


@dataclass(frozen=True, slots=True)
class Reformatted(Suggested):
    """Text is suggested to look as it does; before, it had these marks.

    `about` names what is suggested (marks, and "link"); None = all that differs.
    `under`: what others suggested about it earlier, lowest first; see `layers`.
    """

    marks: frozenset[str] = frozenset()
    href: str | None = None
    about: frozenset[str] | None = None
    under: tuple[Reformatted, ...] = ()

    @property
    def lowest(self) -> Reformatted:
        """The one that found what stands."""
        return self.under[0] if self.under else self


@dataclass(frozen=True, slots=True)
class Restyled(Suggested):
    """A paragraph is suggested to be as it is; before, it was this."""

    style: Style = "body"
    align: Align | None = None
    indent: int = 0
    number: str | None = None
    listed: Listed | None = None
    nested: int = 0
    under: tuple[Restyled, ...] = ()

    @property
    def lowest(self) -> Restyled:
        return self.under[0] if self.under else self


@dataclass(frozen=True, slots=True)
class Pictured(Suggested):
    """An image is suggested to be shown as it is; before, it was this."""

    alt: str = ""
    width_mm: float | None = None
    align: ImageAlign = "center"
    under: tuple[Pictured, ...] = ()


@dataclass(frozen=True, slots=True)
class Celled(Suggested):
    """A cell is suggested to be as it is; before, it was this."""

    headed: bool | None = None
    shape: str | None = None
    widths: Widths = ()
    under: tuple[Celled, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Text with one set of marks; `href` is set when it is a link."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str | None = None
    insertion: Suggested | None = None
    deletion: Suggested | None = None
    formatting: Reformatted | None = None


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A new line inside a paragraph."""

    insertion: Suggested | None = None
    deletion: Suggested | None = None


Inline = Run | LineBreak


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`number` replaces the automatic label: None = automatic, "" = no label.

    `listed` and `nested` (levels deeper) say what list the paragraph, or the item that
    it begins, is suggested to stand in; with nothing open about them, it does.
    """

    inlines: tuple[Inline, ...] = ()
    style: Style = "body"
    align: Align | None = None
    indent: int = 0
    number: str | None = None
    insertion: Suggested | None = None
    deletion: Suggested | None = None
    formatting: Restyled | None = None
    listed: Listed | None = None
    nested: int = 0

    @property
    def text(self) -> str:
        return inline_text(self.inlines)


@dataclass(frozen=True, slots=True)
class ListBlock:
    """Each item begins with a paragraph; `start` counts for ordered lists only."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """`insertion` and `deletion` are those of its column.

    `headed` and `shape` (`SPLIT`, or `MERGE` and a name) say what the cell is suggested
    to become; with nothing open about them, it does. `widths`, of the columns that it
    spans, are kept where any cell of the table has a `formatting`.
    """

    blocks: tuple[Block, ...] = ()
    colspan: int = 1
    rowspan: int = 1
    header: bool = False
    insertion: Suggested | None = None
    deletion: Suggested | None = None
    headed: bool | None = None
    shape: str | None = None
    widths: Widths = ()
    formatting: Celled | None = None


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...] = ()
    insertion: Suggested | None = None
    deletion: Suggested | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`column_widths` are CSS pixels (1/96 inch), one a column; None = not set.

    Cells flow as in HTML: each takes the first free column of its row.
    """

    rows: tuple[Row, ...]
    column_widths: tuple[int | None, ...] = ()
    insertion: Suggested | None = None
    deletion: Suggested | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """`src` is the address inside the product; `width_mm` None = natural size."""

    src: str
    alt: str = ""
    width_mm: float | None = None
    align: ImageAlign = "center"
    insertion: Suggested | None = None
    deletion: Suggested | None = None
    formatting: Pictured | None = None


@dataclass(frozen=True, slots=True)
class PageBreak:
    insertion: Suggested | None = None
    deletion: Suggested | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""

    insertion: Suggested | None = None
    deletion: Suggested | None = None


Block = Paragraph | ListBlock | Table | Image | PageBreak | Rule


@dataclass(frozen=True, slots=True)
class Fields:
    """The letterhead. Names are those of the Y.Map; dates are ISO or empty."""

    issuer_parent: str = ""
    issuer: str = ""
    notation: str = ""
    place: str = ""
    subject: str = ""
    addressees: str = ""  # one per line
    recipients: str = ""  # one per line
    signer_authority: str = ""
    signer_position: str = ""
    signer_name: str = ""
    typist: str = ""
    document_type: str = ""
    date: str = ""
    urgency: str = "normal"
    deadline: str = ""
    number: str = ""
    schema: str = "1"
    rule_kind: str = ""  # "party": Party layout; else that of the State
    # Parts that only some document types have; empty in all others.
    enacting_authority: str = ""  # thẩm quyền ban hành
    dispatcher: str = ""  # who sends a công điện
    invitees: str = ""
    event: str = ""
    chair: str = ""
    secretary: str = ""
    attendance: str = ""
    starts_at: str = ""
    ends_at: str = ""
    venue: str = ""
    bearer: str = ""  # of a giấy giới thiệu or giấy nghỉ phép
    bearer_position: str = ""
    sent_to: str = ""
    purpose: str = ""
    valid_until: str = ""
    leave_request: str = ""
    leave_period: str = ""
    leave_place: str = ""
    second_position: str = ""  # whoever signs on the left
    second_name: str = ""
    handling: str = ""  # "Lưu hành nội bộ" …
    contact: str = ""  # address line at the foot of page 1


# Text fields are edited by several people at once (nested Y.Text); scalars are chosen.
SCALAR_FIELDS = (
    "document_type",
    "date",
    "urgency",
    "deadline",
    "number",
    "schema",
    "rule_kind",
)
# Of those, what people see and choose, and may speak of.
CHOICE_FIELDS = ("document_type", "date", "urgency", "deadline", "number")
TEXT_FIELDS = tuple(f.name for f in fields(Fields) if f.name not in SCALAR_FIELDS)
URGENCIES = ("normal", "urgent", "very_urgent", "flash")


@dataclass(frozen=True, slots=True)
class Content:
    fields: Fields = Fields()
    blocks: tuple[Block, ...] = ()


def inline_text(inlines: Iterable[Inline]) -> str:
    return "".join(i.text if isinstance(i, Run) else "\n" for i in inlines)


def iter_paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """Every paragraph in document order, those in lists and tables too."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from iter_paragraphs(item)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from iter_paragraphs(cell.blocks)


def iter_images(blocks: Iterable[Block]) -> Iterator[Image]:
    """Every image in document order, those in lists and tables too."""
    for block in blocks:
        if isinstance(block, Image):
            yield block
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from iter_images(item)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from iter_images(cell.blocks)
