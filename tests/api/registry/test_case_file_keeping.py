"""A file that is due may be kept back: by whom, how long, and what becomes of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.urls import reverse

from server.common import clock
from server.common.errors import AppError, Conflict, InvalidInput, NotAllowed, NotFound
from server.common.models import AuditEntry, OutboxEvent
from server.publishing.pdf_pages import words_of
from server.registry.actions import case_file_ends as ends
from server.registry.models import CaseFile
from tests.support.case_files import Cabinet, cabinet

__all__ = ["cabinet"]

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
# The work ended today, so the file is due in a year; it may be kept two years more.
DUE, LAST = date(2027, 11, 24), date(2029, 11, 24)
WHY = "đang theo dõi khiếu nại, văn bản đồng ý số 12/VP"


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


def test_what_is_kept_back_is_due_later_and_says_why(
    cabinet: Cabinet, cast: Any
) -> None:
    file = ends.keep_back_case_file(
        cast.truongphong, cabinet.closed().pk, date(2028, 5, 1), f"  {WHY} "
    )
    assert (file.due_on, file.kept_from) == (date(2028, 5, 1), DUE)
    assert (file.notice_on, file.kept_reason) == (date(2028, 4, 1), WHY)
    told = AuditEntry.objects.get(action="case_file.kept_back")
    assert told.actor == cast.truongphong
    days = {"due_on": "2027-11-24", "until": "2028-05-01"}
    assert told.details == {"reason": WHY, **days}
    handed = ends.hand_over_case_file(cast.vanthu, file.pk)
    assert handed.kept_reason == WHY


@pytest.mark.parametrize("until", [None, DUE, date(2027, 1, 1), date(2029, 11, 25)])
def test_the_day_is_later_and_within_what_the_rules_allow(
    cabinet: Cabinet, cast: Any, until: date | None
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ends.keep_back_case_file(cast.vanthu, cabinet.closed().pk, until, " ")
    assert set(refused.value.fields) == {"until", "reason"}


def test_keeping_it_again_counts_from_the_first_day(
    cabinet: Cabinet, cast: Any
) -> None:
    file = cabinet.closed()
    ends.keep_back_case_file(cast.vanthu, file.pk, date(2028, 5, 1), WHY)
    with pytest.raises(InvalidInput):
        ends.keep_back_case_file(cast.vanthu, file.pk, date(2030, 5, 1), WHY)
    again = ends.keep_back_case_file(cast.vanthu, file.pk, LAST, "vẫn cần")
    assert (again.due_on, again.kept_from, again.kept_reason) == (LAST, DUE, "vẫn cần")


def test_reopening_forgets_it(cabinet: Cabinet, cast: Any) -> None:
    file = cabinet.closed()
    ends.keep_back_case_file(cast.vanthu, file.pk, LAST, WHY)
    again = ends.reopen_case_file(cast.vanthu, file.pk, "bổ sung")
    assert (again.kept_from, again.kept_reason, again.due_on) == (None, "", None)


def test_its_keepers_are_told_anew(cabinet: Cabinet, cast: Any) -> None:
    file = cabinet.closed()
    rows = OutboxEvent.objects.filter(kind="case_file.hand_over_due")
    with clock.fixed(datetime(2027, 11, 1, tzinfo=UTC)):
        call_command("hand_over_notices", verbosity=0)
        assert rows.count() == 1
        ends.keep_back_case_file(cast.vanthu, file.pk, date(2028, 5, 1), WHY)
        call_command("hand_over_notices", verbosity=0)
        assert rows.count() == 1
    with clock.fixed(datetime(2028, 4, 2, tzinfo=UTC)):
        call_command("hand_over_notices", verbosity=0)
    assert rows.count() == 2


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"retention": "y2"}, "case_file_kept_briefly"),
        (None, "case_file_open"),
    ],
)
def test_what_does_not_go_to_the_archive_now_is_not_kept_back(
    cabinet: Cabinet, cast: Any, state: Any, code: str
) -> None:
    file = cabinet.file() if state is None else cabinet.closed(**state)
    with pytest.raises(Conflict) as refused:
        ends.keep_back_case_file(cast.vanthu, file.pk, LAST, WHY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("vanthu", None),
        ("truongphong", None),
        ("chuyenvien", NotAllowed),  # keeps the file, but does not hand it over
        ("lanhdao", NotFound),
        ("sotttt", NotFound),
        ("quantri", NotFound),
        ("stranger", NotFound),
    ],
)
def test_who_may_hand_it_over_may_keep_it_back(
    cabinet: Cabinet,
    cast: Any,
    request: Any,
    signed_in: Any,
    who: str,
    refusal: type[AppError] | None,
) -> None:
    person = cast.people.get(who) or request.getfixturevalue(who)
    file = cabinet.closed()
    answer = signed_in(person).post(
        f"/api/v1/case-files/{file.pk}/keep-back",
        {"until": "2028-05-01", "reason": WHY},
        content_type="application/json",
    )
    assert answer.status_code == (refusal.http_status if refusal else 200)
    if refusal is None:
        assert answer.json()["kept_from"] == "2027-11-24"
        assert answer.json()["due_on"] == "2028-05-01"
    assert CaseFile.objects.filter(kept_from=None).exists() == (refusal is not None)


def test_the_page_asks_for_day_and_reason_and_shows_them(
    cabinet: Cabinet, cast: Any, signed_in: Any
) -> None:
    file = cabinet.closed()
    browser = signed_in(cast.vanthu)
    page = reverse("case_file", args=[file.pk])
    act = reverse("case_file_keep_back", args=[file.pk])
    assert act in browser.get(page).content.decode()
    assert act not in signed_in(cast.chuyenvien).get(page).content.decode()
    assert "24/11/2027" in browser.get(act).content.decode()
    wrong = browser.post(act, {"until": "2026-12-01", "reason": WHY}).content.decode()
    assert "không quá 24/11/2029" in wrong
    assert WHY in wrong
    browser.post(act, {"until": "2028-05-01", "reason": WHY})
    shown = browser.get(page).content.decode()
    assert "chậm nhất 01/05/2028" in shown
    assert WHY in shown
    assert "(hạn theo quy định: 24/11/2027)" in shown


@pytest.mark.parametrize("form", ["xlsx", "docx", "pdf"])
def test_what_is_kept_back_stands_in_a_list_for_the_archive(
    cabinet: Cabinet, cast: Any, signed_in: Any, form: str
) -> None:
    kept, other = cabinet.closed(), cabinet.closed(title="Hồ sơ khác")
    ends.keep_back_case_file(cast.vanthu, kept.pk, date(2028, 5, 1), WHY)
    browser = signed_in(cast.vanthu)
    shown = browser.get("/case-files/?state=kept_back").content.decode()
    assert kept.title in shown
    assert other.title not in shown
    answer = browser.get(f"/api/v1/case-files/index.{form}?state=kept_back")
    assert answer.status_code == 200
    data = b"".join(answer) if answer.streaming else answer.content
    said = " ".join(words_in(form, data).split())
    for words in ("DANH MỤC HỒ SƠ, TÀI LIỆU GIỮ LẠI", kept.title, WHY):
        assert words in said, words
    # In a spreadsheet a day is a number.
    assert "01/05/2028" in said or form == "xlsx"
    assert other.title not in said
    # Once it was handed over, nothing is kept back any more.
    ends.hand_over_case_file(cast.vanthu, kept.pk)
    listed = browser.get("/api/v1/case-files?state=kept_back").json()
    assert listed["items"] == []


def words_in(form: str, data: bytes) -> str:
    if form == "pdf":
        return words_of(data)
    with ZipFile(BytesIO(data)) as package:
        names = [n for n in package.namelist() if n.endswith(".xml")]
        whole = "".join(package.read(name).decode() for name in names)
    return unescape(re.sub(r"<[^>]+>", " ", whole))
