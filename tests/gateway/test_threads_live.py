"""A comment is told at once to those in the draft who may read it, and nobody else."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any
from uuid import uuid4

import pytest

from tests.support.collab_client import CollabClient
from tests.support.office import Office
from tests.support.wait import until_async, within

pytestmark = pytest.mark.server
NOWHERE = base64.b64encode(b"\x01\x01-\x00").decode()


def begin(office: Office, draft_id: str, user: str) -> dict[str, Any]:
    place = {"part": "body", "start": NOWHERE, "end": NOWHERE, "epoch": 1}
    body = {"key": uuid4().hex, "text": "Lời kín", "anchor": {**place, "quote": "chữ"}}
    answer = office.api("POST", f"/drafts/{draft_id}/threads", user, json=body)
    told: dict[str, Any] = answer.json()
    return told


def told(client: CollabClient) -> list[dict[str, Any]]:
    notices = [json.loads(notice) for notice in client.notices]
    return [notice for notice in notices if notice["type"] == "threads"]


async def opened(office: Office, draft_id: str, user: str) -> CollabClient:
    client = CollabClient(office.collab_url, draft_id, office.token(user))
    await client.connect()
    await client.synced()
    return client


async def test_reviewers_hear_within_a_second_and_viewers_nothing(
    office: Office,
) -> None:
    draft_id = office.create_draft()
    office.share(draft_id, "lanhdao", "comment")
    office.share(draft_id, "sotttt", "view")
    author = await opened(office, draft_id, "chuyenvien")
    reviewer = await opened(office, draft_id, "lanhdao")
    viewer = await opened(office, draft_id, "sotttt")
    # The first call of a process loads what every later one has.
    begin(office, draft_id, "lanhdao")
    await until_async(lambda: len(told(author)) == 1, what="the author hears")
    async with within(1.0):
        thread = await asyncio.to_thread(begin, office, draft_id, "lanhdao")
        await until_async(
            lambda: len(told(author)) == len(told(reviewer)) == 2, what="both hear"
        )
    notice = {"type": "threads", "thread": thread["id"], "revision": 2}
    assert told(author)[-1] == told(reviewer)[-1] == notice
    # The title reaches everybody after it, so nothing was still on its way.
    office.api("PATCH", f"/drafts/{draft_id}", json={"title": "Tên khác"})
    await until_async(
        lambda: any("renamed" in notice for notice in viewer.notices),
        what="the viewer hears of the title",
    )
    assert told(viewer) == []
    assert not any("Lời kín" in notice for notice in author.notices)
    for client in (author, reviewer, viewer):
        await client.disconnect()
