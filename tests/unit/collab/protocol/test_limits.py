"""The brake for a peer that sends too much."""

from __future__ import annotations

from collab.protocol.limits import TokenBucket


def test_a_burst_is_free_and_then_the_rate_holds() -> None:
    bucket = TokenBucket(rate=10, burst=5, now=0)
    assert [bucket.take(0) for _ in range(5)] == [0] * 5
    assert bucket.take(0) == 0.1
    assert round(bucket.take(0), 3) == 0.2


def test_who_waits_as_told_is_never_stopped_for_a_short_burst() -> None:
    bucket = TokenBucket(rate=10, burst=5, now=0)
    now = 0.0
    for _ in range(20):
        now += bucket.take(now)
    assert round(now, 3) == 1.5
    assert bucket.behind_s(now) > 0
    assert bucket.take(now + 1) == 0
    assert bucket.behind_s(now + 1) == 0


def test_who_never_slows_down_is_behind_for_ever_longer() -> None:
    bucket = TokenBucket(rate=10, burst=5, now=0)
    now = 0.0
    while now < 10:
        now += bucket.take(now, 3)
    assert bucket.behind_s(now) > 9


def test_a_rest_fills_the_burst_and_no_more() -> None:
    bucket = TokenBucket(rate=10, burst=5, now=0)
    bucket.take(0, 5)
    assert [bucket.take(1_000) for _ in range(5)] == [0] * 5
    assert bucket.take(1_000) > 0
