"""What reviewers send: odd words, forged anchors, names of others, files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from collab.ports import Level
from server.review.models import CommentFile, ThreadComment
from tests.api.review.conftest import API, anchor, key, position

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def start(browser: Any, draft: Any, **other: Any) -> Any:
    body = {"key": key(), "text": "Ý kiến", "anchor": anchor(draft), **other}
    return browser.post(f"{API}/{draft.pk}/threads", body, "application/json")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("anchor.start", {"start": "không phải base64"}),
        ("anchor.start", {"start": "////"}),
        ("anchor.end", {"end": "AAECAwQFBgcICQ=="}),
        ("anchor.start", {"start": "AAAA" * 60}),
        ("anchor.part", {"part": "schema"}),
        ("anchor.part", {"part": "../body"}),
        ("anchor.epoch", {"epoch": 0}),
        ("anchor.epoch", {"epoch": 2**40}),
        ("anchor.echo", {"echo": -2}),
        ("anchor.echo", {"echo": 129}),
        ("anchor.quote", {"part": "body", "quote": ""}),
        ("anchor.quote", {"part": "body", "quote": " \n "}),
        ("anchor.quote", {"quote": "a\x00b"}),
        ("anchor.quote", {"quote": "x" * 1001}),
        ("anchor.before", {"before": "\x00"}),
        ("anchor.after", {"after": "y" * 65}),
        ("anchor.quote", {"quote": "x" * 500_000}),
        ("anchor.start", {"start": "A" * 500_000}),
        ("anchor.extra", {"extra": 1}),
    ],
)
def test_a_forged_anchor_is_refused_by_field(
    field: str, change: dict[str, Any], cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    answer = start(browser, draft, anchor=anchor(draft, **change))
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert ThreadComment.objects.count() == 0


def test_a_field_is_commented_on_though_nothing_is_written_in_it(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    where = anchor(draft, part="recipients", quote=" ", before="", after="")
    answer = start(browser, draft, anchor=where, text="Thiếu nơi nhận.")
    assert answer.status_code == 201
    assert answer.json()["anchor"]["part"] == "recipients"
    assert answer.json()["anchor"]["quote"] == ""


def test_a_place_of_another_document_is_kept_and_harms_nobody(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    """It names letters that this document may never have: readers go by the quote."""
    draft, other, browser = begin_draft(), begin_draft(), signed_in(cast.chuyenvien)
    there = position(other)
    answer = start(browser, draft, anchor=anchor(draft, start=there, end=there))
    assert answer.status_code == 201
    assert browser.get(f"{API}/{other.pk}/threads").json()["items"] == []


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("text", {"text": ""}),
        ("text", {"text": " \n\t "}),
        ("text", {"text": "a\x00b"}),
        ("text", {"text": "x" * 5001}),
        ("text", {"text": "x" * 100_000}),
        ("key", {"key": "ngắn"}),
        ("key", {"key": "x" * 65}),
        ("key", {"key": "a b c d e f g"}),
        ("mentions", {"mentions": ["00000000-0000-0000-0000-000000000001"]}),
        ("assignee", {"assignee": "00000000-0000-0000-0000-000000000001"}),
        ("files", {"files": ["00000000-0000-0000-0000-000000000001"]}),
    ],
)
def test_odd_words_are_refused_by_field(
    field: str, change: dict[str, Any], cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    answer = start(signed_in(cast.chuyenvien), begin_draft(), **change)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert ThreadComment.objects.count() == 0


@pytest.mark.parametrize("place", ["text", "quote"])
def test_half_a_letter_is_refused(
    place: str, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    where = anchor(draft, **({"quote": "HALF"} if place == "quote" else {}))
    words = "HALF" if place == "text" else "Ý kiến"
    body = json.dumps({"key": key(), "text": words, "anchor": where})
    raw = body.replace("HALF", "\\ud83d")
    answer = browser.post(f"{API}/{draft.pk}/threads", raw, "application/json")
    assert answer.status_code == 400
    assert any(place in field for field in answer.json()["fields"])


def test_markup_is_kept_as_the_text_that_it_is_and_letters_are_composed(
    cast: Any, begin_draft: Any, begin_thread: Any
) -> None:
    told = begin_thread(
        begin_draft(), cast.chuyenvien, "<script>alert(1)</script>\r\ntie\u0302\u0301n"
    )
    assert told["comments"][0]["text"] == "<script>alert(1)</script>\ntiến"


def test_only_people_who_may_comment_are_named_and_nobody_gets_a_right(
    cast: Any,
    stranger: Any,
    begin_draft: Any,
    begin_thread: Any,
    signed_in: Any,
) -> None:
    draft = begin_draft(
        shared={
            cast.lanhdao: Level.VIEW,
            cast.units["VT"]: Level.COMMENT,
            cast.quantri: Level.EDIT,
        }
    )
    browser = signed_in(cast.chuyenvien)
    people = browser.get(f"{API}/{draft.pk}/threads/people").json()
    # The author, the head of the unit, a unit's member, a person by name.
    assert {p["name"] for p in people} == {
        "Trần Thị Ánh Tuyết",
        "Nguyễn Văn Phi",
        "Lê Thị Hồng Đào",
        "Hoàng Minh Khôi",
    }
    found = browser.get(f"{API}/{draft.pk}/threads/people", {"q": "dao"}).json()
    assert [p["name"] for p in found] == ["Lê Thị Hồng Đào"]
    for outsider in (cast.lanhdao, stranger):
        for field in ({"mentions": [outsider.pk]}, {"assignee": outsider.pk}):
            assert start(browser, draft, **field).status_code == 400
    assert signed_in(stranger).get(f"{API}/{draft.pk}/threads").status_code == 404
    told = begin_thread(
        draft,
        cast.chuyenvien,
        "Nhờ @Lê Thị Hồng Đào xem",
        mentions=[str(cast.vanthu.pk)],
        assignee=str(cast.truongphong.pk),
    )
    assert told["assignee"]["name"] == "Nguyễn Văn Phi"
    assert [m["name"] for m in told["comments"][0]["mentions"]] == ["Lê Thị Hồng Đào"]


def upload(browser: Any, draft: Any, data: bytes = PNG, name: str = "a.png") -> Any:
    file = SimpleUploadedFile(name, data)
    return browser.post(f"{API}/{draft.pk}/threads/files", {"file": file})


def test_a_file_belongs_to_its_comment_and_is_read_by_who_may_read_it(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    shared = {cast.lanhdao: Level.COMMENT, cast.sotttt: Level.VIEW}
    draft = begin_draft(shared=shared)
    author = signed_in(cast.chuyenvien)
    sent = upload(author, draft, name="../Ảnh chụp.exe").json()
    assert sent["name"] == "Ảnh chụp.exe.png"
    at = f"{API}/{draft.pk}/threads/files/{sent['id']}"
    # Before it is sent, nobody else may see it.
    assert signed_in(cast.lanhdao).get(at).status_code == 404
    told = begin_thread(draft, cast.chuyenvien, files=[sent["id"]])
    assert [f["id"] for f in told["comments"][0]["files"]] == [sent["id"]]
    answer = signed_in(cast.lanhdao).get(at)
    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert signed_in(cast.sotttt).get(at).status_code == 403
    comment = told["comments"][0]["id"]
    author.delete(f"{API}/{draft.pk}/threads/{told['id']}/comments/{comment}")
    assert signed_in(cast.lanhdao).get(at).status_code == 404


def test_files_of_others_of_other_drafts_and_used_ones_are_refused(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.COMMENT})
    other = begin_draft()
    author = signed_in(cast.chuyenvien)
    theirs = upload(signed_in(cast.lanhdao), draft).json()["id"]
    elsewhere = upload(author, other).json()["id"]
    used = upload(author, draft).json()["id"]
    begin_thread(draft, cast.chuyenvien, files=[used])
    for file in (theirs, elsewhere, used):
        assert "files" in start(author, draft, files=[file]).json()["fields"]
    assert author.delete(f"{API}/{draft.pk}/threads/files/{used}").status_code == 404
    mine = upload(author, draft).json()["id"]
    assert author.delete(f"{API}/{draft.pk}/threads/files/{mine}").status_code == 204
    assert CommentFile.objects.filter(comment=None).count() == 2


def test_files_of_an_unknown_kind_empty_or_too_many_are_refused(
    cast: Any, begin_draft: Any, signed_in: Any, settings: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    assert upload(browser, draft, b"MZ\x90\x00").json()["code"] == "file_unknown"
    assert upload(browser, draft, b"").json()["code"] == "file_empty"
    settings.MAX_INCOMING_FILE_BYTES = 40
    assert upload(browser, draft).status_code == 413
    settings.MAX_INCOMING_FILE_BYTES = 4000
    for _ in range(20):
        assert upload(browser, draft).status_code == 201
    assert upload(browser, draft).json()["code"] == "too_many_files"
