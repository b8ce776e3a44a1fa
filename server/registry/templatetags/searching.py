"""How the hits of a search are shown: where they open, and their state."""

from __future__ import annotations

from django import template

from server.registry import search_labels
from server.registry.models import SearchEntry

register = template.Library()


@register.filter
def address(entry: SearchEntry) -> str:
    return search_labels.address_of(entry)


@register.filter
def filter_label(name: str) -> str:
    return str(search_labels.FILTER_LABELS.get(name, ""))


@register.filter
def state_label(entry: SearchEntry) -> str:
    return search_labels.state_label(entry)
