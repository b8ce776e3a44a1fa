"""A whole office as a process of its own: migrated, seeded, listening on a free port.

For tests of what only the real server shows: both ASGI servers, crashes, browsers and
foreign Yjs programs. An office has its own data folder and can be killed and started
again on the same port. Must never touch a process that it did not start.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.cast import PASSWORD
from tests.support.commands import PROJECT, environment_of, run_command
from tests.support.databases import made_once
from tests.support.servers import _die_with_parent
from tests.support.wait import until

START_SECONDS = 90.0
STOP_SECONDS = 40.0
PEOPLE = ("chuyenvien", "truongphong", "lanhdao", "vanthu", "sotttt", "quantri")

_MINT = """
import json
from datetime import timedelta
from server.accounts import actions
from server.accounts.models import TokenScope, User
from server.common import clock
end = clock.now() + timedelta(days=1)
print(json.dumps({
    user.username: [
        str(user.pk), actions.mint_token(user, "tests", TokenScope.WRITE, end)[1]
    ]
    for user in User.objects.all()
}))
"""


def seed_office(folder: Path, **settings: str) -> None:
    """Fill a migrated data folder with the demo office and the tokens of its people."""
    run_command(folder, "seed", **settings)
    minted = run_command(folder, "shell", "--verbosity", "0", "-c", _MINT, **settings)
    (folder / "people.json").write_text(minted.strip().splitlines()[-1])


def _as_from_a_terminal() -> None:
    """Tests that run in the background ignore Ctrl-C; their children must not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _die_with_parent()


# Below those that the system gives to connections by itself: one of these could take
# the port between the look at it and the start of the office, or while it is dead.
PORTS = range(20_000, 30_000)


def _all_ports() -> Iterator[int]:
    """Each once, then again, from a place of this process's own."""
    first = os.getpid() * 101 % len(PORTS)
    return itertools.islice(itertools.cycle(PORTS), first, None)


_ports = _all_ports()


def free_port() -> int:
    while True:
        port = next(_ports)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Office:
    """One office; `server` is "daphne" (as `make serve`), "uvicorn" (as deploy/) or
    "stock uvicorn" (without our protocol)."""

    def __init__(self, data_dir: Path, server: str = "daphne", **settings: str) -> None:
        self.data_dir = data_dir
        self.server = server
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._settings = settings
        people: dict[str, list[str]] = json.loads(
            (data_dir / "people.json").read_text()
        )
        self._ids = {name: row[0] for name, row in people.items()}
        self._tokens = {name: row[1] for name, row in people.items()}

    # ── the process ─────────────────────────────────────────────────────────────

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def collab_url(self) -> str:
        return f"ws://localhost:{self.port}/collab/"

    @property
    def log(self) -> str:
        return (self.data_dir / "server.log").read_text(errors="replace")

    def start(self) -> None:
        """Returns when the office answers. Raises with its log if it does not."""
        with (self.data_dir / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self._server_command(),
                cwd=PROJECT,
                env=environment_of(
                    self.data_dir, PORT=str(self.port), **self._settings
                ),
                stdout=log,
                stderr=log,
                preexec_fn=_as_from_a_terminal,
            )
        until(self._answers, START_SECONDS, what="the office answers")

    def _server_command(self) -> list[str]:
        if self.server == "daphne":
            return [sys.executable, "-m", "server", "serve"]
        protocol = (
            "websockets-sansio"
            if self.server == "stock uvicorn"
            else "collab.gateway.lean_uvicorn:LeanWebSocket"
        )
        return [
            *(sys.executable, "-m", "uvicorn", "server.config.asgi:application"),
            *("--host", "127.0.0.1", "--port", str(self.port)),
            *("--ws", protocol, "--loop", "uvloop"),
            *("--ws-per-message-deflate", "false", "--ws-max-size", "16777216"),
            *("--timeout-graceful-shutdown", "20", "--no-access-log"),
        ]

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError(f"the office ended:\n{self.log}")
        try:
            return httpx.get(f"{self.base_url}/healthz", timeout=2).is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """As a crash: without a chance to write anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an administrator does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(STOP_SECONDS)
            self.process = None

    # ── what a program may ask ──────────────────────────────────────────────────

    def user_id(self, user: str) -> str:
        return self._ids[user]

    def token(self, user: str = "chuyenvien") -> str:
        return self._tokens[user]

    def api(
        self, method: str, path: str, user: str = "chuyenvien", **options: Any
    ) -> httpx.Response:
        """Call the API; an answer that is no success fails the test."""
        answer = httpx.request(
            method,
            f"{self.base_url}/api/v1{path}",
            headers={"Authorization": f"Bearer {self.token(user)}"},
            timeout=30,
            **options,
        )
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def create_draft(
        self,
        title: str = "Công văn thử",
        user: str = "chuyenvien",
        *,
        document_type: str = "CV",
        blank: bool = True,
    ) -> str:
        """Returns the draft's id."""
        body = {"title": title, "type": document_type, "blank": blank}
        return str(self.api("POST", "/drafts", user, json=body).json()["id"])

    def share(
        self, draft_id: str, with_user: str, level: str, by: str = "chuyenvien"
    ) -> None:
        body = {"user": with_user, "level": level}
        self.api("PUT", f"/drafts/{draft_id}/shares", by, json=body)

    def text(self, draft_id: str, user: str = "chuyenvien") -> str:
        """The draft's text as the server has it in its log."""
        return self.api("GET", f"/drafts/{draft_id}/text", user).text


@pytest.fixture(scope="session")
def office_template(
    migrated_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A migrated and seeded data folder; every office starts from a copy."""

    def make(folder: Path) -> None:
        shutil.copytree(migrated_folder, folder, dirs_exist_ok=True)
        seed_office(folder)

    return made_once(tmp_path_factory, "office-template", make)


@pytest.fixture(scope="session")
def open_office(
    office_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Office]]:
    """`open_office("uvicorn", DUTHAO_…="…")`: a running office, ended with the run."""
    with ExitStack() as offices:

        def start(server: str = "daphne", **settings: str) -> Office:
            folder = tmp_path_factory.mktemp("office") / "data"
            shutil.copytree(office_template, folder)
            office = Office(folder, server, **settings)
            offices.callback(office.kill)
            office.start()
            return office

        yield start


@pytest.fixture(scope="module")
def office(
    request: pytest.FixtureRequest, open_office: Callable[..., Office]
) -> Iterator[Office]:
    """The office of one module, on daphne; parametrise indirectly for uvicorn."""
    office = open_office(getattr(request, "param", "daphne"))
    yield office
    office.stop()


__all__ = [
    "PASSWORD",
    "PEOPLE",
    "PROJECT",
    "Office",
    "free_port",
    "office",
    "open_office",
    "run_command",
    "seed_office",
]
