"""The whole server as a process, with the demo office, for tests that need the real thing.

A seeded data folder is made once a run and copied for each office, so that a start
takes about a second. Must never serve a folder that a test did not make.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.servers import PostgresServer
from tests.support.wait import until

PROJECT = Path(__file__).resolve().parents[2]
PASSWORD = "duthao-2026"
START_SECONDS = 40.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """The environment of the tests without the settings of their own server."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("DUTHAO_")
        and name not in {"PORT", "DATA_DIR", "DJANGO_SETTINGS_MODULE"}
    }
    return {**kept, "DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1", **settings}


def run_command(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "server", *words],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"{words} failed: {done.stderr}")
    return done.stdout.strip()


class Office:
    """One server process. `server` is "daphne" (as make serve) or "uvicorn"."""

    def __init__(
        self, data_dir: Path, *, server: str = "daphne", **settings: str
    ) -> None:
        self.data_dir = data_dir
        self.server = server
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.socket_url = f"ws://127.0.0.1:{self.port}/collab"
        self._settings = {"PORT": str(self.port), **settings}
        self._tokens: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return clean_environment(self.data_dir, **self._settings)

    def start(self) -> None:
        command = [sys.executable, "-m", "server", "serve"]
        if self.server == "uvicorn":
            command = [
                *(sys.executable, "-m", "uvicorn", "server.config.asgi:application"),
                *("--host", "127.0.0.1", "--port", str(self.port)),
                *("--ws", "websockets-sansio", "--loop", "uvloop"),
                *("--log-level", "warning"),
            ]
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log
            )
        until(self._answers, START_SECONDS, what="the office answers")

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(self.log_path.read_text())
        try:
            return httpx.get(f"{self.base_url}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    @property
    def log_path(self) -> Path:
        return self.data_dir / "server.log"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """As a power cut of the process: at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_SECONDS)
            self._process = None

    # ── the cast ────────────────────────────────────────────────────────────────

    def token(self, username: str) -> str:
        if username not in self._tokens:
            self._tokens[username] = run_command(self.environment, "token", username)
        return self._tokens[username]

    def api(self, method: str, path: str, username: str, **options: Any) -> Any:
        """Call the API as this person; the decoded answer. AssertionError if refused."""
        answer = httpx.request(
            method,
            f"{self.base_url}/api/v1{path}",
            headers={"Authorization": f"Bearer {self.token(username)}"},
            timeout=30,
            **options,
        )
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        if answer.headers.get("content-type", "").startswith("application/json"):
            return answer.json()
        return answer.content

    def create_draft(
        self, username: str = "chuyenvien", title: str = "Dự thảo thử"
    ) -> str:
        body = {"title": title, "type": "CV"}
        return str(self.api("POST", "/drafts", username, json=body)["id"])

    def share(
        self, draft_id: str, with_user: str, level: str, *, by: str = "chuyenvien"
    ) -> None:
        body = {"user": with_user, "level": level}
        self.api("PUT", f"/drafts/{draft_id}/shares", by, json=body)

    def ready(self) -> dict[str, Any]:
        answer: dict[str, Any] = httpx.get(f"{self.base_url}/readyz", timeout=30).json()
        return answer


MakeOffice = Callable[..., Office]


@pytest.fixture(scope="session")
def _seeded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded")
    environment = clean_environment(folder)
    run_command(environment, "migrate", "--verbosity", "0")
    run_command(environment, "seed")
    return folder


@pytest.fixture
def make_office(
    _seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeOffice]:
    """Make offices that end with the test: `make_office(server=…, DUTHAO_…=…)`."""
    offices: list[Office] = []

    def make(*, server: str = "daphne", start: bool = True, **settings: str) -> Office:
        folder = tmp_path_factory.mktemp("office") / "data"
        shutil.copytree(_seeded_folder, folder)
        office = Office(folder, server=server, **settings)
        offices.append(office)
        if start:
            office.start()
        return office

    yield make
    for office in offices:
        office.kill()


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """The demo office on daphne, as `make serve` runs it."""
    return make_office()


@pytest.fixture(params=["daphne", "uvicorn"])
def any_office(make_office: MakeOffice, request: pytest.FixtureRequest) -> Office:
    """The demo office on each of the two servers."""
    return make_office(server=request.param)


@pytest.fixture(scope="session")
def seeded_database(postgres_server: PostgresServer) -> str:
    """The name of a migrated and seeded PostgreSQL database, to be used as template."""
    name = "seeded_office"
    url = postgres_server.create_database(name)
    folder = postgres_server.sockets / "seed-data"
    environment = clean_environment(folder, DUTHAO_DATABASE_URL=url)
    run_command(environment, "migrate", "--verbosity", "0")
    run_command(environment, "seed")
    return name
