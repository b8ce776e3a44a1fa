"""Whatever clerks do with a register, in any order: its book has no gap, no double.

The real acts on the real tables; a plain list beside them says what must be.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.common import clock
from server.common.errors import AppError
from server.registry.actions import numbers
from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
from server.registry.actions.policy import Rules, set_policy
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.models import (
    IssuedNumber,
    NumberState,
    OutgoingDocument,
    Register,
    RegisterCounter,
)

START = datetime(2026, 12, 28, 3, tzinfo=UTC)
TYPES = ("CV", "QĐ", "TB")
# (what, of which type, which earlier number, how many hours pass before it)
DEED = st.tuples(
    st.sampled_from(["draw", "draw", "hold", "use", "void", "put between"]),
    st.sampled_from(TYPES),
    st.integers(0, 30),
    st.sampled_from([0, 0, 1, 13, 30]),
)


@pytest.fixture
def books(cast: Any) -> Iterator[dict[str, Register]]:
    with clock.fixed(START):
        set_policy(cast.lanhdao, cast.office.pk, Rules(inserts_numbers=True))
        plans = {
            "single": RegisterPlan(name="một dãy"),
            "per_type": RegisterPlan(name="từng loại", numbering_mode="per_type"),
            "groups": RegisterPlan(
                name="từng nhóm",
                numbering_mode="groups",
                groups=[{"name": "cá biệt", "types": ["QĐ", "TB"]}],
            ),
        }
        yield {
            mode: open_register(cast.vanthu, cast.office.pk, plan)
            for mode, plan in plans.items()
        }


def do(clerk: Any, book: Register, what: str, kind: str, which: int) -> None:
    today = clock.today()
    given_out = list(IssuedNumber.objects.filter(register=book).order_by("at", "pk"))
    earlier = given_out[which % len(given_out)] if given_out else None
    if what == "draw":
        entry = OutgoingEntry(kind, "nội dung", "Bùi Hồng Quý")
        register_outgoing(clerk, book.pk, entry)
    elif what == "hold":
        numbers.reserve_number(
            clerk, book.pk, document_type=kind, on_date=today, reason="giữ"
        )
    elif earlier is None:
        return
    elif what == "use":
        entry = OutgoingEntry(earlier.document_type, "nội dung", "Bùi Hồng Quý")
        register_outgoing(clerk, book.pk, entry, number_id=earlier.pk)
    elif what == "void":
        numbers.void_number(clerk, earlier.pk, "sai")
    else:
        numbers.add_suffix_number(
            clerk,
            book.pk,
            document_type=kind,
            number=earlier.number,
            on_date=earlier.issued_on,
            reason="chèn",
        )


def check(book: Register, voided: set[Any]) -> None:
    rows = list(IssuedNumber.objects.filter(register=book))
    runs: dict[tuple[str, str], list[IssuedNumber]] = {}
    for row in rows:
        runs.setdefault((row.period, row.group), []).append(row)
    for counter in RegisterCounter.objects.filter(register=book):
        run = runs.pop((counter.period, counter.group), [])
        plain = sorted(row.number for row in run if not row.suffix)
        assert plain == list(range(1, counter.last_number + 1)), "a gap, or a double"
        days = [row.issued_on for row in sorted(run, key=lambda r: r.number)
                if not row.suffix]  # fmt: skip
        assert days == sorted(days), "numbers follow the days"
    assert runs == {}
    full = OutgoingDocument.objects.filter(register=book)
    by_year = list(full.values_list("full_number", "issued_on__year", "document_type"))
    assert len(set(by_year)) == len(by_year)
    used = {row.pk for row in rows if row.state == NumberState.USED}
    borne = set(full.values_list("issued_number", flat=True))
    assert used <= borne, "a used number has its document"
    assert borne - used <= {r.pk for r in rows if r.state == NumberState.VOID}
    now_void = {row.pk for row in rows if row.state == NumberState.VOID}
    assert voided <= now_void, "void is for ever"
    voided |= now_void


@pytest.mark.parametrize("mode", ["single", "per_type", "groups"])
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deeds=st.lists(DEED, max_size=14))
def test_no_order_of_deeds_leaves_a_gap_or_gives_a_number_twice(
    cast: Any, books: Any, mode: str, deeds: list[tuple[str, str, int, int]]
) -> None:
    """Over the new year, too: the run of the old year stands as it was left."""
    book, now, voided = books[mode], START, set[Any]()
    with transaction.atomic():
        for what, kind, which, hours in deeds:
            now += timedelta(hours=hours)
            with clock.fixed(now):
                try:
                    with transaction.atomic():
                        do(cast.vanthu, book, what, kind, which)
                except AppError:
                    pass  # refused, and nothing of it is left
                check(book, voided)
        transaction.set_rollback(True)
