"""Two drafts that replace one document are issued at one moment, on every database.

What must hold: one of them replaces it and the other is refused without a number; two
corrections both go out.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.commands import PROJECT
from tests.support.databases import BareOffice

pytestmark = pytest.mark.server
ROUNDS = 6
PATIENCE_S = 240


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_one_of_two_replaces_a_document(database: str, bare_office: BareOffice) -> None:
    with bare_office(database) as environment:
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.replacing_worker", str(ROUNDS)],
            env=environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "told": {
            "replaces": {"in": ROUNDS, "replaced": ROUNDS},
            "corrects": {"in": 2 * ROUNDS},
        },
        "gaps": False,
        "issued": 4 * ROUNDS,
        "replaced": ROUNDS,
        "replacements": ROUNDS,
        "corrections": 2 * ROUNDS,
    }
