"""Approvals meet people who go on writing: in real rooms, over real sockets."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from pycrdt import Map, Text, XmlElement, XmlFragment, XmlText

from collab import errors
from tests.support.collab_client import CollabClient
from tests.support.office import Office
from tests.support.wait import until_async

pytestmark = pytest.mark.server

WAY = (
    ("truongphong", "approve_content"),
    ("vanthu", "check_format"),
    ("lanhdao", "approve"),
)


def write(client: CollabClient, words: str) -> None:
    """Add a paragraph to the body, as the editor does."""
    body = client.doc.get("body", type=XmlFragment)
    body.children.append(XmlElement("paragraph", {}, [XmlText(words)]))


def rewrite_subject(client: CollabClient, words: str) -> None:
    fields: Map[Any] = client.doc.get("fields", type=Map)
    subject = fields["subject"]
    assert isinstance(subject, Text)
    subject.insert(0, words)


def on_its_way(office: Office, steps: int) -> str:
    """A draft of chuyenvien that was submitted and then approved so many times."""
    draft_id = office.create_draft("Công văn trình duyệt")
    body = {"signer": "lanhdao"}
    office.api("POST", f"/drafts/{draft_id}/process/submit", json=body)
    for user, act in WAY[:steps]:
        take(office, draft_id, user, act)
    return draft_id


def take(
    office: Office,
    draft_id: str,
    user: str,
    act: str,
    reason: str = "phần ký được ghi sau",
) -> None:
    path = f"/drafts/{draft_id}/process"
    digest = office.api("GET", path, user).json()["digest"]
    body = {"digest": digest, "reason": reason}
    office.api("POST", f"{path}/{act}", user, json=body)


def state(office: Office, draft_id: str) -> str:
    """As a list would show it: this read does not look at the text."""
    return str(office.api("GET", f"/drafts/{draft_id}").json()["state"])


async def join(
    office: Office, draft_id: str, epoch: int = 1, user: str = "chuyenvien"
) -> CollabClient:
    url = f"{office.collab_url}?schema=4&epoch={epoch}"
    client = CollabClient(url, draft_id, office.token(user))
    await client.connect()
    await client.synced()
    return client


@pytest.mark.parametrize("edit", [write, rewrite_subject])
@pytest.mark.parametrize("steps", [1, 2])
async def test_an_edit_after_an_approval_voids_it_without_anybody_looking(
    office: Office, steps: int, edit: Any
) -> None:
    draft_id = on_its_way(office, steps)
    client = await join(office, draft_id)
    edit(client, "câu thêm sau khi duyệt")
    await until_async(
        lambda: state(office, draft_id) == "in_review", 5, what="approvals are void"
    )
    void = office.api("GET", "/approvals", "truongphong").json()["void"]
    assert draft_id in [notice["draft"] for notice in void]
    await client.disconnect()


async def test_an_edit_that_leaves_the_content_alone_voids_nothing(
    office: Office,
) -> None:
    draft_id = on_its_way(office, 1)
    client = await join(office, draft_id)
    # Another program's own part of the document, which no reader of it sees.
    client.type("ghi chú của chương trình khác")
    await until_async(lambda: not client.unsaved, what="the edit is saved")
    process = office.api("GET", f"/drafts/{draft_id}/process").json()
    assert process["state"] == "content_approved"
    await client.disconnect()


async def test_the_signers_approval_reaches_an_open_page_within_a_second(
    office: Office,
) -> None:
    draft_id = on_its_way(office, 2)
    client = await join(office, draft_id)
    assert client.scope == "read-write"
    await asyncio.to_thread(take, office, draft_id, "lanhdao", "approve")
    await until_async(
        lambda: client.scope == "readonly", 1.0, what="the page is read-only"
    )
    notices = [json.loads(notice) for notice in client.notices]
    assert {"type": "access", "level": "own", "frozen": True} in notices
    await client.disconnect()


async def test_an_edit_after_the_signers_approval_is_kept_and_never_merged(
    office: Office,
) -> None:
    draft_id = on_its_way(office, 2)
    client = await join(office, draft_id)
    await asyncio.to_thread(take, office, draft_id, "lanhdao", "approve")
    await until_async(lambda: client.scope == "readonly", what="the page is read-only")
    before = office.text(draft_id)
    write(client, "câu đến muộn")
    await until_async(lambda: client.refused, what="the edit is refused")
    path = f"/drafts/{draft_id}/process"

    def late() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = office.api("GET", path).json()["late_edits"]
        return found

    (edit,) = await until_async(late, what="the edit is kept")
    assert edit["author"] == "Trần Thị Ánh Tuyết"
    text = office.api("GET", f"{path}/late-edits/{edit['number']}").text
    assert "câu đến muộn" in text
    assert office.text(draft_id) == before
    assert state(office, draft_id) == "approved"
    await client.disconnect()


async def test_a_stale_page_is_refused_after_a_return_and_a_fresh_one_writes(
    office: Office,
) -> None:
    draft_id = on_its_way(office, 3)
    stale = await join(office, draft_id)
    await asyncio.to_thread(
        take, office, draft_id, "lanhdao", "return", "sửa lại căn cứ"
    )
    await until_async(lambda: not stale.is_connected, what="the stale page is let go")
    assert stale.close_code == errors.WRONG_EPOCH.code
    write(stale, "sửa trên bản cũ")
    # At once, while the room of the former epoch would still be loaded.
    fresh = await join(office, draft_id, epoch=2)
    fresh.type("sửa trên bản mới")
    await until_async(lambda: not fresh.unsaved, what="the fresh page writes")
    await stale.connect()
    await until_async(lambda: not stale.is_connected, what="it is refused again")
    assert stale.close_code == errors.WRONG_EPOCH.code
    assert "sửa trên bản cũ" not in office.text(draft_id)
    assert fresh.is_connected
    await fresh.disconnect()
    await stale.disconnect()
