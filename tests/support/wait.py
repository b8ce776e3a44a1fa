"""Wait for a condition with a deadline: the only way a test may let time pass.

A fixed pause is either too short on a busy machine or wasted on a quiet one. The
condition is asked again and again, and the failure says what was waited for.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")

POLL_SECONDS = 0.02
# Only a fault takes so long: a busy machine must fail no test.
DEFAULT_SECONDS = 30.0
ATTEMPTS = 3
BEAT_SECONDS = 0.01


def _name(condition: Callable[..., object]) -> str:
    return getattr(condition, "__qualname__", repr(condition))


def _failure(what: str, timeout: float, answer: object) -> str:
    return f"not within {timeout:g} s: {what} (last answer: {answer!r})"


def until(
    condition: Callable[[], T],
    timeout: float = DEFAULT_SECONDS,
    *,
    what: str = "",
) -> T:
    """The first truthy answer of `condition`; AssertionError after `timeout` s."""
    deadline = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(_failure(what or _name(condition), timeout, answer))
        time.sleep(POLL_SECONDS)


async def until_async(
    condition: Callable[[], T | Awaitable[T]],
    timeout: float = DEFAULT_SECONDS,  # noqa: ASYNC109 - a deadline for a poll
    *,
    what: str = "",
) -> T:
    """Like `until`, without blocking the loop; `condition` may be async."""
    deadline = time.monotonic() + timeout
    while True:
        asked = condition()
        answer: T = await asked if inspect.isawaitable(asked) else asked  # type: ignore[assignment]
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(_failure(what or _name(condition), timeout, answer))
        await asyncio.sleep(POLL_SECONDS)


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """What another process is waited for takes no longer. The time in which the machine
    kept this loop waiting does not count, so nothing here may block it."""
    lost = 0.0

    async def beat() -> None:
        nonlocal lost
        while True:
            before = time.monotonic()
            await asyncio.sleep(BEAT_SECONDS)
            lost += max(0.0, time.monotonic() - before - 2 * BEAT_SECONDS)

    beating = asyncio.create_task(beat())
    started = time.monotonic()
    try:
        yield
        taken = time.monotonic() - started
    finally:
        beating.cancel()
    assert taken - lost < seconds, f"it took {taken:.2f} s, of which {lost:.2f} s lost"


async def promised(attempt: Callable[[], Awaitable[float]], seconds: float) -> None:
    """One of some attempts, which return how long they took, takes no longer. A machine
    that does other work delays one of them; a fault delays each."""
    taken: list[float] = []
    while not taken or taken[-1] >= seconds:
        assert len(taken) < ATTEMPTS, f"never within {seconds:.2f} s: {taken}"
        taken.append(await attempt())
