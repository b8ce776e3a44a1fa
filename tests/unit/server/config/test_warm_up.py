"""The first pages are made after a process is ready, and only in one that serves."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from server.config import asgi
from server.config.lifespan import Lifespan
from server.publishing import pdf_export, warm_up

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def steps(monkeypatch: Any) -> list[str]:
    """What happened, in order; the rooms are not started."""
    seen: list[str] = []

    class Engine:
        def start(self) -> None:
            seen.append("rooms")

        async def stop(self) -> None:
            seen.append("stopped")

    monkeypatch.setattr(asgi.wiring, "engine", Engine)
    monkeypatch.setattr(asgi, "warm_up_soon", lambda: seen.append("warm-up"))
    return seen


@pytest.mark.parametrize(("wanted", "expected"), [(True, ["warm-up"]), (False, [])])
async def test_pages_are_made_after_the_process_is_ready(
    wanted: bool, expected: list[str], steps: list[str], settings: Any
) -> None:
    settings.WARM_UP = wanted
    sent: list[str] = []
    events = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, str]:
        return {"type": next(events)}

    async def send(message: Any) -> None:
        sent.append(message["type"])
        # The answer goes out before anything is made.
        assert "warm-up" not in steps or message["type"] != "lifespan.startup.complete"

    await asgi._lifespan({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert steps == ["rooms", *expected, "stopped"]


async def test_a_server_that_runs_tidies_up_until_it_ends(
    steps: list[str], settings: Any, monkeypatch: Any
) -> None:
    class Tidying:
        def start(self) -> None:
            steps.append("tidies")

        async def close(self) -> None:
            steps.append("tidied")

    settings.WARM_UP = False
    tidying = Tidying()
    monkeypatch.setattr(asgi.wiring, "own_work", lambda: (tidying,))
    events = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, str]:
        return {"type": next(events)}

    async def send(_message: Any) -> None:
        pass

    await asgi._lifespan({"type": "lifespan"}, receive, send)
    assert steps == ["rooms", "tidies", "tidied", "stopped"]


async def test_daphne_gets_its_first_pages_too(steps: list[str], settings: Any) -> None:
    settings.WARM_UP = True
    lifespan = Lifespan(asgi._lifespan)  # type: ignore[arg-type]
    await lifespan.start()
    await lifespan.end(5)
    assert steps == ["rooms", "warm-up", "stopped"]


def test_both_formats_are_made(caplog: Any) -> None:
    pdf_export._compiler.cache_clear()
    with caplog.at_level(logging.INFO):
        warm_up.warm_up_soon().join(60)
    assert pdf_export._compiler.cache_info().currsize == 1
    assert [record.levelname for record in caplog.records] == ["INFO"]


def test_a_failure_is_logged_and_harms_nobody(monkeypatch: Any, caplog: Any) -> None:
    def broken(*args: Any) -> bytes:
        raise OSError("no space left")

    monkeypatch.setattr(warm_up, "to_docx", broken)
    warm_up.warm_up()
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_that_the_process_ends_meanwhile_is_no_failure(
    monkeypatch: Any, caplog: Any
) -> None:
    def cleared_away(*args: Any) -> bytes:
        raise FileNotFoundError("code.svg")

    class Ended:
        def is_alive(self) -> bool:
            return False

    monkeypatch.setattr(warm_up, "to_signable_pdf", cleared_away)
    monkeypatch.setattr(warm_up.threading, "main_thread", Ended)
    warm_up.warm_up()
    assert caplog.records == []


def test_a_management_command_makes_no_pages(tmp_path: Path) -> None:
    code = (
        "import sys, django; django.setup();"
        "from django.core.management import call_command; call_command('check');"
        "sys.exit('server.publishing.warm_up' in sys.modules)"
    )
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "server.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == 0
