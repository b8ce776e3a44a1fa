"""How times, types and levels of drafts are shown in lists."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from server.common import clock
from server.registry.document_types import name_of
from server.registry.models import LEVEL_CHOICES

register = template.Library()


@register.filter
def short_time(moment: datetime) -> str:
    """Today "14:05", this year "22/11", else "22/11/2026". Vietnam's day."""
    local = moment.astimezone(clock.VIETNAM)
    today = clock.today()
    if local.date() == today:
        return local.strftime("%H:%M")
    if local.year == today.year:
        return local.strftime("%d/%m")
    return local.strftime("%d/%m/%Y")


@register.filter
def full_time(moment: datetime) -> str:
    """ "14:05, 22/11/2026" for tooltips and the activity page."""
    return moment.astimezone(clock.VIETNAM).strftime("%H:%M, %d/%m/%Y")


@register.filter
def day_name(moment: datetime) -> str:
    """The day a group of acts stands under."""
    day = moment.astimezone(clock.VIETNAM).date()
    if day == clock.today():
        return _("Hôm nay")
    return str(formats.date_format(day, "l, d/m/Y")).capitalize()


@register.filter
def type_name(code: str) -> str:
    return name_of(code)


@register.filter
def level_label(level: int) -> str:
    return str(dict(LEVEL_CHOICES)[int(level)])
