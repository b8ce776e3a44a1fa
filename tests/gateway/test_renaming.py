"""A new name reaches the people who have the draft open."""

from __future__ import annotations

import json

import pytest

from tests.support.collab_client import CollabClient
from tests.support.office import Office
from tests.support.wait import until_async

pytestmark = pytest.mark.server


async def test_an_open_editor_learns_the_new_title(office: Office) -> None:
    draft_id = office.create_draft()
    reader = CollabClient(office.collab_url, draft_id, office.token("chuyenvien"))
    await reader.connect()
    await reader.synced()
    office.api("PATCH", f"/drafts/{draft_id}", json={"title": "Về việc họp giao ban"})
    told = {"type": "renamed", "title": "Về việc họp giao ban"}
    await until_async(
        lambda: told in [json.loads(notice) for notice in reader.notices],
        what="the editor is told",
    )
    await reader.disconnect()
