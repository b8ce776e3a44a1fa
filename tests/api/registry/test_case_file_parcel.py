"""A case file on paper and as a parcel: tables, XML by the input standard, PDFs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from lxml import etree
from openpyxl import load_workbook

from server.accounts.models import Organisation
from server.common import clock
from server.registry.books import Format
from server.registry.case_files import tables
from server.registry.case_files.xml import case_file_xml
from server.registry.models import CaseFile, OutgoingDocument
from server.registry.queries.case_files import CaseFileFilter, lines_of
from tests.support.case_files import TITLE, Cabinet, cabinet

__all__ = ["cabinet"]

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
# The order and names of appendix VI, part IV; each with the length that it allows.
CODE = {"OrganId": 13, "FileCatalog": 4, "FileNotation": 20}
OF_FILE = {
    "Title": 500,
    "Maintenance": 30,
    "Rights": 30,
    "Creator": 30,
    "Language": 50,
    "StartDate": 10,
    "EndDate": 10,
    "DocTotal": 4,
    "PageTotal": 4,
    "Description": 500,
}
OF_DOCUMENT = {
    "DocOrdinal": 3,
    "TypeName": 100,
    "CodeNumber": 11,
    "CodeNotation": 30,
    "IssuedDate": 10,
    "OrganName": 200,
    "Subject": 500,
    "Language": 30,
    "PageAmount": 3,
    "Description": 500,
}
ENDS = {
    "outgoing": ["SignerInfo", "To", "To", "Priority", "IssuedAmount", "DueDate"],
    "incoming": [
        *("ArrivalDate", "ArrivalNumber", "SignerInfo", "Priority", "ToPlaces"),
        *("TraceHeaderList", "DueDate"),
    ],
    "draft": ["CreatedDate"],
}


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def full(cabinet: Cabinet, begin_draft: Any) -> CaseFile:
    """Three documents, put in against the order of time."""
    file = cabinet.file(code="01.TCCB", description="tập 1 & 2")
    letter = cabinet.letter(
        "Thông báo <kết quả> & danh sách", recipients_text="Như trên;\nLưu: VT", pages=3
    )
    cabinet.put(file, letter)
    with clock.fixed(datetime(2026, 6, 1, 20, tzinfo=UTC)):
        draft = begin_draft("Dự thảo kế hoạch tuyển dụng")
    cabinet.put(file, draft)
    cabinet.put(file, cabinet.arrived(issued_on=date(2026, 3, 2), pages=12))
    return file


def test_the_identifier_of_the_organisation_stands_in_every_code(
    full: CaseFile,
) -> None:
    def codes() -> set[str | None]:
        full.organisation.refresh_from_db()
        root = etree.fromstring(case_file_xml(full, lines_of(full), {}))
        return {code.findtext("OrganId") for code in root.iter("FileCode")}

    assert codes() == {""}
    Organisation.objects.filter(pk=full.organisation_id).update(
        identifier="000.00.12.H15"
    )
    assert codes() == {"000.00.12.H15"}


def children(element: Any) -> list[str]:
    return [child.tag for child in element]


def check_values(element: Any, lengths: dict[str, int]) -> None:
    for name, length in lengths.items():
        value = element.findtext(name)
        assert value is not None and len(value) <= length, (name, value)


def test_xml_has_the_names_and_order_of_the_input_standard(full: CaseFile) -> None:
    written = case_file_xml(full, lines_of(full), {})
    assert written.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    root = etree.fromstring(written)
    assert children(root) == ["FileCode", *OF_FILE, "Documents"]
    check_values(root, OF_FILE)
    values = {name: root.findtext(name) for name in OF_FILE}
    assert values == {
        "Title": TITLE,
        "Maintenance": "10 năm",
        "Rights": "Không hạn chế",
        "Creator": "Trần Thị Ánh Tuyết",
        "Language": "Tiếng Việt",
        "StartDate": "2026-11-24",
        "EndDate": "",
        "DocTotal": "3",
        "PageTotal": "15",
        "Description": "tập 1 & 2",
    }
    for code in root.iter("FileCode"):
        assert children(code) == list(CODE)
        check_values(code, CODE)
        assert [code[1].text, code[2].text] == ["2026", "01.TCCB"]
    for document in root.find("Documents"):
        end = ENDS[document.get("kind")]
        assert children(document) == ["FileCode", *OF_DOCUMENT, *end]
        check_values(document, OF_DOCUMENT)


def test_xml_tells_the_documents_in_the_order_of_time(full: CaseFile) -> None:
    root = etree.fromstring(case_file_xml(full, lines_of(full), {}))
    told = [
        (d.get("kind"), d.findtext("DocOrdinal"), d.findtext("IssuedDate"))
        for d in root.find("Documents")
    ]
    assert told == [
        ("incoming", "1", "2026-03-02"),
        ("draft", "2", ""),
        ("outgoing", "3", "2026-11-24"),
    ]
    incoming, draft, outgoing = root.find("Documents")
    assert incoming.findtext("CodeNumber") == "1146"
    assert incoming.findtext("CodeNotation") == "SNV-CCHC"
    assert incoming.findtext("ArrivalNumber") == "1"
    # 20:00 in UTC is the next day in Vietnam.
    assert draft.findtext("CreatedDate") == "2026-06-02"
    assert outgoing.findtext("Subject") == "Thông báo <kết quả> & danh sách"
    assert outgoing.findtext("SignerInfo/FullName") == "Bùi Hồng Quý"
    assert [e.text for e in outgoing.iter("OrganName")][1:] == ["Như trên;", "Lưu: VT"]


def test_xml_stays_well_formed_whatever_an_old_row_holds(full: CaseFile) -> None:
    OutgoingDocument.objects.update(subject="a\x02b\x0b]]>\ufffe&amp;")
    root = etree.fromstring(case_file_xml(full, lines_of(full), {}))
    assert root.findtext("Documents/Document[3]/Subject") == "a b ]]> &amp;"


def test_the_table_of_contents_prints_in_the_order_of_time(full: CaseFile) -> None:
    printed = tables.print_contents(full, Format.DOCX)
    assert printed.name == "Mục lục văn bản 01.TCCB 2026.docx"
    document = Document(BytesIO(printed.data))
    rows = [[c.text for c in row.cells] for row in document.tables[0].rows[2:]]
    assert [row[:3] for row in rows] == [
        ["1", "1146/SNV-CCHC", "02/03/2026"],
        ["2", "", "02/06/2026"],
        ["3", "01/VPUBND", "24/11/2026"],
    ]
    assert [row[5:] for row in rows] == [["12", ""], ["", "Dự thảo"], ["3", ""]]
    words = [p.text for p in document.paragraphs]
    assert "Tổng số: 3 văn bản, 15 trang" in words


def test_the_list_of_files_prints_what_it_shows(
    full: CaseFile, cabinet: Cabinet, cast: Any
) -> None:
    cabinet.file(by=cast.vanthu, unit="VT")
    for who, count in ((cast.chuyenvien, 1), (cast.vanthu, 2)):
        printed = tables.print_index(who, CaseFileFilter(), "code", Format.XLSX)
        sheet = load_workbook(BytesIO(printed.data)).worksheets[1]
        rows = list(sheet.values)[2:]
        assert len(rows) == count
    row = next(row for row in rows if row[1] == "01.TCCB")
    assert row[2:7] == (TITLE, "24/11/2026 –\n……………", "10 năm", 3, 15)
