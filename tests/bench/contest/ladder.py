"""Find the highest load that a server holds: up in large steps, then between the
highest that held and the lowest that did not.

A level is lost only when two of three tries fail, for every server alike, so that one
hiccup of a shared machine does not end the climb; and when it ended far from the bound,
what was lost is tried again. Pure: a run is a function.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Found = dict[str, Any]
Run = Callable[[float], Found]

BOUND_MS = 250
BOLD, CAREFUL = 3.0, 1.5
# So near lie the highest that held and the lowest that did not, at the end.
NEAR = 1.3
JUST_NEAR = NEAR * 1.000_001
MOST_LEVELS = 24
TRIES = 3
# A server from which more than this part of what was asked for never came has
# collapsed: it stays busy with it for long, and is not tried again.
COLLAPSE = 0.1
DOUBTS = 2


def holds(found: Found) -> bool:
    return not found["fault"] and not found["missing"] and found["p99"] < BOUND_MS


def has_collapsed(found: Found) -> bool:
    """Whether so much never came that no hiccup explains it."""
    return bool(found["missing"] > found.get("wanted", math.inf) * COLLAPSE)


def try_level(run: Run, rate: float) -> Found:
    """The first run of the level that held, if it held in two of three or at once."""
    held: Found | None = None
    failed: Found | None = None
    for _ in range(TRIES):
        found = run(rate)
        if holds(found):
            if failed is None or held is not None:
                return held or found
            held = found
        elif has_collapsed(found) or failed is not None:
            return found
        else:
            failed = found
    assert failed is not None
    return failed


def climb(run: Run, start: float, *, is_known: bool = False) -> Found:
    """The best run that held; if none did, the last that failed.

    `is_known`: the start is where an earlier climb of this server ended; the end is
    looked for in small steps from there.
    """
    best: Found | None = None
    lost: Found = {"fault": "no level was tried"}
    low, high, rate = 0.0, math.inf, start
    doubts = 0 if is_known else DOUBTS
    if is_known:
        run(start / BOLD)  # a fresh server compiles what it runs first
    for _ in range(MOST_LEVELS):
        found = try_level(run, rate)
        if not holds(found):
            high, lost = rate, found
        elif rate > low:
            low, best = rate, found
            if rate >= high:
                high = math.inf
        if best is not None and high / low <= JUST_NEAR:
            if not doubts or best["p99"] > BOUND_MS / 5 or has_collapsed(lost):
                break
            # Just below the end there was no sign of it: once more what was lost.
            doubts, rate = doubts - 1, high
            continue
        if rate < start / 100:
            break
        rate = _next(low, high, best, is_known=is_known)
    if best is None:
        return lost
    # What ended the climb may have been the load, not the server.
    busiest = max(best["load_cpu"], lost.get("load_cpu", 0.0))
    return {**best, "load_cpu": busiest}


def _next(low: float, high: float, best: Found | None, *, is_known: bool) -> float:
    if best is None:
        return high / (NEAR if is_known else BOLD)
    if not math.isinf(high):
        return math.sqrt(low * high)
    if is_known:
        return low * NEAR
    return low * (BOLD if best["p99"] < BOUND_MS / 10 else CAREFUL)
