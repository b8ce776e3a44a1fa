"""What to write of that which was said in the draft, as it was decided there. Pure.

A suggestion that was accepted, and a thread that was resolved, were taken over; one
that was rejected, and a thread that was only answered, want an explanation. What nobody
decided proposes nothing. The words go on paper, so they are Vietnamese. Must never
record anything: somebody reads it first.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.review.models import OUTCOME_LENGTH, Handled
from server.review.queries.opinion_remarks import InDraft, Remark
from server.review.queries.opinion_suggestions import Fate, Made


@dataclass(frozen=True, slots=True)
class Proposal:
    """`handled` is empty where it is for a person to say. `is_plain`: all was taken
    over, and there is nothing to explain."""

    handled: str = ""
    text: str = ""

    @property
    def is_plain(self) -> bool:
        return self.handled == Handled.ACCEPTED and not self.text


def proposal_of(said: InDraft) -> Proposal:
    ways = {
        *(_way_of_remark(remark) for remark in said.remarks if remark.text),
        *(_way_of_change(made) for made in said.made),
    } - {""}
    if None in ways:
        handled = ""
    elif ways == {Handled.ACCEPTED}:
        handled = Handled.ACCEPTED.value
    elif ways == {Handled.EXPLAINED}:
        handled = Handled.EXPLAINED.value
    else:
        handled = Handled.PARTLY.value if ways else ""
    lines = [f"Tại “{r.place}”: {r.answer}" for r in said.remarks if r.answer]
    lines += [_not_taken(made) for made in said.listed if made.fate is Fate.REJECTED]
    return Proposal(handled, "\n".join(lines)[:OUTCOME_LENGTH])


def _way_of_remark(remark: Remark) -> str | None:
    """None: nobody decided."""
    if remark.is_resolved:
        return Handled.ACCEPTED
    return Handled.EXPLAINED if remark.answer else None


def _way_of_change(made: Made) -> str | None:
    """The same; empty: it is no matter any more."""
    return {
        Fate.OPEN: None,
        Fate.ACCEPTED: Handled.ACCEPTED.value,
        Fate.REJECTED: Handled.EXPLAINED.value,
        Fate.TAKEN_BACK: "",
        Fate.DECIDED: None,
    }[made.fate]


def _not_taken(made: Made) -> str:
    what = [
        f"{word} “{text}”"
        for word, text in (("bỏ", made.deleted), ("thêm", made.inserted))
        if text
    ]
    place = f" tại “{made.quote}”" if made.quote else ""
    return f"Không sửa{place} ({', '.join(what) or 'đổi trình bày'}): "
