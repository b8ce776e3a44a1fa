"""Registers and numbers over the API: who may, what is refused, what remains."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from server.accounts.models import Membership, Role
from server.common import clock
from server.common.errors import Conflict, InvalidInput, NotAllowed, NotFound
from server.common.models import AuditEntry
from server.registry.actions import numbers
from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
from server.registry.actions.policy import Rules, set_policy
from server.registry.actions.registers import (
    RegisterPlan,
    close_register,
    open_register,
)
from server.registry.models import IssuedNumber, OutgoingDocument, Register
from server.registry.queries.registers import runs_of

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
LETTER = OutgoingEntry("CV", "đảm bảo hoạt động của Hệ thống idesk", "Bùi Hồng Quý")


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def book(cast: Any) -> Register:
    plan = RegisterPlan(name="Sổ văn bản đi")
    return open_register(cast.vanthu, cast.office.pk, plan)


def reserve(cast: Any, book: Register, **changed: Any) -> IssuedNumber:
    wanted = {
        "document_type": "CV",
        "on_date": clock.today(),
        "reason": "chờ ký",
        **changed,
    }
    return numbers.reserve_number(cast.vanthu, book.pk, **wanted)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("vanthu", 200),
        ("chuyenvien", 200),
        ("truongphong", 200),
        ("lanhdao", 200),
        ("sotttt", 404),
        ("quantri", 404),
        ("stranger", 404),
    ],
)
def test_who_works_in_the_office_reads_its_registers(
    who: str, status: int, book: Register, request: Any, signed_in: Any
) -> None:
    browser = signed_in(request.getfixturevalue(who))
    listed = browser.get("/api/v1/registers").json()
    assert [row["id"] for row in listed] == ([str(book.pk)] if status == 200 else [])
    for part in ("", "/numbers", "/outgoing", "/outgoing.xlsx"):
        answer = browser.get(f"/api/v1/registers/{book.pk}{part}")
        assert answer.status_code == status


@pytest.mark.parametrize("who", ["chuyenvien", "truongphong", "lanhdao"])
def test_who_only_reads_gives_no_number(who: str, cast: Any, book: Register) -> None:
    person = cast.people[who]
    with pytest.raises(NotAllowed):
        numbers.draw_number(person, book, "CV", clock.today())
    with pytest.raises(NotAllowed):
        register_outgoing(person, book.pk, LETTER)
    with pytest.raises(NotAllowed):
        close_register(person, book.pk)
    assert not IssuedNumber.objects.exists()


def test_an_absent_register_and_a_foreign_one_look_alike(
    book: Register, stranger: Any, signed_in: Any
) -> None:
    browser = signed_in(stranger)
    foreign = browser.get(f"/api/v1/registers/{book.pk}")
    absent = browser.get(f"/api/v1/registers/{stranger.pk}")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content


def test_a_clerk_of_another_office_opens_no_register_here(cast: Any) -> None:
    Membership.objects.create(user=cast.sotttt, unit=cast.units["VPS"], role=Role.CLERK)
    with pytest.raises(NotFound):
        open_register(cast.sotttt, cast.office.pk, RegisterPlan(name="Sổ lạ"))


def test_the_first_number_of_a_letter_reads_as_the_decree_writes_it(
    cast: Any, book: Register, signed_in: Any
) -> None:
    answer = signed_in(cast.vanthu).post(
        f"/api/v1/registers/{book.pk}/outgoing",
        {
            "document_type": "CV",
            "subject": "  kiểm tra\n hệ thống ",
            "signer_name": "Bùi Hồng Quý",
            "unit": str(cast.units["HCTC"].pk),
        },
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert row["full_number"] == "01/VPUBND-HCTC"
    assert row["subject"] == "kiểm tra hệ thống"
    assert row["issued_on"] == "2026-11-24"


def test_numbers_begin_again_on_new_years_day_in_vietnam(
    cast: Any, book: Register
) -> None:
    evening = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
    with clock.fixed(evening):
        last = register_outgoing(cast.vanthu, book.pk, LETTER)
    with clock.fixed(evening + timedelta(minutes=2)):
        first = register_outgoing(cast.vanthu, book.pk, LETTER)
    assert (last.issued_number.period, last.number) == ("2026", 1)
    assert (first.issued_number.period, first.number) == ("2027", 1)


def test_the_book_of_last_year_is_shut(cast: Any, book: Register) -> None:
    january = datetime(2027, 1, 4, 2, tzinfo=UTC)
    with clock.fixed(january), pytest.raises(Conflict) as refused:
        numbers.draw_number(cast.vanthu, book, "CV", NOON.date())
    assert refused.value.code == "back_dated"


def test_each_type_counts_for_itself_where_the_office_wants_it(cast: Any) -> None:
    plan = RegisterPlan(
        name="Theo loại", numbering_mode="per_type", starts_after={"CV": 327}
    )
    book = open_register(cast.vanthu, cast.office.pk, plan)
    given = [
        numbers.draw_number(cast.vanthu, book, code, clock.today()).number
        for code in ("CV", "QĐ", "CV", "QĐ", "TB")
    ]
    assert given == [328, 1, 329, 2, 1]


def test_types_of_one_group_share_their_numbers(cast: Any) -> None:
    plan = RegisterPlan(
        name="Theo nhóm",
        numbering_mode="groups",
        groups=[{"name": "QĐ-CT", "types": ["QĐ", "CT"]}],
    )
    book = open_register(cast.vanthu, cast.office.pk, plan)
    given = [
        numbers.draw_number(cast.vanthu, book, code, clock.today()).number
        for code in ("QĐ", "CT", "CV", "BC", "QĐ")
    ]
    assert given == [1, 2, 1, 2, 3]


def test_numbers_of_a_term_run_through_its_years(cast: Any) -> None:
    plan = RegisterPlan(
        name="Sổ của Đảng ủy",
        form="party",
        period="term",
        starts_on=datetime(2025, 7, 1).date(),  # noqa: DTZ001 - a day
        ends_on=datetime(2030, 6, 30).date(),  # noqa: DTZ001 - a day
    )
    book = open_register(cast.vanthu, cast.office.pk, plan)
    first = register_outgoing(cast.vanthu, book.pk, LETTER)
    with clock.fixed(NOON + timedelta(days=60)):
        second = register_outgoing(cast.vanthu, book.pk, LETTER)
    assert first.full_number == "01-CV/VPUBND"
    assert second.full_number == "02-CV/VPUBND"
    after = datetime(2030, 7, 1, 2, tzinfo=UTC)
    with clock.fixed(after), pytest.raises(InvalidInput):
        register_outgoing(cast.vanthu, book.pk, LETTER)


def test_a_transaction_that_rolls_back_leaves_no_gap(cast: Any, book: Register) -> None:
    numbers.draw_number(cast.vanthu, book, "CV", clock.today())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        numbers.draw_number(cast.vanthu, book, "CV", clock.today())
        raise ZeroDivisionError
    assert numbers.draw_number(cast.vanthu, book, "CV", clock.today()).number == 2


def test_a_row_that_cannot_be_written_gives_its_number_back(
    cast: Any, book: Register
) -> None:
    with pytest.raises(InvalidInput) as refused:
        register_outgoing(cast.vanthu, book.pk, OutgoingEntry("CV", "", " "))
    assert set(refused.value.fields) == {"subject", "signer_name"}
    assert register_outgoing(cast.vanthu, book.pk, LETTER).number == 1


def test_a_number_never_bears_a_day_before_the_one_before_it(
    cast: Any, book: Register
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    first = numbers.draw_number(cast.vanthu, book, "CV", yesterday)
    numbers.draw_number(cast.vanthu, book, "CV", clock.today())
    assert first.issued_on == yesterday
    with pytest.raises(Conflict) as refused:
        numbers.draw_number(cast.vanthu, book, "CV", yesterday)
    assert refused.value.code == "back_dated"
    with pytest.raises(InvalidInput):
        tomorrow = clock.today() + timedelta(days=1)
        numbers.draw_number(cast.vanthu, book, "CV", tomorrow)


def test_a_reserved_number_is_used_by_the_document_it_was_held_for(
    cast: Any, book: Register
) -> None:
    held = reserve(cast, book)
    register_outgoing(cast.vanthu, book.pk, LETTER)
    row = register_outgoing(cast.vanthu, book.pk, LETTER, number_id=held.pk)
    assert row.full_number == "01/VPUBND"
    with pytest.raises(Conflict) as refused:
        register_outgoing(cast.vanthu, book.pk, LETTER, number_id=held.pk)
    assert refused.value.code == "number_taken"


def test_a_reservation_that_ran_out_becomes_void_and_is_given_to_nobody(
    cast: Any, book: Register
) -> None:
    held = reserve(cast, book)
    with clock.fixed(NOON + timedelta(days=1)):
        with pytest.raises(Conflict) as refused:
            register_outgoing(cast.vanthu, book.pk, LETTER, number_id=held.pk)
        assert refused.value.code == "reservation_over"
        assert register_outgoing(cast.vanthu, book.pk, LETTER).number == 2
    held.refresh_from_db()
    assert (held.state, held.reason) == ("void", numbers.EXPIRED)
    (run,) = runs_of(book)
    assert (run.last_number, run.used, run.reserved, run.void) == (2, 1, 0, 1)


@pytest.mark.parametrize("days", [0, 32])
def test_a_number_is_held_for_a_month_at_most(
    days: int, cast: Any, book: Register
) -> None:
    with pytest.raises(InvalidInput):
        reserve(cast, book, expires_at=NOON + timedelta(days=days))


def test_nothing_is_held_made_void_or_put_between_without_a_reason(
    cast: Any, book: Register
) -> None:
    set_policy(cast.lanhdao, cast.office.pk, Rules(inserts_numbers=True))
    number = numbers.draw_number(cast.vanthu, book, "CV", clock.today())
    for act in (
        lambda: reserve(cast, book, reason=" "),
        lambda: numbers.void_number(cast.vanthu, number.pk, ""),
        lambda: numbers.add_suffix_number(
            cast.vanthu,
            book.pk,
            document_type="CV",
            number=1,
            on_date=clock.today(),
            reason="\n",
        ),
    ):
        with pytest.raises(InvalidInput) as refused:
            act()
        assert "reason" in refused.value.fields


def test_a_void_number_stays_and_says_why(cast: Any, book: Register) -> None:
    row = register_outgoing(cast.vanthu, book.pk, LETTER)
    numbers.void_number(cast.vanthu, row.issued_number_id, "ghi nhầm sổ")
    assert register_outgoing(cast.vanthu, book.pk, LETTER).number == 2
    entry = AuditEntry.objects.get(action="number.voided")
    assert entry.actor == cast.vanthu
    assert entry.details["reason"] == "ghi nhầm sổ"
    with pytest.raises(Conflict):
        numbers.void_number(cast.vanthu, row.issued_number_id, "lần nữa")


def test_the_number_of_an_issued_draft_cannot_be_made_void(
    cast: Any, book: Register, begin_draft: Any
) -> None:
    row = register_outgoing(cast.vanthu, book.pk, LETTER)
    OutgoingDocument.objects.filter(pk=row.pk).update(draft=begin_draft())
    with pytest.raises(Conflict) as refused:
        numbers.void_number(cast.vanthu, row.issued_number_id, "nhầm")
    assert refused.value.code == "number_published"


def suffix(cast: Any, book: Register, number: int, on: Any) -> IssuedNumber:
    return numbers.add_suffix_number(
        cast.vanthu,
        book.pk,
        document_type="CV",
        number=number,
        on_date=on,
        reason="văn bản ký hôm đó, gửi muộn",
    )


def test_a_suffix_puts_a_document_between_its_neighbours(
    cast: Any, book: Register
) -> None:
    set_policy(cast.lanhdao, cast.office.pk, Rules(inserts_numbers=True))
    today = clock.today()
    before = today - timedelta(days=2)
    numbers.draw_number(cast.vanthu, book, "CV", before)
    numbers.draw_number(cast.vanthu, book, "CV", today)
    between = before + timedelta(days=1)
    written = [
        register_outgoing(
            cast.vanthu, book.pk, LETTER, number_id=suffix(cast, book, 1, between).pk
        ).full_number
        for _ in range(2)
    ]
    assert written == ["01a/VPUBND", "01b/VPUBND"]
    for number, day in ((1, before - timedelta(days=1)), (9, between)):
        with pytest.raises(InvalidInput):
            suffix(cast, book, number, day)


def test_no_suffix_where_no_leader_allowed_it(cast: Any, book: Register) -> None:
    numbers.draw_number(cast.vanthu, book, "CV", clock.today())
    with pytest.raises(Conflict) as refused:
        suffix(cast, book, 1, clock.today())
    assert refused.value.code == "suffix_not_allowed"


def test_a_closed_register_gives_nothing_and_is_still_read(
    cast: Any, book: Register, signed_in: Any
) -> None:
    held = reserve(cast, book)
    close_register(cast.vanthu, book.pk)
    for act in (
        lambda: register_outgoing(cast.vanthu, book.pk, LETTER),
        lambda: register_outgoing(cast.vanthu, book.pk, LETTER, number_id=held.pk),
        lambda: reserve(cast, book),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "register_closed"
    shown = signed_in(cast.chuyenvien).get(f"/api/v1/registers/{book.pk}").json()
    assert shown["active"] is False


def test_two_registers_of_one_office_bear_two_names(cast: Any, book: Register) -> None:
    with pytest.raises(Conflict) as refused:
        open_register(cast.vanthu, cast.office.pk, RegisterPlan(name=book.name))
    assert refused.value.code == "register_exists"


@pytest.mark.parametrize(
    "plan",
    [
        RegisterPlan(name=" "),
        RegisterPlan(name="x", kind="secret"),
        RegisterPlan(name="x", period="term"),
        RegisterPlan(name="x", numbering_mode="groups", groups=[{"name": ""}]),
        RegisterPlan(name="x", starts_after={"CV": -1}),
        RegisterPlan(
            name="x",
            numbering_mode="groups",
            groups=[
                {"name": "a", "types": ["QĐ"]},
                {"name": "b", "types": ["QĐ"]},
            ],
        ),
    ],
)
def test_a_plan_that_means_nothing_is_refused(plan: RegisterPlan, cast: Any) -> None:
    with pytest.raises(InvalidInput):
        open_register(cast.vanthu, cast.office.pk, plan)
    assert not Register.objects.exists()
