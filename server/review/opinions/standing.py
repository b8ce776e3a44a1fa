"""Where one who was asked stands, and when to remind. Pure: no database, no clock.

A term that ends on a day off is kept by the next working day (Civil Code 2015, article
148.5), as everywhere in the office. Must never write.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from server.common.workdays import add_working_days, is_over
from server.review.models import Silence


class Stand(StrEnum):
    WAITING = "waiting"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    COMMENTED = "commented"  # in the draft itself, without the form
    SILENT_AGREES = "silent_agrees"
    SILENT = "silent"
    WITHDRAWN = "withdrawn"


def stand_of(
    *,
    answered: bool,
    commented: bool = False,
    withdrawn: bool,
    closed: bool,
    due_on: date,
    silence: str,
    today: date,
) -> Stand:
    """Silence means something when its term is over, and may still be broken until
    the round is closed; closed before the term is over, it agrees to nothing."""
    if withdrawn:
        return Stand.WITHDRAWN
    if answered:
        return Stand.ANSWERED
    if commented:
        return Stand.COMMENTED
    if not closed:
        return Stand.OVERDUE if is_over(due_on, today) else Stand.WAITING
    if silence == Silence.AGREES and is_over(due_on, today):
        return Stand.SILENT_AGREES
    return Stand.SILENT


class Reason(StrEnum):
    """Why somebody is reminded: three working days before, one, the day, after it."""

    IN_THREE = "in_three"
    IN_ONE = "in_one"
    TODAY = "today"
    OVERDUE = "overdue"


def reminder_due(due_on: date, today: date) -> Reason | None:
    """The reminder that belongs to this day, if any.

    One reminder a day at most: who was asked late starts with the nearest one. A run
    that was missed is made up by the next, because each reason holds until the next.
    """
    if is_over(due_on, today):
        return Reason.OVERDUE
    if today >= due_on:
        return Reason.TODAY
    if add_working_days(today, 1) >= due_on:
        return Reason.IN_ONE
    if add_working_days(today, 3) >= due_on:
        return Reason.IN_THREE
    return None
