"""Several clerks forward the same document at one moment, on every database.

What must hold: one lead and no more, and only one of the officials took up the work.
"""

from __future__ import annotations

import pytest

from tests.support.commands import run_worker
from tests.support.databases import EVERY_DATABASE, BareOffice

pytestmark = pytest.mark.server
CLERKS = 6


@pytest.mark.parametrize("database", EVERY_DATABASE)
def test_one_lead_remains_and_one_takes_it_up(
    database: str, bare_office: BareOffice
) -> None:
    with bare_office(database) as office:
        told = run_worker("forwarding_worker", "prove", str(CLERKS), environment=office)
    assert told == {
        "forwarded": {"forwarded": CLERKS},
        "leads": 1,
        "others": 0,
        "taken": {"taken": 1, "taken_up": CLERKS - 1},
        "steps": 1,
        "counted": 1,
        "shown": True,
    }
