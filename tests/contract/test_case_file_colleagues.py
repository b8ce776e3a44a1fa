"""Colleagues at one case file at once, on every database: each new file has a code of
its own, a document stands in a file once, and what is due is told once."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.support.case_file_worker import COLLEAGUES
from tests.support.commands import PROJECT
from tests.support.databases import BareOffice

pytestmark = pytest.mark.server
PATIENCE_S = 300


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def found(request: pytest.FixtureRequest, bare_office: BareOffice) -> dict[str, Any]:
    with bare_office(request.param) as environment:
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
