"""The database goes away for ten seconds while two people type: nothing is lost."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.collab_client import CollabClient
from tests.support.databases import BareOffice
from tests.support.office import Office, seed_office
from tests.support.servers import PostgresServer
from tests.support.wait import until_async

AWAY_SECONDS = 10.0
LOG_AWAY = '{"type":"log","up":false}'
LOG_BACK = '{"type":"log","up":true}'


@pytest.fixture
def postgres_office(
    postgres_server: PostgresServer, bare_office: BareOffice
) -> Iterator[Office]:
    with bare_office("postgres") as environment:
        folder = Path(environment["DATA_DIR"])
        url = environment["DUTHAO_DATABASE_URL"]
        seed_office(folder, DUTHAO_DATABASE_URL=url)
        office = Office(folder, "uvicorn", DUTHAO_DATABASE_URL=url)
        office.start()
        yield office
        office.kill()
        # Whatever the test did to it, the next finds it running.
        postgres_server.start()


async def _two_people(office: Office) -> tuple[str, CollabClient, CollabClient]:
    draft_id = office.create_draft()
    office.share(draft_id, "truongphong", "edit")
    people = [
        CollabClient(office.collab_url, draft_id, office.token(name))
        for name in ("chuyenvien", "truongphong")
    ]
    for person in people:
        await person.connect()
        await person.synced()
    return draft_id, people[0], people[1]


async def _type_while_away(one: CollabClient, other: CollabClient) -> int:
    """Both type for as long as the database is away. Returns how many marks."""
    typed = 0
    end = time.monotonic() + AWAY_SECONDS
    while time.monotonic() < end:
        typed += 1
        mark = f"‹{typed}›"
        writer, reader = (one, other) if typed % 2 else (other, one)
        writer.type(mark)
        await until_async(lambda r=reader, m=mark: m in str(r.text), what="shown")
        assert mark not in writer.saved, "saved without a database"
    return typed


async def _all_saved(*people: CollabClient) -> None:
    await until_async(
        lambda: not any(p.unsaved for p in people), what="all is saved at last"
    )


async def _check_disk(office: Office, draft_id: str, typed: int) -> None:
    office.kill()
    office.start()
    reader = CollabClient(office.collab_url, draft_id, office.token("chuyenvien"))
    await reader.connect()
    await reader.synced()
    text = str(reader.text)
    await reader.disconnect()
    assert [text.count(f"‹{n}›") for n in range(1, typed + 1)] == [1] * typed


@pytest.mark.server
@pytest.mark.postgres
async def test_editing_goes_on_while_postgresql_is_stopped(
    postgres_server: PostgresServer, postgres_office: Office
) -> None:
    draft_id, one, other = await _two_people(postgres_office)
    postgres_server.kill()
    typed = await _type_while_away(one, other)
    assert typed > 10
    assert LOG_AWAY in one.notices
    answer = await asyncio.to_thread(httpx.get, f"{postgres_office.base_url}/readyz")
    assert answer.status_code == 503
    assert answer.json()["update_log"] is False
    # Not on a thread: the server would end with the thread that started it.
    postgres_server.start()
    await _all_saved(one, other)
    assert LOG_BACK in one.notices
    for person in (one, other):
        await person.disconnect()
    await _check_disk(postgres_office, draft_id, typed)


@pytest.mark.server
async def test_editing_goes_on_while_sqlite_is_locked(
    open_office: Callable[..., Office],
) -> None:
    office = open_office()
    draft_id, one, other = await _two_people(office)
    lock = sqlite3.connect(office.data_dir / "duthao.sqlite3", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    typed = await _type_while_away(one, other)
    assert typed > 10
    lock.execute("ROLLBACK")
    lock.close()
    await _all_saved(one, other)
    for person in (one, other):
        await person.disconnect()
    await _check_disk(office, draft_id, typed)
