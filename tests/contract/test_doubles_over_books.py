"""Clerks with a book each meet over one document or one number, on every database.

What must hold: one of them writes it, and each of the others is warned before a second
row stands in a book of the organisation.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.commands import PROJECT
from tests.support.databases import BareOffice
from tests.support.doubles_worker import CLERKS

pytestmark = pytest.mark.server
ROUNDS = 12
PATIENCE_S = 240


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_nobody_writes_a_double_unwarned(
    database: str, bare_office: BareOffice
) -> None:
    with bare_office(database) as environment:
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.doubles_worker", str(ROUNDS)],
            env=environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    warned = {"in": ROUNDS, "duplicate_document": ROUNDS * (CLERKS - 1)}
    assert json.loads(done.stdout) == {
        "entered": warned,
        "given": warned,
        "incoming": ROUNDS,
        "outgoing": ROUNDS * CLERKS,
    }
