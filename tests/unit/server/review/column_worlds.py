"""A table before and after a file came back: its words, spans and suggestions."""

from __future__ import annotations

from typing import Any

from collab.content.tree import (
    Block,
    Cell,
    Content,
    Paragraph,
    Row,
    Run,
    Suggested,
    Table,
    iter_paragraphs,
)
from server.review.word.outcome import Outcome
from tests.support.reviewed_docx import CORPUS
from tests.unit.server.review.word_worlds import Taken, exported

BASE = exported(CORPUS)
TABLE = 7  # the number of its first paragraph
DUNG = "Phạm Dũng"
AN = Suggested("k1", "word:Nguyễn Văn An", "2026-11-20T08:30:00Z")
Lines = list[list[str]]


def missed(found: Taken) -> list[tuple[str, str]]:
    return [
        (one.code, one.text) for one in (*found.compared.missed, *found.outcome.missed)
    ]


def taken(found: Taken) -> list[str]:
    return lines_of(found.outcome)


def lines_of(outcome: Outcome) -> list[str]:
    return [f"{one.kind} {one.author}: {one.text}" for one in outcome.taken]


def table_in(content: Content) -> Table:
    return next(block for block in content.blocks if isinstance(block, Table))


def lines(content: Content) -> Lines:
    return [
        ["\n".join(p.text for p in iter_paragraphs(cell.blocks)) for cell in row.cells]
        for row in table_in(content).rows
    ]


def spans(content: Content) -> list[list[tuple[int, int]]]:
    rows = table_in(content).rows
    return [[(cell.colspan, cell.rowspan) for cell in row.cells] for row in rows]


def marks(content: Content, row: int) -> list[tuple[str, str]]:
    """Of each cell of a row, who suggests that it comes, and that it goes."""
    return [
        (
            cell.insertion.author if cell.insertion else "",
            cell.deletion.author if cell.deletion else "",
        )
        for cell in table_in(content).rows[row].cells
    ]


def cell(text: str, **more: Any) -> Cell:
    blocks: tuple[Block, ...] = (Paragraph((Run(text),) if text else ()),)
    return Cell(blocks, **more)


def draft(*rows: tuple[Cell, ...]) -> Content:
    before = Paragraph((Run("Bảng phân công."),))
    return Content(
        CORPUS.fields, (before, Table(tuple(map(Row, rows))), Paragraph((Run("Hết."),)))
    )


def sound(found: Taken) -> bool:
    return found.stands and found.is_only_suggested


# A column that is suggested to come, and one to go.
OPEN = draft(
    (cell("A"), cell("B", insertion=AN), cell("C", deletion=AN)),
    (cell("a"), cell("b", insertion=AN), cell("c", deletion=AN)),
)  # 0; 1, 2, 3; 4, 5, 6; 7
# A header over two columns.
HEADED = draft(
    (cell("Đơn vị"), cell("Thời hạn", colspan=2)),
    (cell("Sở Nội vụ"), cell("quý I"), cell("quý II")),
    (cell("Sở Y tế"), cell("10/3"), cell("10/6")),
)  # 0; 1, 2; 3, 4, 5; 6, 7, 8; 9
