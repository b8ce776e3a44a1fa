"""The words of Excel, PowerPoint, LibreOffice and RTF files, and of pages that are
pictures; and that none of them does harm."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from server.common.errors import AppError
from server.publishing.file_words import (
    DOCX,
    ODT,
    PDF,
    PPTX,
    RTF,
    XLSX,
    picture_of,
    read,
    words_of,
)
from server.publishing.file_words.pictures import MAX_PIXELS
from tests.support.attachments import docx_saying, pdf_saying, scan
from tests.support.office_files import (
    odt_saying,
    packed,
    picture_saying,
    pptx_saying,
    scan_saying,
    xlsx_of_cell,
    xlsx_saying,
)

SENTENCE = "Sở Nội vụ đề nghị rà soát danh mục dịch vụ công"


# ── spreadsheets ─────────────────────────────────────────────────────────────────


def test_a_spreadsheet_is_read_row_by_row_with_the_names_of_its_sheets() -> None:
    data = xlsx_saying(
        Biên_chế=[["STT", "Đơn vị"], [1, SENTENCE]], Kinh_phí=[[1500000, None, True]]
    )
    said = words_of(XLSX, data).split("\n")
    assert said == ["Biên_chế", "STT Đơn vị", f"1 {SENTENCE}", "Kinh_phí", "1500000"]


def test_no_more_of_a_spreadsheet_is_read_than_there_is_room_for() -> None:
    data = xlsx_saying(Một=[["chữ " * 10]] * 1000)
    assert len(words_of(XLSX, data, 100)) <= 100


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('t="s"><v>1</v>', "hai ba"),
        ('t="s"><v>99</v>', ""),
        ('t="s"><v>-1</v>', ""),
        ('t="s"><v>x</v>', ""),
        ('t="s">', ""),
        ('t="str"><f>A1</f><v>kết quả</v>', "kết quả"),
        ('t="inlineStr"><is><t>tại chỗ</t></is>', "tại chỗ"),
        ("><v>12.5</v>", "12.5"),
        ('t="b"><v>1</v>', ""),
        ('t="e"><v>#REF!</v>', ""),
    ],
)
def test_each_kind_of_cell_is_read(cell: str, said: str) -> None:
    lines = words_of(XLSX, xlsx_of_cell(cell)).split("\n")
    assert lines == (["Một", said] if said else ["Một"])


# ── presentations ────────────────────────────────────────────────────────────────


def test_slides_are_read_in_their_order_with_their_notes() -> None:
    data = pptx_saying("Tiêu đề\nGạch đầu dòng", SENTENCE, note="Lời người trình bày")
    said = words_of(PPTX, data).split("\n")
    assert said == ["Tiêu đề", "Gạch đầu dòng", SENTENCE, "Lời người trình bày"]


# ── LibreOffice ──────────────────────────────────────────────────────────────────


def test_an_open_document_is_read_with_its_header_and_without_what_was_deleted() -> (
    None
):
    spans = "<text:span>Sở</text:span><text:s/>Nội <text:line-break/>vụ"
    data = odt_saying(SENTENCE, spans, header="Mật thư")
    assert words_of(ODT, data).split("\n") == [SENTENCE, "Sở Nội vụ", "Mật thư"]


# ── RTF ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rb"H\u7891? s\u417?", "Hồ sơ"),
        (rb"\uc0 H\u7891  s\u417", "Hồ sơ"),
        (rb"\uc2 H\u7891\'f4\'3f s\u417xy", "Hồ sơ"),
        (rb"m\'f4t\par hai\line ba", "môt\nhai\nba"),
        (rb"{\b \'93a\'94} \emdash  \~b\_c\-d", "“a” — b-cd"),
        (rb"a{\*\unknown b{c}}d{\pict 00ff}e{\info{\title f}}", "ade"),
        (rb"a{\deleted b}c\deleted d\deleted0 e", "ace"),
        (rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt ch\u7919?}}", "chữ"),
        (rb"\'5c \{x\} \\", "\\ {x} \\"),
        (rb"\u-10179?\u-8704?", "😀"),
        (b"a\\bin4 {{{{b", "ab"),
    ],
)
def test_rtf_says_what_a_reader_sees(text: bytes, said: str) -> None:
    assert words_of(RTF, rb"{\rtf1\ansi " + text + b"}") == said


def test_rtf_of_a_vietnamese_font_is_read_by_its_code_page() -> None:
    """As old programs write: letters of code page 1258, tones after them."""
    head = rb"{\rtf1\ansi{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset163 Times;}}"
    data = head + rb"\f1 Vi\'ea\'f2t Nam, \'f0\'f4\f0 \'f0}"
    assert words_of(RTF, data) == "Việt Nam, đôð"


def test_what_is_no_rtf_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="no RTF"):
        words_of(RTF, b"chu")
    with pytest.raises(ValueError, match="too deep"):
        words_of(RTF, b"{\\rtf1 " + b"{" * 5000)


# ── traps ────────────────────────────────────────────────────────────────────────

ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (ODT, odt_saying("&a;", before=ENTITY)),
        (PPTX, pptx_saying("&a;", more=ENTITY)),
    ],
    ids=["odt", "pptx"],
)
def test_a_file_with_entities_is_refused(kind: str, data: bytes) -> None:
    with pytest.raises(AppError):
        words_of(kind, data)


@pytest.mark.parametrize(
    ("kind", "part"),
    [(ODT, "content.xml"), (PPTX, "ppt/slides/slide1.xml"), (XLSX, "xl/workbook.xml")],
)
def test_a_bomb_is_refused(kind: str, part: str) -> None:
    import zipfile

    made = {ODT: odt_saying("a"), PPTX: pptx_saying("a"), XLSX: xlsx_saying(A=[["a"]])}
    with zipfile.ZipFile(BytesIO(made[kind])) as file:
        parts: dict[str, str | bytes] = {n: file.read(n) for n in file.namelist()}
    swollen = parts[part]
    assert isinstance(swollen, bytes)
    parts[part] = swollen + b" " * 100_000_000
    data = packed(parts)
    assert len(data) < 1_000_000
    with pytest.raises(AppError):
        words_of(kind, data)


@pytest.mark.parametrize("kind", [DOCX, XLSX, PPTX, ODT, RTF])
def test_a_file_of_another_kind_is_refused(kind: str) -> None:
    others = {
        DOCX: docx_saying("a"), XLSX: xlsx_saying(A=[["a"]]), PPTX: pptx_saying("a"),
        ODT: odt_saying("a"), RTF: rb"{\rtf1 a}", PDF: pdf_saying("a"),
    }  # fmt: skip
    for other, data in others.items():
        if other == kind:
            assert words_of(kind, data).endswith("a")
        else:
            try:
                said = words_of(kind, data)
            except (AppError, ValueError):
                said = ""
            assert said == "", (kind, other)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=200), st.integers(1, 60))
def test_no_rtf_breaks_the_reader(data: bytes, room: int) -> None:
    try:
        said = words_of(RTF, b"{\\rtf1 " + data, room)
    except ValueError:
        return
    assert len(said) <= room


# ── pictures ─────────────────────────────────────────────────────────────────────


def test_pages_that_are_pictures_are_named() -> None:
    assert read(PDF, scan()).bare == (0,)
    assert read(PDF, scan_saying("một", "hai")).bare == (0, 1)
    assert read(PDF, pdf_saying(SENTENCE)).bare == ()


def test_a_scan_with_the_words_of_a_signature_is_a_picture_all_the_same() -> None:
    from tests.support.attachments import pdf_of_streams

    few = b"q 200 0 0 200 0 0 cm /X1 Do Q BT /F1 9 Tf (Ky boi: Van phong) Tj ET"
    many = few + b" BT /F1 9 Tf (" + b"mot " * 60 + b") Tj ET"
    for stream, bare in ((few, (0,)), (many, ())):
        data = pdf_of_streams(stream, b"\x80" * 4)
        form = b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]/Resources 4 0 R"
        image = (
            b"/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray"
            b"/BitsPerComponent 8"
        )
        document = pypdfium2.PdfDocument(data.replace(form, image))
        out = BytesIO()
        document.save(out)
        document.close()
        found = read(PDF, out.getvalue())
        assert found.text.startswith("Ky boi: Van phong")
        assert found.bare == bare


def test_a_page_is_drawn_in_grey_and_no_larger_than_is_needed() -> None:
    sheets = (
        picture_of(PDF, scan_saying("một", "hai"), 1),
        picture_of("image/png", picture_saying("một"), 0),
        picture_of("image/jpeg", picture_saying("một", "JPEG"), 0),
    )
    for data in sheets:
        with Image.open(BytesIO(data)) as page:
            assert (page.format, page.mode) == ("PNG", "L")
            assert page.width * page.height <= MAX_PIXELS


def test_a_large_drawing_is_made_smaller() -> None:
    out = BytesIO()
    Image.new("1", (8_500, 8_500)).save(out, "PNG")
    with Image.open(BytesIO(picture_of("image/png", out.getvalue(), 0))) as page:
        assert page.width * page.height <= MAX_PIXELS
    huge = BytesIO()
    Image.new("1", (20_000, 20_000)).save(huge, "PNG")
    assert len(huge.getvalue()) < 1_000_000
    with pytest.raises(Image.DecompressionBombError):
        read("image/png", huge.getvalue())
    large = BytesIO()
    Image.new("1", (9_400, 9_400)).save(large, "PNG")
    with pytest.raises(ValueError, match="too large"):
        read("image/png", large.getvalue())


def test_every_page_of_a_tiff_is_named_and_a_small_sign_is_none() -> None:
    out = BytesIO()
    pages = [Image.new("L", (100, 100), shade) for shade in (0, 100, 200)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    assert read("image/tiff", out.getvalue()).bare == (0, 1, 2)
    with Image.open(BytesIO(picture_of("image/tiff", out.getvalue(), 2))) as page:
        assert page.getpixel((5, 5)) == 200
    sign = BytesIO()
    Image.new("L", (16, 16)).save(sign, "PNG")
    assert read("image/png", sign.getvalue()).bare == ()


def test_what_is_see_through_lies_on_white_paper() -> None:
    out = BytesIO()
    Image.new("RGBA", (60, 60), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(BytesIO(picture_of("image/png", out.getvalue(), 0))) as page:
        assert page.getpixel((5, 5)) == 255
