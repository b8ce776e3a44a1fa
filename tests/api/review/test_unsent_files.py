"""Files that were uploaded for a comment and not sent are let go after a week."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from server.common import clock
from server.common.models import AuditEntry
from server.config.own_work import DailyTidying
from server.registry.actions.drafts import create_draft
from server.registry.models import Draft
from server.review.actions import tidying
from server.review.actions.comment_files import add_file
from server.review.models import CommentFile
from tests.api.review.conftest import API, anchor, key
from tests.support.cast import build_cast
from tests.support.wait import until_async

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def upload(user: Any, draft: Draft, at: datetime) -> CommentFile:
    with clock.fixed(at):
        image = b"\x89PNG\r\n\x1a\n" + at.isoformat().encode()
        return add_file(user, draft.pk, SimpleUploadedFile("ảnh.png", image))


def test_what_was_not_sent_within_a_week_is_let_go(cast: Any, begin_draft: Any) -> None:
    draft = begin_draft()
    old = upload(cast.chuyenvien, draft, MONDAY)
    young = upload(cast.chuyenvien, draft, MONDAY + timedelta(hours=2))
    with clock.fixed(MONDAY + timedelta(days=tidying.KEPT_DAYS, hours=1)):
        out = StringIO()
        call_command("drop_unsent_files", stdout=out)
        assert out.getvalue() == "unsent files let go: 1\n"
        assert tidying.drop_unsent_files() == 0
    assert list(CommentFile.objects.all()) == [young]
    trail = AuditEntry.objects.get(action="thread.file_dropped")
    assert (trail.subject_id, trail.actor) == (str(old.pk), None)


def test_a_file_of_a_comment_stays(cast: Any, begin_draft: Any, signed_in: Any) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    row = upload(cast.chuyenvien, draft, MONDAY)
    body = {"key": key(), "text": "Xem tệp.", "anchor": anchor(draft)}
    at = f"{API}/{draft.pk}/threads"
    sent = browser.post(at, {**body, "files": [str(row.pk)]}, "application/json")
    assert sent.status_code == 201, sent.json()
    with clock.fixed(MONDAY + timedelta(days=365)):
        assert tidying.drop_unsent_files() == 0
    assert browser.get(f"{at}/files/{row.pk}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_running_server_lets_go_of_them(stores: None, monkeypatch: Any) -> None:
    """Nobody has to write a line into a crontab."""
    monkeypatch.setattr(DailyTidying, "first_s", 0.0)
    cast = build_cast()
    draft = create_draft(
        cast.chuyenvien, title="thông báo", type_code="CV", source="blank"
    )
    week = timedelta(days=tidying.KEPT_DAYS, hours=1)
    old = upload(cast.chuyenvien, draft, clock.now() - week)

    async def is_gone() -> bool:
        return not await sync_to_async(CommentFile.objects.filter(pk=old.pk).exists)()

    async def serve() -> None:
        tidying_up = DailyTidying()
        tidying_up.start()
        try:
            await until_async(is_gone, 10)
        finally:
            await tidying_up.close()

    async_to_sync(serve)()
    assert AuditEntry.objects.filter(action="thread.file_dropped").count() == 1


def test_a_job_that_fails_leaves_the_others_their_turn(caplog: Any) -> None:
    done: list[int] = []

    def fails() -> int:
        raise RuntimeError("no")

    def works() -> int:
        done.append(1)
        return 1

    async def serve() -> None:
        tidying_up = DailyTidying((fails, works))
        tidying_up.start()
        try:

            async def is_done() -> bool:
                return bool(done)

            await until_async(is_done, 10)
        finally:
            await tidying_up.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DailyTidying, "first_s", 0.0)
        asyncio.run(serve())
    assert "tidying failed" in caplog.text
