"""Versions over HTTP: what a program is told, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from collab.ports import Level
from server.registry.actions.freezing import thaw
from server.registry.actions.shares import share
from server.registry.models import Draft
from server.registry.texts import committed
from server.review.models import LastSeen
from server.review.past import reading
from server.review.queries import authorship
from tests.support.history import Hand, compact

JSON = "application/json"


@pytest.fixture
def draft(begin_draft: Any, cast: Any) -> Draft:
    """Written by two: the first begins it, the other adds and changes."""
    found: Draft = begin_draft(shared={cast.sotttt: Level.EDIT})
    Hand(found, cast.sotttt).write("Sở sẽ báo cáo trước ngày 15.")
    Hand(found, cast.chuyenvien).type("Kính chuyển. ")
    return found


@pytest.fixture
def asked(draft: Draft, signed_in: Any, cast: Any) -> Callable[..., Any]:
    """The JSON of an address under the draft's, as chuyenvien."""

    def ask(path: str) -> Any:
        answer = signed_in(cast.chuyenvien).get(f"/api/v1/drafts/{draft.pk}/{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    return ask


READING = ["versions", "versions/at/1", "compare", "authorship"]


@pytest.mark.parametrize(
    ("level", "reads", "writes"),
    [
        (None, 404, 404),
        (Level.VIEW, 403, 403),
        (Level.COMMENT, 200, 403),
        (Level.SUGGEST, 200, 403),
        (Level.EDIT, 200, 200),
        (Level.OWN, 200, 200),
    ],
)
def test_each_level_is_answered_what_the_table_says(
    draft: Draft, cast: Any, signed_in: Any, level: Any, reads: int, writes: int
) -> None:
    if level is not None:
        share(cast.chuyenvien, draft.pk, to=cast.vanthu, level=level)
    browser: Client = signed_in(cast.vanthu)
    base = f"/api/v1/drafts/{draft.pk}/"
    for path in READING:
        assert browser.get(base + path).status_code == reads, path
    named = browser.post(base + "versions", {"name": "Bản"}, JSON)
    assert named.status_code == (201 if writes == 200 else writes)
    version = named.json().get("id") or draft.pk
    renamed = browser.patch(f"{base}versions/{version}", {"name": "Khác"}, JSON)
    assert renamed.status_code == writes
    restored = browser.post(f"{base}versions/at/1/restore")
    assert restored.status_code == writes
    seen = browser.post(base + "seen", {"entering": True}, JSON)
    assert seen.status_code == (404 if level is None else 204)


def test_a_stranger_learns_nothing(draft: Draft, stranger: Any, signed_in: Any) -> None:
    browser = signed_in(stranger)
    absent = "00000000-0000-4000-8000-000000000000"
    for path in READING:
        there = browser.get(f"/api/v1/drafts/{draft.pk}/{path}")
        nowhere = browser.get(f"/api/v1/drafts/{absent}/{path}")
        assert (there.status_code, there.content) == (404, nowhere.content)
    assert not LastSeen.objects.exists()


def test_a_version_is_named_listed_read_and_restored(
    draft: Draft, asked: Any, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    base = f"/api/v1/drafts/{draft.pk}/versions"
    named = browser.post(base, {"name": "Bản gửi sở", "seq": 2}, JSON)
    assert named.status_code == 201
    line = asked("versions?kind=named")["items"][0]
    assert (line["label"], line["seq"], line["people"]) == (
        "Bản gửi sở",
        2,
        ["Trần Thị Ánh Tuyết"],
    )
    assert not asked("versions/at/2")["text"].startswith("Kính chuyển.")
    assert asked("versions/at/now")["text"].startswith("Kính chuyển.")
    restored = browser.post(f"{base}/at/2/restore")
    assert restored.json() == {"seq": 4}
    assert committed(draft.pk).digest == line["digest"]
    assert browser.post(f"{base}/at/2/restore").json() == {"seq": None}


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"name": "x" * 5000},
        {"name": "a", "seq": 0},
        {"name": "a", "seq": "now"},
        {"name": "a", "more": 1},
        {},
    ],
)
def test_what_cannot_be_used_is_refused(
    draft: Draft, cast: Any, signed_in: Any, body: Any
) -> None:
    base = f"/api/v1/drafts/{draft.pk}/versions"
    answer = signed_in(cast.chuyenvien).post(base, body, JSON)
    assert answer.status_code == 400
    assert not draft.versions.exists()


