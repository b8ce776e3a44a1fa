"""How near a deadline is, and whether the clerk's own day or two have passed. Pure.

Classes of deadlines are computed when they are shown and never stored: they change at
midnight in Vietnam without anybody doing anything.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from server.common.workdays import add_working_days, end_of_term, is_over
from server.registry.models import Urgency
from server.registry.procedure import PROCEDURE

# No law says these two; they are how the product shows and offers deadlines.
# Deadlines of this many working days or fewer ahead are shown as near.
SOON_WORKING_DAYS = 2
# What an office usually gives; offered beside the calendar.
USUAL_TERMS = (3, 5, 7, 10, 15)


class Term(StrEnum):
    NONE = "none"
    OVER = "over"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


def term_of(deadline: date | None, today: date) -> Term:
    """The day of the deadline itself is in time; a day off moves to the next one."""
    if deadline is None:
        return Term.NONE
    if is_over(deadline, today):
        return Term.OVER
    last = end_of_term(deadline)
    if last <= end_of_term(today):
        return Term.TODAY
    return (
        Term.SOON if last <= add_working_days(today, SOON_WORKING_DAYS) else Term.LATER
    )


def transfer_by(arrived_on: date, urgency: str) -> date:
    """The last day on which a document is registered and transferred in time.

    The next working day after it came; an urgent one goes on the day itself: so the law
    has it (data/procedure), by the day of arrival.
    """
    term = PROCEDURE.on(arrived_on).transfer
    is_urgent = urgency != Urgency.NORMAL
    return add_working_days(
        arrived_on, term.urgent_working_days if is_urgent else term.working_days
    )


def usual_deadlines(start: date) -> list[tuple[int, date]]:
    """The day on which each usual term ends: (working days, day)."""
    return [(count, add_working_days(start, count)) for count in USUAL_TERMS]
