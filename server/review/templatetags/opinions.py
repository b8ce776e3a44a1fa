"""Words of opinion rounds for the templates. Must never decide anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.translation import gettext as _

from server.common import clock
from server.registry import term_words
from server.registry.incoming_terms import term_of
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
    return term_words.term_in_words(due_on, clock.today())


@register.filter
def item(values: Mapping[str, object] | None, key: str) -> object:
    """The value under a key that is only known when the page is drawn."""
    return values.get(key, "") if values else ""
