"""What a draft says when suggestions are accepted, rejected, or left as they are.

    original(content)    all rejected: what stands, before anybody's suggestion
    final(content)       all accepted: what would stand
    resolve(content, …)  some of each

The editor does the same to the live document (editor_client/src/suggest/resolve.ts);
`tests/unit/collab/content/suggestion_cases.json` is read by both.

Rules, the same for both directions. What is rejected as inserted or accepted as
deleted goes. A paragraph whose end goes runs on in the next one, which keeps its style
and number; this reaches from one item of a list to the next, not out of the list. One
that has nothing to run into goes if it is empty, and else stays. An item, a list or a
table of which nothing is left goes too. Several suggestions about one look are
`layers`; lists are made in `listing`, headers, merged and split cells in `reshape`, and
tables are whole again by `regrid`. So no order of decisions loses or leaves a letter;
where a block that is still undecided stands after such an end, the paragraph stays one
of its own. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import is_

from collab.content.cell_looks import settle_cell
from collab.content.grid import column_widths, has_looks
from collab.content.layers import (
    Decide,
    settle_image,
    settle_paragraph,
    settle_run,
)
from collab.content.listing import relist
from collab.content.normal import merge_runs, normalise, normalise_blocks
from collab.content.regrid import Spot, regrid
from collab.content.reshape import reshape
from collab.content.tree import (
    Block,
    Cell,
    Content,
    Image,
    Inline,
    LineBreak,
    ListBlock,
    Paragraph,
    Row,
    Suggested,
    Table,
)


@dataclass(slots=True)
class _Piece:
    block: Block
    runs_on: bool = False  # a paragraph whose end has gone


def original(content: Content) -> Content:
    return resolve(content, lambda _: False)


def final(content: Content) -> Content:
    return resolve(content, lambda _: True)


def without(content: Content, author: str) -> Content:
    """All suggestions of one person rejected."""
    return resolve(content, lambda s: False if s.author == author else None)


def resolve(content: Content, decide: Decide) -> Content:
    return normalise(Content(content.fields, resolve_blocks(content.blocks, decide)))


def resolve_blocks(blocks: Iterable[Block], decide: Decide) -> tuple[Block, ...]:
    return normalise_blocks(relist(_settled(_flow(blocks, decide))))


def _stays(
    insertion: Suggested | None, deletion: Suggested | None, decide: Decide
) -> tuple[bool, Suggested | None, Suggested | None]:
    """Whether a thing stays, and what is left undecided about it."""
    if insertion is not None:
        verdict = decide(insertion)
        if verdict is False:
            return False, None, None
        insertion = None if verdict else insertion
    if deletion is not None:
        verdict = decide(deletion)
        if verdict is True:
            return False, None, None
        deletion = None if verdict is False else deletion
    return True, insertion, deletion


def _flow(blocks: Iterable[Block], decide: Decide) -> list[_Piece]:
    pieces: list[_Piece] = []
    for block in blocks:
        piece = _piece(block, decide)
        if piece is not None:
            _add(pieces, piece)
    return pieces


def _add(pieces: list[_Piece], piece: _Piece) -> None:
    before = pieces[-1] if pieces else None
    if before is not None and before.runs_on and isinstance(before.block, Paragraph):
        if isinstance(piece.block, Paragraph):
            inlines = (*before.block.inlines, *piece.block.inlines)
            pieces[-1] = _Piece(replace(piece.block, inlines=inlines), piece.runs_on)
            return
        _close(pieces)
    pieces.append(piece)


def _close(pieces: list[_Piece]) -> None:
    """Nothing follows that the last paragraph could run into."""
    if not pieces or not pieces[-1].runs_on:
        return
    last = pieces[-1]
    if isinstance(last.block, Paragraph) and not merge_runs(last.block.inlines):
        pieces.pop()
    else:
        last.runs_on = False


def _settled(pieces: list[_Piece]) -> tuple[Block, ...]:
    _close(pieces)
    return tuple(piece.block for piece in pieces)


def _piece(block: Block, decide: Decide) -> _Piece | None:
    if isinstance(block, ListBlock):
        items = _items(block, decide)
        return _Piece(replace(block, items=items)) if items else None
    stays, insertion, deletion = _stays(block.insertion, block.deletion, decide)
    if isinstance(block, Paragraph):
        return _Piece(_paragraph(block, insertion, deletion, decide), not stays)
    if not stays:
        return None
    if block.insertion is not insertion or block.deletion is not deletion:
        block = replace(block, insertion=insertion, deletion=deletion)
    if isinstance(block, Table):
        table = _table(block, decide)
        return None if table is None else _Piece(table)
    if isinstance(block, Image):
        block = settle_image(block, decide)
    return _Piece(block)


def _paragraph(
    block: Paragraph,
    insertion: Suggested | None,
    deletion: Suggested | None,
    decide: Decide,
) -> Paragraph:
    inlines = tuple(i for each in block.inlines if (i := _inline(each, decide)))
    is_plain = block.insertion is insertion and block.deletion is deletion
    if is_plain and _are(inlines, block.inlines):
        # Most stay as they are, and are not made anew.
        return settle_paragraph(block, decide)
    block = replace(block, inlines=inlines, insertion=insertion, deletion=deletion)
    return settle_paragraph(block, decide)


def _are(made: Sequence[object], held: Sequence[object]) -> bool:
    """The same objects."""
    return len(made) == len(held) and all(map(is_, made, held))


def _inline(inline: Inline, decide: Decide) -> Inline | None:
    stays, insertion, deletion = _stays(inline.insertion, inline.deletion, decide)
    if not stays:
        return None
    if isinstance(inline, LineBreak):
        is_plain = insertion is inline.insertion and deletion is inline.deletion
        return inline if is_plain else LineBreak(insertion, deletion)
    run = inline
    if run.insertion is not insertion or run.deletion is not deletion:
        run = replace(run, insertion=insertion, deletion=deletion)
    return settle_run(run, decide)


def _items(block: ListBlock, decide: Decide) -> tuple[tuple[Block, ...], ...]:
    items: list[list[_Piece]] = []
    for item in block.items:
        flow = _flow(item, decide)
        if not flow:
            continue
        last = items[-1] if items else []
        if last and last[-1].runs_on and isinstance(flow[0].block, Paragraph):
            for piece in flow:
                _add(last, piece)
        else:
            items.append(flow)
    settled = (_settled(item) for item in items)
    return tuple(item for item in settled if item)


def _table(table: Table, decide: Decide) -> Table | None:
    rows: list[Row] = []
    gone_rows: set[int] = set()
    gone: set[Spot] = set()
    for index, row in enumerate(table.rows):
        stays, insertion, deletion = _stays(row.insertion, row.deletion, decide)
        if not stays:
            gone_rows.add(index)
        # Of a row that never was, nobody learns how wide a column is.
        never_was = row.insertion is not None and decide(row.insertion) is False
        cells: list[Cell] = []
        for number, cell in enumerate(row.cells):
            cell_stays, cell = _cell(cell, decide)
            if not cell_stays:
                gone.add((index, number))
            cells.append(
                replace(cell, widths=()) if never_was and cell.widths else cell
            )
        rows.append(Row(tuple(cells), insertion, deletion))
    if len(gone_rows) == len(rows):
        return None
    decided = replace(table, rows=tuple(rows))
    if has_looks(table):
        decided = replace(decided, column_widths=column_widths(decided))
    if gone_rows or gone:
        decided = regrid(decided, gone_rows, gone)
    return reshape(decided)


def _cell(cell: Cell, decide: Decide) -> tuple[bool, Cell]:
    stays, insertion, deletion = _stays(cell.insertion, cell.deletion, decide)
    blocks = resolve_cell(cell, decide)
    is_plain = cell.insertion is insertion and cell.deletion is deletion
    if not is_plain or not _are(blocks, cell.blocks):
        cell = replace(cell, blocks=blocks, insertion=insertion, deletion=deletion)
    return stays, settle_cell(cell, decide)


def resolve_cell(cell: Cell, decide: Decide) -> tuple[Block, ...]:
    """What stands in the cell, not normalised."""
    return relist(_settled(_flow(cell.blocks, decide))) or (Paragraph(),)


def goes(thing: Row, decide: Decide) -> bool:
    """Whether it is no more there, as far as its own suggestions say."""
    stays, _insertion, _deletion = _stays(thing.insertion, thing.deletion, decide)
    return not stays
