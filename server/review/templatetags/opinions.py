"""Words of opinion rounds for the templates. Must never decide anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import override

from server.common import clock
from server.registry import term_words
from server.registry.incoming_terms import term_of
from server.review.opinions.proposing import Proposal, proposal_of
from server.review.opinions.standing import Stand
from server.review.queries.opinion_remarks import InDraft
from server.review.queries.opinion_suggestions import Fate, Made

register = template.Library()


@register.filter
def stand_label(stand: str) -> str:
    return {
        Stand.WAITING: _("Chưa trả lời"),
        Stand.OVERDUE: _("Quá hạn, chưa trả lời"),
        Stand.ANSWERED: _("Đã trả lời"),
        Stand.COMMENTED: _("Góp ý trong dự thảo"),
        Stand.SILENT_AGREES: _("Không trả lời, coi như đồng ý"),
        Stand.SILENT: _("Không trả lời, ghi là không có ý kiến"),
        Stand.WITHDRAWN: _("Đã rút lời hỏi"),
    }[Stand(stand)]


@register.filter
def fate_label(made: Made) -> str:
    return {
        Fate.OPEN: _("chưa xem xét"),
        Fate.ACCEPTED: _("đã đồng ý"),
        Fate.REJECTED: _("đã bỏ"),
        Fate.TAKEN_BACK: _("người đề xuất rút"),
        Fate.DECIDED: _("đã xem xét"),
    }[made.fate]


@register.filter
def fates_in_words(said: InDraft) -> str:
    """ "đã xem xét 3/5 (đồng ý 2, bỏ 1)": what became of all that was suggested."""
    count = _("đã xem xét %(n)s/%(all)s") % {"n": said.decided, "all": said.changes}
    ways = [
        words % {"n": said.fates[fate]}
        for fate, words in (
            (Fate.ACCEPTED, _("đồng ý %(n)s")),
            (Fate.REJECTED, _("bỏ %(n)s")),
            (Fate.TAKEN_BACK, _("tự rút %(n)s")),
        )
        if fate in said.fates
    ]
    return f"{count} ({', '.join(ways)})" if ways else count


@register.filter
def proposal(said: InDraft) -> Proposal:
    """What to write of that which was said in the draft. For a paper: in Vietnamese."""
    with override("vi"):
        return proposal_of(said)


@register.filter
def term_class(due_on: date) -> str:
    return term_of(due_on, clock.today()).value


@register.filter
def term_in_words(due_on: date) -> str:
    return term_words.term_in_words(due_on, clock.today())


@register.filter
def item(values: Mapping[str, object] | None, key: str) -> object:
    """The value under a key that is only known when the page is drawn."""
    return values.get(key, "") if values else ""
