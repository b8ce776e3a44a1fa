"""Files of other programs: what is recognised, what is kept, what is told."""

from __future__ import annotations

import pytest

from collab.content.read import plain_text
from collab.content.tree import (
    Cell,
    Content,
    Image,
    ListBlock,
    PageBreak,
    Paragraph,
    Run,
    Table,
)
from server.publishing.docx_import import Imported, from_docx
from tests.unit.server.publishing.samples import PICTURE
from tests.unit.server.publishing.word_files import (
    BOLD,
    CENTER,
    ITALIC,
    NAMESPACES,
    p,
    table,
    word_file,
    zipped,
)


def read(body: str) -> Imported:
    return from_docx(word_file(body))


def shapes(content: Content) -> list[tuple[str, str | None, str]]:
    return [
        (b.style, b.number, b.text) for b in content.blocks if isinstance(b, Paragraph)
    ]


def test_the_parts_of_a_regulation_are_recognised() -> None:
    content = read(
        p("Căn cứ Luật Tổ chức chính quyền địa phương;", run=ITALIC)
        + p("QUY CHẾ", CENTER, BOLD)
        + p("CHƯƠNG I", CENTER, BOLD)
        + p("QUY ĐỊNH CHUNG", CENTER, BOLD)
        + p("Điều 1. Phạm vi", run=BOLD)
        + p("1. Khoản một")
        + p("2. Khoản hai:")
        + p("a) điểm a;")
        + p("đ) điểm đ.")
        + p("Chương II\nTỔ CHỨC", CENTER, BOLD)
        + p("Điều 2: Hiệu lực", run=BOLD)
        + p("Điều 5 của Luật này quy định khác.")
    ).content
    assert shapes(content) == [
        ("basis", None, "Căn cứ Luật Tổ chức chính quyền địa phương;"),
        ("center_title", None, "QUY CHẾ"),
        ("chapter", None, "QUY ĐỊNH CHUNG"),
        ("article", None, "Phạm vi"),
        ("clause", None, "Khoản một"),
        ("clause", None, "Khoản hai:"),
        ("point", None, "điểm a;"),
        ("point", "đ)", "điểm đ."),
        ("chapter", None, "TỔ CHỨC"),
        ("article", None, "Hiệu lực"),
        ("body", None, "Điều 5 của Luật này quy định khác."),
    ]
    assert all(
        not run.marks
        for block in content.blocks
        if isinstance(block, Paragraph)
        for run in block.inlines
        if isinstance(run, Run)
    )


def test_a_number_out_of_order_is_kept_as_it_was() -> None:
    content = read(p("Điều 7. Bảy", run=BOLD) + p("Điều 8. Tám", run=BOLD)).content
    assert shapes(content) == [("article", "Điều 7.", "Bảy"), ("article", None, "Tám")]
    assert plain_text(content) == "Điều 7. Bảy\nĐiều 8. Tám"


def test_text_is_composed_on_import() -> None:
    content = read(p("Đa\u0306\u0301k La\u0306\u0301k")).content
    assert plain_text(content) == "Đắk Lắk"


NUMBERING = (
    f"<w:numbering {NAMESPACES}>"
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="-"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="Điều %1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
    '<w:lvlText w:val="%2)"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1.%3"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)


def numbered(text: str, number: int, level: int) -> str:
    properties = (
        f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    )
    return p(text, properties)


def test_word_lists_become_lists_and_count_on_after_a_break() -> None:
    body = (
        numbered("ba", 1, 0)
        + numbered("con", 1, 1)
        + numbered("bốn", 1, 0)
        + p("giữa")
        + numbered("năm", 1, 0)
    )
    content = from_docx(word_file(body, numbering=NUMBERING)).content

    def line(text: str) -> Paragraph:
        return Paragraph((Run(text),))

    assert content.blocks == (
        ListBlock(
            ((line("ba"), ListBlock(((line("con"),),))), (line("bốn"),)), True, 3
        ),
        line("giữa"),
        ListBlock(((line("năm"),),), True, 5),
    )


def test_word_numbering_of_articles_and_points_becomes_labels() -> None:
    body = (
        numbered("Một", 2, 0)
        + "".join(numbered(f"điểm {c}", 2, 1) for c in "abcde")
        + numbered("Hai", 2, 0)
        + numbered("mục con", 2, 2)
    )
    content = from_docx(word_file(body, numbering=NUMBERING)).content
    assert plain_text(content).split("\n") == [
        "Điều 1. Một",
        "a) điểm a",
        "b) điểm b",
        "c) điểm c",
        "d) điểm d",
        "e) điểm e",
        "Điều 2. Hai",
        "2.1 mục con",
    ]
    assert [number for _, number, _ in shapes(content)][4:6] == [None, "e)"]


@pytest.mark.parametrize("text", ["", " ", "%1"])
def test_a_numbering_without_sign_is_more_of_its_item(text: str) -> None:
    numbering = NUMBERING.replace(
        "</w:numbering>",
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="none"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num></w:numbering>',
    )
    body = numbered("một", 1, 0) + numbered("thêm", 7, 0)
    (block,) = from_docx(word_file(body, numbering=numbering)).content.blocks
    assert isinstance(block, ListBlock)
    assert [len(item) for item in block.items] == [2]


def test_marks_come_from_styles_too() -> None:
    styles = (
        f"<w:styles {NAMESPACES}>"
        '<w:style w:type="paragraph" w:styleId="S"><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="E"><w:rPr><w:i/></w:rPr></w:style>'
        "</w:styles>"
    )
    body = p("đậm", '<w:pStyle w:val="S"/>') + p(
        "thường", '<w:pStyle w:val="S"/>', '<w:rStyle w:val="E"/><w:b w:val="0"/>'
    )
    content = from_docx(word_file(body, styles=styles)).content
    runs = [i for b in content.blocks if isinstance(b, Paragraph) for i in b.inlines]
    assert runs == [
        Run("đậm", frozenset({"bold"})),
        Run("thường", frozenset({"italic"})),
    ]


def test_merged_cells_keep_their_shape() -> None:
    body = (
        "<w:tbl><w:tblGrid/>"
        '<w:tr><w:tc><w:tcPr><w:tcW w:w="1500" w:type="dxa"/>'
        f'<w:vMerge w:val="restart"/></w:tcPr>{p("a")}</w:tc>'
        f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p("b")}</w:tc></w:tr>'
        f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{p('')}</w:tc>"
        f"<w:tc>{p('c')}</w:tc><w:tc>{p('d')}</w:tc></w:tr></w:tbl>"
    )
    (block,) = read(body).content.blocks
    assert isinstance(block, Table)
    assert block.column_widths == (100, None, None)
    assert [[(c.colspan, c.rowspan) for c in row.cells] for row in block.rows] == [
        [(1, 2), (2, 1)],
        [(1, 1), (1, 1)],
    ]


