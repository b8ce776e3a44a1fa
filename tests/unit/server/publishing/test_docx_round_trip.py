"""A draft that is exported to .docx and imported again is the same draft."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collab.content.tree import (
    STYLES,
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
from server.publishing.docx_export import to_docx
from server.publishing.docx_import import from_docx
from server.publishing.letterhead import lines_of
from tests.unit.collab.content.strategies import inlines, paragraphs
from tests.unit.server.publishing.round_trip import kept
from tests.unit.server.publishing.samples import (
    DECISION,
    LETTER,
    PICTURE_DIGEST,
    PICTURE_SRC,
    images,
)


def returned(content: Content) -> Content:
    return from_docx(to_docx(content, images)).content


@pytest.mark.parametrize("content", [LETTER, DECISION], ids=["letter", "decision"])
def test_a_whole_document_comes_back(content: Content) -> None:
    imported = from_docx(to_docx(content, images))
    assert imported.content == kept(content)
    assert imported.warnings == ()


def test_images_come_back_by_digest() -> None:
    assert list(from_docx(to_docx(DECISION, images)).images) == [PICTURE_DIGEST]


# A label at the start of the text of a paragraph without one would be read as its
# label, as it should be when a person types it in Word.
def _has_typed_label(paragraph: Paragraph) -> bool:
    return paragraph.number == "" and paragraph.style not in ("body", "basis")


plain = paragraphs.filter(lambda p: not _has_typed_label(p))
# Small enough for the narrowest cell: a wider one is fitted to its place.
image_blocks = st.builds(
    Image,
    st.just(PICTURE_SRC),
    st.sampled_from(["", "Sơ đồ"]),
    st.sampled_from([2.5, 4.0]),
    st.sampled_from(["left", "center", "right"]),
)


def listed(
    blocks: st.SearchStrategy[Paragraph | ListBlock],
) -> st.SearchStrategy[ListBlock]:
    items = st.tuples(plain, st.lists(st.one_of(blocks, image_blocks), max_size=2))
    return st.builds(
        ListBlock,
        st.lists(items.map(lambda i: (i[0], *i[1])), min_size=1, max_size=3).map(tuple),
        st.booleans(),
        st.integers(0, 40),
    )


lists = st.recursive(plain, listed, max_leaves=6)


def tabled(blocks: st.SearchStrategy) -> st.SearchStrategy[Table]:
    cells = st.builds(
        Cell,
        st.lists(blocks, min_size=1, max_size=2).map(tuple),
        st.integers(1, 3),
        st.integers(1, 3),
        st.booleans(),
    )
    rows = st.lists(cells, min_size=1, max_size=3).map(lambda c: Row(tuple(c)))
    widths = st.sampled_from([(), (60,) * 9, (40, 100, 60, 30, 20, 50, 45, 70, 35)])
    return st.builds(Table, st.lists(rows, min_size=1, max_size=3).map(tuple), widths)


flat = st.one_of(plain, lists, image_blocks, st.builds(PageBreak), st.builds(Rule))
blocks = st.recursive(flat, tabled, max_leaves=6)


@given(st.lists(blocks, max_size=6).map(tuple))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_body_comes_back(body: tuple[Paragraph, ...]) -> None:
    content = Content(Fields(document_type=""), body)
    assert returned(content).blocks == kept(content).blocks


words = st.sampled_from(["Đắk Lắk", "Sở Nội vụ", "UBND tỉnh (b/c)", "Lưu: VT, HCTC"])
names = st.lists(words, max_size=3).map("\n".join)
letterheads = st.builds(
    Fields,
    issuer_parent=names,
    issuer=words,
    notation=st.sampled_from(["VPUBND-HCTC", "QĐ-UBND", "2016/QĐ-UBND"]),
    place=words,
    subject=st.sampled_from(["V/v họp", "về hồ sơ\nnăm 2026", "Quy chế"]),
    addressees=names,
    recipients=names,
    signer_authority=st.sampled_from(["", "KT. Chủ tịch", "TM. Ủy ban nhân dân"]),
    signer_position=words,
    signer_name=words,
    typist=st.sampled_from(["", "PL.(300)"]),
    document_type=st.sampled_from(["CV", "QĐ", "TTr", "BC"]),
    date=st.sampled_from(["", "2026-02-05", "2017-07-14", "2026-12-31"]),
    urgency=st.sampled_from(["normal", "urgent", "very_urgent", "flash"]),
    number=st.sampled_from(["", "05", "328", "12a"]),
)


@given(letterheads)
@settings(max_examples=25, deadline=None)
def test_any_letterhead_comes_back(fields: Fields) -> None:
    assert returned(Content(fields)).fields == kept(Content(fields)).fields


@given(st.lists(inlines, max_size=3))
@settings(max_examples=25, deadline=None)
def test_text_with_every_mark_comes_back(lines: list[tuple[Run | LineBreak]]) -> None:
    content = Content(Fields(), tuple(Paragraph(line) for line in lines))
    assert returned(content).blocks == kept(content).blocks


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_style_comes_back_with_its_label(style: str) -> None:
    body = tuple(
        Paragraph((Run("Nội dung."),), style=style, number=number)  # type: ignore[arg-type]
        for number in (None, "", "IV", None)
    )
    content = Content(Fields(), body)
    assert returned(content).blocks == kept(content).blocks


@pytest.mark.parametrize(
    "field",
    ["issuer", "subject", "addressees", "recipients", "signer_name", "typist"],
)
def test_odd_text_in_a_field_breaks_nothing(field: str) -> None:
    odd = '<w:p/> #evil[] & "x" \x00\x0b\ufffe 😀'
    fields: Callable[..., Fields] = Fields
    content = Content(fields(**{field: odd, "issuer_parent": "A"}))
    text = " ".join(lines_of(odd))
    assert text in getattr(returned(content).fields, field)
