"""What a Word file brought comes once: saved again, after a decision, by another."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from collab.content.suggested import final, original
from collab.content.suggestions import open_suggestions
from collab.content.tree import Content
from server.registry.texts import committed
from server.review.models import Thread, ThreadComment
from tests.api.review.test_word_review import WORDS, bring, hand_of
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
    text,
)
from tests.support.word_hand import CUC, Hand

__all__ = ["colleague", "draft", "owner"]


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
