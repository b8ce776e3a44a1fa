"""Give the load one job against one server. Must never end the contest: what goes wrong
in a run is its result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.bench.contest.rivals import LOAD_CORE, Rival

Found = dict[str, Any]
LONGEST_S = 600


def ask(rival: Rival, task: str, documents: list[str], **more: Any) -> Found:
    """What the load found; "fault" says in a sentence what went wrong, or is empty."""
    job = {
        "task": task,
        "host": "127.0.0.1",
        "port": rival.port,
        "dialect": rival.dialect,
        "path": rival.path,
        "token": rival.token,
        "server_pid": rival.pid,
        "documents": documents,
        "core": LOAD_CORE if (os.cpu_count() or 1) > 1 else None,
        **more,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.load"],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_S,
        )
    except subprocess.TimeoutExpired:
        return {"fault": f"no end after {LONGEST_S} s"}
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        return {"fault": last[0] if last else f"ended with {done.returncode}"}
    found: Found = json.loads(done.stdout.strip().splitlines()[-1])
    return found
