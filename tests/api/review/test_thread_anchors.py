"""Threads are anchored anew: many at once, and nobody hides what others said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from collab.ports import Level
from server.common.models import AuditEntry
from server.review.actions import anchoring
from server.review.models import Thread
from tests.api.review.conftest import API, anchor, letters, position


@pytest.fixture(autouse=True)
def unhurried() -> Iterator[None]:
    anchoring.throttle.forget()
    yield
    anchoring.throttle.forget()


def move(browser: Any, draft: Any, *items: Any) -> Any:
    body = {"items": list(items)}
    return browser.put(f"{API}/{draft.pk}/threads/anchors", body, "application/json")


def item(draft: Any, thread: Any, **other: Any) -> dict[str, Any]:
    pk = thread["id"] if isinstance(thread, dict) else str(thread)
    return {"thread": pk, "anchor": anchor(draft, **{"before": "lại ", **other})}


def test_all_are_moved_with_one_event_and_their_quotes_stay(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any, events: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.COMMENT})
    made = [begin_thread(draft, cast.chuyenvien) for _ in range(3)]
    browser = signed_in(cast.sotttt)
    at = f"{API}/{draft.pk}/threads"
    cursor = browser.get(at).json()["cursor"]
    rows = [item(draft, thread, quote="lời khác") for thread in made]
    told = move(browser, draft, *rows)
    assert told.status_code == 200, told.json()
    assert told.json() == {"moved": [thread["id"] for thread in made]}
    later = browser.get(at, {"after": cursor}).json()
    assert [thread["id"] for thread in later["items"]] == told.json()["moved"]
    assert {thread["anchor"]["before"] for thread in later["items"]} == {"lại "}
    assert {thread["anchor"]["quote"] for thread in later["items"]} == {"kiểm tra"}
    revisions = [thread["revision"] for thread in later["items"]]
    assert revisions == [cursor + 1, cursor + 2, cursor + 3]
    assert events().count(("thread.moved", str(draft.pk))) == 1
    trail = AuditEntry.objects.get(action="thread.all_moved")
    assert trail.details == {"threads": told.json()["moved"]}
    assert move(browser, draft, *rows).json() == {"moved": []}
    assert events().count(("thread.moved", str(draft.pk))) == 1


def test_a_thread_of_another_draft_is_passed_over_like_one_that_never_was(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft, other = begin_draft(), begin_draft()
    mine = begin_thread(draft, cast.chuyenvien)
    foreign = begin_thread(other, cast.chuyenvien)
    rows = [item(draft, thread) for thread in (foreign, uuid4(), mine)]
    told = move(signed_in(cast.chuyenvien), draft, *rows)
    assert told.json() == {"moved": [mine["id"]]}
    assert Thread.objects.get(pk=foreign["id"]).before == "V/v "


def test_one_anchor_that_is_none_moves_nothing(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    made = [begin_thread(draft, cast.chuyenvien) for _ in range(2)]
    rows = [item(draft, made[0]), item(draft, made[1], start="không phải vị trí")]
    told = move(signed_in(cast.chuyenvien), draft, *rows)
    assert (told.status_code, told.json()["code"]) == (400, "invalid_input")
    assert not Thread.objects.filter(draft=draft, before="lại ").exists()


def test_more_than_a_hundred_at_once_are_refused(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    rows = [item(draft, uuid4()) for _ in range(anchoring.MOST_AT_ONCE + 1)]
    told = move(signed_in(cast.chuyenvien), draft, *rows)
    assert (told.status_code, told.json()["code"]) == (400, "invalid_input")


def test_too_many_calls_a_minute_are_refused_and_name_nobody_else(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.COMMENT})
    eager = signed_in(cast.chuyenvien)
    for _ in range(anchoring.PER_MINUTE):
        assert move(eager, draft).status_code == 200
    assert move(eager, draft).status_code == 429
    assert move(signed_in(cast.lanhdao), draft).status_code == 200


@pytest.mark.parametrize(
    ("field", "change"),
    [("anchor.part", {"part": "recipients"}), ("anchor.epoch", {"epoch": 2})],
)
@pytest.mark.parametrize("by", ["own", "comment"])
def test_nobody_moves_a_thread_to_where_no_editor_looks_for_it(
    by: str,
    field: str,
    change: dict[str, Any],
    cast: Any,
    begin_draft: Any,
    begin_thread: Any,
    signed_in: Any,
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.COMMENT})
    made = [begin_thread(draft, cast.chuyenvien) for _ in range(2)]
    browser = signed_in(cast.chuyenvien if by == "own" else cast.sotttt)
    rows = [item(draft, made[0]), item(draft, made[1], **change)]
    many = move(browser, draft, *rows)
    at = f"{API}/{draft.pk}/threads/{made[1]['id']}/anchor"
    one = browser.put(at, anchor(draft, **change), "application/json")
    for told in (many, one):
        assert (told.status_code, list(told.json()["fields"])) == (400, [field])
    assert set(Thread.objects.values_list("part", "before")) == {("subject", "V/v ")}


@pytest.mark.parametrize("level", [Level.COMMENT, Level.SUGGEST])
def test_who_may_not_edit_leads_a_thread_of_others_only_to_its_words(
    level: Level, cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: level})
    right, wrong, unsaved = [begin_thread(draft, cast.chuyenvien) for _ in range(3)]
    browser = signed_in(cast.sotttt)
    start, end = letters(draft, "idesk")
    away = {"start": start, "end": end, "quote": "idesk"}
    later = {"start": "AAEyAA==", "end": "AAEyQQ=="}
    rows = [
        item(draft, right),
        item(draft, wrong, **away),
        item(draft, unsaved, **later),
    ]
    assert move(browser, draft, *rows).json() == {"moved": [right["id"]]}
    for row in rows[1:]:
        at = f"{API}/{draft.pk}/threads/{row['thread']}/anchor"
        told = browser.put(at, row["anchor"], "application/json")
        assert (told.status_code, told.json()["code"]) == (403, "not_allowed")


def test_who_began_a_thread_has_it_in_hand_or_may_edit_moves_it_before_it_is_saved(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    shared = {cast.sotttt: Level.COMMENT, cast.lanhdao: Level.COMMENT}
    draft = begin_draft(shared=shared)
    thread = begin_thread(draft, cast.sotttt, assignee=str(cast.lanhdao.pk))
    for number, who in enumerate((cast.sotttt, cast.lanhdao, cast.chuyenvien)):
        row = item(draft, thread, start=position(draft, number), end=position(draft))
        assert move(signed_in(who), draft, row).json() == {"moved": [thread["id"]]}


def test_a_thread_of_a_whole_field_stays_with_its_field(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.COMMENT})
    where = anchor(draft, part="recipients", quote="", before="", after="")
    thread = begin_thread(draft, cast.chuyenvien, anchor=where)
    told = move(signed_in(cast.sotttt), draft, item(draft, thread))
    assert (told.status_code, list(told.json()["fields"])) == (400, ["anchor.part"])
