"""Begin a thread, answer, change and take back; what the world hears of it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

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
    assert not ThreadComment.objects.exclude(edited_at=None).exists()


def test_what_was_added_before_sending_again_is_in_the_comment(
    cast: Any, begin_draft: Any, signed_in: Any, events: Any
) -> None:
    """The answer to the first sending was lost, and the person wrote on."""
    draft = begin_draft(shared={cast.lanhdao: Level.COMMENT})
    browser = signed_in(cast.chuyenvien)
    at, once, later = f"{API}/{draft.pk}/threads", key(), key()
    body = {"key": once, "text": "Một lần", "anchor": anchor(draft)}
    thread = send(browser, "post", at, **body).json()
    more = {"text": "Một lần, và rõ hơn.", "mentions": [str(cast.lanhdao.pk)]}
    again = send(browser, "post", at, **{**body, **more}).json()
    (comment,) = again["comments"]
    assert (comment["text"], comment["edited_at"] is None) == (more["text"], False)
    assert [named["id"] for named in comment["mentions"]] == more["mentions"]
    assert again["revision"] == thread["revision"] + 1
    replies = f"{at}/{thread['id']}/replies"
    send(browser, "post", replies, key=later, text="Trả lời")
    told = send(browser, "post", replies, key=later, text="Trả lời kỹ").json()
    assert [c["text"] for c in told["comments"]] == [more["text"], "Trả lời kỹ"]
    assert events().count(("thread.comment_edited", str(draft.pk))) == 2


def test_files_of_what_is_sent_again_are_those_that_it_names(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    at, once = f"{API}/{draft.pk}/threads", key()
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
    first, second = (
        browser.post(f"{at}/files", {"file": SimpleUploadedFile(name, png)}).json()
        for name in ("a.png", "b.png")
    )
    body = {"key": once, "text": "Xem ảnh", "anchor": anchor(draft)}
    send(browser, "post", at, **body, files=[first["id"]])
    told = send(browser, "post", at, **body, files=[second["id"]])
    assert told.status_code == 201, told.json()
    assert [f["name"] for f in told.json()["comments"][0]["files"]] == ["b.png"]
    # What was taken off can be let go of.
    assert browser.delete(f"{at}/files/{first['id']}").status_code == 204


def test_what_was_taken_back_is_not_said_again_under_its_key(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    at = f"{API}/{draft.pk}/threads"
    body = {"key": key(), "text": "Một lần", "anchor": anchor(draft)}
    thread = send(browser, "post", at, **body).json()
    comment = thread["comments"][0]["id"]
    browser.delete(f"{at}/{thread['id']}/comments/{comment}")
    told = send(browser, "post", at, **body)
    assert (told.status_code, told.json()["code"]) == (409, "comment_removed")
