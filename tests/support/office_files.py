"""Files of Excel, PowerPoint, LibreOffice and RTF, written by hand or by libraries that
are not the ones that read them; and pages that are pictures."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pypdfium2
from openpyxl import Workbook
from PIL import Image

from tests.support.attachments import pdf_saying

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def _relations(*targets: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{_DOCUMENT}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{rows}</Relationships>'


def packed(parts: dict[str, str | bytes], stored: tuple[str, ...] = ()) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            file.writestr(name, data, how)
    return out.getvalue()


def xlsx_saying(**sheets: list[list[object]]) -> bytes:
    """A sheet for each name, its rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx_of_cell(cell: str) -> bytes:
    """By hand: one cell, what follows its name; strings "một" and "hai ba", the second
    in two runs and with how it is to be read."""
    names = f'xmlns="{_SHEET}" xmlns:r="{_DOCUMENT}"'
    strings = (
        f'<sst xmlns="{_SHEET}"><si><t>một</t></si><si><r><t>hai </t></r><r><t>ba</t>'
        "</r><rPh><t>không đọc</t></rPh></si></sst>"
    )
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": (
                f'<workbook {names}><sheets><sheet name="Một" r:id="r1"/></sheets>'
                "</workbook>"
            ),
            "xl/_rels/workbook.xml.rels": _relations(
                ("worksheet", "worksheets/sheet1.xml"),
                ("sharedStrings", "sharedStrings.xml"),
            ),
            "xl/sharedStrings.xml": strings,
            "xl/worksheets/sheet1.xml": (
                f'<worksheet {names}><sheetData><row><c r="A1" {cell}</c></row>'
                "</sheetData></worksheet>"
            ),
        }
    )


def fodp_saying(*paragraphs: str) -> bytes:
    """A presentation as one XML file, for LibreOffice to make others of."""
    lines = "".join(f"<text:p>{one}</text:p>" for one in paragraphs)
    spaces = ("office:office", "draw:drawing", "text:text", "svg:svg-compatible")
    names = " ".join(
        f'xmlns:{short}="{_ODF}:{name}:1.0"'
        for short, _colon, name in (space.partition(":") for space in spaces)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document {names} office:version="1.3" office:mimetype='
        '"application/vnd.oasis.opendocument.presentation"><office:body>'
        '<office:presentation><draw:page draw:name="p1"><draw:frame svg:width="20cm"'
        ' svg:height="5cm" svg:x="2cm" svg:y="2cm"><draw:text-box>'
        f"{lines}</draw:text-box></draw:frame></draw:page></office:presentation>"
        "</office:body></office:document>"
    ).encode()


def pptx_saying(*slides: str, note: str = "", more: str = "") -> bytes:
    """A slide for each text; `note` is that of the last one, `more` goes before the XML
    of the first."""

    def page(text: str, root: str = "sld") -> str:
        lines = "".join(
            f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n")
        )
        return f'<p:{root} xmlns:p="{_SLIDE}" xmlns:a="{_DRAWING}">{lines}</p:{root}>'

    places = "".join(
        f'<p:sldId id="{255 + n}" r:id="r{n}"/>' for n in range(1, len(slides) + 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": (
            f'<p:presentation xmlns:p="{_SLIDE}" xmlns:r="{_DOCUMENT}">'
            f"<p:sldIdLst>{places}</p:sldIdLst></p:presentation>"
        ),
        "ppt/_rels/presentation.xml.rels": _relations(
            *(("slide", f"slides/slide{n}.xml") for n in range(1, len(slides) + 1))
        ),
    }
    for n, text in enumerate(slides, 1):
        parts[f"ppt/slides/slide{n}.xml"] = (more if n == 1 else "") + page(text)
    if note:
        last = f"ppt/slides/_rels/slide{len(slides)}.xml.rels"
        parts[last] = _relations(("notesSlide", "../notesSlides/note1.xml"))
        parts["ppt/notesSlides/note1.xml"] = page(note, "notes")
    return packed(parts)


def odt_saying(*paragraphs: str, header: str = "", before: str = "") -> bytes:
    """`before` goes before the XML of the text."""
    body = "".join(f"<text:p>{one}</text:p>" for one in paragraphs)
    names = f'xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0"'
    parts: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": (
            f"{before}<office:document-content {names}><office:body><office:text>"
            "<text:tracked-changes><text:p>đã xóa</text:p></text:tracked-changes>"
            f"{body}</office:text></office:body></office:document-content>"
        ),
        "styles.xml": (
            f'<office:document-styles {names} xmlns:style="{_ODF}:style:1.0">'
            f"<style:header><text:p>{header}</text:p></style:header>"
            "</office:document-styles>"
        ),
    }
    return packed(parts, stored=("mimetype",))


def pages_as_pictures(*pages: str) -> list[Image.Image]:
    """As a scanner gives them: 200 dots an inch, grey, no letter behind them."""
    document = pypdfium2.PdfDocument(pdf_saying(*pages, width_mm=210))
    try:
        return [page.render(scale=200 / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()


def scan_saying(*pages: str) -> bytes:
    """A PDF of pictures."""
    first, *others = pages_as_pictures(*pages)
    out = BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=200)
    return out.getvalue()


def picture_saying(text: str, form: str = "PNG") -> bytes:
    out = BytesIO()
    pages_as_pictures(text)[0].save(out, form)
    return out.getvalue()
