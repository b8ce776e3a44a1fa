"""Several clerks forward the same document at one moment, on every database.

What must hold: one lead and no more, and only one of the officials took up the work.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.server
PROJECT = Path(__file__).resolve().parents[2]
CLERKS = 6
PATIENCE_S = 240


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_one_lead_remains_and_one_takes_it_up(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DUTHAO_")}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "server.config.settings",
        "DATA_DIR": str(tmp_path),
    }
    name = "forwarding_clerks"
    server = None
    if database == "postgres":
        server = request.getfixturevalue("postgres_server")
        environment["DUTHAO_DATABASE_URL"] = server.create_database(name)
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.forwarding_worker", "prove", str(CLERKS)],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    if server is not None:
        server.drop_database(name)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "forwarded": {"forwarded": CLERKS},
        "leads": 1,
        "others": 0,
        "taken": {"taken": 1, "taken_up": CLERKS - 1},
        "steps": 1,
        "counted": 1,
        "shown": True,
    }
