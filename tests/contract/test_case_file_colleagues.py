"""Colleagues at one case file at once, on every database: each new file has a code of
its own, a document stands in a file once, and what is due is told once."""

from __future__ import annotations

import pytest

from tests.support.case_file_worker import COLLEAGUES
from tests.support.commands import run_worker
from tests.support.databases import EVERY_DATABASE, BareOffice

pytestmark = pytest.mark.server


@pytest.mark.parametrize("database", EVERY_DATABASE)
def test_colleagues_at_once_disturb_nothing(
    database: str, bare_office: BareOffice
) -> None:
    with bare_office(database) as office:
        found = run_worker("case_file_worker", environment=office)
    # The first code is that of the file into which all put the document.
    assert found["codes"] == [f"{n:02d}.VT" for n in range(2, COLLEAGUES + 2)]
    assert found["put"] == ["already_in_file"] * (COLLEAGUES - 1) + ["in"]
    assert found["entries"] == 1
    assert found["told"] == COLLEAGUES + 1
