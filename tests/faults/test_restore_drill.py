"""The drill of the runbook: back up an office at work, restore it, read its drafts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from server.config import backup
from tests.support.office import PROJECT, Office
from tests.support.servers import PostgresServer

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def command(data_dir: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "server", *words],
        cwd=PROJECT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "server.config.settings",
            "DATA_DIR": str(data_dir),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.server
def test_restored_office_holds_the_same_drafts(
    open_office: Callable[..., Office], tmp_path: Path
) -> None:
    office = open_office()
    draft = office.create_draft("Về việc sao lưu", blank=False)
    written = office.text(draft)
    assert written.strip()

    archive = command(office.data_dir, "backup", str(tmp_path / "archives"))
    assert "whole" in command(office.data_dir, "restore", "--check", archive)
    office.kill()

    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copy(office.data_dir / "people.json", restored)
    command(restored, "restore", archive)
    command(restored, "migrate", "--verbosity", "0")
    again = Office(restored)
    again.start()
    try:
        assert again.text(draft) == written
    finally:
        again.stop()


@pytest.mark.server
def test_restore_under_a_running_server_is_refused(
    open_office: Callable[..., Office], tmp_path: Path
) -> None:
    office = open_office()
    archive = command(office.data_dir, "backup", str(tmp_path))
    with pytest.raises(AssertionError, match="DATA_DIR"):
        command(office.data_dir, "restore", archive)


@pytest.mark.postgres
def test_postgresql_comes_back_as_it_was(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = postgres_server.programs
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    postgres_server.create_database("drill")
    try:
        database: dict[str, Any] = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "drill",
            "USER": "duthao",
            "PASSWORD": "",
            "HOST": str(postgres_server.sockets),
            "PORT": "",
        }

        def run(statement: str) -> list[Any]:
            with psycopg.connect(
                host=database["HOST"], user="duthao", dbname="drill", autocommit=True
            ) as connection:
                cursor = connection.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []

        run("CREATE TABLE draft (title text); INSERT INTO draft VALUES ('Công văn')")
        archive = tmp_path / "archive.tar.gz"
        backup.write(archive, database, tmp_path, AT)
        run("INSERT INTO draft VALUES ('later')")
        backup.restore(archive, database, tmp_path)
        assert run("SELECT title FROM draft") == [("Công văn",)]
    finally:
        postgres_server.drop_database("drill")
