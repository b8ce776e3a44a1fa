"""A Word file comes back: who may bring it, what it does, what it never does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from collab.content.suggestions import open_suggestions
from collab.content.tree import Table, iter_paragraphs
from collab.ports import Level
from server.common import providers
from server.common.models import AuditEntry
from server.registry.texts import committed
from server.review.models import Thread, ThreadComment
from tests.api.review.conftest import API
from tests.support.word_columns import add_column, add_table, strike_column
from tests.support.word_hand import CUC, Hand, W

WORDS = "đề nghị"


def export(browser: Any, draft: Any) -> bytes:
    answer = browser.get(f"{API}/{draft.pk}/export.docx?review=1")
    assert answer.status_code == 200
    return bytes(answer.content)


def bring(browser: Any, draft: Any, data: bytes, *, apply: bool = True) -> Any:
    file = SimpleUploadedFile("sua.docx", data)
    return browser.post(
        f"{API}/{draft.pk}/reviewed-docx",
        {"file": file, "apply": "true" if apply else "false"},
    )


def hand_of(browser: Any, draft: Any, by: str | None = CUC) -> tuple[Hand, int]:
    """A hand, and the number of a paragraph that has the words."""
    paragraphs = list(iter_paragraphs(committed(draft.pk).whole.blocks))
    mark = next(n for n, p in enumerate(paragraphs) if WORDS in p.text)
    return Hand(export(browser, draft), by), mark


@pytest.mark.parametrize(
    ("level", "status"),
    [
        (None, 404),
        (Level.VIEW, 403),
        (Level.COMMENT, 403),
        (Level.SUGGEST, 200),
        (Level.EDIT, 200),
    ],
)
def test_bringing_a_file_takes_the_right_to_suggest(
    level: Level | None, status: int, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    shared = {} if level is None else {cast.sotttt: level}
    draft = begin_draft(shared=shared)
    hand, mark = hand_of(signed_in(cast.chuyenvien), draft)
    hand.insert(mark, WORDS, " lại")
    before = committed(draft.pk).place
    answer = bring(signed_in(cast.sotttt), draft, hand.save())
    assert answer.status_code == status
    assert (committed(draft.pk).place != before) == (status == 200)


def test_looking_first_changes_nothing(
    cast: Any, begin_draft: Any, signed_in: Any, events: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    hand, mark = hand_of(browser, draft)
    hand.insert(mark, WORDS, " lại")
    hand.comment_on(mark, " lại", "Nhắc lại.")
    before, heard = committed(draft.pk).place, len(events())
    told = bring(browser, draft, hand.save(), apply=False).json()
    assert told["applied"] is False
    assert [(s["kind"], s["author"], s["text"]) for s in told["suggestions"]] == [
        ("insertion", f"{CUC} (trong Word)", " lại")
    ]
    assert [(c["kind"], c["author"], c["text"]) for c in told["comments"]] == [
        ("thread", CUC, "Nhắc lại.")
    ]
    assert committed(draft.pk).place == before
    assert not Thread.objects.exists()
    assert len(events()) == heard


def test_taking_it_is_one_edit_with_its_threads(
    cast: Any, begin_draft: Any, signed_in: Any, events: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    hand, mark = hand_of(browser, draft)
    hand.insert(mark, WORDS, " lại")
    hand.comment_on(mark, " lại", "Nhắc lại.")
    _epoch, seq = committed(draft.pk).place
    assert bring(browser, draft, hand.save()).status_code == 200
    now = committed(draft.pk)
    assert now.place[1] == seq + 1
    (made,) = open_suggestions(now.whole)
    assert (made.inserted, made.author) == (" lại", f"word:{CUC}")
    assert ("draft.word_taken", str(draft.pk)) in events()
    comment = ThreadComment.objects.get()
    assert comment.author == cast.chuyenvien
    assert comment.text == f"{CUC} (trong Word): Nhắc lại."
    assert comment.thread.quote == " lại"
    entry = AuditEntry.objects.get(action="draft.word_taken")
    assert "Nhắc" not in str(entry.details)


def test_the_same_file_twice_brings_it_once(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    hand, mark = hand_of(browser, draft)
    hand.insert(mark, WORDS, " lại")
    hand.comment_on(mark, " lại", "Nhắc lại.")
    data = hand.save()
    first = bring(browser, draft, data)
    text = committed(draft.pk).whole
    again = bring(browser, draft, data).json()
    assert first.status_code == 200
    assert (again["already"], again["suggestions"]) == (1, [])
    assert committed(draft.pk).whole == text
    assert ThreadComment.objects.count() == 1


def test_a_name_is_a_person_only_for_who_may_write(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    """Else a suggester could write in the name of a leader."""
    draft = begin_draft(
        shared={cast.sotttt: Level.SUGGEST, cast.lanhdao: Level.COMMENT}
    )
    for who, author in (
        (cast.chuyenvien, str(cast.lanhdao.pk)),
        (cast.sotttt, f"word:{cast.lanhdao.full_name}"),
    ):
        browser = signed_in(who)
        hand, mark = hand_of(browser, draft, cast.lanhdao.full_name)
        hand.at = f"2026-11-2{4 + (who is cast.sotttt)}T03:00:00Z"
        hand.insert(mark, WORDS, f" {who.pk}")
        assert bring(browser, draft, hand.save()).status_code == 200
        (made,) = [
            s for s in open_suggestions(committed(draft.pk).whole)
            if s.inserted == f" {who.pk}"
        ]  # fmt: skip
        assert made.author == author


def test_accepting_in_word_takes_the_right_to_write(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.SUGGEST})
    owner = signed_in(cast.chuyenvien)
    hand, mark = hand_of(owner, draft)
    hand.insert(mark, WORDS, " lại")
    bring(owner, draft, hand.save())
    accepted = Hand(export(owner, draft))
    accepted.accept_all()
    told = bring(signed_in(cast.sotttt), draft, accepted.save()).json()
    assert [line["kind"] for line in told["missed"]] == ["settled"]
    assert len(open_suggestions(committed(draft.pk).whole)) == 1
    told = bring(owner, draft, accepted.save()).json()
    assert [line["kind"] for line in told["suggestions"]] == ["accepted"]
    now = committed(draft.pk)
    assert not open_suggestions(now.whole)
    assert f"{WORDS} lại" in now.text


def test_an_answer_and_a_done_thread_come_back(
    cast: Any, begin_draft: Any, begin_thread: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    made = begin_thread(draft, cast.chuyenvien, "Cần nêu rõ thời hạn.")
    hand = Hand(export(browser, draft), cast.chuyenvien.full_name)
    extended = hand.parts["word/commentsExtended.xml"].decode()
    key = extended.split('paraId="')[1][:8]
    hand.comment("Đã bổ sung.", key="0000BEEF")
    entry = f'<w15:commentEx w15:paraId="0000BEEF" w15:paraIdParent="{key}"/>'
    hand.part(
        "word/commentsExtended.xml",
        lambda text: text.replace('done="0"', 'done="1"').replace(
            "</w15:commentsEx>", f"{entry}</w15:commentsEx>"
        ),
    )
    told = bring(browser, draft, hand.save()).json()
    assert [line["kind"] for line in told["comments"]] == ["reply", "resolve"]
    thread = Thread.objects.get()
    assert str(thread.pk) == made["id"]
    assert thread.state == "resolved"
    assert [c.text for c in thread.comments.all()] == [
        "Cần nêu rõ thời hạn.",
        "Đã bổ sung.",
    ]


def test_a_frozen_or_archived_draft_takes_no_file(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    hand, mark = hand_of(browser, draft)
    hand.insert(mark, WORDS, " lại")
    data = hand.save()
    store = providers.document_store.get()
    store.set_frozen(str(draft.pk), frozen=True)
    assert bring(browser, draft, data).json()["code"] == "draft_frozen"
    store.set_frozen(str(draft.pk), frozen=False)
    browser.post(f"{API}/{draft.pk}/archive")
    draft.refresh_from_db()
    assert draft.archived_at is not None
    assert bring(browser, draft, data).json()["code"] == "archived"


def test_the_file_of_another_draft_is_refused(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    one, other = begin_draft(), begin_draft()
    answer = bring(browser, other, export(browser, one))
    assert (answer.status_code, answer.json()["code"]) == (409, "other_draft")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"xin ch\xc3\xa0o", "not_docx"),
        (b"PK\x03\x04 c\xe1\xbb\xa5t", "broken_docx"),
        (b"", "not_docx"),
    ],
)
def test_a_bad_file_is_a_clear_error(
    data: bytes, code: str, cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    answer = bring(signed_in(cast.chuyenvien), draft, data)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_text_edited_meanwhile_keeps_both(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    first, mark = hand_of(browser, draft)
    second = Hand(first.save(), "Phạm Dũng")
    first.insert(mark, WORDS, " lại")
    second.insert(mark, WORDS, " ngay")
    bring(browser, draft, first.save())
    told = bring(browser, draft, second.save()).json()
    assert [note["code"] for note in told["notes"]] == ["text_moved_on"]
    said = {s.inserted for s in open_suggestions(committed(draft.pk).whole)}
    assert said == {" lại", " ngay"}


def test_the_page_shows_what_would_come_and_takes_it(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    hand, mark = hand_of(browser, draft)
    hand.insert(mark, WORDS, " lại <b>ngay</b>")
    page = f"/drafts/{draft.pk}/word/"
    assert "Xem trước" in browser.get(page).content.decode()
    for act, shown in (
        ("look", "Sẽ thành đề xuất"),
        ("take", "Đã thành đề xuất"),
    ):
        file = SimpleUploadedFile("sua.docx", hand.save())
        answer = browser.post(page, {"file": file, "act": act})
        body = answer.content.decode()
        assert shown in body
        assert "<b>ngay</b>" not in body
    empty = browser.post(page, {"act": "look"})
    assert empty.status_code == 400
    assert "Hãy chọn một tệp" in empty.content.decode()


def test_a_column_comes_back_as_a_suggestion_of_whoever_made_it(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    hand, mark = hand_of(browser, draft)
    add_table(hand, mark, [["Cơ quan", "Thời hạn"], ["Sở Nội vụ", "Ngày 10"]])
    assert bring(browser, draft, hand.save()).status_code == 200
    hand, mark = hand_of(browser, draft)
    add_column(hand, mark + 1, 1, ["Đầu mối", "Văn phòng"])
    strike_column(hand, mark + 1, 2)
    told = bring(browser, draft, hand.save()).json()
    assert told["missed"] == []
    assert [(s["kind"], s["author"], s["text"]) for s in told["suggestions"]] == [
        ("insertion", f"{CUC} (trong Word)", "Đầu mối\nVăn phòng"),
        ("deletion", f"{CUC} (trong Word)", "Thời hạn\nNgày 10"),
    ]
    assert [s["label"] for s in told["suggestions"]] == ["Thêm cột", "Bỏ cột"]
    (table,) = (b for b in committed(draft.pk).whole.blocks if isinstance(b, Table))
    ends = [(bool(c.insertion), bool(c.deletion)) for c in table.rows[1].cells]
    assert ends == [(False, False), (True, False), (False, True)]
    again = hand_of(browser, draft)[0]
    assert len(list(again.root.iter(W + "cellIns"))) == 2
    assert len(list(again.root.iter(W + "cellDel"))) == 2
    assert bring(browser, draft, again.save()).json()["suggestions"] == []
