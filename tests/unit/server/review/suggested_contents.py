"""Arbitrary drafts with suggestions of several people, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from collab.content.tree import (
    ALIGNMENTS,
    MARKS,
    STYLES,
    Cell,
    Content,
    Fields,
    LineBreak,
    ListBlock,
    PageBreak,
    Paragraph,
    Reformatted,
    Restyled,
    Row,
    Rule,
    Run,
    Suggested,
    Table,
)

WORDS = [
    "Căn cứ",
    " Luật ",
    "Ủy ban nhân dân",
    " ",
    "a  b",
    "😀",
    "hoà",
    "Điều 2",
    "1. ",
]
AUTHORS = ["word:Lê Thị Cúc", "word:Nguyễn Văn An", "word:Trần"]
texts = st.one_of(
    st.sampled_from(WORDS),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8),
)
marks = st.frozensets(st.sampled_from(sorted(MARKS)), max_size=2)
by = st.builds(
    Suggested,
    st.sampled_from("abcdef"),
    st.sampled_from(AUTHORS),
    st.sampled_from(["2026-11-20T08:30:00Z", "2026-11-21T01:02:03.500Z"]),
)
maybe = st.one_of(st.none(), st.none(), by)
reformatted = st.builds(
    lambda by, marks: Reformatted(by.id, by.author, by.at, marks), by, marks
)
restyled = st.builds(
    lambda by, style, align, indent: Restyled(
        by.id, by.author, by.at, style, align, indent
    ),
    by,
    st.sampled_from(sorted(STYLES)),
    st.sampled_from([None, *sorted(ALIGNMENTS)]),
    st.integers(0, 3),
)
runs = st.builds(
    Run,
    texts,
    marks,
    st.sampled_from([None, None, "https://daklak.gov.vn/"]),
    maybe,
    maybe,
    st.one_of(st.none(), st.none(), reformatted),
)
inlines = st.lists(
    st.one_of(runs, runs, st.builds(LineBreak, maybe, maybe)), max_size=4
).map(tuple)
paragraphs = st.builds(
    Paragraph,
    inlines,
    st.sampled_from(sorted(STYLES)),
    st.sampled_from([None, *sorted(ALIGNMENTS)]),
    st.integers(0, 3),
    st.none(),
    maybe,
    maybe,
    st.one_of(st.none(), st.none(), restyled),
)
plain_cells = st.builds(Cell, st.tuples(paragraphs))
plain_rows = st.builds(Row, st.tuples(plain_cells, plain_cells), maybe, maybe)


@st.composite
def columned_rows(draw: st.DrawFn) -> tuple[Row, ...]:
    """Columns that are suggested, cells that span others, and marks that stray."""
    columns = [(draw(maybe), draw(maybe)) for _ in range(draw(st.integers(1, 3)))]
    rows: list[Row] = []
    for _ in range(draw(st.integers(1, 3))):
        cells: list[Cell] = []
        at = 0
        while at < len(columns):
            width = min(draw(st.sampled_from([1, 1, 1, 2])), len(columns) - at)
            ends = columns[at] if width == 1 else (None, None)
            if draw(st.sampled_from([False] * 5 + [True])):
                ends = (draw(maybe), draw(maybe))
            height = draw(st.sampled_from([1, 1, 1, 1, 2]))
            cells.append(Cell((draw(paragraphs),), width, height, False, *ends))
            at += width
        rows.append(Row(tuple(cells), draw(maybe), draw(maybe)))
    return tuple(rows)


tables = st.builds(
    Table,
    st.one_of(st.lists(plain_rows, min_size=1, max_size=3).map(tuple), columned_rows()),
    st.just(()),
    maybe,
)
lists = st.builds(
    ListBlock,
    st.lists(st.tuples(paragraphs), min_size=1, max_size=3).map(tuple),
    st.booleans(),
)
blocks = st.one_of(
    paragraphs,
    paragraphs,
    paragraphs,
    tables,
    lists,
    st.builds(PageBreak, maybe, maybe),
    st.builds(Rule, maybe, maybe),
)
contents = st.builds(
    Content,
    st.just(Fields(document_type="QĐ", subject="Quy định về kiểm tra")),
    st.lists(blocks, min_size=1, max_size=5).map(tuple),
)
