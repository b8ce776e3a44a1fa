"""What somebody did in Word, as steps on the text that was exported.

Paragraphs are counted as in that text, letters as in their paragraph. Who did it is a
name in the file, or `UNTRACKED`: done without a trace, so that it stands in the name of
whoever brings the file back. Pure values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from collab.content.tree import Inline, Listed, Suggested
from server.publishing.marked import Flow, Look, MarkedParagraph, MarkedRow, Node

UNTRACKED = Suggested("", "", "")
Settled = Literal["insertion", "deletion", "formatting"]


@dataclass(frozen=True, slots=True)
class Ref:
    """A paragraph ("p"), a table ("t") or a thing ("a"), counted in document order."""

    kind: Literal["p", "t", "a"]
    number: int


@dataclass(frozen=True, slots=True)
class Delete:
    paragraph: int
    start: int
    end: int
    by: Suggested
    text: str


@dataclass(frozen=True, slots=True)
class Reformat:
    paragraph: int
    start: int
    end: int
    by: Suggested
    was: tuple[frozenset[str], str | None]  # marks and link
    now: tuple[frozenset[str], str | None]
    text: str


@dataclass(frozen=True, slots=True)
class NewEnd:
    """`deletion`: somebody joined again what somebody had split."""

    by: Suggested
    look: Look
    in_list: bool
    deletion: Suggested | None = None


@dataclass(frozen=True, slots=True)
class Insert:
    """Before the letter `at`: the first line, then each new end with the next line."""

    paragraph: int
    at: int
    by: Suggested
    lines: tuple[tuple[Inline, ...], ...]
    ends: tuple[NewEnd, ...] = ()


@dataclass(frozen=True, slots=True)
class InsertNodes:
    """Whole paragraphs, tables and things beside one that was there."""

    beside: Ref
    is_after: bool
    by: Suggested
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Relist:
    """In what list it is to stand, as a draft says it; `was_item`: of a list."""

    listed: Listed | None
    nested: int
    was_item: bool


@dataclass(frozen=True, slots=True)
class Restyle:
    paragraph: int
    by: Suggested
    look: Look
    lists: Relist | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class DeleteEnd:
    paragraph: int
    by: Suggested


@dataclass(frozen=True, slots=True)
class Settle:
    """Somebody accepted or rejected in Word; `end` None: of the paragraph's end."""

    paragraph: int
    start: int
    end: int | None
    kind: Settled
    accept: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class DeleteRow:
    table: int
    row: int
    by: Suggested
    text: str = ""


@dataclass(frozen=True, slots=True)
class InsertRow:
    """Before the row of that number; as many as there are: at the end. Its cells stand
    in the columns that the table had; `more` stand in those that came with it. `text`
    is all of it, as it stood."""

    table: int
    row: int
    by: Suggested
    content: MarkedRow
    more: tuple[CellOfColumn, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class CellOfColumn:
    """In the columns that are suggested `by` somebody, from the one of that number."""

    by: Suggested
    number: int
    colspan: int
    flow: Flow


@dataclass(frozen=True, slots=True)
class NewCell:
    """Of columns that came: `number` counts in them. `reaches`: rows of them below."""

    row: int
    number: int
    colspan: int
    flow: Flow
    reaches: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class InsertColumns:
    """`count` columns that came in one go, before the column `at`. `wider`: row and
    column of cells that there were and that reach over the new ones; what else stands
    in the new ones, by row, is `cells`. `deletion`: somebody takes them back again."""

    table: int
    at: int
    count: int
    by: Suggested
    cells: tuple[NewCell, ...] = ()
    wider: tuple[tuple[int, int], ...] = ()
    deletion: Suggested | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class DeleteColumns:
    """From the column `start` to before `end`."""

    table: int
    start: int
    end: int
    by: Suggested
    text: str = ""


@dataclass(frozen=True, slots=True)
class SettleColumns:
    """As `Settle`, of what is suggested of columns."""

    table: int
    start: int
    end: int
    kind: Settled
    accept: bool
    text: str = ""


Becoming = Literal["merge", "split", "headed", "unheaded"]
About = Literal["shape", "headed", "look"]
Spots = tuple[tuple[int, int], ...]
"""Cells, each by its row and its number there."""


@dataclass(frozen=True, slots=True)
class Recell:
    """Cells that are to be one ("merge") or several ("split"), headers or none."""

    table: int
    spots: Spots
    kind: Becoming
    by: Suggested
    text: str = ""


@dataclass(frozen=True, slots=True)
class Widen:
    """The column between these edges is to be so many pixels wide."""

    table: int
    start: int
    end: int
    width: int
    by: Suggested
    text: str = ""


@dataclass(frozen=True, slots=True)
class SettleCells:
    """As `Settle`, of what is suggested about cells: what they are to become, whether
    they are headers, or that and their widths ("look")."""

    table: int
    spots: Spots
    about: About
    accept: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class DeleteAtom:
    atom: int
    by: Suggested


@dataclass(frozen=True, slots=True)
class Resize:
    """A picture is to be so many millimetres wide."""

    atom: int
    width: float
    by: Suggested
    text: str = ""


@dataclass(frozen=True, slots=True)
class SettleThing:
    """As `Settle`, of a row (`row` counts in the table) or of a thing (`row` None)."""

    number: int
    row: int | None
    kind: Settled
    accept: bool


Step = (
    Delete
    | Reformat
    | Insert
    | InsertNodes
    | Restyle
    | DeleteEnd
    | Settle
    | DeleteRow
    | InsertRow
    | DeleteAtom
    | Resize
    | SettleThing
    | InsertColumns
    | DeleteColumns
    | SettleColumns
    | Recell
    | Widen
    | SettleCells
)
Decision = Settle | SettleThing | SettleColumns | SettleCells


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that cannot be taken: why, its words, and the paragraph it stood by."""

    code: str
    text: str = ""
    paragraph: int | None = None


@dataclass(slots=True)
class Compared:
    """`resigned`: letters whose change bears another name in the second file. No
    program does that, so the second file was not made from the first one."""

    steps: list[Step] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    resigned: int = 0


def row_text(row: MarkedRow) -> str:
    return " | ".join(text_of_nodes(cell.flow) for cell in row.cells)


def text_of_nodes(nodes: tuple[Node, ...]) -> str:
    lines: list[str] = []
    for node in nodes:
        if isinstance(node, MarkedParagraph):
            lines.append(node.text)
        elif hasattr(node, "rows"):
            for row in node.rows:
                lines.append(row_text(row))
        elif node.text:
            lines.append(node.text)
    return "\n".join(lines)
