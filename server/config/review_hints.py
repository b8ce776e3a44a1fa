"""Tell open editors that a thread changed, so that they fetch it.

A hint, and nothing of what was said: who was away, or whose hint was lost, asks the
database for what changed after its cursor. Must never reach who may not read threads.
"""

from __future__ import annotations

from collab.ports import Level
from collab.rooms.engine import Engine
from server.common.models import OutboxEvent
from server.review import events


def tell_of_threads(event: OutboxEvent, engine: Engine) -> None:
    if not event.kind.startswith(events.THREADS):
        return
    notice: dict[str, object] = {
        "type": "threads",
        "thread": event.payload["thread"],
        "revision": event.payload["revision"],
    }
    engine.tell(event.subject_id, notice, least=Level.COMMENT)
