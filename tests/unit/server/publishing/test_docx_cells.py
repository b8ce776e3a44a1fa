"""Suggestions about cells leave as Word's own revisions: golden XML, in its order."""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from collab.content.suggested import original
from collab.content.tree import Cell, Celled, Content, Paragraph, Row, Run, Table
from server.publishing.docx_formats import W
from server.publishing.docx_review import Origin, to_review_docx
from tests.unit.server.publishing.review_samples import AN, AT, BINH, NAMES, by

GOLDEN = Path(__file__).parent / "golden" / "review_cells.xml"
ORIGIN = Origin("0192f0a0-0000-7000-8000-000000000001", 3, 41)
# CT_TcPr and CT_TrPr of ECMA-376: a file in another order is no Word file.
CELL_ORDER = (
    *("cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap"),
    *("tcMar", "textDirection", "tcFitText", "vAlign", "hideMark", "headers"),
    *("cellIns", "cellDel", "cellMerge", "tcPrChange"),
)
ROW_ORDER = ("tblHeader", "ins", "del", "trPrChange")


def cell(text: str, *layers: Celled, **more: Any) -> Cell:
    top = replace(layers[-1], under=layers[:-1]) if layers else None
    return Cell((Paragraph((Run(text),)),), formatting=top, **more)


def held(*rows: Row | tuple[Cell, ...], widths: tuple[int | None, ...]) -> Content:
    made = tuple(row if isinstance(row, Row) else Row(row) for row in rows)
    return Content(blocks=(Table(made, widths),))


def layer(ident: str, author: str = AN, **before: Any) -> Celled:
    return Celled(ident, author, AT, **before)


W2 = (150, 150, 100)
HEAD = layer("h", widths=(150,))
WIDE = layer("w", BINH, headed=True, widths=(100,))
# A header row and a wider column; cells to be one; one to be two; a row that comes.
CELLS = held(
    (
        cell("A", HEAD, headed=True, widths=(150,)),
        cell("B", layer("h", widths=(100,)), WIDE, headed=True, widths=(150,)),
        cell("C", layer("h", widths=(100,)), headed=True, widths=(100,)),
    ),
    (
        cell("a", layer("m", BINH, widths=(150,)), shape="merge-1", widths=(150,)),
        cell("b", layer("w", BINH, widths=(100,)), widths=(150,)),
        cell("c", layer("s", widths=(100,)), shape="split", rowspan=2, widths=(100,)),
    ),
    (
        cell("x", layer("m", BINH, widths=(150,)), shape="merge-1", widths=(150,)),
        cell("y", layer("w", BINH, widths=(100,)), widths=(150,)),
    ),
    Row(
        (
            cell("m", layer("n", widths=(150,)), shape="merge-2", widths=(150,)),
            cell("n", layer("n", widths=(150,)), shape="merge-2", widths=(150,)),
            cell("o", widths=(100,), deletion=by("d")),
        ),
        insertion=by("r"),
    ),
    widths=W2,
)


def document(content: Content) -> str:
    data = to_review_docx(content, lambda _: None, ORIGIN, NAMES)
    with zipfile.ZipFile(BytesIO(data)) as package:
        return package.read("word/document.xml").decode()


def test_revisions_of_cells_are_the_golden_xml() -> None:
    """To accept a change that is meant: WRITE_GOLDEN=1 and look at the difference."""
    text = re.sub(r' xmlns:\w+="[^"]*"', "", document(CELLS))
    found = re.search(r"<w:tbl><w:tblPr><w:tblW.*?_dtp_0.*</w:tbl>", text)
    assert found is not None
    text = re.sub(r"(?=<w:(?:p|tr|tc|tcPr|trPr|tblGrid)[ />])", "\n", found[0]) + "\n"
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


@pytest.mark.parametrize(
    ("tag", "order"), [("tcPr", CELL_ORDER), ("trPr", ROW_ORDER)], ids=["cell", "row"]
)
def test_properties_stand_in_the_order_of_the_schema(
    tag: str, order: tuple[str, ...]
) -> None:
    root = etree.fromstring(document(CELLS).encode())
    seen: set[str] = set()
    for form in root.iter(W + tag):
        names = [str(child.tag).removeprefix(W) for child in form]
        assert names == sorted(set(names), key=order.index)
        seen |= set(names)
    assert set(order) >= seen
    assert {"cellMerge", "tcPrChange"} <= seen or "trPrChange" in seen


def test_every_revision_has_a_number_an_author_and_a_time() -> None:
    root = etree.fromstring(document(CELLS).encode())
    tags = ("tcPrChange", "trPrChange", "cellMerge")
    made = [one for tag in tags for one in root.iter(W + tag)]
    assert {one.get(W + "author") for one in made} == {"Nguyễn Văn An", "Trần Thị Bình"}
    assert {one.get(W + "date") for one in made} == {"2026-11-20T08:30:00Z"}
    numbers = [one.get(W + "id") for one in made]
    assert len(set(numbers)) == len(numbers) >= 10


def test_what_stands_is_what_the_changes_say_it_was() -> None:
    """With each revision of cells rejected, as Word does it, it is the plain file."""
    root = etree.fromstring(document(CELLS).encode())
    for tag, inner in (
        ("tcPrChange", "tcPr"), ("trPrChange", "trPr"), ("tblGridChange", "tblGrid"),
    ):  # fmt: skip
        for change in list(root.iter(W + tag)):
            now = change.getparent()
            was = change.find(W + inner)
            for kept in ("cellMerge", "cellDel", "ins"):
                was.extend(now.findall(W + kept))
            now.getparent().replace(now, was)
    for mark in list(root.iter(W + "cellMerge")):
        mark.getparent().remove(mark)
    rows = original(CELLS).blocks[0]
    assert isinstance(rows, Table)
    held_back = [
        replace(row, cells=tuple(_bare(c) for c in row.cells))
        for row in CELLS.blocks[0].rows  # type: ignore[union-attr]
    ]
    plain = Content(blocks=(Table(tuple(held_back), rows.column_widths),))
    plainly = etree.fromstring(document(plain).encode())
    assert _forms(root) == _forms(plainly)


def _bare(made: Cell) -> Cell:
    return replace(made, formatting=None, shape=None, headed=None, widths=())


def _forms(root: Any) -> list[list[tuple[str, dict[str, str]]]]:
    """Of grids, rows and cells, without what differs in any two files."""
    found = []
    for form in root.iter(W + "tblGrid", W + "trPr", W + "tcPr"):
        said = [(str(c.tag), _attributes(c)) for c in form]
        if said:
            found.append(said)
    return found


def _attributes(child: Any) -> dict[str, str]:
    return {str(k): str(v) for k, v in child.items() if k != W + "id"}


def test_cells_side_by_side_that_are_to_be_one_stand_as_they_do() -> None:
    """The format has no mark for it; so they stay cells, and the draft keeps it."""
    one = layer("m", widths=(None,))
    row = tuple(cell(text, one, shape="merge-1", widths=(None,)) for text in "ab")
    plain = tuple(cell(text) for text in "ab")
    wanted = held(plain, widths=(None, None))
    assert document(held(row, widths=(None, None))) == document(wanted)
