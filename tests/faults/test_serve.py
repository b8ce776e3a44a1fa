"""`python -m server serve` as a person starts and stops it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.support.office import PROJECT, Office, free_port

pytestmark = pytest.mark.server


def serve(data_dir: Path, port: str) -> subprocess.CompletedProcess[str]:
    """A start that must give up by itself."""
    return subprocess.run(
        [sys.executable, "-m", "server", "serve"],
        cwd=PROJECT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "server.config.settings",
            "DATA_DIR": str(data_dir),
            "PORT": port,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_taken_port_is_named_in_both_languages(office: Office, tmp_path: Path) -> None:
    second = serve(tmp_path, str(office.port))
    assert second.returncode == 1
    assert f"Không mở được cổng {office.port}" in second.stderr
    assert f"Port {office.port} cannot be opened" in second.stderr
    assert "Traceback" not in second.stderr


def test_second_server_on_one_data_folder_is_refused(office: Office) -> None:
    second = serve(office.data_dir, str(free_port()))
    assert second.returncode == 1
    assert str(office.data_dir) in second.stderr
    assert "Traceback" not in second.stderr


def test_start_prints_address_and_demo_sign_ins(office: Office) -> None:
    assert f"http://localhost:{office.port}" in office.log
    assert "chuyenvien" in office.log


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_server_cleanly(
    open_office: Callable[..., Office], how: signal.Signals
) -> None:
    office = open_office()
    process = office.process
    assert process is not None
    process.send_signal(how)
    assert process.wait(40) == 0
    assert "Traceback" not in office.log
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{office.base_url}/healthz", timeout=2)


def test_bad_setting_stops_the_start_and_is_named(tmp_path: Path) -> None:
    started = serve(tmp_path, "many")
    assert started.returncode != 0
    assert "PORT='many'" in started.stderr
    assert "Traceback" not in started.stderr


@pytest.mark.parametrize(("demo", "people"), [("0", 0), ("1", 7)])
def test_only_a_demo_gets_accounts_with_the_known_password(
    office: Office, migrated_folder: Path, tmp_path: Path, demo: str, people: int
) -> None:
    if demo == "0":
        # The other begins with nothing at all.
        shutil.copytree(migrated_folder, tmp_path, dirs_exist_ok=True)
    # The port is taken, so that it migrates, seeds or not, and gives up.
    started = subprocess.run(
        [PROJECT / "deploy" / "bin" / "serve"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "server.config.settings",
            "DATA_DIR": str(tmp_path),
            "PORT": str(office.port),
            "DUTHAO_DEMO": demo,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert started.returncode == 1
    with closing(sqlite3.connect(tmp_path / "duthao.sqlite3")) as database:
        count = database.execute("SELECT count(*) FROM accounts_user").fetchone()[0]
    assert count == people
