"""What the rooms of this process are doing, for the administrator and for alarms.

Every refused frame, closed socket and dropped queue is counted by its name, so that a
broken client or an attack can be seen. Must never tell of a document or a person.
"""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from server.accounts.access import has_role
from server.accounts.api import caller
from server.accounts.models import Role
from server.common.errors import NotFound
from server.config import wiring

router = Router(tags=["operations"])


class Operations(Schema):
    """One process; counters begin at its start."""

    update_log: Annotated[bool, Field(description="whether the log takes edits now")]
    unsaved_bytes: Annotated[int, Field(description="shown, not yet in the log")]
    rooms: Annotated[int, Field(description="documents loaded in this process")]
    people: Annotated[int, Field(description="people connected to this process")]
    connections: Annotated[int, Field(description="their sockets")]
    counters: Annotated[
        dict[str, int],
        Field(description="events by name; closed_… and denied_… are refusals"),
    ]


@router.get("/operations", response=Operations)
def operations(request: HttpRequest) -> Operations:
    """Counters of this process. For administrators; nobody else finds it."""
    if not has_role(caller(request), Role.ADMINISTRATOR):
        raise NotFound
    engine = wiring.engine()
    return Operations(
        update_log=engine.is_log_up,
        unsaved_bytes=engine.unsaved_bytes,
        rooms=engine.counters["rooms_loaded"] - engine.counters["rooms_unloaded"],
        people=len(engine.connections),
        connections=sum(engine.connections.values()),
        counters=dict(engine.counters),
    )
