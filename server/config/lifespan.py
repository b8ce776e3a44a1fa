"""Start and end the ASGI application where the server does not do it itself.

uvicorn speaks the lifespan protocol; daphne does not, so the rooms would get no
word before the process ends. An application that knows no lifespan is served
without. Must never swallow a failed start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Application = Callable[
    [
        dict[str, Any],
        Callable[[], Awaitable[Message]],
        Callable[[Message], Awaitable[None]],
    ],
    Awaitable[None],
]


class StartFailed(Exception):
    """The application said that it cannot start; the message is its reason."""


class Lifespan:
    """One run of one application: `start`, then `end` at most once."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return when the application is ready. Raises StartFailed."""
        self._task = asyncio.create_task(self._run())
        answer = await self._ask("lifespan.startup")
        if answer is None:
            self._task = None
        elif answer["type"] == "lifespan.startup.failed":
            raise StartFailed(answer.get("message") or "the application did not start")

    async def end(self, seconds: float) -> None:
        """Let the application finish its work, for `seconds` at most."""
        if self._task is None:
            return
        try:
            await asyncio.wait_for(self._ask("lifespan.shutdown"), seconds)
        except TimeoutError:
            logger.error("the application did not end within %g s", seconds)
        finally:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        try:
            await self._application(
                {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}},
                self._inbox.get,
                self._answers.put,
            )
        except Exception as error:
            if self._inbox.empty():
                # It took our message, so it knows the protocol: this is a fault.
                logger.exception("the application failed")
                failed = {"type": "lifespan.startup.failed", "message": repr(error)}
                await self._answers.put(failed)
            else:
                # The ASGI specification: who raises at once does not know it.
                logger.debug("the application takes no lifespan events", exc_info=True)

    async def _ask(self, question: str) -> Message | None:
        """The answer, or None when the application has left without one."""
        assert self._task is not None
        await self._inbox.put({"type": question})
        answer = asyncio.create_task(self._answers.get())
        await asyncio.wait({answer, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        answer.cancel()
        return None
