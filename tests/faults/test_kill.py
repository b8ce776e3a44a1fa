"""The promise of "Đã lưu": kill the server at any moment, what was saved is there."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest

from tests.support.collab_client import CollabClient
from tests.support.office import Office
from tests.support.wait import until_async

pytestmark = pytest.mark.server

# One server's word is tried often; that of the other rests on the same rooms.
KILLS = {"daphne": 20, "uvicorn": 5}
TYPISTS = 8
SEED = 20_171_407


class Typist:
    """Types numbered marks as fast as the server says "saved", for ever."""

    def __init__(self, number: int, client: CollabClient) -> None:
        self.number = number
        self.client = client
        self.typed = 0

    async def work(self) -> None:
        while True:
            if self.client.is_connected and len(self.client.unsaved) < 5:
                self.typed += 1
                self.client.type(f"‹{self.number}.{self.typed}›")
            await asyncio.sleep(0)


async def _read_fresh(office: Office, draft_id: str) -> str:
    """What somebody sees who opens the draft for the first time."""
    reader = CollabClient(office.collab_url, draft_id, office.token("chuyenvien"))
    await reader.connect()
    await reader.synced()
    text = str(reader.text)
    await reader.disconnect()
    return text


@pytest.mark.parametrize("server", KILLS)
async def test_every_acknowledged_character_survives_kill_after_kill(
    open_office: Callable[..., Office], server: str
) -> None:
    chance = random.Random(SEED)
    office = open_office(server, DUTHAO_MAX_CONNECTIONS_PER_USER="200")
    draft_id = office.create_draft()
    token = office.token("chuyenvien")
    typists = [
        Typist(n, CollabClient(office.collab_url, draft_id, token))
        for n in range(TYPISTS)
    ]
    for _ in range(KILLS[server]):
        for typist in typists:
            await typist.client.connect()
        for typist in typists:
            await typist.client.synced()
        before = {t.number: len(t.client.saved) for t in typists}
        work = [asyncio.create_task(t.work()) for t in typists]
        goal = chance.randint(1, 120)
        await until_async(
            lambda goal=goal, before=before: (
                sum(len(t.client.saved) - before[t.number] for t in typists) >= goal
            ),
            30,
            what=f"{goal} more marks are saved",
        )
        for _ in range(chance.randint(0, 40)):
            await asyncio.sleep(0)
        office.kill()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        for typist in typists:
            await typist.client.disconnect()
        office.start()
        # The typists stay away: only the disk can know what they were told is saved.
        text = await _read_fresh(office, draft_id)
        lost = [m for t in typists for m in t.client.saved if m not in text]
        assert not lost, f"acknowledged, then lost: {lost[:5]} of {len(lost)}"
    # And when they come back with what was not saved, nothing at all is missing.
    for typist in typists:
        await typist.client.connect()
    await until_async(
        lambda: not any(t.client.unsaved for t in typists), 30, what="all is saved"
    )
    text = await _read_fresh(office, draft_id)
    missing = [
        f"‹{t.number}.{i}›"
        for t in typists
        for i in range(1, t.typed + 1)
        if text.count(f"‹{t.number}.{i}›") != 1
    ]
    assert not missing, f"typed, but not there exactly once: {missing[:5]}"
    for typist in typists:
        await typist.client.disconnect()
