"""How the hits of a search are shown: where they open, their state, their deadline."""

from __future__ import annotations

from django import template

from server.common import clock
from server.registry import search_labels
from server.registry.models import SearchEntry

register = template.Library()


@register.filter
def address(entry: SearchEntry) -> str:
    return search_labels.address_of(entry)


@register.filter
def state_label(entry: SearchEntry) -> str:
    return search_labels.state_label(entry)


@register.filter
def is_over(entry: SearchEntry) -> bool:
    """The day of the deadline itself is still in time."""
    late = entry.deadline is not None and entry.deadline < clock.today()
    return entry.is_open and late
