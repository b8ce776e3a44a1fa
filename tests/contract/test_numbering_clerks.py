"""Many clerks draw numbers at once, and some of their machines die meanwhile.

What must hold on every database: no number twice, none left out, and what a clerk was
told is what the book says. NUMBERING_PROOF=full runs the whole measure (32 clerks,
1,000 numbers, more kills); without it fewer numbers are drawn by the same clerks.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.commands import PROJECT, run_worker
from tests.support.databases import EVERY_DATABASE, BareOffice

pytestmark = pytest.mark.server
FULL = os.environ.get("NUMBERING_PROOF") == "full"
CLERKS = 32
OFFICES = 8 if FULL else 2
TASKS = 32 if FULL else 5
# An office dies after this many numbers were told, and another takes its desks.
DIES_AFTER = (9, 23, 41, 58) if FULL else (40,)
PATIENCE_S = 1500 if FULL else 300


@dataclass
class Office:
    """One database, and the processes that work on it."""

    environment: dict[str, str]
    register: str = ""
    told: dict[tuple[int, int], int] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)

    def call(self, *words: str) -> Any:
        return run_worker("number_worker", *words, environment=self.environment)

    def report(self) -> dict[str, Any]:
        if not self.found:
            self.found = self.call("report", self.register)
        return self.found


@pytest.fixture(scope="module", params=EVERY_DATABASE)
def office(request: pytest.FixtureRequest, bare_office: BareOffice) -> Iterator[Office]:
    """A database after all clerks have done all their tasks."""
    with bare_office(request.param) as environment:
        made = Office(environment)
        made.register = made.call("prepare", str(CLERKS))
        asyncio.run(work(made))
        yield made


async def desk(
    office: Office, first: int, count: int, go: asyncio.Barrier, dies_after: int | None
) -> None:
    """The clerks of one process, until all their tasks are told."""
    start, told_here, begun = 0, 0, False
    while True:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.support.number_worker",
            "work",
            office.register,
            *map(str, (first, count, start, TASKS)),
            env=office.environment,
            cwd=PROJECT,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert (await process.stdout.readline()).strip() == b"ready"
            if not begun:
                await go.wait()
                begun = True
            process.stdin.write(b"go\n")
            await process.stdin.drain()
            while line := await process.stdout.readline():
                if not line.endswith(b"\n"):
                    break  # the kill cut this word in two: nobody was told
                clerk, task, number = map(int, line.split())
                office.told[clerk, task] = number
                told_here += 1
                if told_here == dies_after:
                    process.kill()
                    break
            _rest, errors = await process.communicate()
        finally:
            # Whoever gives up leaves nobody working behind.
            if process.returncode is None:
                process.kill()
        if told_here != dies_after:
            assert process.returncode == 0, errors.decode()
            return
        dies_after = None
        # Who comes after does again what some of the clerks had done already.
        start = min(_next_task(office, clerk) for clerk in range(first, first + count))


def _next_task(office: Office, clerk: int) -> int:
    return max((t + 1 for c, t in office.told if c == clerk), default=0)


async def work(office: Office) -> None:
    count = CLERKS // OFFICES
    go = asyncio.Barrier(OFFICES)
    kills = itertools.chain(DIES_AFTER, itertools.repeat(None))
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        for first, dies_after in zip(range(0, CLERKS, count), kills, strict=False):
            group.create_task(desk(office, first, count, go, dies_after))


def test_no_number_is_doubled_or_left_out_when_clerks_and_machines_fail(
    office: Office,
) -> None:
    found = office.report()
    numbers = [number for number, _state in found["numbers"]]
    last = found["last"]
    assert last >= CLERKS * TASKS
    assert sorted(numbers) == list(range(1, last + 1)), "a gap, or a double"
    states = Counter(state for _number, state in found["numbers"])
    # A process may die between holding a number and making it void: it stays held.
    assert states["reserved"] <= len(DIES_AFTER) * CLERKS // OFFICES
    assert states["void"] > 0
    assert states["used"] == len(found["rows"])
    assert found["loose"] == 0
    assert len({full for _number, full, _subject in found["rows"]}) == states["used"]


def test_what_a_clerk_was_told_is_what_the_book_says(office: Office) -> None:
    found = office.report()
    assert len(office.told) == CLERKS * TASKS
    assert len(set(office.told.values())) == len(office.told)
    states = dict(found["numbers"])
    subjects = {number: subject for number, _full, subject in found["rows"]}
    for (clerk, task), number in office.told.items():
        if states[number] == "used":
            assert subjects[number] == f"Văn bản {clerk}-{task}"
        else:
            assert (clerk + task) % 9 == 5
