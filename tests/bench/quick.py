"""`make bench-quick`: has the lead over Hocuspocus shrunk? In under three minutes.

    python -m tests.bench.quick [--write]

The writers keep a window of updates under way, so that a server is never idle. What is
compared is the processor time that each server takes for what it delivers, because a
shared machine changes that little; and one who only reads must hold the whole text.
Fails when a ratio has fallen below half of the recorded one, also with one round more:
the medians of all rounds count, none is thrown away. --write records.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import statistics
import subprocess
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
from tests.support.commands import PROJECT  # noqa: E402

OURS, THEIRS = "Duthao, uvicorn", "Hocuspocus with SQLite"
ALLOWED = 0.5
# What npm says, in its own last line, when it gets no answer from its registry.
_NO_ANSWER = re.compile(
    r"^npm (?:error|ERR!) code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT"
    r"|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|E50\d)$",
    re.MULTILINE,
)

Spent = dict[str, dict[str, list[float]]]
"""Played → server → processor time for each delivery, by round."""


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


class Fault(Exception):
    """A run that cannot be counted."""


def install() -> str:
    """Install the servers of others as `make peers` does. Empty, or why they cannot be
    had here; whatever else goes wrong ends the run."""
    stamp = str(rivals.NODE_PEERS.relative_to(PROJECT))
    done = subprocess.run(
        ["make", "--no-print-directory", stamp],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if not done.returncode:
        return ""
    why_not = no_answer(done.stdout)
    if not why_not:
        sys.exit(f"{done.stdout}\nThe servers of others could not be installed.")
    return why_not


def no_answer(said: str) -> str:
    """Why npm had no answer from its registry, by what it said; empty: it had one."""
    found = _NO_ANSWER.search(said)
    return f"the npm registry cannot be reached ({found[1]})" if found else ""


def measure(starts: dict[str, Start], rounds: int, spent: Spent) -> None:
    """Play all of it with every server, and add what it took to `spent`."""
    for number in range(rounds):
        for server in list(starts) if number % 2 == 0 else reversed(starts):
            for name, cpu_us in _round(server, starts[server]).items():
                spent.setdefault(name, {}).setdefault(server, []).append(cpu_us)


def _round(server: str, start: Start) -> dict[str, float]:
    """A fault is told, and forgiven once: the round is played again from its start."""
    try:
        return _play(server, start)
    except Fault as fault:
        print(f"  {fault}. Once more.", flush=True)
    try:
        return _play(server, start)
    except Fault as fault:
        sys.exit(f"{fault}, twice: nothing can be compared.")


def _play(server: str, start: Start) -> dict[str, float]:
    taken = {}
    with start() as rival:
        for name, (rooms, work) in PLAYED.items():
            found = ask(rival, "save", rival.documents(rooms), **asdict(work))
            if found["fault"]:
                raise Fault(f"{server}, {name}: {found['fault']}")
            taken[name] = found["cpu_us"]
            print(
                f"  {server}, {name}: {found['cpu_us']:.1f} µs of processor "
                f"time each, {found['saved_per_s']:,.0f} acknowledged/s",
                flush=True,
            )
    return taken


def ratios_of(spent: Spent) -> dict[str, float]:
    """How many times our processor time theirs is, by what was played."""
    return {
        name: statistics.median(by[THEIRS]) / statistics.median(by[OURS])
        for name, by in spent.items()
    }


def judge(ratios: dict[str, float], recorded: dict[str, float]) -> list[str]:
    """What has fallen too far, in a sentence each."""
    return [
        f"{name}: Hocuspocus takes {ratio:.2f} times our processor time, "
        f"and {recorded[name]:.2f} was recorded."
        for name, ratio in ratios.items()
        if ratio < recorded[name] * ALLOWED
    ]


def told(ratios: dict[str, float]) -> str:
    return "\n".join(
        f"{name}: Hocuspocus takes {ratio:.2f} times our processor time"
        for name, ratio in ratios.items()
    )


def compare(starts: dict[str, Start], rounds: int, recorded: dict[str, float]) -> None:
    """Exits when a ratio has fallen too far."""
    spent: Spent = {}
    measure(starts, rounds, spent)
    fallen = judge(ratios_of(spent), recorded)
    if fallen:
        print("\n".join([*fallen, "One round more, and all of them count:"]))
        measure(starts, 1, spent)
        fallen = judge(ratios_of(spent), recorded)
    print(told(ratios_of(spent)))
    if fallen:
        sys.exit("\n".join(["Slower than recorded:", *fallen]))


def main() -> None:
    logging.disable(logging.INFO)
    parser = argparse.ArgumentParser(prog="tests.bench.quick", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="record the ratios")
    asked = parser.parse_args()
    why_not = install()
    if why_not:
        print(f"bench-quick is skipped: {why_not}.")
        return
    recorded: dict[str, Any] = record.load()
    before = recorded.get("quick", {}).get("ratios", {})
    if not asked.write and set(before) != set(PLAYED):
        sys.exit("No ratios of these are recorded: run `make bench`.")
    with seeded_folder() as seed:
        starts = {n: s for n, s in rivals.all_of(seed).items() if n in (OURS, THEIRS)}
        if not asked.write:
            compare(starts, asked.rounds, before)
            return
        spent: Spent = {}
        measure(starts, asked.rounds, spent)
    ratios = ratios_of(spent)
    print(told(ratios))
    how = {"machine": record.machine(), "versions": versions()}
    record.save({**recorded, "quick": {"how": how, "ratios": ratios}})


if __name__ == "__main__":
    main()
