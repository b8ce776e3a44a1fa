"""A text longer than its column is refused before it is written, on every database.

PostgreSQL would answer with a fault and SQLite would keep it. An action checks what
people write and names it in their words; this is the net under all of them, for rows
that are saved one by one. Must never cut a text to fit.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.common.errors import InvalidInput, Message

_OURS = "server."


def refuse_too_long(
    sender: type[models.Model], instance: models.Model, **_signal: Any
) -> None:
    """Raises InvalidInput with every field that is too long."""
    if not sender.__module__.startswith(_OURS):
        return
    faults: dict[str, Message] = {}
    for field in sender._meta.concrete_fields:
        if field.max_length is None or not isinstance(field, models.CharField):
            continue
        value = getattr(instance, field.attname)
        if isinstance(value, str) and len(value) > field.max_length:
            faults[field.name] = _("Dài quá %(limit)s ký tự.") % {
                "limit": field.max_length
            }
    if faults:
        raise InvalidInput(fields=faults)


def watch() -> None:
    models.signals.pre_save.connect(
        refuse_too_long, dispatch_uid="duthao.refuse_too_long"
    )
