"""`make bench-quick`: has the lead over Hocuspocus shrunk? In under three minutes.

    python -m tests.bench.quick [--write]

The writers keep a window of updates under way, so that a server is never idle. What is
compared is the processor time that each server takes for what it delivers, because a
shared machine changes that little; and one who only reads must hold the whole text.
Fails when a ratio has fallen below half of the recorded one; --write records.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import sys
from dataclasses import asdict, dataclass
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.bench import record  # noqa: E402 - Django first
from tests.bench.contest import rivals  # noqa: E402
from tests.bench.contest.ask import ask  # noqa: E402
from tests.bench.contest.rivals import Start  # noqa: E402
from tests.bench.contest.rounds import versions  # noqa: E402
from tests.bench.offices import seeded_folder  # noqa: E402

OURS, THEIRS = "Duthao, uvicorn", "Hocuspocus with SQLite"
ALLOWED = 0.5


@dataclass(frozen=True, slots=True)
class Work:
    people: int
    writers: int
    updates: int
    window: int


PLAYED: dict[str, tuple[int, Work]] = {
    "one room, 50 people, 5 writing": (1, Work(50, 5, 20_000, 40)),
    "one room, 10 people, 9 writing": (1, Work(10, 9, 20_000, 40)),
    "50 rooms of 2 people": (50, Work(2, 1, 20_000, 40)),
}
"""How many rooms, and what happens in each."""


def measure(starts: dict[str, Start], rounds: int) -> dict[str, float]:
    """How many times our processor time theirs is, by what was played."""
    spent: dict[str, dict[str, list[float]]] = {
        name: {server: [] for server in starts} for name in PLAYED
    }
    for number in range(rounds):
        for server in list(starts) if number % 2 == 0 else reversed(starts):
            with starts[server]() as rival:
                for name, (rooms, work) in PLAYED.items():
                    found = ask(rival, "save", rival.documents(rooms), **asdict(work))
                    if found["fault"]:
                        sys.exit(f"{server}, {name}: {found['fault']}")
                    spent[name][server].append(found["cpu_us"])
                    print(
                        f"  {server}, {name}: {found['cpu_us']:.1f} µs of processor "
                        f"time each, {found['saved_per_s']:,.0f} acknowledged/s",
                        flush=True,
                    )
    return {
        name: statistics.median(by[THEIRS]) / statistics.median(by[OURS])
        for name, by in spent.items()
    }


def judge(ratios: dict[str, float], recorded: dict[str, float]) -> list[str]:
    """What has fallen too far, in a sentence each."""
    return [
        f"{name}: Hocuspocus takes {ratios[name]:.2f} times our processor time, "
        f"and {before:.2f} was recorded."
        for name, before in recorded.items()
        if name in ratios and ratios[name] < before * ALLOWED
    ]


def main() -> None:
    logging.disable(logging.INFO)
    parser = argparse.ArgumentParser(prog="tests.bench.quick", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="record the ratios")
    asked = parser.parse_args()
    if not rivals.INSTALLED.exists():
        print(
            "bench-quick is skipped: the servers of others are not installed "
            "(`make peers` installs them)."
        )
        return
    recorded: dict[str, Any] = record.load()
    with seeded_folder() as seed:
        starts = {n: s for n, s in rivals.all_of(seed).items() if n in (OURS, THEIRS)}
        ratios = measure(starts, asked.rounds)
    for name, ratio in ratios.items():
        print(f"{name}: Hocuspocus takes {ratio:.2f} times our processor time")
    if asked.write:
        how = {"machine": record.machine(), "versions": versions()}
        record.save({**recorded, "quick": {"how": how, "ratios": ratios}})
        return
    fallen = judge(ratios, recorded.get("quick", {}).get("ratios", {}))
    if fallen:
        sys.exit("\n".join(["Slower than recorded:", *fallen]))


if __name__ == "__main__":
    main()
