"""Two drafts that replace one document are issued at one moment, on every database.

What must hold: one of them replaces it and the other is refused without a number; two
corrections both go out.
"""

from __future__ import annotations

import pytest

from tests.support.commands import run_worker
from tests.support.databases import EVERY_DATABASE, BareOffice

pytestmark = pytest.mark.server
ROUNDS = 6


@pytest.mark.parametrize("database", EVERY_DATABASE)
def test_one_of_two_replaces_a_document(database: str, bare_office: BareOffice) -> None:
    with bare_office(database) as office:
        told = run_worker("replacing_worker", str(ROUNDS), environment=office)
    assert told == {
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
