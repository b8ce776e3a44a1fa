"""Clerks with a book each meet over one document or one number, on every database.

What must hold: one of them writes it, and each of the others is warned before a second
row stands in a book of the organisation.
"""

from __future__ import annotations

import pytest

from tests.support.commands import run_worker
from tests.support.databases import EVERY_DATABASE, BareOffice
from tests.support.doubles_worker import CLERKS

pytestmark = pytest.mark.server
ROUNDS = 12


@pytest.mark.parametrize("database", EVERY_DATABASE)
def test_nobody_writes_a_double_unwarned(
    database: str, bare_office: BareOffice
) -> None:
    with bare_office(database) as office:
        told = run_worker("doubles_worker", str(ROUNDS), environment=office)
    warned = {"in": ROUNDS, "duplicate_document": ROUNDS * (CLERKS - 1)}
    assert told == {
        "entered": warned,
        "given": warned,
        "incoming": ROUNDS,
        "outgoing": ROUNDS * CLERKS,
    }
