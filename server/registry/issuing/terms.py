"""The day that is offered to whoever must act, where nobody has named one. Pure.

An offer and no rule: it stands in the clerk's form, to be confirmed or changed. Must
never be put into a list that no person has looked at.
"""

from __future__ import annotations

from datetime import date

from server.common.workdays import add_working_days
from server.registry.models import Urgency

_OFFERED = {
    Urgency.NORMAL.value: 7,
    Urgency.URGENT.value: 3,
    Urgency.VERY_URGENT.value: 2,
    Urgency.FLASH.value: 1,
}


def offered_term(urgency: str) -> int:
    """In working days; an urgency that is not known is none."""
    return _OFFERED.get(urgency, _OFFERED[Urgency.NORMAL.value])


def offered_deadline(urgency: str, today: date) -> date:
    return add_working_days(today, offered_term(urgency))
