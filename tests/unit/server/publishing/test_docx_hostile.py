"""Bad files end in one of our errors, quickly, and never in anything else."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO

import pytest

from collab.content.read import plain_text
from server.common.errors import AppError, InvalidInput, TooLarge
from server.publishing.docx_export import to_docx
from server.publishing.docx_import import Limits, from_docx
from tests.unit.server.publishing.samples import DECISION, images
from tests.unit.server.publishing.word_files import (
    CONTENT_TYPES,
    NAMESPACES,
    ROOT_RELS,
    p,
    word_file,
    zipped,
)

GOOD = to_docx(DECISION, images)


def code_of(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(AppError) as caught:
        from_docx(data, limits)
    return caught.value.code


def document(xml: str) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": ROOT_RELS,
            "word/document.xml": xml,
        }
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        zipped({"a.txt": "x"}),
        zipped({"[Content_Types].xml": CONTENT_TYPES}),
        zipped({"[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": "<x/>"}),
    ],
    ids=["empty", "text", "pdf", "old_doc", "zip", "no_document", "sheet"],
)
def test_other_files_are_not_docx(data: bytes) -> None:
    assert code_of(data) == "not_docx"


@pytest.mark.parametrize(
    "data",
    [
        GOOD[: len(GOOD) // 2],
        b"PK\x03\x04" + b"\x00" * 100,
        document("<w:document"),
        document("<x/>"),
        document(""),
    ],
    ids=["half", "zeros", "not_closed", "no_body", "nothing"],
)
def test_damaged_files_are_broken(data: bytes) -> None:
    assert code_of(data) == "broken_docx"


def test_a_member_that_unpacks_too_far_is_a_bomb() -> None:
    body = f"<w:document {NAMESPACES}><w:body>{p(' ' * 30_000_000)}</w:body>"
    assert code_of(document(body + "</w:document>")) == "zip_bomb"


def test_many_members_that_unpack_too_far_together_are_a_bomb() -> None:
    parts: dict[str, bytes | str] = {"[Content_Types].xml": CONTENT_TYPES}
    parts |= {f"word/media/{i}.png": b"\0" * 1_000_000 for i in range(20)}
    limits = Limits(max_unpacked_bytes=10_000_000)
    assert code_of(zipped(parts), limits) == "zip_bomb"


def test_too_many_members_are_a_bomb() -> None:
    parts: dict[str, bytes | str] = {"[Content_Types].xml": CONTENT_TYPES}
    parts |= {f"x{i}": "" for i in range(60)}
    assert code_of(zipped(parts), Limits(max_members=50)) == "zip_bomb"


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(document(f"<w:document {NAMESPACES}>{' ' * 3_000_000}"))
    with zipfile.ZipFile(BytesIO(bytes(data))) as archive:
        real = archive.getinfo("word/document.xml").file_size
    lie = (100).to_bytes(4, "little")
    changed = bytes(data).replace(real.to_bytes(4, "little"), lie)
    assert changed != bytes(data)
    assert code_of(changed) in ("broken_docx", "zip_bomb")


def test_a_file_over_the_limit_is_too_large() -> None:
    with pytest.raises(TooLarge) as caught:
        from_docx(GOOD, Limits(max_bytes=1000))
    assert caught.value.code == "docx_too_large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_dtd_is_refused(encoding: str) -> None:
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE b [<!ENTITY a "aaaa">'
        '<!ENTITY b "&a;&a;&a;&a;">]>'
        f"<w:document {NAMESPACES}><w:body>{p('&b;')}</w:body></w:document>"
    )
    data = zipped(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": ROOT_RELS,
            "word/document.xml": bomb.encode(encoding),
        }
    )
    assert code_of(data) == "unsafe_xml"


def test_a_file_of_this_machine_is_never_read() -> None:
    xml = (
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        f"<w:document {NAMESPACES}><w:body>{p('&f;')}</w:body></w:document>"
    )
    assert code_of(document(xml)) == "unsafe_xml"


def test_external_content_is_counted_and_not_fetched() -> None:
    blip = (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/>'
        '<a:graphic><a:blip r:{how}="e1"/></a:graphic></wp:inline></w:drawing>'
        "</w:r></w:p>"
    )
    for how in ("link", "embed"):
        data = word_file(
            blip.replace("{how}", how),
            relations={"e1": ("image", "http://127.0.0.1:9/x.png")},
        )
        imported = from_docx(data)
        assert [w.code for w in imported.warnings] == ["external_content"]


def test_a_relation_cannot_leave_the_package() -> None:
    data = word_file(
        '<w:p><w:r><w:drawing><a:blip r:embed="e1"/></w:drawing></w:r></w:p>',
        relations={"e1": ("image", "../../../../etc/hostname")},
    )
    assert [w.code for w in from_docx(data).warnings] == ["images"]


def test_deep_nesting_ends_in_a_result_or_our_error() -> None:
    for depth in (20, 100, 3000):
        inner = p("trong")
        body = "<w:tbl><w:tr><w:tc>" * depth + inner + "</w:tc></w:tr></w:tbl>" * depth
        try:
            imported = from_docx(word_file(body))
        except InvalidInput as error:
            assert error.code == "broken_docx"
        else:
            assert "trong" in plain_text(imported.content)


def test_absurd_numbers_are_bounded() -> None:
    huge = "9" * 30
    body = (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{huge}"/><w:numId w:val="1"/></w:numPr>'
        f'<w:ind w:left="{huge}"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
        f'<w:tbl><w:tblGrid><w:gridCol w:w="{huge}"/></w:tblGrid><w:tr><w:trPr>'
        f'<w:gridBefore w:val="{huge}"/></w:trPr><w:tc><w:tcPr>'
        f'<w:gridSpan w:val="{huge}"/><w:tcW w:w="-5" w:type="dxa"/></w:tcPr>'
        f"{p('ô')}</w:tc></w:tr></w:tbl>"
    )
    text = plain_text(from_docx(word_file(body)).content)
    assert "x" in text
    assert "ô" in text


def test_styles_in_a_circle_end() -> None:
    styles = (
        f"<w:styles {NAMESPACES}>"
        '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
        "</w:styles>"
    )
    data = word_file(p("x", '<w:pStyle w:val="A"/>'), styles=styles)
    assert plain_text(from_docx(data).content) == "x"


def test_a_document_with_too_many_blocks_is_cut_and_says_so() -> None:
    imported = from_docx(word_file(p("x") * 50), Limits(max_blocks=10))
    assert [w.code for w in imported.warnings] == ["too_long"]
    assert len(imported.content.blocks) == 10


def test_random_damage_never_raises_anything_else() -> None:
    chance = random.Random(7)
    refused = 0
    for _ in range(150):
        data = bytearray(GOOD)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            from_docx(bytes(data))
        except AppError:
            refused += 1
    assert refused > 0


def test_random_damage_inside_the_xml_never_raises_anything_else() -> None:
    chance = random.Random(8)
    with zipfile.ZipFile(BytesIO(GOOD)) as archive:
        parts: dict[str, bytes | str] = {
            name: archive.read(name) for name in archive.namelist()
        }
    xml = parts["word/document.xml"]
    assert isinstance(xml, bytes)
    words = [b"w:p>", b"w:tbl>", b'w:val="', b"w:tc>", b"w:r>", b"1", b"w:ilvl"]
    others = [b"w:r>", b"w:tc>", b'w:v="', b"w:p>", b"w:tbl>", b"-9", b"w:numId"]
    for _ in range(80):
        damaged = xml
        for _ in range(chance.randint(1, 3)):
            old, new = chance.choice(words), chance.choice(others)
            at = damaged.find(old, chance.randrange(len(damaged)))
            damaged = damaged[:at] + new + damaged[at + len(old) :]
        try:
            from_docx(zipped(parts | {"word/document.xml": damaged}, level=1))
        except AppError as error:
            assert error.code in ("broken_docx", "unsafe_xml")
