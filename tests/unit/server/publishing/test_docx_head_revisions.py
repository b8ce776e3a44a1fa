"""What is suggested for fields of the letterhead, as revisions on its printed lines."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from collab.content.tree import Content, Fields, Paragraph, Run
from server.publishing.docx_head_revisions import FieldChange
from server.publishing.docx_review import Origin, to_review_docx

LETTER = Fields(
    issuer_parent="UBND TỈNH ĐẮK LẮK",
    issuer="SỞ NỘI VỤ",
    notation="SNV-VP",
    place="Đắk Lắk",
    subject="đảm bảo hội nghị",
    addressees="Ủy ban nhân dân các huyện",
    recipients="Như trên\nLưu: VT",
    signer_position="GIÁM ĐỐC",
    signer_name="Lê Văn Tám",
    document_type="CV",
)
DECISION = replace(LETTER, document_type="QĐ", subject="Về việc cử cán bộ")


def written(fields: Fields, *changes: tuple[str, str]) -> Any:
    content = Content(fields, (Paragraph((Run("Nội dung."),)),))
    head = [
        FieldChange(n, t, "Phạm Quốc Huy", "2026-11-27T02:00:00Z") for n, t in changes
    ]
    data = to_review_docx(content, lambda _s: None, Origin("d", 1, 1), str, head=head)
    return Document(BytesIO(data)).element.body


def lines(body: Any, *, accepted: bool) -> list[str]:
    """What the letterhead's lines say with everything accepted, or rejected."""
    gone = qn("w:del" if accepted else "w:ins")
    found: list[str] = []
    for line in body.iter(qn("w:p")):
        found.append(
            "".join(
                piece.text or ""
                for piece in line.iter(qn("w:t"), qn("w:delText"))
                if not any(up.tag == gone for up in piece.iterancestors())
            )
        )
    return [said for said in found if said]


@pytest.mark.parametrize(
    ("fields", "name", "new"),
    [
        (LETTER, "subject", "đảm bảo hội nghị truyền hình"),
        (LETTER, "subject", "hội nghị"),
        (LETTER, "subject", "khác hẳn"),
        (DECISION, "subject", "Về việc cử cán bộ đi học"),
        (LETTER, "notation", "SNV-TH"),
        (LETTER, "place", "Buôn Ma Thuột"),
        (LETTER, "issuer", "SỞ NỘI VỤ TỈNH"),
        (LETTER, "addressees", "Ủy ban nhân dân các xã, phường"),
        (LETTER, "recipients", "Như trên\nBan Giám đốc\nLưu: VT"),
        (LETTER, "recipients", "Ban Giám đốc\nNhư trên\nLưu: VT"),
        (LETTER, "recipients", "Lưu: VT"),
        (LETTER, "recipients", "A\nB\nC\nD"),
        (LETTER, "recipients", "Lưu: VT, VP"),
        (LETTER, "signer_name", ""),
        (LETTER, "signer_position", "PHÓ GIÁM ĐỐC"),
    ],
)
def test_accepted_it_prints_as_proposed_and_rejected_as_it_stood(
    fields: Fields, name: str, new: str
) -> None:
    body = written(fields, (name, new))
    assert lines(body, accepted=False) == lines(written(fields), accepted=True)
    wanted = written(replace(fields, **{name: new}))
    assert lines(body, accepted=True) == lines(wanted, accepted=True)
    marks = body.xpath(".//w:ins|.//w:del")
    assert {mark.get(qn("w:author")) for mark in marks} == {"Phạm Quốc Huy"}
    assert {mark.get(qn("w:date")) for mark in marks} == {"2026-11-27T02:00:00Z"}
    ids = [
        mark.get(qn("w:id"))
        for mark in body.xpath(".//w:ins|.//w:del|.//w:bookmarkStart")
    ]
    assert len(ids) == len(set(ids))


def test_only_the_words_that_differ_are_struck() -> None:
    body = written(LETTER, ("subject", "đảm bảo hội nghị truyền hình"))
    assert [t.text for t in body.xpath(".//w:ins//w:t")] == [" truyền hình"]
    assert body.xpath(".//w:del") == []


@pytest.mark.parametrize(
    ("fields", "name", "new"),
    [
        # It prints nowhere yet, in a margin, or the page would be built otherwise.
        (replace(LETTER, typist=""), "typist", "NTL (05b)"),
        (LETTER, "contact", "Số 1, đường Lê Duẩn"),
        (LETTER, "invitees", "Các đồng chí"),
        (LETTER, "addressees", "Ủy ban nhân dân các huyện\nCác sở"),
    ],
)
def test_what_no_line_can_show_leaves_the_page_as_it_is(
    fields: Fields, name: str, new: str
) -> None:
    body = written(fields, (name, new))
    assert body.xpath(".//w:ins|.//w:del") == []
    assert lines(body, accepted=True) == lines(written(fields), accepted=True)


def test_of_two_proposals_for_one_field_the_first_is_on_the_line() -> None:
    body = written(LETTER, ("subject", "việc một"), ("subject", "việc hai"))
    assert "V/v việc một" in lines(body, accepted=True)
    assert "việc hai" not in "".join(lines(body, accepted=True))


def test_markup_in_a_proposal_is_text() -> None:
    odd = "<w:p>&amp;\u0007 x"
    body = written(LETTER, ("subject", odd))
    assert "V/v <w:p>&amp; x" in lines(body, accepted=True)
