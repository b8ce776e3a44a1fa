"""A draft goes to Word, LibreOffice opens and saves it, and it comes back: all of it
once. Skipped where LibreOffice is not installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server.registry.texts import committed
from server.review.models import Thread, ThreadComment
from tests.api.review.test_word_review import WORDS, bring, export
from tests.api.review.word_rounds import LATER, counts, edited, said, text
from tests.support.libreoffice import SOFFICE, saved_by_libreoffice
from tests.support.word_hand import CUC, Hand

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")


def state_of(draft: Any) -> Any:
    """All that could be lost or doubled."""
    now = committed(draft.pk).whole
    threads = [
        (thread.quote, thread.state, [c.text for c in thread.comments.all()])
        for thread in Thread.objects.order_by("pk")
    ]
    return now, said(draft), text(draft), threads


def test_suggestions_and_comments_come_back_from_libreoffice_once(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any, tmp_path: Path
) -> None:
    draft, owner = begin_draft(), signed_in(cast.chuyenvien)
    begin_thread(draft, cast.chuyenvien, "Cần nêu rõ thời hạn.")
    first, mark = edited(owner, draft)
    first.delete(mark, WORDS)
    taken = first.save()
    assert bring(owner, draft, taken).status_code == 200
    plain = export(owner, draft)
    before = state_of(draft)
    assert len(before[1]) == 2
    assert len(before[3]) == 2

    saved = saved_by_libreoffice({"exported": plain, "taken": taken}, tmp_path)

    # Our export with all that stands, only saved there: nothing is new.
    told = bring(owner, draft, saved["exported"]).json()
    assert (told["suggestions"], told["comments"], told["missed"]) == ([], [], [])
    # What a colleague sent, saved there by the next one: all of it is known.
    told = bring(owner, draft, saved["taken"]).json()
    assert counts(told) == (0, 3, 0, 0, 1)
    assert told["missed"] == []
    assert state_of(draft) == before

    # And what is written in there is new, and nothing else.
    more = Hand(saved["taken"], CUC, LATER)
    more.new_paragraph(mark, "Thêm một đoạn.")
    told = bring(owner, draft, more.save()).json()
    assert [line["text"] for line in told["suggestions"]] == ["Thêm một đoạn."]
    assert counts(told)[1:] == (3, 0, 0, 1)
    assert said(draft) == sorted([*before[1], "Thêm một đoạn."])
    assert ThreadComment.objects.count() == 2
