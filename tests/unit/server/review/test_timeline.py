"""Days and pauses: a pure reading of when people wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.review.past.timeline import PAUSE, Moment, Timeline, rests

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# Five in the afternoon in Vietnam: its day ends seven hours later, not at midnight UTC.
START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def moments(*after: tuple[float, str], epoch: int = 1) -> list[Moment]:
    return [
        Moment(seq, epoch, START + timedelta(minutes=minutes), (who,))
        for seq, (minutes, who) in enumerate(after, 1)
    ]


def found(
    *after: tuple[float, str], now: float = 0
) -> list[tuple[str, int, tuple[str, ...]]]:
    """Looked at so many minutes after the start, or right after the newest update."""
    return [
        (rest.kind, rest.moment.seq, rest.authors)
        for rest in rests(moments(*after), VIETNAM, START + timedelta(minutes=now))
    ]


def test_the_newest_update_is_no_version_yet() -> None:
    assert found() == []
    assert found((0, "an")) == []
    assert found((0, "an"), now=29.9) == []
    # The clock of the process that looks may be behind.
    assert found((0, "an"), now=-500) == []


def test_the_last_pause_is_a_version_without_a_next_edit() -> None:
    assert found((0, "an"), (5, "binh"), now=35) == [("pause", 2, ("an", "binh"))]
    assert found((0, "an"), now=421) == [("day", 1, ("an",))]
    assert found((415, "an"), now=421) == [("day", 1, ("an",))]


@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_what_was_listed_once_stays_listed(look: int, more: int) -> None:
    before = [seq for _kind, seq, _who in found((0, "an"), (10, "an"), now=10 + look)]
    edit = 10 + look + more
    after = [
        seq for _kind, seq, _who in found((0, "an"), (10, "an"), (edit, "an"), now=edit)
    ]
    assert set(before) <= set(after)


def test_a_pause_is_half_an_hour() -> None:
    assert found((0, "an"), (29.9, "an")) == []
    assert found((0, "an"), (30, "an")) == [("pause", 1, ("an",))]


def test_a_day_ends_at_midnight_in_vietnam_however_short_the_pause() -> None:
    assert found((0, "an"), (419, "an"), (421, "an")) == [
        ("pause", 1, ("an",)),
        ("day", 2, ("an",)),
    ]


def test_authors_are_those_since_the_rest_before() -> None:
    assert found((0, "an"), (5, "binh"), (60, "chi"), (120, "an")) == [
        ("pause", 2, ("an", "binh")),
        ("pause", 3, ("chi",)),
    ]


def test_who_only_began_a_new_epoch_wrote_nothing() -> None:
    past = [
        Moment(1, 1, START, ("an",)),
        Moment(2, 2, START + timedelta(minutes=5), ("lanhdao",)),
        Moment(3, 2, START + timedelta(minutes=90), ("binh",)),
    ]
    assert [rest.authors for rest in rests(past, VIETNAM, past[-1].at)] == [("an",)]


@given(st.lists(st.integers(0, 2_000), max_size=30))
def test_between_two_rests_nobody_paused_and_no_day_ended(gaps: list[int]) -> None:
    at, after = 0, []
    for gap in gaps:
        at += gap
        after.append((float(at), "an"))
    past = moments(*after)
    ends = {rest.moment.seq for rest in rests(past, VIETNAM, START)}
    for here, following in pairwise(past):
        days = {m.at.astimezone(VIETNAM).date() for m in (here, following)}
        same_day = len(days) == 1
        rested = not same_day or following.at - here.at >= PAUSE
        assert (here.seq in ends) is rested


def test_a_place_is_found_by_number_and_by_time() -> None:
    timeline = Timeline(moments((0, "an"), (10, "an"), (20, "an")))
    assert timeline.at(0) is None
    assert timeline.at(4) is None
    second: Any = timeline.at(2)
    assert second.seq == 2
    before: Any = timeline.before(START + timedelta(minutes=15))
    assert before.seq == 2
    assert timeline.before(START - timedelta(minutes=1)) is None
