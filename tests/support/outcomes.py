"""What would come of an act: it is tried, and taken back at once.

So one test can ask the same of many people. Must never leave anything done.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from server.accounts.models import User
from server.common.errors import AppError
from server.registry.actions.recalling import recall
from server.registry.models import Draft, OutgoingDocument
from server.registry.workflow.table import Act
from tests.support.process import step

DONE = "done"


def outcome_of(act: Callable[[], object]) -> str:
    """DONE, or the code of the refusal."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except AppError as refused:
        return refused.code
    return DONE


def outcome_of_step(person: User, draft: Draft, act: Act) -> str:
    person.refresh_from_db()
    return outcome_of(lambda: step(person, draft, act))


def outcome_of_recall(person: User, document: OutgoingDocument) -> str:
    person.refresh_from_db()
    return outcome_of(lambda: recall(person, document.pk, "Ban hành nhầm"))
