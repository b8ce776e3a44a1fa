"""Suggestions for fields in a Word file: revisions, comments, and coming back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from collab.ports import Level
from tests.api.review.conftest import API
from tests.api.review.test_field_suggestions import NEW, OLD, decide, says, suggest
from tests.api.review.test_word_export import parts
from tests.api.review.test_word_letterhead import bring
from tests.api.review.test_word_review import export
from tests.support.history import Hand
from tests.support.word_hand import Hand as WordHand


@pytest.fixture
def draft(cast: Any, begin_draft: Any) -> Any:
    made = begin_draft(shared={cast.lanhdao: Level.COMMENT, cast.sotttt: Level.VIEW})
    Hand(made, cast.chuyenvien).edit(says(OLD))
    return made


@pytest.fixture
def thread(draft: Any, cast: Any, signed_in: Any) -> Any:
    browser = signed_in(cast.lanhdao)
    return suggest(browser, draft, text="Cho đủ tên hội nghị.").json()


def revisions(body: str) -> list[tuple[str, str]]:
    """Kind and words of what is suggested."""
    found = re.findall(r"<w:(ins|del) [^>]*>(.*?)</w:\1>", body)
    return [(kind, "".join(re.findall(r">([^<]+)<", inner))) for kind, inner in found]


def test_it_leaves_as_a_revision_of_its_line_and_in_its_comment(
    draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    made = parts(signed_in(cast.chuyenvien), draft)
    body, comments = made["word/document.xml"], made["word/comments.xml"]
    assert ("ins", " hội nghị truyền hình") in revisions(body)
    assert f'w:author="{cast.lanhdao.full_name}"' in body
    assert f"Đề nghị sửa thành: “{NEW}”" in comments
    assert "Cho đủ tên hội nghị." in comments
    around = re.search(r"<w:commentRangeStart.*?<w:commentRangeEnd", body)
    assert around and "kiểm tra" in around[0]


def test_once_decided_only_the_comment_tells_of_it(
    draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    decide(browser, draft, thread, "reject")
    made = parts(browser, draft)
    assert "<w:ins " not in made["word/document.xml"]
    assert f"Đề nghị sửa thành: “{NEW}”" in made["word/comments.xml"]


def test_a_viewer_gets_neither(
    draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    made = parts(signed_in(cast.sotttt), draft)
    assert "word/comments.xml" not in made
    assert "<w:ins " not in made["word/document.xml"]


def test_a_field_that_prints_nowhere_leaves_in_its_comment(
    draft: Any, cast: Any, signed_in: Any
) -> None:
    browser, where = signed_in(cast.chuyenvien), {"part": "typist", "quote": ""}
    words = {"old": "", "new": "NTL (05b)"}
    suggest(browser, draft, anchor=where, suggestion=words)
    made = parts(browser, draft)
    assert "<w:ins " not in made["word/document.xml"]
    assert "Đề nghị sửa thành: “NTL (05b)”" in made["word/comments.xml"]


def test_a_file_that_nobody_touched_brings_nothing_new(
    draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    told = bring(browser, draft, export(browser, draft), apply=False).json()
    assert (told["head"], told["comments"], told["missed"]) == ([], [], [])


def test_what_else_was_written_there_is_shown_to_be_taken(
    draft: Any, thread: Any, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    hand = WordHand(export(browser, draft))
    text = next(t for t in hand.body.iter("{*}t") if "truyền hình" in (t.text or ""))
    text.text = " họp trực tuyến"
    told = bring(browser, draft, hand.save(), apply=False).json()
    (line,) = told["head"]
    assert (line["name"], line["new"]) == (
        "subject",
        "kiểm tra hệ thống họp trực tuyến",
    )
    at = f"{API}/{draft.pk}/threads/{thread['id']}"
    assert browser.get(at).json()["suggestion"]["state"] == "open"