def test_links_and_fields_keep_text_and_safe_addresses() -> None:
    body = (
        '<w:p><w:hyperlink r:id="h1"><w:r><w:t>một</w:t></w:r></w:hyperlink>'
        '<w:hyperlink r:id="h2"><w:r><w:t>hai</w:t></w:r></w:hyperlink>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK '
        '"https://daklak.gov.vn/x"</w:instrText></w:r><w:r><w:fldChar '
        'w:fldCharType="separate"/></w:r><w:r><w:t>ba</w:t></w:r><w:r><w:fldChar '
        'w:fldCharType="end"/></w:r></w:p>'
    )
    relations = {
        "h1": ("hyperlink", "https://a.vn/"),
        "h2": ("hyperlink", "javascript://x"),
    }
    imported = from_docx(word_file(body, relations=relations))
    (block,) = imported.content.blocks
    assert isinstance(block, Paragraph)
    assert block.inlines == (
        Run("một", href="https://a.vn/"),
        Run("hai"),
        Run("ba", href="https://daklak.gov.vn/x"),
    )
    assert [w.code for w in imported.warnings] == ["unsafe_links"]


LOST = {
    "footnotes": '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>',
    "comments": '<w:p><w:r><w:commentReference w:id="1"/></w:r></w:p>',
    "revisions": "<w:p><w:ins><w:r><w:t>mới</w:t></w:r></w:ins></w:p>",
    "text_boxes": "<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
    "<w:p><w:r><w:t>hộp</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape>"
    "</w:pict></w:r></w:p>",
    "equations": "<w:p><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>",
    "charts": "<w:p><w:r><w:drawing><c:chart/></w:drawing></w:r></w:p>",
    "embedded_objects": "<w:p><w:r><w:object/></w:r></w:p>",
    "columns": '<w:sectPr><w:cols w:num="2"/></w:sectPr>',
    "landscape": '<w:sectPr><w:pgSz w:orient="landscape"/></w:sectPr>',
    "hidden_text": "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r></w:p>",
    "symbols": '<w:p><w:r><w:sym w:char="F0FF"/></w:r></w:p>',
    "images": '<w:p><w:r><w:drawing><a:blip r:embed="no"/></w:drawing></w:r></w:p>',
    "legacy_fonts": '<w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr>'
    "<w:t>§¾k L¾k</w:t></w:r></w:p>",
}


@pytest.mark.parametrize("code", sorted(LOST))
def test_what_cannot_be_kept_is_told(code: str) -> None:
    (warning,) = read(LOST[code]).warnings
    assert (warning.code, warning.count) == (code, 1)
    assert "1" in str(warning.message)


def test_text_of_what_cannot_be_kept_stays() -> None:
    text = plain_text(read("".join(LOST.values())).content)
    assert {"mới", "hộp", "x=1", "Đắk Lắk"} <= set(text.split("\n"))
    assert "ẩn" not in text


