"""The application is told of its start and its end, also under daphne."""

from __future__ import annotations

from typing import Any

import pytest

from server.config.lifespan import Lifespan, StartFailed


async def test_application_hears_start_and_end() -> None:
    heard: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        for _ in range(2):
            question = (await receive())["type"]
            heard.append(question)
            await send({"type": f"{question}.complete"})

    lifespan = Lifespan(application)
    await lifespan.start()
    assert heard == ["lifespan.startup"]
    await lifespan.end(5)
    assert heard == ["lifespan.startup", "lifespan.shutdown"]


async def test_application_without_lifespan_is_served() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        raise ValueError("no application for lifespan")

    lifespan = Lifespan(application)
    await lifespan.start()
    await lifespan.end(5)


async def test_refused_start_says_why() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(StartFailed, match="no database"):
        await Lifespan(application).start()


async def test_fault_during_start_is_not_taken_for_missing_lifespan() -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        raise RuntimeError("broken wiring")

    with pytest.raises(StartFailed, match="broken wiring"):
        await Lifespan(application).start()


async def test_application_that_never_ends_is_left_after_the_deadline(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await receive()

    lifespan = Lifespan(application)
    await lifespan.start()
    await lifespan.end(0.05)
    assert "did not end" in caplog.text
