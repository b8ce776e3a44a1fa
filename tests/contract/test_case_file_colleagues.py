"""Colleagues at one case file at once, on every database: each new file has a code of
its own, a document stands in a file once, and what is due is told once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.case_file_worker import COLLEAGUES

pytestmark = pytest.mark.server
PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_S = 300


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def found(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DUTHAO_")}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "server.config.settings",
        "DATA_DIR": str(tmp_path),
    }
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
        environment["DUTHAO_DATABASE_URL"] = server.create_database("case_files")
        request.addfinalizer(lambda: server.drop_database("case_files"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.case_file_worker"],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_colleagues_at_once_disturb_nothing(found: dict[str, Any]) -> None:
    # The first code is that of the file into which all put the document.
    assert found["codes"] == [f"{n:02d}.VT" for n in range(2, COLLEAGUES + 2)]
    assert found["put"] == ["already_in_file"] * (COLLEAGUES - 1) + ["in"]
    assert found["entries"] == 1
    assert found["told"] == COLLEAGUES + 1
