"""The one place where the load lets time pass: people who type have a pace, and asking
without a pause would take the core from what is measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

TICK_S = 0.004


async def pause(seconds: float = TICK_S) -> None:
    await asyncio.sleep(seconds)


async def until(condition: Callable[[], bool], patience_s: float) -> bool:
    """Wait for it; whether it came in time."""
    last = time.perf_counter() + patience_s
    while not condition():
        if time.perf_counter() > last:
            return False
        await pause()
    return True
