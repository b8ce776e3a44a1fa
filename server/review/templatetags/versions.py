"""Words of versions for the pages: kinds, and every field of the letterhead."""

from __future__ import annotations

from django import template

from server.registry.letterhead_words import name_of_field
from server.review.models import VersionKind

register = template.Library()

_ICONS = {
    "named": "pencil",
    "step": "arrow-right",
    "signed": "signature",
    "issued": "check",
    "day": "calendar",
    "pause": "clock",
}


@register.filter
def any_field_label(field: str) -> str:
    return name_of_field(field)


@register.filter
def kind_label(kind: str) -> str:
    return str(dict(VersionKind.choices).get(kind, kind))


@register.filter
def kind_icon(kind: str) -> str:
    return _ICONS.get(kind, "clock")


@register.filter
def unlocalized(value: float) -> str:
    """For a style sheet, which knows no decimal comma."""
    return f"{value:.1f}"
