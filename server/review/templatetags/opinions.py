"""Words of opinion rounds for the templates. Must never decide anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from server.common import clock
from server.common.workdays import end_of_term
from server.registry.incoming_terms import Term, term_of
from server.review.opinions.standing import Stand

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
def term_class(due_on: date) -> str:
    return term_of(due_on, clock.today()).value


@register.filter
def term_in_words(due_on: date) -> str:
    """ "Quá hạn 3 ngày", "Hạn hôm nay", "Sắp đến hạn", or nothing."""
    found = term_of(due_on, clock.today())
    if found is Term.OVER:
        late = (clock.today() - end_of_term(due_on)).days
        return ngettext("Quá hạn %(n)s ngày", "Quá hạn %(n)s ngày", late) % {"n": late}
    if found is Term.TODAY:
        return _("Hạn hôm nay")
    return _("Sắp đến hạn") if found is Term.SOON else ""


@register.filter
def item(values: Mapping[str, object] | None, key: str) -> object:
    """The value under a key that is only known when the page is drawn."""
    return values.get(key, "") if values else ""