def test_a_reference_that_cannot_be_is_refused_and_one_that_is_not_is_absent(
    draft: Draft, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    base = f"/api/v1/drafts/{draft.pk}/"
    for path, status in [
        ("versions/at/khong-co", 400),
        ("versions/at/99", 404),
        ("compare?from=signed", 404),
        ("compare?from=-1", 400),
        ("compare?from=1&to=" + "9" * 30, 400),
        ("versions/at/99/restore", 405),
    ]:
        assert browser.get(base + path).status_code == status, path
    assert browser.post(base + "versions/at/99/restore").status_code == 404


def test_a_comparison_says_what_was_written_and_by_whom(asked: Any) -> None:
    found = asked("compare?from=1&to=now")
    assert (found["old"]["seq"], found["new"]["seq"]) == (1, 3)
    assert found["totals"]["inserted"] == 2
    first, last = found["blocks"]
    assert first["kind"] == "changed"
    assert first["pieces"][0] == {"kind": "inserted", "text": "Kính chuyển. "}
    assert last["pieces"] == [
        {"kind": "inserted", "text": "Sở sẽ báo cáo trước ngày 15."}
    ]
    # Asked the wrong way round, the older one still is the old one.
    assert asked("compare?from=now&to=1") == found
    assert asked("compare?from=2&to=2")["blocks"] == []


def test_authors_and_shares_are_the_same_after_a_compaction(
    draft: Draft, asked: Any, cast: Any
) -> None:
    before = asked("authorship")
    written = {c["name"]: c["characters"] for c in before["contributors"]}
    assert written["Phạm Quốc Đạt"] == len("Sở sẽ báo cáo trước ngày 15.")
    assert written["Trần Thị Ánh Tuyết"] == len("Kính chuyển. ")
    assert "Mẫu ban đầu, do Trần Thị Ánh Tuyết tạo" in written
    assert sum(c["percent"] for c in before["contributors"]) == pytest.approx(100, 0.2)
    first = before["paragraphs"][0][0]
    assert first == {"text": "Kính chuyển. ", "author": str(cast.chuyenvien.pk)}
    compact(draft)
    reading.forget()
    authorship.forget()
    assert asked("authorship") == before


def restore(browser: Any, draft: Draft, seq: int) -> None:
    address = f"/api/v1/drafts/{draft.pk}/versions/at/{seq}/restore"
    assert browser.post(address).status_code == 200


def test_a_restored_text_is_its_first_writers(
    draft: Draft, asked: Any, cast: Any, signed_in: Any
) -> None:
    """Also one word of it, and what is restored twice, and what is typed after that."""
    before = asked("authorship")
    owner, hand = signed_in(cast.chuyenvien), Hand(draft, cast.lanhdao)
    last = len(committed(draft.pk).content.blocks) - 1
    hand.edit(lambda body, _f: del_words(body, last, "báo cáo"))
    restore(owner, draft, 3)
    assert asked("authorship")["paragraphs"] == before["paragraphs"]
    hand.delete(last)
    hand.delete(0)
    hand.write("Viết lại từ đầu, khác hẳn.")
    restore(owner, draft, 3)
    again = asked("authorship")
    assert again["paragraphs"] == before["paragraphs"]
    assert again["contributors"] == before["contributors"]
    compact(draft)
    reading.forget()
    authorship.forget()
    assert asked("authorship")["paragraphs"] == before["paragraphs"]
    Hand(draft, cast.lanhdao).type("Thêm: ", last)
    first, second = asked("authorship")["paragraphs"][last]
    assert first == {"text": "Thêm: ", "author": str(cast.lanhdao.pk)}
    assert second["author"] == str(cast.sotttt.pk)


def del_words(body: Any, paragraph: int, words: str) -> None:
    text = body.children[paragraph].children[0]
    start = len(str(text).split(words)[0].encode())
    del text[start : start + len(words.encode())]


def test_what_was_restored_from_a_former_epoch_is_its_first_writers(
    draft: Draft, asked: Any, cast: Any, signed_in: Any
) -> None:
    before = asked("authorship")
    thaw(draft, committed(draft.pk).state, str(cast.lanhdao.pk))
    Hand(draft, cast.lanhdao).delete(0)
    restore(signed_in(cast.chuyenvien), draft, 3)
    assert asked("authorship")["paragraphs"] == before["paragraphs"]


def test_what_somebody_typed_while_a_text_was_restored_is_theirs(
    draft: Draft, asked: Any, cast: Any, signed_in: Any
) -> None:
    hand = Hand(draft, cast.lanhdao)
    hand.delete(0)
    restore(signed_in(cast.chuyenvien), draft, 3)
    hand.type("Chen vào. ", 0)
    authorship.forget()
    first = asked("authorship")["paragraphs"][0]
    assert first[0] == {"text": "Chen vào. ", "author": str(cast.lanhdao.pk)}
    assert first[1] == {"text": "Kính chuyển. ", "author": str(cast.chuyenvien.pk)}


def test_authors_outlive_a_new_epoch(draft: Draft, asked: Any, cast: Any) -> None:
    before = asked("authorship")
    thaw(draft, committed(draft.pk).state, str(cast.lanhdao.pk))
    after = asked("authorship")
    assert after["contributors"] == before["contributors"]
    assert after["paragraphs"] == before["paragraphs"]
