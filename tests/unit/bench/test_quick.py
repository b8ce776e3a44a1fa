"""bench-quick judges by all of its rounds, and is skipped for one reason only."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bench import quick, record
from tests.bench.quick import OURS, PLAYED, THEIRS, Fault, judge, no_answer

RECORDED = dict.fromkeys(PLAYED, 2.0)
STARTS: dict[str, Any] = {OURS: None, THEIRS: None}


class Machine:
    """Plays rounds whose ratios are given; a fault in place of a ratio."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *ratios: float | str) -> None:
        self.left = list(ratios)
        self.played = 0
        monkeypatch.setattr(quick, "_play", self._play)

    def _play(self, server: str, start: object) -> dict[str, float]:
        if server == OURS:
            return dict.fromkeys(PLAYED, 10.0)
        self.played += 1
        ratio = self.left.pop(0)
        if isinstance(ratio, str):
            raise Fault(ratio)
        return dict.fromkeys(PLAYED, 10.0 * ratio)


def test_run_passes_down_to_half_of_the_recorded_ratio() -> None:
    assert judge({"a": 1.1}, {"a": 2.0}) == []
    assert judge({"a": 0.9}, {"a": 2.0}) == [
        "a: Hocuspocus takes 0.90 times our processor time, and 2.00 was recorded."
    ]


def test_one_good_round_does_not_hide_two_slow_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch, 0.8, 0.9, 2.1)

    with pytest.raises(SystemExit, match="Slower than recorded") as ended:
        quick.compare(STARTS, 2, RECORDED)

    assert machine.played == 3
    assert all(name in str(ended.value) for name in PLAYED)


def test_ratio_that_was_low_for_a_while_is_measured_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch, 0.2, 1.7, 1.9)

    quick.compare(STARTS, 2, RECORDED)

    assert machine.played == 3


def test_run_that_is_fast_enough_is_not_measured_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch, 1.9, 2.1)

    quick.compare(STARTS, 2, RECORDED)

    assert machine.played == 2


def test_one_fault_is_played_again_and_a_second_ends_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Machine(monkeypatch, "a connection was lost", 2.0, 2.0)
    quick.compare(STARTS, 2, RECORDED)

    Machine(monkeypatch, "a connection was lost", "a connection was lost")
    with pytest.raises(SystemExit, match="a connection was lost, twice"):
        quick.compare(STARTS, 2, RECORDED)


def test_every_play_has_a_ratio_to_be_judged_by() -> None:
    assert set(record.load()["quick"]["ratios"]) == set(PLAYED)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("npm error code EAI_AGAIN\nnpm error syscall getaddrinfo\n", "(EAI_AGAIN)"),
        ("npm ERR! code ECONNREFUSED\n", "(ECONNREFUSED)"),
        ("npm error code E503\n", "(E503)"),
        # Whatever else goes wrong is no reason to skip.
        ("npm error code EINTEGRITY\n", ""),
        ("npm error code E404\n", ""),
        ("prebuild-install warn getaddrinfo ENOTFOUND host\nnpm error code 1\n", ""),
        ("", ""),
    ],
)
def test_only_a_registry_without_an_answer_is_a_reason_to_skip(
    said: str, why: str
) -> None:
    assert no_answer(said).endswith(why)
    assert bool(no_answer(said)) is bool(why)
