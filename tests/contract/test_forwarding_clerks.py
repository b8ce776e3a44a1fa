"""Several clerks forward the same document at one moment, on every database.

What must hold: one lead and no more, and only one of the officials took up the work.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.commands import PROJECT
from tests.support.databases import BareOffice

pytestmark = pytest.mark.server
CLERKS = 6
PATIENCE_S = 240


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_one_lead_remains_and_one_takes_it_up(
    database: str, bare_office: BareOffice
) -> None:
    with bare_office(database) as environment:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "tests.support.forwarding_worker"),
                *("prove", str(CLERKS)),
            ],
            env=environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
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
