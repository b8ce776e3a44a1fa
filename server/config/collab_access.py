"""Answer the rooms' questions about people and rights, from the application's doors.

Runs on database threads of its own, never on the shared thread of asgiref. Must never
decide anything: `server.accounts.access` and `server.registry.access` do.
"""

from __future__ import annotations

from collections.abc import Sequence

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

    async def ask_again(
        self, asked: Sequence[tuple[Identity, str]]
    ) -> list[Grant | None]:
        return await self._threads.run(lambda: _ask_again(asked))


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
            self._told = set(await self._threads.run(lambda: _ids(start)))
            return cursor, []
        start, told = max(0, cursor - _OVERLAP), self._told
        new = await self._threads.run(lambda: _new_events(start, told))
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
    return _grant(identity, found[0], *head)


def _grant(identity: Identity, level: Level, epoch: int, frozen: bool) -> Grant:
    return Grant(
        level=Level.VIEW if identity.reads_only else level, epoch=epoch, frozen=frozen
    )


def _ask_again(asked: Sequence[tuple[Identity, str]]) -> list[Grant | None]:
    """Few queries for all: of a thousand people one by one it would be a second of
    this process, every half minute."""
    credentials = {(person.user_id, person.credential) for person, _ in asked}
    ended = {one for one in credentials if not accounts_access.credential_alive(*one)}
    levels = registry_access.levels_for(
        {(person.user_id, document_id) for person, document_id in asked}
    )
    documents = {document_id for _, document_id in asked}
    heads = {
        document_id: (epoch, frozen)
        for document_id, epoch, frozen in DocumentHead.objects.filter(
            document_id__in=documents
        ).values_list("document_id", "epoch", "frozen")
    }
    grants: list[Grant | None] = []
    for person, document_id in asked:
        level = levels.get((person.user_id, document_id))
        head = heads.get(document_id)
        has_ended = (person.user_id, person.credential) in ended
        if level is None or head is None or has_ended:
            grants.append(None)
        else:
            grants.append(_grant(person, level, *head))
    return grants


def _last_id() -> int:
    return OutboxEvent.objects.aggregate(last=Max("id"))["last"] or 0


def _ids(after: int) -> list[int]:
    rows = OutboxEvent.objects.filter(id__gt=after).order_by("id")
    return list(rows.values_list("id", flat=True)[: _OVERLAP + _AT_ONCE])


def _new_events(after: int, told: set[int]) -> list[OutboxEvent]:
    """Mostly none: only those that are have to be read whole."""
    new = [id_ for id_ in _ids(after) if id_ not in told]
    if not new:
        return []
    return list(OutboxEvent.objects.filter(id__in=new).order_by("id"))
