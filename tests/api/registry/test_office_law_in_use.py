"""What an office lays down reaches its papers and pages, by the day of each paper."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from server.common import clock, providers
from server.common.errors import Conflict, InvalidInput
from server.publishing.pdf_pages import words_of
from server.publishing.pdf_places import PT_PER_MM
from server.publishing.registers.forms import Kind
from server.registry.actions.copying import make_copy
from server.registry.actions.issuing import issue
from server.registry.actions.linked_drafts import begin_linked_draft
from server.registry.actions.numbers import reserve_number, types_in, types_of
from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.books import Format, print_book
from server.registry.models import LinkKind, Register, SignedCopy
from server.registry.queries.issue_preview import preview_issue
from server.registry.queries.registers import BookFilter
from server.registry.texts import committed
from server.registry.workflow.table import State
from tests.support.copying import copy_plan
from tests.support.issuing import LETTER, plan_for
from tests.support.office_rules import Rules, changed
from tests.support.process import Move
from tests.unit.server.publishing.signing.test_signing import rect

OLD, NEW = (datetime(year, 6, 10, 5, tzinfo=UTC) for year in (2026, 2027))


def test_the_seal_has_the_size_that_the_organisation_says(
    cast: Any, digital: None, approved: Any, office_rules: Rules
) -> None:
    seal = f'[seals]\n"{cast.office.name}" = {{ value = 30, source = "Mẫu dấu" }}\n'
    office_rules("layout", changed("nd30-2020", seal))
    widths = []
    for at in (OLD, NEW):
        with clock.fixed(at):
            draft = approved()
        copy = SignedCopy.objects.get(draft=draft)
        pdf = providers.blob_store.get().get(copy.pdf)
        left, _bottom, right, _top = rect(pdf, "organisation")
        widths.append(round((right - left) / PT_PER_MM, 1))
    assert widths == [36, 30]


def test_each_year_s_book_prints_its_own_columns_and_names(
    cast: Any, outgoing_register: Register, office_rules: Rules
) -> None:
    for at in (OLD, NEW):
        with clock.fixed(at):
            entry = OutgoingEntry("CV", "kiểm tra", "Bùi Hồng Quý")
            register_outgoing(cast.vanthu, outgoing_register.pk, entry)
    office_rules("types", changed("types-nd30-2020", '[type.CV]\nname = "Công thư"'))
    office_rules(
        "books",
        changed(
            "nd-30-2020-pl-iv",
            "[outgoing]\ncolumns = [\n"
            '  { name = "Nội dung", shows = "subject", width = 157 },\n'
            '  { name = "Số", shows = "number", width = 60 },\n'
            '  { name = "Ký nhận", width = 40 },\n]\n',
        ),
    )

    def printed(year: int) -> list[tuple[Any, ...]]:
        shown = BookFilter(year=year)
        file = print_book(outgoing_register, Kind.OUTGOING, shown, Format.XLSX)
        sheet = load_workbook(BytesIO(file.data))["Sổ"]
        return list(sheet.iter_rows(values_only=True))

    head, _numbers, row = printed(2026)
    assert (len(head), head[0], row[2]) == (
        10,
        "Số, ký hiệu văn bản",
        "Công văn: kiểm tra",
    )
    head, _numbers, row = printed(2027)
    assert head == ("Nội dung", "Số", "Ký nhận")
    assert row[0] == "Công thư: kiểm tra"
    assert row[1].startswith("01/")
    assert not row[2]


def test_the_editor_offers_today_s_types_and_the_zeros_of_each_day(
    cast: Any, moved: Move, signed_in: Any, office_rules: Rules
) -> None:
    draft = moved(State.DRAFTING)
    kind = '[type.PYK]\nabbreviation = "PYK"\nname = "Phiếu ý kiến"\n'
    more = 'template = "named"\nsource = "Quy chế"\n'
    office_rules("types", changed("types-nd30-2020", kind + more, "2020-03-06"))
    year = "2027-01-01\nvalid_to = 2027-12-31"
    months = changed("nd30-2020", "[zeros]\nmonth_below.value = 10", year)
    office_rules("layout", months)
    page = signed_in(cast.chuyenvien).get(f"/drafts/{draft.pk}/").content.decode()
    found = re.search(r'<script id="boot" type="application/json">(.*?)</script>', page)
    assert found is not None
    boot = json.loads(found[1])
    assert boot["types"]["state"][0] == ["CV", "Công văn"]
    assert boot["types"]["state"][-1] == ["PYK", "Phiếu ý kiến"]
    assert boot["zeros"]["state"] == [
        {"from": "2020-03-05", "day": 10, "month": 3},
        {"from": "2027-01-01", "day": 10, "month": 10},
        {"from": "2028-01-01", "day": 10, "month": 3},
    ]


def test_a_book_of_the_party_writes_its_numbers_by_the_party_s_rules(
    cast: Any, outgoing_register: Register, office_rules: Rules, signed_in: Any
) -> None:
    none = changed("party-05-2026", "[zeros]\nnumber_below.value = 1")
    office_rules("layout", none)
    with clock.fixed(NEW):
        party = open_register(
            cast.vanthu, cast.office.pk, RegisterPlan("Sổ của Đảng ủy", form="party")
        )
        rows = [
            register_outgoing(
                cast.vanthu,
                book.pk,
                OutgoingEntry("NQ", "nhiệm vụ năm 2027", "Bùi Hồng Quý"),
            )
            for book in (party, outgoing_register)
        ]
        assert [row.full_number for row in rows] == ["1-NQ/VPUBND", "01/NQ-VPUBND"]
        held = reserve_number(
            cast.vanthu,
            party.pk,
            document_type="NQ",
            on_date=clock.today(),
            reason="chờ ký",
        )
        assert held.written == "2"
        client = signed_in(cast.vanthu)
        page = client.get(f"/registers/{party.pk}/numbers/").content.decode()
        assert '<th scope="row">2</th>' in page
        assert "<span>1–2</span>" in page
        listed = client.get(f"/registers/{party.pk}/numbers/export.xlsx").content
        sheet = load_workbook(BytesIO(listed)).active
        cells = {cell for line in sheet.iter_rows(values_only=True) for cell in line}
        assert "2" in cells and "02" not in cells
        shown = BookFilter(year=2027)
        book = print_book(party, Kind.OUTGOING, shown, Format.XLSX).data
        numbers = [row[0] for row in load_workbook(BytesIO(book))["Sổ"].values][2:]
        assert numbers == ["1-NQ/VPUBND", "2"]


def test_a_draft_of_the_party_goes_out_with_the_number_of_the_party_s_rules(
    cast: Any, approved: Any, office_rules: Rules
) -> None:
    changes = "[zeros]\nnumber_below.value = 1\nday_below.value = 1"
    office_rules("layout", changed("party-05-2026", changes))
    fields = replace(LETTER, rule_kind="party", notation="CV/VPUBND")
    with clock.fixed(datetime(2027, 6, 7, 5, tzinfo=UTC)):
        book = open_register(
            cast.vanthu, cast.office.pk, RegisterPlan("Sổ của Đảng ủy", form="party")
        )
        draft = approved(fields)
        plan = plan_for(draft, book)
        shown = preview_issue(cast.vanthu, draft.pk, plan)
        assert (shown.given.number, shown.full_number) == ("1", "1-CV/VPUBND")
        assert not any("in số" in said for said in shown.warnings)
        document = issue(cast.vanthu, draft.pk, plan)
    assert document.full_number == "1-CV/VPUBND"
    pdf = providers.blob_store.get().get(document.issued_files.pdf)
    said = " ".join(words_of(pdf).split())
    assert "Số 1-CV/VPUBND" in said
    assert "ngày 7 tháng 6 năm 2027" in said


def test_a_type_that_is_gone_is_registered_for_its_own_days_only(
    cast: Any, outgoing_register: Register, office_rules: Rules
) -> None:
    office_rules("types", changed("types-nd30-2020", "[type]\nPB = false"))
    entry = OutgoingEntry("PB", "nộp báo cáo", "Bùi Hồng Quý")
    with clock.fixed(datetime(2026, 12, 31, 5, tzinfo=UTC)):
        row = register_outgoing(cast.vanthu, outgoing_register.pk, entry)
    with clock.fixed(NEW):
        assert row.type_name == "Phiếu báo"
        assert "PB" not in {kind.code for kind in types_of(outgoing_register)}
        assert "PB" in {kind.code for kind in types_in(outgoing_register)}
        with pytest.raises(InvalidInput) as refused:
            register_outgoing(cast.vanthu, outgoing_register.pk, entry)
    assert "document_type" in refused.value.fields


def test_which_copy_is_made_of_which_is_the_law_of_the_day(
    cast: Any, document: Any, book: Register, office_rules: Rules
) -> None:
    office_rules(
        "procedure",
        changed(
            "procedure-nd30-2020",
            '[copies.SL]\nof = ["original"]\n[copies.TrS]\nof = ["SY", "SL"]\n',
        ),
    )
    extract = copy_plan(book, "TrS", parts=frozenset({0}))
    whole = copy_plan(book, "SL")

    def refusal(plan: Any) -> str:
        with pytest.raises(Conflict) as refused:
            make_copy(cast.vanthu, document.pk, plan)
        return str(refused.value)

    with clock.fixed(OLD):
        assert "Sao lục được làm từ bản sao y" in refusal(whole)
    with clock.fixed(NEW):
        assert "Trích sao được làm từ bản sao y / sao lục" in refusal(extract)
        assert make_copy(cast.vanthu, document.pk, whole).row.full_number.startswith(
            "01/SL"
        )
        assert make_copy(cast.vanthu, document.pk, extract).kind == "TrS"


def test_the_law_says_what_a_correction_is(
    cast: Any, issued: Any, office_rules: Any
) -> None:
    old = issued()
    other = '[correction]\ndocument_type.value = "TB"'
    office_rules("procedure", changed("procedure-nd30-2020", other, "2020-03-06"))
    draft = begin_linked_draft(cast.chuyenvien, old.pk, LinkKind.CORRECTS)
    assert draft.document_type == "TB"
    assert "đính chính Công văn số" in committed(draft.pk).text
