"""Begin a thread, answer, change and take back; what the world hears of it."""

from __future__ import annotations

from typing import Any

from collab.ports import Level
from server.common.models import AuditEntry, OutboxEvent
from server.review.models import ThreadComment
from tests.api.review.conftest import API, anchor, key


def send(browser: Any, method: str, address: str, **body: Any) -> Any:
    return getattr(browser, method)(address, body, "application/json")


def test_a_comment_is_read_by_those_who_may_comment_and_answered(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any, events: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.COMMENT})
    before = len(events())
    made = begin_thread(draft, cast.lanhdao, "Cần nêu rõ thời hạn.")
    at = f"{API}/{draft.pk}/threads"
    author = signed_in(cast.chuyenvien)
    listed = author.get(at).json()
    assert [t["id"] for t in listed["items"]] == [made["id"]]
    assert listed["items"][0]["comments"][0]["text"] == "Cần nêu rõ thời hạn."
    answer = send(
        author, "post", f"{at}/{made['id']}/replies", key=key(), text="Đã bổ sung."
    )
    assert answer.status_code == 201
    later = signed_in(cast.lanhdao).get(at, {"after": listed["cursor"]}).json()
    assert [c["text"] for c in later["items"][0]["comments"]] == [
        "Cần nêu rõ thời hạn.",
        "Đã bổ sung.",
    ]
    assert signed_in(cast.lanhdao).get(at, {"after": later["cursor"]}).json() == {
        "items": [],
        "cursor": later["cursor"],
        "more": False,
    }
    assert events()[before:] == [
        ("thread.started", str(draft.pk)),
        ("thread.replied", str(draft.pk)),
    ]


def test_events_and_trail_never_hold_the_words(
    cast: Any, begin_draft: Any, begin_thread: Any
) -> None:
    draft = begin_draft()
    begin_thread(draft, cast.chuyenvien, "Điều bí mật")
    for row in (
        OutboxEvent.objects.get(kind="thread.started").payload,
        AuditEntry.objects.get(action="thread.started").details,
    ):
        assert "bí mật" not in str(row)
        assert "kiểm tra" not in str(row)


def test_sending_twice_says_it_once(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    at, once = f"{API}/{draft.pk}/threads", key()
    body = {"key": once, "text": "Một lần", "anchor": anchor(draft)}
    first, again = (send(browser, "post", at, **body).json() for _ in range(2))
    assert first["id"] == again["id"]
    said = {"key": key(), "text": "Trả lời"}
    for _ in range(2):
        answer = send(browser, "post", f"{at}/{first['id']}/replies", **said)
        assert answer.status_code == 201
    assert ThreadComment.objects.count() == 2
