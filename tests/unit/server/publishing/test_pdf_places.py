"""The exporter says where number, date and signature belong, and prints a QR code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from collab.content.tree import Content, PageBreak, Paragraph, Run
from server.common import clock
from server.publishing import layout
from server.publishing.pdf_export import to_pdf, to_signable_pdf
from server.publishing.pdf_places import PT_PER_MM, Places
from server.publishing.qr import qr_png, qr_svg
from server.publishing.rules import rules_for
from tests.unit.server.publishing.samples import LETTER, images

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
PAGE = rules_for(LETTER.fields).page
PAGE_WIDTH = PAGE.width_mm * PT_PER_MM


def places_of(content: Content) -> Places:
    return to_signable_pdf(content, images)[1]


def unissued(content: Content = LETTER) -> Content:
    return replace(content, fields=replace(content.fields, number="", date=""))


def test_signature_has_the_right_half_and_the_space_that_the_layout_leaves() -> None:
    box = places_of(LETTER).signature
    assert box is not None
    assert box.height == pytest.approx(layout.SIGNATURE_SPACE_MM * PT_PER_MM, abs=0.1)
    assert box.width == pytest.approx(PAGE.text_width_mm / 2 * PT_PER_MM, abs=0.1)
    assert box.right == pytest.approx(
        PAGE_WIDTH - PAGE.margin_right_mm * PT_PER_MM, abs=0.1
    )


def test_signature_moves_with_the_text_to_a_later_page() -> None:
    more = replace(LETTER, blocks=(*LETTER.blocks, PageBreak(), Paragraph((Run("."),))))
    first, later = places_of(LETTER).signature, places_of(more).signature
    assert first is not None
    assert later is not None
    assert later.page == first.page + 1


def test_blanks_of_number_and_date_stand_on_one_line() -> None:
    places = places_of(unissued())
    assert places.number is not None
    assert places.day is not None
    assert places.month is not None
    assert places.number.baseline == places.day.baseline == places.month.baseline
    assert (places.number.italic, places.day.italic) == (False, True)
    assert places.number.size_pt == places.day.size_pt == 13
    assert (
        places.number.left < places.number.right < places.day.left < places.month.left
    )


def test_number_and_date_that_are_written_leave_no_blank() -> None:
    given = replace(LETTER.fields, number="328", date="2026-11-22")
    places = places_of(replace(LETTER, fields=given))
    assert (places.number, places.day, places.month) == (None, None, None)


def test_document_without_a_signer_has_no_place_to_sign() -> None:
    nobody = replace(LETTER.fields, signer_name="")
    assert places_of(replace(LETTER, fields=nobody)).signature is None


def test_file_to_sign_is_the_file_that_is_exported() -> None:
    with clock.fixed(NOON):
        assert to_signable_pdf(LETTER, images)[0] == to_pdf(LETTER, images)


def strokes(pdf: bytes) -> list[int]:
    """How many lines and curves each page draws, letters apart."""
    reader = PdfFileReader(BytesIO(pdf))
    pages = (page.get_object() for page in reader.root["/Pages"]["/Kids"])
    return [page["/Contents"].get_object().data.count(b" l ") for page in pages]


def test_code_stands_on_the_first_page_only_and_when_an_address_is_given() -> None:
    address = "https://office.example/verify/ABCD"
    before = strokes(to_pdf(LETTER, images))
    after = strokes(to_pdf(LETTER, images, verify_url=address))
    assert len(before) == 2
    assert after[0] > before[0] + 100
    assert after[1] == before[1]


def test_code_is_drawn_as_picture_and_as_lines() -> None:
    with Image.open(BytesIO(qr_png("https://office.example/verify/ABCD"))) as picture:
        assert picture.width == picture.height
    assert qr_svg("https://office.example").startswith(b"<?xml")
