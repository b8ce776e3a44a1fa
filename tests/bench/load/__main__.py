"""The load against one server, in a process of its own: a job as JSON on stdin, what
was measured as JSON on stdout.

It has a core to itself where the system allows, and says how much of it it used: above
90 % the load was measured, not the server.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop

from tests.bench.load.jobs import Job
from tests.bench.load.long_text import open_beside, open_twice, write_history
from tests.bench.load.saving import read_lengths, save_much
from tests.bench.load.steady import type_steadily
from tests.bench.load.waiting import hold

TASKS: dict[str, Callable[[Job], Awaitable[dict[str, Any]]]] = {
    "type": type_steadily,
    "hold": hold,
    "save": save_much,
    "read": read_lengths,
    "write a long text": write_history,
    "open twice": open_twice,
    "open beside": open_beside,
}


async def run(job: Job) -> dict[str, Any]:
    return await TASKS[job.task](job)


def main() -> None:
    job = Job(**json.loads(sys.stdin.read()))
    if job.core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {job.core})
    # Millions of updates lie in memory; looking through them is no work of a client.
    gc.disable()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(run(job))))


if __name__ == "__main__":
    main()
