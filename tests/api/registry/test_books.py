"""Rows of both books: what is written, found, warned of and printed; at which cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from docx import Document
from openpyxl import load_workbook

from server.common import clock
from server.common.errors import Conflict, InvalidInput, NotAllowed, TooLarge
from server.publishing.registers.forms import Kind, form_of
from server.registry import books
from server.registry.actions import numbers
from server.registry.actions.incoming import (
    FollowUp,
    IncomingEntry,
    follow_up,
    register_incoming,
)
from server.registry.actions.outgoing import (
    OutgoingEntry,
    Sending,
    record_sending,
    register_outgoing,
)
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.books import Format, print_book
from server.registry.models import (
    IncomingDocument,
    IssuedNumber,
    OutgoingDocument,
    OutgoingState,
    Register,
)
from server.registry.queries.registers import (
    BookFilter,
    list_incoming,
    list_numbers,
    list_outgoing,
    newest_runs,
    registers_of,
    runs_of,
    years_of,
)
from server.registry.register_access import access_register

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ALL = BookFilter()
LETTER = IncomingEntry(
    document_type="CV",
    issuer="Sở Nội vụ",
    full_number="1146/SNV-CCHC",
    issued_on=date(2026, 11, 20),
    subject="về việc tự đánh giá chỉ số cải cách hành chính",
)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def incoming(cast: Any) -> Register:
    plan = RegisterPlan(name="Sổ văn bản đến", kind="incoming")
    return open_register(cast.vanthu, cast.office.pk, plan)


@pytest.fixture
def outgoing(cast: Any) -> Register:
    plan = RegisterPlan(name="Sổ văn bản đi")
    return open_register(cast.vanthu, cast.office.pk, plan)


def send(cast: Any, book: Register, subject: str, **changed: Any) -> Any:
    entry = OutgoingEntry("CV", subject, "Bùi Hồng Quý", **changed)
    return register_outgoing(cast.vanthu, book.pk, entry)


def test_paper_and_electronic_documents_share_one_run(
    cast: Any, incoming: Register
) -> None:
    given = [
        register_incoming(
            cast.vanthu,
            incoming.pk,
            IncomingEntry("TB", "Sở Y tế", "họp", issued_on=TODAY, channel=channel),
        ).number
        for channel in ("paper", "electronic", "paper")
    ]
    assert given == [1, 2, 3]


@pytest.mark.parametrize(
    ("full_number", "issuer"),
    [
        ("1146/SNV-CCHC", "Sở Nội vụ"),
        ("1146 /SNV-CCHC", "SỞ NỘI VỤ"),
        ("Số: 01146/SNV-CCHC", "So Noi vu"),
    ],
)
def test_the_same_document_again_must_be_confirmed(
    full_number: str, issuer: str, cast: Any, incoming: Register
) -> None:
    register_incoming(cast.vanthu, incoming.pk, LETTER)
    again = IncomingEntry("CV", issuer, "bản thứ hai", full_number=full_number)
    with pytest.raises(Conflict) as refused:
        register_incoming(cast.vanthu, incoming.pk, again)
    assert refused.value.code == "duplicate_document"
    assert "1" in str(refused.value.message)
    second = register_incoming(cast.vanthu, incoming.pk, again, is_second=True)
    assert second.number == 2, "the refused one took no number"


def test_another_office_may_use_the_same_number(cast: Any, incoming: Register) -> None:
    register_incoming(cast.vanthu, incoming.pk, LETTER)
    other = IncomingEntry("CV", "Sở Y tế", "khác", full_number="1146/SNV-CCHC")
    assert register_incoming(cast.vanthu, incoming.pk, other).number == 2


def test_the_number_of_another_year_is_another_document(
    cast: Any, incoming: Register
) -> None:
    """Every office begins with 01 each January: no clerk confirms that all year."""
    register_incoming(cast.vanthu, incoming.pk, LETTER)
    assert LETTER.issued_on is not None
    last_year = replace(LETTER, issued_on=LETTER.issued_on.replace(year=2025))
    assert register_incoming(cast.vanthu, incoming.pk, last_year).number == 2
    for entry in (LETTER, last_year, replace(LETTER, issued_on=None)):
        with pytest.raises(Conflict):
            register_incoming(cast.vanthu, incoming.pk, entry)


def test_a_void_row_warns_of_nothing(cast: Any, incoming: Register) -> None:
    row = register_incoming(cast.vanthu, incoming.pk, LETTER)
    numbers.void_number(cast.vanthu, row.issued_number_id, "ghi nhầm")
    assert register_incoming(cast.vanthu, incoming.pk, LETTER).number == 2


def test_all_faults_of_a_row_are_named_at_once(cast: Any, incoming: Register) -> None:
    wrong = IncomingEntry(
        document_type="CV",
        issuer="",
        subject="x" * 501,
        issued_on=TODAY + timedelta(days=1),
        deadline=TODAY - timedelta(days=1),
        pages=-1,
        channel="pigeon",
    )
    with pytest.raises(InvalidInput) as refused:
        register_incoming(cast.vanthu, incoming.pk, wrong)
    assert set(refused.value.fields) == {
        "issuer",
        "subject",
        "issued_on",
        "deadline",
        "pages",
        "channel",
    }
    assert not IssuedNumber.objects.exists()


def test_an_outgoing_book_takes_no_incoming_document(
    cast: Any, outgoing: Register
) -> None:
    with pytest.raises(Conflict) as refused:
        register_incoming(cast.vanthu, outgoing.pk, LETTER)
    assert refused.value.code == "not_incoming"


def test_an_answer_of_ours_is_linked_to_what_it_answers(
    cast: Any, incoming: Register, outgoing: Register
) -> None:
    row = register_incoming(cast.vanthu, incoming.pk, LETTER)
    answer = send(cast, outgoing, "trả lời")
    change = FollowUp(answer_number=answer.full_number, progress="đã trả lời")
    changed = follow_up(cast.vanthu, row.pk, change)
    assert (changed.answer, changed.answered_on) == (answer, TODAY)
    with pytest.raises(NotAllowed):
        follow_up(cast.chuyenvien, row.pk, change)


def test_sending_is_recorded_without_touching_the_document(
    cast: Any, outgoing: Register
) -> None:
    row = send(cast, outgoing, "gửi sau")
    changed = record_sending(
        cast.vanthu, row.pk, Sending("VT", copies=5, sent_on=TODAY)
    )
    assert (changed.copies, changed.sent_on) == (5, TODAY)
    with pytest.raises(InvalidInput):
        early = TODAY - timedelta(days=1)
        record_sending(cast.vanthu, row.pk, Sending(sent_on=early))


def test_a_book_is_searched_without_diacritics(cast: Any, outgoing: Register) -> None:
    send(cast, outgoing, "đảm bảo hoạt động của Hệ thống idesk")
    send(cast, outgoing, "nghỉ lễ", recipients_text="Sở Y tế")
    found = [
        len(list_outgoing(outgoing, BookFilter(q=q)).rows)
        for q in ("dam bao", "SO Y TE", "01/vpubnd", "bui hong quy", "khong co")
    ]
    assert found == [1, 1, 1, 2, 0]


def test_a_book_is_filtered_by_days_types_and_open_deadlines(
    cast: Any, incoming: Register
) -> None:
    with clock.fixed(NOON - timedelta(days=3)):
        early = register_incoming(
            cast.vanthu,
            incoming.pk,
            IncomingEntry("NĐ", "Chính phủ", "văn thư", full_number="30/2020/NĐ-CP"),
        )
    late = register_incoming(
        cast.vanthu,
        incoming.pk,
        IncomingEntry("CV", "Sở Y tế", "hỏi", "9/SYT", deadline=TODAY),
    )

    def shown(**wanted: Any) -> list[IncomingDocument]:
        return list(list_incoming(incoming, BookFilter(**wanted)).rows)

    assert shown() == [late, early]
    assert shown(first_day=TODAY) == [late]
    assert shown(last_day=TODAY - timedelta(days=1)) == [early]
    assert shown(year=2025) == []
    assert shown(document_type="NĐ") == [early]
    assert shown(open_only=True) == [late]


def test_lists_cost_the_same_however_long_the_book_is(
    cast: Any, outgoing: Register, incoming: Register
) -> None:
    def cost(act: Any) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            act()
        return len(seen)

    acts = {
        "registers": (1, lambda: registers_of(cast.chuyenvien)),
        "newest": (1, lambda: newest_runs([outgoing, incoming])),
        "door": (1, lambda: access_register(cast.chuyenvien, outgoing.pk)),
        "runs": (2, lambda: runs_of(outgoing)),
        "years": (1, lambda: years_of(outgoing)),
        "outgoing": (3, lambda: [r.issued_number for r in page(list_outgoing)]),
        "incoming": (3, lambda: list_incoming(incoming, ALL)),
        "numbers": (3, lambda: [n.by for n in list_numbers(outgoing).rows]),
    }

    def page(read: Any) -> Any:
        return read(outgoing, ALL).rows

    for rows in (1, 30):
        for n in range(rows):
            send(cast, outgoing, f"văn bản {n}")
            entry = IncomingEntry("CV", "Sở Y tế", f"văn bản {n}", issued_on=TODAY)
            register_incoming(cast.vanthu, incoming.pk, entry)
        assert {n: cost(act) for n, (_c, act) in acts.items()} == {
            n: c for n, (c, _act) in acts.items()
        }


@pytest.mark.parametrize("sort", ["date", "-date", "number", "-number"])
def test_pages_follow_each_other_without_a_double(
    sort: str, cast: Any, outgoing: Register
) -> None:
    for n in range(30):
        send(cast, outgoing, f"văn bản {n}")
    pages = [list_outgoing(outgoing, ALL, sort=sort, page=n) for n in (1, 2)]
    shown = [row.number for page in pages for row in page.rows]
    assert shown == sorted(range(1, 31), reverse=sort.startswith("-"))
    assert pages[0].pages == 2
    with pytest.raises(InvalidInput):
        list_outgoing(outgoing, ALL, sort="subject")


def sheet(
    register: Register, kind: Kind, shown: BookFilter = ALL
) -> list[tuple[Any, ...]]:
    file = print_book(register, kind, ALL, Format.XLSX)
    return list(load_workbook(BytesIO(file.data))["Sổ"].iter_rows(values_only=True))


def test_the_printed_outgoing_book_has_no_gap(cast: Any, outgoing: Register) -> None:
    send(cast, outgoing, "thứ nhất", recipients_text="- A;\n- B", copies=3)
    wrong = send(cast, outgoing, "ghi nhầm")
    numbers.void_number(cast.vanthu, wrong.issued_number_id, "ghi nhầm sổ")
    numbers.reserve_number(
        cast.vanthu, outgoing.pk, document_type="CV", on_date=TODAY, reason="chờ ký"
    )
    send(cast, outgoing, "=HYPERLINK(1)")
    head, columns, *rows = sheet(outgoing, Kind.OUTGOING)
    assert head == tuple(c.name for c in form_of(Kind.OUTGOING, TODAY).columns)
    assert columns[9] == "(10)"
    assert [row[0] for row in rows] == ["01/VPUBND", "02/VPUBND", "03", "04/VPUBND"]
    assert rows[0][1].date() == TODAY
    assert rows[0][6] == 3
    assert rows[1][9] == "Hủy số: ghi nhầm sổ"
    assert rows[2][9] == "Giữ số: chờ ký"
    assert rows[3][2] == "Công văn: =HYPERLINK(1)"


def test_the_book_of_a_clerk_with_english_screens_is_vietnamese(
    cast: Any, outgoing: Register
) -> None:
    row = send(cast, outgoing, "thứ nhất")
    OutgoingDocument.objects.filter(pk=row.pk).update(state=OutgoingState.RECALLED)
    with translation.override("en"):
        _head, _columns, printed = sheet(outgoing, Kind.OUTGOING)
    assert printed[9] == "Đã thu hồi"


def test_the_printed_incoming_books_have_the_columns_of_the_decree(
    cast: Any, incoming: Register
) -> None:
    row = register_incoming(cast.vanthu, incoming.pk, LETTER)
    follow_up(cast.vanthu, row.pk, FollowUp(forwarded_to="HCTC", progress="đang làm"))
    book = sheet(incoming, Kind.INCOMING)
    assert len(book[0]) == 10
    assert book[2][1:4] == (1, "Sở Nội vụ", "1146/SNV-CCHC")
    followed = sheet(incoming, Kind.FOLLOW_UP)
    assert len(followed[0]) == 7
    assert followed[2][1] == ("Công văn số 1146/SNV-CCHC ngày 20/11/2026 của Sở Nội vụ")
    assert followed[2][4] == "đang làm"
    with pytest.raises(InvalidInput):
        sheet(incoming, Kind.OUTGOING)


def test_word_and_pdf_hold_the_same_rows_under_a_cover(
    cast: Any, outgoing: Register
) -> None:
    send(cast, outgoing, "thứ nhất <&>")
    word = print_book(outgoing, Kind.OUTGOING, ALL, Format.DOCX)
    document = Document(BytesIO(word.data))
    cover = [p.text for p in document.paragraphs]
    assert cover[:3] == [
        "ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK",
        "VĂN PHÒNG UBND TỈNH ĐẮK LẮK",
        "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
    ]
    assert "Từ số 01 đến số 01" in cover
    assert document.tables[0].cell(2, 2).text == "Công văn: thứ nhất <&>"
    section = document.sections[0]
    assert section.page_width > section.page_height
    pdf = print_book(outgoing, Kind.OUTGOING, ALL, Format.PDF)
    assert pdf.data.startswith(b"%PDF")
    assert pdf.name == "Sổ văn bản đi 2026.pdf"


def test_a_book_too_long_for_one_file_is_refused(
    cast: Any, outgoing: Register, monkeypatch: Any
) -> None:
    monkeypatch.setitem(books.MOST_ROWS, Format.PDF, 1)
    send(cast, outgoing, "một")
    assert print_book(outgoing, Kind.OUTGOING, ALL, Format.PDF)
    send(cast, outgoing, "hai")
    with pytest.raises(TooLarge) as refused:
        print_book(outgoing, Kind.OUTGOING, ALL, Format.PDF)
    assert refused.value.code == "book_too_long"
