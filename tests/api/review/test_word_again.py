"""What a Word file brought comes once: saved again, after a decision, by another."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from collab.content.restoring import restoring_update
from collab.content.suggested import final, original
from collab.content.suggestions import open_suggestions
from collab.content.tree import Content, iter_paragraphs
from collab.content.write import build_update
from collab.ports import Level
from server.common import providers
from server.registry.texts import committed
from server.review.actions import word_review
from server.review.actions.versions import restore_version
from server.review.models import Thread, ThreadComment, WordFile
from tests.api.review.test_word_review import WORDS, bring, export, hand_of
from tests.support.word_hand import CUC, Hand

DUNG = "Phạm Dũng"
LATER = "2026-11-26T09:00:00Z"


@pytest.fixture
def draft(begin_draft: Any, cast: Any) -> Any:
    return begin_draft(shared={cast.sotttt: Level.EDIT})


@pytest.fixture
def owner(signed_in: Any, cast: Any) -> Any:
    return signed_in(cast.chuyenvien)


@pytest.fixture
def colleague(signed_in: Any, cast: Any) -> Any:
    return signed_in(cast.sotttt)


def said(draft: Any) -> list[str]:
    """All that is suggested now."""
    return sorted(
        s.inserted or f"-{s.deleted}"
        for s in open_suggestions(committed(draft.pk).whole)
    )


def text(draft: Any) -> str:
    blocks = committed(draft.pk).whole.blocks
    return "\n".join(paragraph.text for paragraph in iter_paragraphs(blocks))


def decide(draft: Any, how: Callable[[Content], Content]) -> None:
    """Everything, as the buttons of the editor do."""
    now = committed(draft.pk)
    update = restoring_update(now.state, build_update(how(now.whole)))
    assert update is not None
    providers.document_store.get().append(
        str(draft.pk), update, epoch=now.epoch, author=""
    )
    assert said(draft) == []


def counts(told: Any) -> tuple[int, int, int, int, int]:
    """Changes that are new, that stand, that are decided; comments new, and known."""
    return (
        len(told["suggestions"]),
        told["already"],
        told["decided"],
        len(told["comments"]),
        told["comments_already"],
    )


def edited(owner: Any, draft: Any, by: str | None = CUC) -> tuple[Hand, int]:
    """Words come, words go, and something is said about them."""
    hand, mark = hand_of(owner, draft, by)
    hand.insert(mark, WORDS, " lại")
    hand.new_paragraph(mark, "Một đoạn mới.", tracked=by is not None)
    hand.comment_on(mark, " lại", "Nhắc lại.")
    return hand, mark


def test_a_file_with_one_more_sentence_brings_the_sentence_alone(
    owner: Any, draft: Any
) -> None:
    hand, mark = edited(owner, draft)
    first = bring(owner, draft, hand.save()).json()
    assert counts(first) == (2, 0, 0, 1, 0)
    hand.at = LATER
    hand.insert(mark, " lại", " thật")
    hand.comment_on(mark, " thật", "Có cần không?")
    told = bring(owner, draft, hand.save()).json()
    assert counts(told) == (1, 2, 0, 1, 1)
    assert said(draft) == [" lại", " thật", "Một đoạn mới."]
    assert f"{WORDS} lại thật" in text(draft)
    assert [t.quote for t in Thread.objects.order_by("pk")] == [" lại", " thật"]
    assert counts(bring(owner, draft, hand.save()).json()) == (0, 3, 0, 0, 2)


def test_without_track_changes_a_longer_change_brings_what_is_longer(
    owner: Any, draft: Any
) -> None:
    hand, mark = hand_of(owner, draft, None)
    hand.write(mark, WORDS, f"{WORDS} lại")
    bring(owner, draft, hand.save())
    hand.write(mark, f"{WORDS} lại", f"{WORDS} lại ngay")
    hand.new_paragraph(mark, "Một đoạn mới.", tracked=False)
    told = bring(owner, draft, hand.save()).json()
    assert [line["text"].strip() for line in told["suggestions"]] == [
        "ngay",
        "Một đoạn mới.",
    ]
    assert f"{WORDS} lại ngay" in text(draft)
    assert text(draft).count("lại") == 1


def test_what_was_taken_back_in_word_is_no_suggestion_any_more(
    owner: Any, draft: Any
) -> None:
    hand, mark = edited(owner, draft)
    bring(owner, draft, hand.save())
    run = hand.run(mark, " lại").getparent()
    run.getparent().remove(run)
    told = bring(owner, draft, hand.save()).json()
    assert [line["kind"] for line in told["suggestions"]] == ["rejected"]
    assert said(draft) == ["Một đoạn mới."]


@pytest.mark.parametrize("how", [final, original])
def test_what_was_decided_stays_decided(
    how: Callable[[Content], Content], owner: Any, draft: Any
) -> None:
    hand, mark = edited(owner, draft)
    data = hand.save()
    bring(owner, draft, data)
    decide(draft, how)
    before = committed(draft.pk).place
    look = bring(owner, draft, data, apply=False).json()
    told = bring(owner, draft, data).json()
    assert counts(look) == counts(told) == (0, 0, 2, 0, 1)
    assert committed(draft.pk).place == before
    hand.at = LATER
    hand.new_paragraph(mark, "Thêm một đoạn.")
    told = bring(owner, draft, hand.save()).json()
    assert counts(told) == (1, 0, 2, 0, 1)
    assert said(draft) == ["Thêm một đoạn."]


def test_a_colleague_who_takes_the_same_file_doubles_nothing(
    owner: Any, colleague: Any, draft: Any
) -> None:
    data = edited(owner, draft)[0].save()
    bring(owner, draft, data)
    told = bring(colleague, draft, data).json()
    assert counts(told) == (0, 2, 0, 0, 1)
    assert said(draft) == [" lại", "Một đoạn mới."]
    assert ThreadComment.objects.count() == 1


def test_a_file_that_a_program_saved_anew_is_the_same(owner: Any, draft: Any) -> None:
    """Numbers of revisions, comments and runs are others; nothing else is."""
    hand, _mark = edited(owner, draft)
    bring(owner, draft, hand.save())
    again = Hand(hand.save(), CUC)
    again.noise()
    for number, element in enumerate(list(again.root.iter("*"))):
        name = next((n for n in element.attrib if n.endswith("}id")), None)
        if name and element.tag.endswith(("}ins", "}del", "}rPrChange")):
            element.set(name, str(70000 + number))
    renumbered = re.compile(r'(<w:comment[^>]*w:id=")(\d+)')
    (ident,) = renumbered.findall(again.parts["word/comments.xml"].decode())
    again.part("word/comments.xml", lambda said: renumbered.sub(r"\g<1>4711", said))
    for element in again.root.iter("*"):
        if "omment" in str(element.tag):
            for name in element.attrib:
                assert element.get(name) == ident[1]
                element.set(name, "4711")
    told = bring(owner, draft, again.save()).json()
    assert counts(told) == (0, 2, 0, 0, 1)


def test_two_who_change_the_same_are_both_heard(owner: Any, draft: Any) -> None:
    first, mark = hand_of(owner, draft)
    second = Hand(first.save(), DUNG)
    for hand in (first, second):
        hand.insert(mark, WORDS, " lại")
        hand.comment_on(mark, " lại", "Nhắc lại.")
    bring(owner, draft, first.save())
    told = bring(owner, draft, second.save()).json()
    assert counts(told) == (1, 0, 0, 1, 0)
    made = open_suggestions(committed(draft.pk).whole)
    assert {(s.author, s.inserted) for s in made} == {
        (f"word:{CUC}", " lại"),
        (f"word:{DUNG}", " lại"),
    }


def test_a_deletion_that_was_rejected_may_be_wanted_by_another(
    owner: Any, draft: Any
) -> None:
    first, mark = hand_of(owner, draft)
    second = Hand(first.save(), DUNG)
    for hand in (first, second):
        hand.delete(mark, WORDS)
    bring(owner, draft, first.save())
    decide(draft, original)
    told = bring(owner, draft, second.save()).json()
    assert [(s["kind"], s["author"]) for s in told["suggestions"]] == [
        ("deletion", f"{DUNG} (trong Word)")
    ]
    assert said(draft) == [f"-{WORDS}"]


def test_the_same_words_twice_in_one_paragraph_are_two(owner: Any, draft: Any) -> None:
    hand, mark = hand_of(owner, draft)
    hand.insert(mark, WORDS[:3], " xin")
    hand.insert(mark, WORDS[3:], " xin")
    for words in (WORDS[:3], WORDS[3:]):
        hand.comment_on(mark, words, "Thừa chữ.")
    told = bring(owner, draft, hand.save()).json()
    assert counts(told) == (2, 0, 0, 2, 0)
    hand.at = LATER
    hand.insert(mark, WORDS[3:], " hãy")
    hand.at = "2026-11-25T03:00:00Z"
    hand.comment_on(mark, " hãy", "Thừa chữ.")
    told = bring(owner, draft, hand.save()).json()
    assert counts(told) == (1, 2, 0, 1, 2)
    assert said(draft).count(" xin") == 2
    assert Thread.objects.get(quote=" hãy").comments.get().text.endswith("Thừa chữ.")


def test_a_file_comes_again_after_the_draft_went_on(owner: Any, draft: Any) -> None:
    hand, mark = edited(owner, draft)
    data = hand.save()
    bring(owner, draft, data)
    other, place = hand_of(owner, draft, None)
    other.write(place, WORDS, f"trân trọng {WORDS}")
    other.accept_all()
    bring(owner, draft, other.save())
    was = said(draft)
    told = bring(owner, draft, data).json()
    assert counts(told) == (0, 0, 2, 0, 1)
    hand.at = LATER
    hand.new_paragraph(mark, "Thêm một đoạn.")
    told = bring(owner, draft, hand.save()).json()
    assert [line["text"] for line in told["suggestions"]] == ["Thêm một đoạn."]
    assert said(draft) == sorted([*was, "Thêm một đoạn."])
    assert [note["code"] for note in told["notes"]] == ["text_moved_on"]


def test_a_paragraph_that_was_split_in_word_is_found_when_the_file_comes_again(
    owner: Any, draft: Any
) -> None:
    hand, mark = hand_of(owner, draft)
    rest = hand.p(mark).xpath("string(.)").split(WORDS)[1][:12]
    hand.split(mark, WORDS)
    bring(owner, draft, hand.save())
    hand.at = LATER
    below = next(r for r in hand.root.iter("{*}t") if (r.text or "").startswith(rest))
    below.text = f"{rest}, xin nhắc lại, {below.text[len(rest) :]}"
    told = bring(owner, draft, hand.save()).json()
    assert told["missed"] == []
    assert counts(told)[:3] == (1, 1, 0)
    assert f"{rest}, xin nhắc lại, " in text(draft)


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


def test_accepting_in_word_what_came_from_word_leaves_it_a_suggestion(
    owner: Any, draft: Any
) -> None:
    """The words may as well be written there by somebody who never saw them marked."""
    hand, _mark = edited(owner, draft)
    bring(owner, draft, hand.save())
    hand.accept_all()
    told = bring(owner, draft, hand.save()).json()
    assert counts(told)[:3] == (0, 2, 0)
    assert said(draft) == [" lại", "Một đoạn mới."]


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
