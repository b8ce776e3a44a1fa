"""Word files made by hand, as other programs and bad people make them."""

from __future__ import annotations

import zipfile
from io import BytesIO

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOT_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    f'relationships"><Relationship Id="r1" Type="{_REL}/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{_REL}" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    'wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def zipped(parts: dict[str, bytes | str], level: int = 6) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as z:
        for name, data in parts.items():
            z.writestr(name, data)
    return target.getvalue()


def word_file(
    body: str,
    *,
    relations: dict[str, tuple[str, str]] | None = None,
    **parts: bytes | str,
) -> bytes:
    """A .docx with this body; `relations` maps an id to (kind, target).

    Extra parts are named by keywords: `styles`, `numbering`, `header1` …
    """
    rels = dict(relations or {})
    for name in parts:
        kind = name.rstrip("0123456789")
        rels.setdefault(f"x{name}", (kind, f"{name}.xml"))
    lines = "".join(
        f'<Relationship Id="{key}" Type="{_REL}/{kind}" Target="{target}"'
        + (' TargetMode="External"' if "://" in target else "")
        + "/>"
        for key, (kind, target) in rels.items()
    )
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": ROOT_RELS,
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body>"
        "</w:document>",
        "word/_rels/document.xml.rels": "<Relationships xmlns="
        '"http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{lines}</Relationships>",
    }
    for name, data in parts.items():
        files[f"word/{name}.xml"] = data
    return zipped(files)


def p(text: str, properties: str = "", run: str = "") -> str:
    """A paragraph with one run; line breaks become w:br."""
    pieces = "<w:br/>".join(
        f'<w:t xml:space="preserve">{piece}</w:t>' for piece in text.split("\n")
    )
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>{pieces}</w:r></w:p>"
    )


CENTER = '<w:jc w:val="center"/>'
BOLD = "<w:b/>"
ITALIC = "<w:i/>"


def table(*rows: tuple[str, ...]) -> str:
    body = "".join(
        "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{body}</w:tbl>"