def test_a_header_with_words_is_told_and_a_page_number_is_not() -> None:
    def with_header(text: str) -> Imported:
        header = f"<w:hdr {NAMESPACES}>{p(text)}</w:hdr>"
        return from_docx(word_file(p("x"), header1=header))

    assert [w.code for w in with_header("CÔNG TY A").warnings] == ["headers_footers"]
    assert with_header("- 2 -").warnings == ()
    assert with_header("Trang 3/4").warnings == ()


def test_images_page_breaks_and_text_of_one_paragraph_are_parted() -> None:
    body = (
        "<w:p><w:r><w:t>trước</w:t></w:r><w:r><w:drawing><wp:inline><wp:extent "
        'cx="1800000" cy="9"/><wp:docPr id="1" descr="Sơ đồ"/><a:blip r:embed="i"/>'
        '</wp:inline></w:drawing></w:r><w:r><w:t>sau</w:t><w:br w:type="page"/>'
        "</w:r></w:p>"
    )
    data = word_file(body, relations={"i": ("image", "media/i.png")})
    parts = _parts(data) | {"word/media/i.png": PICTURE}
    imported = from_docx(zipped(parts))
    first, image, second, last = imported.content.blocks
    assert isinstance(image, Image)
    assert (image.alt, image.width_mm) == ("Sơ đồ", 50.0)
    assert imported.images == {image.src: PICTURE}
    assert (first, second) == (
        Paragraph((Run("trước"),)),
        Paragraph((Run("sau"),)),
    )
    assert isinstance(last, PageBreak)


def _parts(data: bytes) -> dict[str, bytes | str]:
    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


HEADER = table(
    (
        p("ỦY BAN NHÂN DÂN\nTỈNH ĐẮK LẮK", CENTER)
        + p("VĂN PHÒNG", CENTER, BOLD)
        + p("________", CENTER),
        p("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", CENTER, BOLD)
        + p("Độc lập – Tự do – Hạnh phúc", CENTER, BOLD),
    ),
    (
        p("Số: 328 /VPUBND-HCTC", CENTER) + p("V/v đảm bảo hoạt động", CENTER),
        p("Đăk Lăk, ngày 14, tháng 7 năm 2017", CENTER, ITALIC),
    ),
)
END = table(
    (
        p("Nơi nhận:", run=BOLD + ITALIC)
        + p("- Như trên;")
        + p("- Lưu: VT, HCTC (T/Phi)."),
        p("KT. CHÁNH VĂN PHÒNG", CENTER, BOLD)
        + p("PHÓ CHÁNH VĂN PHÒNG", CENTER, BOLD)
        + p("")
        + p("Bùi Hồng Quý", CENTER, BOLD),
    )
)


def test_the_usual_letterhead_becomes_fields() -> None:
    content = read(
        HEADER
        + p("")
        + p("Kính gửi:")
        + p("- Sở Nội vụ;")
        + p("- Sở Tài chính.")
        + p("Nội dung.")
        + END
    ).content
    fields = content.fields
    assert fields.issuer_parent == "ỦY BAN NHÂN DÂN\nTỈNH ĐẮK LẮK"
    assert fields.issuer == "VĂN PHÒNG"
    assert (fields.number, fields.notation) == ("328", "VPUBND-HCTC")
    assert (fields.place, fields.date) == ("Đăk Lăk", "2017-07-14")
    assert (fields.document_type, fields.subject) == ("CV", "đảm bảo hoạt động")
    assert fields.addressees == "Sở Nội vụ\nSở Tài chính"
    assert fields.recipients == "Như trên\nLưu: VT, HCTC (T/Phi)"
    assert fields.signer_authority == "KT. CHÁNH VĂN PHÒNG"
    assert fields.signer_position == "PHÓ CHÁNH VĂN PHÒNG"
    assert fields.signer_name == "Bùi Hồng Quý"
    assert plain_text(content) == "Nội dung."


def test_a_named_type_and_its_subject_become_fields() -> None:
    content = read(
        HEADER
        + p("QUYẾT ĐỊNH", CENTER, BOLD)
        + p("Ban hành Quy chế", CENTER, BOLD)
        + p("văn thư", CENTER, BOLD)
        + p("CHÁNH VĂN PHÒNG", "", "")
    ).content
    assert content.fields.document_type == "QĐ"
    assert content.fields.subject == "Ban hành Quy chế văn thư"
    assert plain_text(content) == "CHÁNH VĂN PHÒNG"


def test_a_header_that_is_not_understood_stays_in_the_body() -> None:
    odd = table(
        (
            p("ỦY BAN NHÂN DÂN", CENTER),
            p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") + p("Mẫu số 01 kèm theo"),
        )
    )
    content = read(odd + p("x")).content
    assert content.fields.issuer == ""
    assert isinstance(content.blocks[0], Table)
    assert "Mẫu số 01 kèm theo" in plain_text(content)


def test_a_plain_table_stays_a_table() -> None:
    (block,) = read(table((p("a"), p("b")))).content.blocks
    assert isinstance(block, Table)
    assert [c for row in block.rows for c in row.cells] == [
        Cell((Paragraph((Run("a"),)),)),
        Cell((Paragraph((Run("b"),)),)),
    ]
