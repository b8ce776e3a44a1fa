"""Lists that leave as files: books as on the screen, and what a person keeps alone."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from django.urls import reverse
from openpyxl import load_workbook

from server.accounts.actions import mint_token
from server.accounts.models import User
from server.common import clock
from server.registry.actions.case_files import CaseFilePlan, create_case_file
from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
from server.registry.actions.saved_searches import save_search
from tests.api.registry.test_every_list_exports import files_on, words_in
from tests.api.registry.test_list_exports import cells, cost
from tests.support.cast import Cast
from tests.support.incoming import NOON, Desks


def test_a_book_leaves_with_the_filter_and_the_order_of_the_screen(
    cast: Cast, outgoing_register: Any, signed_in: Any
) -> None:
    for subject in ("kế hoạch một", "báo cáo", "kế hoạch hai"):
        entry = OutgoingEntry("CV", subject, "Bùi Hồng Quý")
        register_outgoing(cast.vanthu, outgoing_register.pk, entry)
    browser = signed_in(cast.chuyenvien)
    page = reverse("register_book", args=[outgoing_register.pk])
    for sort, order in (("number", ["01", "03"]), ("-number", ["03", "01"])):
        shown = browser.get(page, {"q": "ke hoach", "sort": sort}).content.decode()
        rows = cells(browser.get(files_on(shown)["register_book_file"]))
        assert [row[0].split("/")[0] for row in rows if str(row[0])[0] == "0"] == order
        assert any("ke hoach" in str(row[0]) for row in rows[:4])


def test_the_three_books_leave_with_the_columns_of_the_screen(
    cast: Cast, signed_in: Any
) -> None:
    desks = Desks(cast)
    with clock.fixed(NOON):
        document, _lead, _helping = desks.forwarded()
    browser = signed_in(desks.clerk)
    for query in ({}, {"book": "follow_up"}):
        page = browser.get(reverse("register_book", args=[desks.book.pk]), query)
        shown = page.content.decode()
        heads = re.findall(r"<th scope=\"col\"[^>]*>(?:<a[^>]*>)?([^<]+)", shown)
        rows = cells(browser.get(files_on(shown)["register_book_file"]))
        (head,) = [i for i, row in enumerate(rows) if row[0] == heads[0]]
        assert rows[head][: len(heads)] == heads
        assert [row[0] for row in rows[head + 1 :]] == [document.number]


def test_case_files_leave_with_the_filter_and_the_order_of_the_screen(
    cast: Cast, signed_in: Any
) -> None:
    unit = cast.units["HCTC"].pk
    for title in ("Hồ sơ A", "Hồ sơ B", "Đơn thư"):
        create_case_file(cast.chuyenvien, unit, CaseFilePlan(title, "y10"))
    browser = signed_in(cast.chuyenvien)
    first, second = "Hồ sơ A", "Hồ sơ B"
    for sort, order in (("code", [first, second]), ("-code", [second, first])):
        asked = {"q": "ho so", "sort": sort}
        shown = browser.get(reverse("case_file_list"), asked).content.decode()
        rows = cells(browser.get(files_on(shown)["case_file_list_file"]))
        assert [row[1] for row in rows if row[1] in order] == order
        assert "Đơn thư" not in str(rows)


def test_tokens_leave_without_anything_that_opens_a_door(
    cast: Cast, signed_in: Any
) -> None:
    token, secret = mint_token(cast.chuyenvien, "=1+1")
    answer = signed_in(cast.chuyenvien).get(reverse("token_list_file"))
    (row,) = cells(answer)[3:]
    assert row[:3] == ["=1+1", f"{token.prefix}…", "Đọc và ghi"]
    assert row[4].date() == token.expires_at.astimezone(clock.VIETNAM).date()
    assert secret not in words_in(answer)
    assert token.digest not in words_in(answer)
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet["A4"].data_type == "s"
    assert len(cells(signed_in(cast.vanthu).get(reverse("token_list_file")))) == 3


def test_saved_searches_leave_in_words(cast: Cast, signed_in: Any) -> None:
    filters = {
        "kind": "draft",
        "type": "CV",
        "year": "2026",
        "organisation": str(cast.office.pk),
        "urgency": "normal",
        "deadline": "within",
        "days": "7",
        "sort": "-date",
    }
    save_search(cast.chuyenvien, "Việc gấp", query="kế hoạch", filters=filters)
    answer = signed_in(cast.chuyenvien).get(reverse("saved_search_file"))
    (row,) = cells(answer)[3:]
    assert row[:2] == ["Việc gấp", "kế hoạch"]
    office = cast.office.name
    for word in ("Dự thảo", "Công văn", "2026", office, "7 ngày", "Mới nhất trước"):
        assert word in row[2]
    assert len(cells(signed_in(cast.vanthu).get(reverse("saved_search_file")))) == 3


def test_the_new_lists_need_a_person_and_their_right(
    cast: Cast, client: Any, stranger: User, begin_draft: Any, signed_in: Any,
    outgoing_register: Any,
) -> None:  # fmt: skip
    draft = begin_draft("Kế hoạch")
    book = reverse("register_book_file", args=[outgoing_register.pk])
    authors = reverse("version_authors_file", args=[draft.pk])
    own = [
        reverse(name)
        for name in (
            "token_list_file",
            "saved_search_file",
            "office_list_file",
            "case_file_list_file",
        )
    ]
    for address in (book, authors, *own):
        assert client.get(address).status_code == 302
    for address in (book, authors):
        assert signed_in(cast.chuyenvien).get(address).status_code == 200
        assert signed_in(stranger).get(address).status_code == 404
    for address in own:
        assert cast.office.name not in words_in(signed_in(stranger).get(address))


def test_a_longer_list_of_ones_own_asks_the_database_no_more(
    cast: Cast, outgoing_register: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    unit = cast.units["VT"].pk
    kept = {"organisation": str(cast.office.pk)}

    def more(number: int) -> None:
        mint_token(cast.vanthu, f"Mã {number}")
        save_search(cast.vanthu, f"Tìm {number}", query="x", filters=kept)
        create_case_file(cast.vanthu, unit, CaseFilePlan(f"Hồ sơ {number}", "y10"))
        entry = OutgoingEntry("CV", f"kế hoạch {number}", "Bùi Hồng Quý")
        register_outgoing(cast.vanthu, outgoing_register.pk, entry)

    asked = [
        *(reverse(f"{name}_file") for name in ("token_list", "saved_search")),
        reverse("case_file_list_file"),
        reverse("register_book_file", args=[outgoing_register.pk]),
    ]
    more(0)
    before = [cost(lambda at=at: browser.get(at)) for at in asked]
    for number in range(1, 4):
        more(number)
    assert [cost(lambda at=at: browser.get(at)) for at in asked] == before
