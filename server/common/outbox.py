"""Tell others, but only what was committed.

`emit` stores an event in the caller's transaction and, after the commit, hands it to
the listeners of this process at once. A listener that was down reads the table: the
call is a hint, the row is the truth. Must never run a listener inside the transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction

from server.common import clock
from server.common.models import OutboxEvent

logger = logging.getLogger(__name__)

Listener = Callable[[OutboxEvent], None]
_listeners: list[Listener] = []


def emit(kind: str, subject_id: object, **payload: Any) -> None:
    """`kind` is the fact in the past tense: "draft.access_changed"."""
    event = OutboxEvent.objects.create(
        at=clock.now(), kind=kind, subject_id=str(subject_id), payload=payload
    )
    transaction.on_commit(lambda: _tell(event))


def listen(listener: Listener) -> Callable[[], None]:
    """Hear of committed events of this process. Returns the call that stops it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def _tell(event: OutboxEvent) -> None:
    for listener in list(_listeners):
        try:
            listener(event)
        except Exception:
            # The change is committed; a deaf listener must not fail the request.
            logger.exception("outbox listener failed on %s", event.kind)
