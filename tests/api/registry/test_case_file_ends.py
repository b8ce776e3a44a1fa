"""The end of a case file: closed, reopened, handed over, and the notice before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from server.common import clock
from server.common.errors import Conflict, InvalidInput
from server.common.models import AuditEntry, OutboxEvent
from server.registry.actions import case_file_ends as ends
from server.registry.actions.case_file_entries import remove_entry
from server.registry.actions.case_files import (
    CaseFilePlan,
    change_case_file,
)
from server.registry.models import CaseFileState
from server.registry.queries import case_files as queries
from tests.support.case_files import Cabinet, cabinet

__all__ = ["cabinet"]

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


def kinds(events: Any) -> list[str]:
    return [kind for kind, _subject in events() if kind.startswith("case_file.")]


def test_an_empty_file_is_not_closed(cabinet: Cabinet, cast: Any) -> None:
    file = cabinet.file()
    with pytest.raises(Conflict) as refused:
        ends.close_case_file(cast.chuyenvien, file.pk)
    assert refused.value.code == "case_file_empty"


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 25)])
def test_work_ends_between_the_last_document_and_today(
    day: date, cabinet: Cabinet, cast: Any
) -> None:
    file = cabinet.file()
    cabinet.put(file, cabinet.letter())
    with pytest.raises(InvalidInput) as refused:
        ends.close_case_file(cast.chuyenvien, file.pk, day)
    assert set(refused.value.fields) == {"ends_on"}


def test_a_file_begins_with_its_oldest_document(cabinet: Cabinet, cast: Any) -> None:
    file = cabinet.file()
    for day in (date(2025, 12, 30), date(2026, 2, 1)):
        cabinet.put(file, cabinet.arrived("", issued_on=day))
    ended = ends.close_case_file(cast.chuyenvien, file.pk)
    assert (ended.starts_on, ended.ends_on) == (date(2025, 12, 30), date(2026, 2, 1))
    assert ended.due_on == date(2027, 2, 1)


def test_a_closed_file_takes_no_change(cabinet: Cabinet, cast: Any) -> None:
    file = cabinet.closed()
    entry = file.entries.get()
    plan = CaseFilePlan(title="Khác", retention="y10")
    for act in (
        lambda: cabinet.put(file, cabinet.letter()),
        lambda: remove_entry(cast.chuyenvien, file.pk, entry.pk),
        lambda: change_case_file(cast.chuyenvien, file.pk, plan),
        lambda: ends.close_case_file(cast.chuyenvien, file.pk),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "case_file_closed"


def test_a_file_is_reopened_with_a_reason_and_its_clock_begins_anew(
    cabinet: Cabinet, cast: Any
) -> None:
    file = cabinet.closed()
    with pytest.raises(InvalidInput):
        ends.reopen_case_file(cast.chuyenvien, file.pk, "  ")
    again = ends.reopen_case_file(cast.chuyenvien, file.pk, "bổ sung văn bản")
    assert again.state == CaseFileState.OPEN
    assert (again.ends_on, again.due_on, again.notice_on) == (None, None, None)
    details = AuditEntry.objects.get(action="case_file.reopened").details
    assert details == {"reason": "bổ sung văn bản", "ended_on": "2026-11-24"}
    with pytest.raises(Conflict) as refused:
        ends.reopen_case_file(cast.chuyenvien, file.pk, "lần nữa")
    assert refused.value.code == "case_file_open"


def test_what_was_handed_over_is_only_read(
    cabinet: Cabinet, cast: Any, events: Any
) -> None:
    file = cabinet.closed()
    done = ends.hand_over_case_file(cast.truongphong, file.pk)
    assert (done.state, done.handed_over_on) == ("handed_over", NOON.date())
    entry = file.entries.get()
    plan = CaseFilePlan(title="Khác", retention="y10")
    for act in (
        lambda: cabinet.put(file, cabinet.letter(), cast.vanthu),
        lambda: remove_entry(cast.vanthu, file.pk, entry.pk),
        lambda: change_case_file(cast.vanthu, file.pk, plan),
        lambda: ends.close_case_file(cast.vanthu, file.pk),
        lambda: ends.reopen_case_file(cast.vanthu, file.pk, "nhầm"),
        lambda: ends.hand_over_case_file(cast.vanthu, file.pk),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "case_file_handed_over"
    assert kinds(events)[-2:] == ["case_file.closed", "case_file.handed_over"]


def test_only_closed_files_that_are_kept_long_enough_are_handed_over(
    cabinet: Cabinet, cast: Any
) -> None:
    with pytest.raises(Conflict) as still_open:
        ends.hand_over_case_file(cast.vanthu, cabinet.file().pk)
    with pytest.raises(Conflict) as brief:
        ends.hand_over_case_file(cast.vanthu, cabinet.closed(retention="y2").pk)
    codes = (still_open.value.code, brief.value.code)
    assert codes == ("case_file_open", "case_file_kept_briefly")


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 25)])
def test_the_day_of_hand_over_is_possible(
    day: date, cabinet: Cabinet, cast: Any
) -> None:
    with pytest.raises(InvalidInput) as refused:
        ends.hand_over_case_file(cast.vanthu, cabinet.closed().pk, day)
    assert set(refused.value.fields) == {"handed_over_on"}


# ── the notice ───────────────────────────────────────────────────────────────────

ENDED = datetime(2026, 1, 10, 5, tzinfo=UTC)


def test_notice_begins_thirty_days_before_and_ends_with_the_hand_over(
    cabinet: Cabinet, cast: Any
) -> None:
    file = cabinet.closed(ENDED)
    cabinet.closed(ENDED, retention="y2")
    assert file.due_on == date(2027, 1, 10)
    for moment, due in ((-31, []), (-30, [file]), (40, [file])):
        with clock.fixed(datetime(2027, 1, 10, 5, tzinfo=UTC) + timedelta(days=moment)):
            assert queries.due_for_hand_over(cast.chuyenvien) == (due, len(due))
            assert queries.due_for_hand_over(cast.lanhdao) == ([], 0)
    with clock.fixed(datetime(2027, 1, 5, 5, tzinfo=UTC)):
        ends.hand_over_case_file(cast.vanthu, file.pk)
        assert queries.due_for_hand_over(cast.chuyenvien) == ([], 0)


def test_the_world_is_told_once_of_each_closing(cabinet: Cabinet, cast: Any) -> None:
    file = cabinet.closed(ENDED)
    cabinet.closed()

    def told() -> list[str]:
        call_command("hand_over_notices", verbosity=0)
        rows = OutboxEvent.objects.filter(kind="case_file.hand_over_due")
        return list(rows.values_list("subject_id", flat=True))

    assert told() == []
    with clock.fixed(datetime(2026, 12, 20, 5, tzinfo=UTC)):
        assert told() == told() == [str(file.pk)]
        ends.reopen_case_file(cast.chuyenvien, file.pk, "còn thiếu")
        assert told() == [str(file.pk)]
        ends.close_case_file(cast.chuyenvien, file.pk)
        assert told() == [str(file.pk)] * 2
    record = AuditEntry.objects.filter(action="case_file.hand_over_due").first()
    assert record is not None
    assert (record.actor, record.details) == (None, {"due_on": "2027-01-10"})
