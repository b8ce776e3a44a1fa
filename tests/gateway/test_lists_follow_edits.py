"""A list that says "updated" means the last saved edit, not the last renaming."""

from __future__ import annotations

import pytest

from tests.support.collab_client import CollabClient
from tests.support.office import Office
from tests.support.wait import until_async

pytestmark = pytest.mark.server

# An old draft of the demo office, so that the pause between two notes is over.
CONG_VAN_328 = "0198a000-0000-7000-8000-000000000328"


async def test_a_saved_edit_moves_the_draft_up_in_the_list(office: Office) -> None:
    before = office.api("GET", f"/drafts/{CONG_VAN_328}").json()["updated_at"]
    writer = CollabClient(office.collab_url, CONG_VAN_328, office.token("chuyenvien"))
    await writer.connect()
    await writer.synced()
    writer.type("một chữ")
    await until_async(lambda: "một chữ" in writer.saved, what="the edit is saved")
    await until_async(
        lambda: (
            office.api("GET", f"/drafts/{CONG_VAN_328}").json()["updated_at"] > before
        ),
        what="the list knows",
    )
    listed = office.api("GET", "/drafts?scope=mine&sort=-updated").json()["items"]
    assert listed[0]["id"] == CONG_VAN_328
    await writer.disconnect()
