"""What a .docx with tracked changes says, as plain values: letters and who did what.

Word knows no lists inside lists and no letterhead: here everything is a flow of
paragraphs, tables and things, each with the mark that our export gave it. Authors are
the names that stand in the file. Pure; must never be taken for content of a draft.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from collab.content.tree import Inline, Style, Suggested, inline_text

AtomKind = Literal["image", "pageBreak", "horizontalRule", "textBox"]
"""A text box is known to Word alone: its words can be told, and no more."""
ListKind = Literal["bullet", "ordered", "more", ""]
Size = tuple[float, float]
"""Width and height in millimetres."""
PointKind = Literal["start", "end", "reference"]


@dataclass(frozen=True, slots=True)
class Look:
    """`style` is None for one that is not ours; `align` is what one sees. `place`: in
    what kind of list ("more" goes on with the item above, "" is unknown), how deep."""

    style: Style | None
    align: str
    indent: int
    is_aligned: bool = False  # otherwise than its style is
    listed: str = ""  # in which list of the file, and how deep
    place: tuple[ListKind, int] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """An end of a comment's range, before the letter at `offset`."""

    offset: int
    kind: PointKind
    comment: str


@dataclass(frozen=True, slots=True)
class MarkedParagraph:
    """`inlines` hold revisions as suggestions whose author is a name in the file;
    `insertion` and `deletion` are of its end; `was` is its look before `restyled`."""

    inlines: tuple[Inline, ...]
    look: Look
    mark: int | None = None
    insertion: Suggested | None = None
    deletion: Suggested | None = None
    restyled: Suggested | None = None
    was: Look | None = None
    in_list: bool = False
    label: str = ""
    points: tuple[Point, ...] = ()
    head_style: str = ""  # of a line of the letterhead
    # Marks of paragraphs that were joined to this one, and where they began.
    joined: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        return inline_text(self.inlines)


@dataclass(frozen=True, slots=True)
class MarkedAtom:
    kind: AtomKind
    mark: int | None = None
    insertion: Suggested | None = None
    deletion: Suggested | None = None
    text: str = ""
    # Of a picture whose bytes are in the file: their digest, and how it is shown.
    # `src` is its address in the draft, once somebody has looked at the bytes.
    # `sent_mm`: how large it went out; `shown_mm`: how large it is.
    digest: str = ""
    width_mm: float | None = None
    align: str = ""
    src: str = ""
    sent_mm: Size | None = None
    shown_mm: Size | None = None


@dataclass(frozen=True, slots=True)
class CellLook:
    """`width` in twips, 0 when none is set; `is_header` as our headers are shaded."""

    width: int = 0
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Merging:
    """That a cell is to be one with those above or below (`now`), or no more so
    (`was`): "rest" is the upper one, "cont" those below, "" none of them."""

    by: Suggested
    was: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class MarkedCell:
    """`column` counts in the grid of the file; `rowspan` counts rows that are read.
    `insertion` and `deletion` are those of its column; `was` is its look before
    `restyled`."""

    flow: Flow = ()
    column: int = 0
    colspan: int = 1
    rowspan: int = 1
    insertion: Suggested | None = None
    deletion: Suggested | None = None
    look: CellLook = CellLook()
    restyled: Suggested | None = None
    was: CellLook | None = None
    merging: Merging | None = None

    @property
    def end(self) -> int:
        return self.column + self.colspan


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """`reached`: column and width of what reaches down into it from a row above;
    `was_header`: whether it was one before `restyled`."""

    cells: tuple[MarkedCell, ...]
    insertion: Suggested | None = None
    deletion: Suggested | None = None
    reached: tuple[tuple[int, int], ...] = ()
    is_header: bool = False
    restyled: Suggested | None = None
    was_header: bool = False


@dataclass(frozen=True, slots=True)
class MarkedTable:
    rows: tuple[MarkedRow, ...]


Node = MarkedParagraph | MarkedAtom | MarkedTable
Flow = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MarkedComment:
    """`key` is the number that our export gave it, or another program's, or nothing;
    `answers` is the `ident` of the comment that it answers."""

    ident: str
    key: str
    author: str
    at: str
    text: str
    answers: str = ""
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """`origin`: draft, epoch and seq as the file says them; empty when it does not."""

    flow: Flow
    head: tuple[MarkedParagraph, ...] = ()
    comments: tuple[MarkedComment, ...] = ()
    origin: dict[str, str] = field(default_factory=dict)
    program: str = ""  # that saved it last, in its own words
    lost: dict[str, int] = field(default_factory=dict)  # codes of docx_notes
    images: dict[str, bytes] = field(default_factory=dict)  # by digest


def paragraphs_in(flow: Flow) -> Iterator[MarkedParagraph]:
    """In document order, those of tables too."""
    for node in flow:
        if isinstance(node, MarkedParagraph):
            yield node
        elif isinstance(node, MarkedTable):
            for row in node.rows:
                for cell in row.cells:
                    yield from paragraphs_in(cell.flow)
