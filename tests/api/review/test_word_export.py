"""Who gets which of suggestions and comments in a Word file."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

from collab.ports import Level
from tests.api.review.conftest import API, anchor


def parts(browser: Any, draft: Any) -> dict[str, str]:
    answer = browser.get(f"{API}/{draft.pk}/export.docx?review=1")
    assert answer.status_code == 200
    assert "gop-y.docx" in answer["Content-Disposition"]
    with zipfile.ZipFile(BytesIO(answer.content)) as package:
        return {
            name: package.read(name).decode()
            for name in package.namelist()
            if name.endswith(".xml")
        }


def test_comments_leave_with_their_authors_and_place(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.COMMENT})
    begin_thread(draft, cast.lanhdao, "Cần nêu rõ thời hạn.")
    made = parts(signed_in(cast.chuyenvien), draft)
    assert "Cần nêu rõ thời hạn." in made["word/comments.xml"]
    assert f'w:author="{cast.lanhdao.full_name}"' in made["word/comments.xml"]
    body = made["word/document.xml"]
    around = re.search(r"<w:commentRangeStart.*?<w:commentRangeEnd", body)
    assert around and "kiểm tra hệ thống" in around[0]
    assert str(draft.pk) in made["docProps/custom.xml"]


def test_a_comment_on_an_empty_field_says_in_word_which_field(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.COMMENT})
    where = anchor(draft, part="typist", quote="", before="", after="")
    begin_thread(draft, cast.lanhdao, "Ghi người soạn.", anchor=where)
    made = parts(signed_in(cast.chuyenvien), draft)
    assert "Ghi người soạn." in made["word/comments.xml"]
    assert "[Về: “Người soạn”]" in made["word/comments.xml"]
    assert "commentReference" in made["word/document.xml"]


def test_a_viewer_gets_the_suggestions_without_a_comment(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.VIEW})
    begin_thread(draft, cast.chuyenvien, "Cần nêu rõ thời hạn.")
    made = parts(signed_in(cast.sotttt), draft)
    assert "word/comments.xml" not in made
    assert "commentReference" not in made["word/document.xml"]


def test_a_stranger_gets_nothing(cast: Any, begin_draft: Any, signed_in: Any) -> None:
    draft = begin_draft()
    browser = signed_in(cast.sotttt)
    assert browser.get(f"{API}/{draft.pk}/export.docx?review=1").status_code == 404
