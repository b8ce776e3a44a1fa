"""What somebody changed in a form, laid over what stands in the row by now.

A form shows a row of a minute ago; meanwhile a colleague, or an issue that answers,
may have written into it. Only the fields that differ from what the form was made of
are meant. Pure: must never overwrite a field that both changed, nor one that the form
merely showed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from server.common.errors import Conflict, Message
from server.registry.entry_fields import lines


def lay_over(
    wanted: Mapping[str, Any], seen: Mapping[str, Any] | None, now: Mapping[str, Any]
) -> dict[str, Any]:
    """Every field as it is to stand. Without `seen` all that is wanted is meant.

    Raises Conflict `row_changed`, naming each field that was changed on both sides and
    what it has become.
    """
    if seen is None:
        return dict(wanted)
    mine = {name for name in wanted if not same(wanted[name], seen[name])}
    crossed = {
        name: _("Người khác vừa ghi: %(value)s") % {"value": _shown(now[name])}
        for name in wanted
        if name in mine
        and not same(now[name], seen[name])
        and not same(now[name], wanted[name])
    }
    if crossed:
        raise Conflict(
            _("Dòng này vừa được người khác ghi. Hãy xem lại rồi ghi vào sổ."),
            code="row_changed",
            fields=crossed,
        )
    return {name: wanted[name] if name in mine else now[name] for name in wanted}


def same(one: Any, other: Any) -> bool:
    """A browser sends line breaks in its own way, and nobody typed those."""
    if isinstance(one, str) and isinstance(other, str):
        return lines(one) == lines(other)
    return bool(one == other)


def _shown(value: Any) -> Message:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return _("(để trống)") if value in {None, ""} else str(value)
