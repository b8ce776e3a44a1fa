"""Wait for a condition with a deadline: the only way a test may let time pass.

A fixed pause is either too short on a busy machine or wasted on a quiet one. The
condition is asked again and again, and the failure says what was waited for.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

POLL_SECONDS = 0.02
DEFAULT_SECONDS = 10.0


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
