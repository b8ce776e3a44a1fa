"""PDFs show all the text, in our fonts, and run none of it."""

from __future__ import annotations

import re
import unicodedata
import zlib
from datetime import UTC, date, datetime
from typing import Any

import pytest

from collab.content.tree import (
    STYLES,
    Cell,
    Content,
    Fields,
    Image,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
)
from server.common import clock
from server.common.errors import InvalidInput, Unavailable
from server.publishing import pdf_export, turns
from server.publishing.fonts import code_points, missing_characters
from server.publishing.pdf_data import page_data, shown_text
from server.publishing.pdf_export import to_pdf
from server.publishing.rules import choose_rules
from tests.unit.server.publishing.samples import (
    DECISION,
    LETTER,
    PICTURE_SRC,
    images,
    png,
)

STATE = choose_rules(date(2026, 11, 22))
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def line(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def body(*blocks: Paragraph | Table | ListBlock | Image | PageBreak) -> Content:
    return Content(Fields(), blocks)


def pages(pdf: bytes) -> int:
    count = re.findall(rb"/Type\s*/Pages\b[^>]*?/Count (\d+)", inflated(pdf))
    return max(map(int, count))


def inflated(pdf: bytes) -> bytes:
    """The file with its compressed object streams opened."""
    found = [pdf]
    for match in re.finditer(rb"stream\r?\n", pdf):
        try:
            found.append(zlib.decompressobj().decompress(pdf[match.end() :]))
        except zlib.error:
            continue
    return b"\n".join(found)


@pytest.mark.parametrize("content", [LETTER, DECISION], ids=["letter", "decision"])
def test_a_whole_document_becomes_an_archival_pdf(content: Content) -> None:
    with clock.fixed(NOON):
        pdf = to_pdf(content, images)
    plain = inflated(pdf)
    assert pdf.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in plain
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in plain
    assert re.search(rb"/Lang\s*\(vi", plain)
    # Tagged, for people who have it read aloud: what is what, in its order.
    assert re.search(rb"/MarkInfo\s*<<[^>]*/Marked\s+true", plain)
    assert b"/StructTreeRoot" in plain
    assert len(re.findall(rb"/S\s*/P\b", plain)) >= 5


def test_the_letter_has_two_pages_and_the_same_bytes_each_time() -> None:
    with clock.fixed(NOON):
        first, second = to_pdf(LETTER, images), to_pdf(LETTER, images)
    assert first == second
    assert pages(first) == 2


def test_only_our_fonts_are_embedded() -> None:
    names = set(
        re.findall(rb"/BaseFont\s*/(\S+?)[\s/>]", inflated(to_pdf(LETTER, images)))
    )
    assert names
    assert all(b"Tinos" in name for name in names)


def test_text_is_never_run_as_markup() -> None:
    evil = "#panic() $x$ *b* _i_ = H\\ `r` @ref <label> [c] // c /* */ #{1+1} ~ --- ''"
    content = Content(
        Fields(subject=evil, issuer=evil, recipients=evil, document_type="QĐ"),
        (line(evil), ListBlock(((line(evil),),)), Image(PICTURE_SRC, evil, 20.0)),
    )
    data = page_data(content, images, STATE, 2026).data
    assert evil in shown_text(data)
    assert to_pdf(content, images).startswith(b"%PDF")


def test_a_character_without_glyph_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        to_pdf(body(line("chữ 中 và 😀 và 中")), images)
    assert caught.value.code == "missing_glyph"
    message = str(caught.value)
    assert "U+4E2D" in message
    assert "U+1F600" in message
    assert message.count("U+4E2D") == 1


def test_all_vietnamese_letters_have_glyphs() -> None:
    tones = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
    letters = "".join(
        unicodedata.normalize("NFC", base + tone)
        for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
        for tone in tones
    )
    assert missing_characters(letters + "đĐ–—“”‘’…•§°²³½×±≤≥→₫−") == ()
    assert missing_characters("a\u200b\u00ad☐中☐") == ("☐", "中")


def test_a_font_without_character_map_is_refused() -> None:
    with pytest.raises(ValueError, match="cmap"):
        code_points(b"\x00\x01\x00\x00" + b"\x00" * 20)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_style_is_drawn(style: str) -> None:
    content = body(
        Paragraph((Run("Nội dung."),), style=style),  # type: ignore[arg-type]
        Paragraph((), style=style),  # type: ignore[arg-type]
    )
    assert pages(to_pdf(content, images)) == 1


def test_odd_shapes_are_drawn() -> None:
    wide = Table(
        (
            Row((Cell((line("đầu"),), 3, 1, True),)),
            Row((Cell((line("a"), PageBreak()), 1, 2), Cell((line("b"),)))),
            Row((Cell((ListBlock(((line("x"),),), True, 4),)),)),
        ),
        (900, 900, None),
    )
    inner = Table((Row((Cell((wide,)),)),))
    content = body(
        inner,
        ListBlock(((line("x"), inner, Image(PICTURE_SRC)),)),
        PageBreak(),
        Image("missing", "Sơ đồ"),
        Paragraph((Run("a\tb\nc", frozenset({"superscript", "subscript"})),)),
    )
    assert pages(to_pdf(content, images)) == 2


def test_a_bad_image_is_replaced_by_its_description() -> None:
    content = body(Image("x", "Sơ đồ liên thông"))
    for data in (None, b"", b"no image", png()[:100]):
        page = page_data(content, lambda _src, data=data: data, STATE, 2026)  # type: ignore[misc]
        assert "[Sơ đồ liên thông]" in shown_text(page.data)
        assert page.files == {}


def test_who_waits_too_long_for_a_turn_is_told_so(monkeypatch: Any) -> None:
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.01)
    with pdf_export._lock, pytest.raises(Unavailable) as caught:
        to_pdf(LETTER, images)
    assert caught.value.code == "pdf_busy"
    assert to_pdf(LETTER, images).startswith(b"%PDF")
