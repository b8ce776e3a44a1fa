"""Who may read a draft's past and who may write in it: roles × actions, as a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from collab.ports import Level
from server.registry.models import Draft
from tests.support.history import Hand

NOBODY_FINDS = 404
# What each level is answered, page by page: read the past, write in it.
TABLE = [
    (None, NOBODY_FINDS, NOBODY_FINDS),
    (Level.VIEW, 403, 403),
    (Level.COMMENT, 200, 403),
    (Level.SUGGEST, 200, 403),
    (Level.EDIT, 200, 302),
    (Level.OWN, 200, 302),
]
READING = ["", "1/", "now/", "compare/"]


@pytest.fixture
def draft(begin_draft: Any, cast: Any) -> Draft:
    found: Draft = begin_draft()
    Hand(found, cast.chuyenvien).write("Một đoạn nữa.")
    return found


@pytest.fixture
def at_level(
    draft: Draft, cast: Any, signed_in: Any
) -> Callable[[Level | None], Client]:
    """A browser of somebody who reaches the draft at this level, or not at all."""

    def open_browser(level: Level | None) -> Client:
        from server.registry.actions.shares import share

        if level is not None:
            share(cast.chuyenvien, draft.pk, to=cast.sotttt, level=level)
        browser: Client = signed_in(cast.sotttt)
        return browser

    return open_browser


@pytest.mark.parametrize(("level", "reads", "writes"), TABLE)
def test_each_level_reads_and_writes_what_the_table_says(
    draft: Draft, at_level: Any, level: Level | None, reads: int, writes: int
) -> None:
    browser = at_level(level)
    base = f"/drafts/{draft.pk}/versions/"
    for page in READING:
        assert browser.get(base + page).status_code == reads, page
    named = browser.post(base + "name/", {"seq": "1", "name": "Bản đầu"})
    restored = browser.post(base + "1/restore/")
    if reads == NOBODY_FINDS:
        assert {named.status_code, restored.status_code} == {NOBODY_FINDS}
    done = draft.versions.filter(name="Bản đầu").exists()
    assert done is (writes == 302)


def test_a_place_that_never_was_looks_absent(
    draft: Draft, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    base = f"/drafts/{draft.pk}/versions/"
    for page in ("0/", "99/", "signed/", "issued/", "last/"):
        assert browser.get(base + page).status_code == 404, page
    assert browser.get(base + "khong-co/").status_code == 400


def test_an_archived_draft_is_read_and_not_written(
    draft: Draft, cast: Any, signed_in: Any
) -> None:
    Draft.objects.filter(pk=draft.pk).update(archived_at=timezone.now())
    browser = signed_in(cast.chuyenvien)
    base = f"/drafts/{draft.pk}/versions/"
    page = browser.get(base)
    assert page.status_code == 200
    assert "Khôi phục…" not in page.content.decode()
    browser.post(base + "name/", {"seq": "1", "name": "Bản đầu"})
    assert not draft.versions.exists()
