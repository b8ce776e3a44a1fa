"""Lists of threads: filters, catching up, unread marks, and what they cost."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab.ports import Level
from server.common.models import OutboxEvent
from server.review.queries import threads as queries
from tests.api.review.conftest import API, anchor, key


def listed(browser: Any, draft: Any, **filters: Any) -> list[str]:
    answer = browser.get(f"{API}/{draft.pk}/threads", filters)
    assert answer.status_code == 200
    return [t["comments"][0]["text"] for t in answer.json()["items"]]


def test_filters_by_state_by_unit_and_by_what_concerns_me(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    level = Level.COMMENT
    draft = begin_draft(shared={cast.lanhdao: level, cast.sotttt: level})
    me = str(cast.sotttt.pk)
    begin_thread(draft, cast.lanhdao, "của lãnh đạo")
    begin_thread(draft, cast.lanhdao, "giao tôi", assignee=me)
    begin_thread(draft, cast.lanhdao, "nhắc tôi", mentions=[me])
    begin_thread(draft, cast.sotttt, "tôi viết")
    done = begin_thread(draft, cast.lanhdao, "xong")
    browser = signed_in(cast.sotttt)
    owner = signed_in(cast.chuyenvien)
    owner.post(f"{API}/{draft.pk}/threads/{done['id']}/resolve")
    assert listed(browser, draft, mine=True) == ["giao tôi", "nhắc tôi", "tôi viết"]
    assert listed(browser, draft, state="resolved") == ["xong"]
    assert len(listed(browser, draft, state="open")) == 4
    unit = str(cast.units["VPS"].pk)
    assert listed(browser, draft, unit=unit) == ["tôi viết"]
    assert browser.get(f"{API}/{draft.pk}/threads?state=x").status_code == 400


def test_a_long_list_comes_in_parts_without_gap_or_double(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    begun = [begin_thread(draft, cast.chuyenvien)["id"] for _ in range(5)]
    seen, cursor, more = [], 0, True
    while more:
        part = browser.get(f"{API}/{draft.pk}/threads", {"after": cursor}).json()
        seen += [t["id"] for t in part["items"]]
        cursor, more = part["cursor"], part["more"]
    assert seen == begun
    browser.post(f"{API}/{draft.pk}/threads/{begun[0]}/resolve")
    later = browser.get(f"{API}/{draft.pk}/threads", {"after": cursor}).json()
    assert [(t["id"], t["state"]) for t in later["items"]] == [(begun[0], "resolved")]


def test_a_list_costs_the_same_for_one_thread_and_for_many(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(f"{API}/{draft.pk}/threads")
        return len(queries)

    begin_thread(draft, cast.chuyenvien)
    one = cost()
    for _ in range(6):
        thread = begin_thread(
            draft, cast.chuyenvien, mentions=[str(cast.chuyenvien.pk)]
        )
        browser.post(
            f"{API}/{draft.pk}/threads/{thread['id']}/replies",
            {"key": key(), "text": "Trả lời"},
            "application/json",
        )
    # Session and person (2), the door (2), threads, comments, mentions, files, marks.
    assert cost() == one == 9


def test_what_others_said_is_unread_until_it_is_read(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.COMMENT})
    thread = begin_thread(draft, cast.lanhdao)
    at = f"{API}/{draft.pk}/threads"
    mine, theirs = signed_in(cast.chuyenvien), signed_in(cast.lanhdao)

    def marks() -> tuple[int, int]:
        a, b = (who.get(at).json()["items"][0]["read"] for who in (mine, theirs))
        return a, b

    assert marks() == (0, 1)
    told = OutboxEvent.objects.count()
    read = f"{at}/{thread['id']}/read"
    assert mine.put(read, {"number": 99}, "application/json").json() == {"read": 1}
    assert mine.put(read, {"number": -4}, "application/json").json() == {"read": 1}
    assert OutboxEvent.objects.count() == told
    body = {"key": key(), "text": "Đã sửa"}
    mine.post(f"{at}/{thread['id']}/replies", body, "application/json")
    assert marks() == (2, 1)


def test_an_answer_opens_what_was_settled_and_an_edit_is_shown(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    thread = begin_thread(draft, cast.chuyenvien, "Sai")
    at = f"{API}/{draft.pk}/threads/{thread['id']}"
    first = thread["comments"][0]["id"]
    done = browser.post(f"{at}/resolve").json()
    assert done["resolved_by"]["name"] == "Trần Thị Ánh Tuyết"
    assert browser.post(f"{at}/resolve").json()["revision"] == done["revision"]
    body = {"key": key(), "text": "Chưa xong"}
    again = browser.post(f"{at}/replies", body, "application/json").json()
    assert (again["state"], again["resolved_at"]) == ("open", None)
    change = {"text": "Sai căn cứ"}
    told = browser.patch(f"{at}/comments/{first}", change, "application/json").json()
    assert told["comments"][0]["text"] == "Sai căn cứ"
    assert told["comments"][0]["edited_at"]
    gone = browser.delete(f"{at}/comments/{first}").json()
    assert gone["comments"][0]["text"] == ""
    assert gone["comments"][0]["removed_at"]
    assert gone["comments"][1]["text"] == "Chưa xong"
    late = browser.patch(f"{at}/comments/{first}", change, "application/json")
    assert late.json()["code"] == "comment_removed"


def test_moving_an_anchor_keeps_its_quote(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any, events: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    thread = begin_thread(draft, cast.chuyenvien)
    at = f"{API}/{draft.pk}/threads/{thread['id']}/anchor"
    there = anchor(draft, quote="lời khác", before="đầu ", echo=7)
    told = browser.put(at, there, "application/json").json()["anchor"]
    assert told == {**there, "quote": "kiểm tra"}
    assert browser.put(at, there, "application/json").status_code == 200
    assert events().count(("thread.moved", str(draft.pk))) == 1
