"""Answer the rooms' questions about people and rights, from the application's doors.

Runs on database threads of its own, never on the shared thread of asgiref. Must never
decide anything: `server.accounts.access` and `server.registry.access` do.
"""

from __future__ import annotations

from django.db.models import Max

from collab.ports import AccessChange, Credentials, Grant, Identity, Level
from server.accounts import access as accounts_access
from server.accounts import events as account_events
from server.accounts import queries as account_queries
from server.common import origin
from server.common.models import OutboxEvent
from server.registry import access as registry_access
from server.registry import events as draft_events
from server.registry.colours import colour_of
from server.review import events as review_events
from storage.update_log.models import DocumentHead
from storage.update_log.threads import DatabaseThreads

_DRAFT_KINDS = frozenset(
    {
        draft_events.ACCESS_CHANGED,
        draft_events.ARCHIVED,
        draft_events.RESTORED,
        draft_events.FROZEN,
        draft_events.THAWED,
    }
)
_USER_KINDS = frozenset(
    {account_events.CREDENTIALS_CHANGED, account_events.MEMBERSHIPS_CHANGED}
)
# More than may be under way at once, in all processes.
_OVERLAP = 200
_AT_ONCE = 500


def change_of(event: OutboxEvent) -> AccessChange | None:
    if event.kind in _DRAFT_KINDS:
        return AccessChange(document_id=event.subject_id)
    if event.kind in _USER_KINDS:
        return AccessChange(user_id=event.subject_id)
    if event.kind in review_events.WRITTEN:
        return AccessChange(document_id=event.subject_id, written=True)
    if event.kind == draft_events.RENAMED:
        title = str(event.payload["title"])
        return AccessChange(document_id=event.subject_id, title=title)
    return None


class DatabaseAuthorizer:
    """Authorizer over the application's database."""

    def __init__(self, threads: DatabaseThreads) -> None:
        self._threads = threads

    async def identify(self, credentials: Credentials) -> Identity | None:
        return await self._threads.run(lambda: _identify(credentials))

    async def authorize(self, identity: Identity, document_id: str) -> Grant | None:
        return await self._threads.run(lambda: _authorize(identity, document_id))

    async def is_alive(self, identity: Identity) -> bool:
        return await self._threads.run(
            lambda: accounts_access.credential_alive(
                identity.user_id, identity.credential
            )
        )


class OutboxAccessFeed:
    """AccessFeed over the outbox table: the truth behind every hint."""

    def __init__(self, threads: DatabaseThreads) -> None:
        self._threads = threads
        self._told: set[int] = set()

    async def since(self, cursor: int | None) -> tuple[int, list[AccessChange]]:
        """PostgreSQL gives out ids before the commit, so a lower id may appear after a
        higher one: the last few are looked at again, and told once."""
        if cursor is None:
            cursor = await self._threads.run(_last_id)
            start = cursor - _OVERLAP
            recent = await self._threads.run(lambda: _events(start))
            self._told = {event.id for event in recent}
            return cursor, []
        start = max(0, cursor - _OVERLAP)
        events = await self._threads.run(lambda: _events(start))
        new = [event for event in events if event.id not in self._told]
        cursor = max([cursor, *(event.id for event in new)])
        self._told.update(event.id for event in new)
        self._told = {id_ for id_ in self._told if id_ > cursor - _OVERLAP}
        changes = [change for event in new if (change := change_of(event)) is not None]
        return cursor, changes


def _identify(credentials: Credentials) -> Identity | None:
    where = origin.current.set(origin.Origin(credentials.client_address, "websocket"))
    try:
        found = accounts_access.authenticate_credentials(
            credentials.cookies, credentials.token
        )
    finally:
        origin.current.reset(where)
    if found is None:
        return None
    user, credential = found
    unit = account_queries.main_unit(user)
    user_id = str(user.id)
    return Identity(
        user_id=user_id,
        name=user.full_name,
        unit=unit.name if unit is not None else "",
        colour=colour_of(user_id),
        credential=credential,
        reads_only=accounts_access.credential_reads_only(credential),
    )


def _authorize(identity: Identity, document_id: str) -> Grant | None:
    found = registry_access.grant_for(identity.user_id, document_id)
    if found is None:
        return None
    head = (
        DocumentHead.objects.filter(document_id=document_id)
        .values_list("epoch", "frozen")
        .first()
    )
    if head is None:
        return None
    level = Level.VIEW if identity.reads_only else found[0]
    return Grant(level=level, epoch=head[0], frozen=head[1])


def _last_id() -> int:
    return OutboxEvent.objects.aggregate(last=Max("id"))["last"] or 0


def _events(after: int) -> list[OutboxEvent]:
    rows = OutboxEvent.objects.filter(id__gt=after).order_by("id")
    return list(rows[: _OVERLAP + _AT_ONCE])
