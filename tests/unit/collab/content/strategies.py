"""Arbitrary drafts for property tests: real Vietnamese, odd signs, deep nesting."""

from __future__ import annotations

from hypothesis import strategies as st

from collab.content.tree import (
    ALIGNMENTS,
    IMAGE_ALIGNMENTS,
    MARKS,
    SCALAR_FIELDS,
    STYLES,
    TEXT_FIELDS,
    Cell,
    Content,
    Fields,
    Image,
    LineBreak,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Rule,
    Run,
    Table,
)

# Surrogates are no text; the other control characters are left to the tests of
# bad input, as neither XML nor a browser can carry them.
texts = st.one_of(
    st.sampled_from(
        ["Căn cứ", "Ủy ban nhân dân tỉnh Đắk Lắk", " ", "a  b", "Điều", "😀", "hoà"]
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
)
runs = st.builds(
    Run,
    texts,
    st.frozensets(st.sampled_from(sorted(MARKS)), max_size=2),
    st.sampled_from([None, None, None, "https://daklak.gov.vn/?a=1&b=2", "/drafts/"]),
)
inlines = st.lists(st.one_of(runs, runs, st.builds(LineBreak)), max_size=4).map(tuple)
numbers = st.sampled_from([None, None, None, "", "Điều 7.", "5a.", "x)"])
paragraphs = st.builds(
    Paragraph,
    inlines,
    st.sampled_from(sorted(STYLES)),
    st.sampled_from([None, *sorted(ALIGNMENTS)]),
    st.integers(0, 8),
    numbers,
)
images = st.builds(
    Image,
    st.sampled_from(["/api/v1/drafts/1/images/" + "a" * 64, ""]),
    texts,
    st.sampled_from([None, 50.0, 120.5]),
    st.sampled_from(sorted(IMAGE_ALIGNMENTS)),
)
atoms = st.one_of(images, st.builds(PageBreak), st.builds(Rule))


def _nested(blocks: st.SearchStrategy) -> st.SearchStrategy:
    items = st.tuples(paragraphs, st.lists(blocks, max_size=2)).map(
        lambda pair: (pair[0], *pair[1])
    )
    lists = st.builds(
        ListBlock,
        st.lists(items, min_size=1, max_size=3).map(tuple),
        st.booleans(),
        st.integers(1, 9),
    )
    cells = st.builds(
        Cell,
        st.lists(blocks, min_size=1, max_size=2).map(tuple),
        st.integers(1, 3),
        st.integers(1, 3),
        st.booleans(),
    )
    rows = st.builds(Row, st.lists(cells, min_size=1, max_size=3).map(tuple))
    tables = st.builds(
        Table,
        st.lists(rows, min_size=1, max_size=3).map(tuple),
        st.lists(st.sampled_from([None, 60, 240]), max_size=4).map(tuple),
    )
    return st.one_of(lists, tables)


blocks = st.recursive(st.one_of(paragraphs, paragraphs, atoms), _nested, max_leaves=8)
fields = st.fixed_dictionaries(
    dict.fromkeys((*TEXT_FIELDS, *SCALAR_FIELDS[:1]), texts)
).map(lambda values: Fields(**values))
contents = st.builds(Content, fields, st.lists(blocks, max_size=6).map(tuple))
