"""Phiếu giải quyết văn bản đến and the stamp ĐẾN: what stands on them.

The form has three parts: what the leader of the organisation directs, what the head of
the unit directs, what whoever settles it proposes. A part without words is left as
dotted lines, to be filled in by hand. Source: Decree 30/2020/NĐ-CP, appendix IV,
part II. Words on paper are Vietnamese whatever the language of the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server.common import clock
from server.publishing.registers.forms import BOOKS, SlipForm, StampForm
from server.publishing.rules import RuleSet, choose_rules

# Lines to write on, in a part without words.
DOTTED_LINES = 4


@dataclass(frozen=True, slots=True)
class Opinion:
    """`signed` is the line under it: the day, and whose words they are."""

    lines: tuple[str, ...] = ()
    signed: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """`about` says which document, that arrived on `arrived_on`; the three opinions
    stand in the order of the form's parts."""

    parent: str
    organisation: str
    place: str
    day: date | None
    about: str
    opinions: tuple[Opinion, Opinion, Opinion]
    arrived_on: date

    @property
    def form(self) -> SlipForm:
        return BOOKS.on(self.arrived_on).slip

    @property
    def rules(self) -> RuleSet:
        """Of the day that stands on it; of today while it is left open."""
        return choose_rules(self.day or clock.today())

    @property
    def place_line(self) -> str:
        """ "Đắk Lắk, ngày 05 tháng 01 năm 2026", with dots where one writes."""
        place = self.place or "…………"
        if self.day is None:
            return f"{place}, ngày …… tháng …… năm ………"
        zeros = self.rules.zeros
        day, month = zeros.day(self.day.day), zeros.month(self.day.month)
        return f"{place}, ngày {day} tháng {month} năm {self.day.year}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Empty values become dots."""

    organisation: str
    number: str
    arrived_on: date
    forwarded_to: str = ""
    file_notation: str = ""

    @property
    def form(self) -> StampForm:
        return BOOKS.on(self.arrived_on).stamp
