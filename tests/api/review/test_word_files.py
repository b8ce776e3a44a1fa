"""Which Word files are remembered, and what of them is tried or told again."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from collab.content.suggested import final, original
from collab.ports import Level
from server.common import providers
from server.registry.texts import committed
from server.review.actions import word_review
from server.review.actions.versions import restore_version
from server.review.models import Thread, ThreadComment, WordFile
from tests.api.review.test_word_review import WORDS, bring, export, hand_of
from tests.api.review.word_rounds import (
    DUNG,
    LATER,
    colleague,
    counts,
    decide,
    draft,
    edited,
    owner,
    said,
)
from tests.support.word_hand import CUC, Hand

__all__ = ["colleague", "draft", "owner"]


def test_a_reply_in_word_to_what_was_taken_joins_its_thread(
    owner: Any, draft: Any
) -> None:
    hand, mark = hand_of(owner, draft)
    ident = hand.comment_on(mark, WORDS, "Nhắc lại.")
    bring(owner, draft, hand.save())
    thread = Thread.objects.get()
    hand.by = DUNG
    answer = hand.comment("Đồng ý.", key="0000BEEF")
    space = "http://schemas.microsoft.com/office/word/2012/wordml"
    hand.part(
        "word/comments.xml",
        lambda said: re.sub(
            rf'(w:id="{ident}"[^>]*><w:p)>',
            r'\1 w14:paraId="0000CAFE">',
            said,
        ),
    )
    assert answer
    extended = (
        f'<w15:commentsEx xmlns:w15="{space}">'
        '<w15:commentEx w15:paraId="0000CAFE" w15:done="0"/>'
        '<w15:commentEx w15:paraId="0000BEEF" w15:paraIdParent="0000CAFE"/>'
        "</w15:commentsEx>"
    )
    hand.parts["word/commentsExtended.xml"] = extended.encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    hand.part(
        "[Content_Types].xml",
        lambda said: said.replace(
            "</Types>",
            '<Override PartName="/word/commentsExtended.xml" '
            f'ContentType="{kind}.commentsExtended+xml"/></Types>',
        ),
    )
    relation = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
    hand.part(
        "word/_rels/document.xml.rels",
        lambda said: said.replace(
            "</Relationships>",
            f'<Relationship Id="rIdX" Type="{relation}" '
            'Target="commentsExtended.xml"/></Relationships>',
        ),
    )
    told = bring(owner, draft, hand.save()).json()
    assert [line["kind"] for line in told["comments"]] == ["reply"]
    assert Thread.objects.get() == thread
    assert [c.text for c in thread.comments.all()] == [
        f"{CUC} (trong Word): Nhắc lại.",
        f"{DUNG} (trong Word): Đồng ý.",
    ]


def test_a_comment_that_was_taken_back_here_does_not_return(
    owner: Any, draft: Any
) -> None:
    hand, mark = hand_of(owner, draft)
    hand.comment_on(mark, WORDS, "Nhắc lại.")
    bring(owner, draft, hand.save())
    comment = ThreadComment.objects.get()
    comment.text, comment.removed_at = "", comment.created_at
    comment.save()
    hand.comment_on(mark, WORDS, "Hỏi thêm.")
    told = bring(owner, draft, hand.save()).json()
    assert [line["text"] for line in told["comments"]] == ["Hỏi thêm."]


def test_what_a_suggester_might_not_do_is_done_for_who_may(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    """A file is not done with because somebody with fewer rights brought it."""
    draft = begin_draft(shared={cast.sotttt: Level.SUGGEST})
    owner, suggester = signed_in(cast.chuyenvien), signed_in(cast.sotttt)
    hand, mark = hand_of(owner, draft)
    hand.insert(mark, WORDS, " lại")
    bring(owner, draft, hand.save())
    second = Hand(export(owner, draft), DUNG)
    second.accept_all()
    second.new_paragraph(mark, "Thêm một đoạn.")
    data = second.save()
    told = bring(suggester, draft, data).json()
    assert [line["kind"] for line in told["missed"]] == ["settled"]
    assert said(draft) == [" lại", "Thêm một đoạn."]
    told = bring(owner, draft, data).json()
    assert [line["kind"] for line in told["suggestions"]] == ["accepted"]
    assert (told["already"], told["missed"]) == (1, [])
    assert said(draft) == ["Thêm một đoạn."]
    assert counts(bring(owner, draft, data).json()) == (0, 1, 0, 0, 0)


def test_a_draft_that_was_set_back_takes_the_file_anew(
    owner: Any, draft: Any, cast: Any
) -> None:
    hand, _mark = edited(owner, draft)
    data, (_epoch, seq) = hand.save(), committed(draft.pk).place
    bring(owner, draft, data)
    then = committed(draft.pk).place[1]
    restore_version(cast.chuyenvien, draft.pk, seq)
    assert said(draft) == []
    restore_version(cast.chuyenvien, draft.pk, then)
    assert counts(bring(owner, draft, data, apply=False).json())[:3] == (0, 2, 0)
    restore_version(cast.chuyenvien, draft.pk, seq)
    told = bring(owner, draft, data).json()
    assert counts(told) == (2, 0, 0, 0, 1)
    assert said(draft) == [" lại", "Một đoạn mới."]


def test_looking_keeps_no_file(owner: Any, draft: Any) -> None:
    hand, _mark = edited(owner, draft)
    data = hand.save()
    bring(owner, draft, data, apply=False)
    assert not WordFile.objects.exists()
    bring(owner, draft, data)
    row = WordFile.objects.get()
    assert providers.blob_store.get().get(row.digest) == data
    assert len(row.suggestions) == 2


def test_a_file_that_says_nothing_of_where_it_comes_from_comes_once_too(
    owner: Any, draft: Any
) -> None:
    hand, mark = edited(owner, draft)
    hand.without_origin()
    bring(owner, draft, hand.save())
    decide(draft, original)
    hand.at = LATER
    hand.new_paragraph(mark, "Thêm một đoạn.")
    told = bring(owner, draft, hand.save()).json()
    assert counts(told) == (1, 0, 2, 0, 1)
    assert said(draft) == ["Thêm một đoạn."]


def test_a_taken_file_that_is_lost_on_the_disk_is_passed_over(
    owner: Any, draft: Any
) -> None:
    """What it said comes twice then, and nothing is lost."""
    hand, mark = edited(owner, draft)
    bring(owner, draft, hand.save())
    WordFile.objects.update(digest="0" * 64)
    hand.at = LATER
    hand.new_paragraph(mark, "Thêm một đoạn.")
    told = bring(owner, draft, hand.save()).json()
    assert [line["text"] for line in told["suggestions"]] == [
        " lại",
        "Thêm một đoạn.\nMột đoạn mới.",
    ]


def test_two_who_take_one_file_at_the_same_moment_bring_it_once(
    owner: Any, draft: Any, cast: Any, monkeypatch: Any
) -> None:
    """The second one looked before the first one took it."""
    data = edited(owner, draft)[0].save()
    look, waiting = word_review.look_at, [cast.sotttt]

    def looked(actor: Any, draft_id: Any, file: bytes) -> Any:
        found = look(actor, draft_id, file)
        if waiting:
            word_review.take(waiting.pop(), draft_id, file)
        return found

    monkeypatch.setattr(word_review, "look_at", looked)
    told = bring(owner, draft, data).json()
    assert counts(told) == (0, 2, 0, 0, 1)
    assert said(draft) == [" lại", "Một đoạn mới."]
    assert ThreadComment.objects.count() == 1


def test_the_page_counts_what_is_new_known_and_decided(owner: Any, draft: Any) -> None:
    hand, mark = edited(owner, draft)
    bring(owner, draft, hand.save())
    hand.at = LATER
    hand.new_paragraph(mark, "Thêm một đoạn.")
    file = SimpleUploadedFile("sua.docx", hand.save())
    page = f"/drafts/{draft.pk}/word/"
    body = owner.post(page, {"file": file, "act": "take"}).content.decode()
    assert "2 chỗ sửa đang là đề xuất trong dự thảo" in body
    assert "1 góp ý đã có trong dự thảo" in body
    assert "đã được xem xét" not in body
    decide(draft, final)
    file = SimpleUploadedFile("sua.docx", hand.save())
    body = owner.post(page, {"file": file, "act": "look"}).content.decode()
    assert "3 chỗ sửa đã được xem xét" in body
    assert "không có gì mới" in body
