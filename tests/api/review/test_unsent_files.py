"""Files that were uploaded for a comment and not sent are let go after a week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from server.common import clock
from server.common.models import AuditEntry
from server.registry.models import Draft
from server.review.actions import tidying
from server.review.actions.comment_files import add_file
from server.review.models import CommentFile
from tests.api.review.conftest import API, anchor, key

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
