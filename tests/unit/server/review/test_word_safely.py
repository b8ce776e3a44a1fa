"""When the guard refuses what a file would do: told, word by word, and soon."""

from __future__ import annotations

import pytest

from collab.rooms.suggesting import IsMine
from server.review.word import safely
from tests.support.reviewed_docx import CORPUS
from tests.support.word_hand import Hand
from tests.unit.server.review.word_worlds import exported, plain, take_in

WORDS = [f" chữ{number}x" for number in range(40)]


def written() -> bytes:
    hand = Hand(exported(CORPUS))
    for word in WORDS:
        hand.insert(13, "ngày ký", word)
        hand.at = f"2026-11-25T03:00:{len(word) + WORDS.index(word):02}Z"
    return hand.save()


def test_all_that_is_refused_is_told_after_few_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[int] = []

    def refuse(_state: bytes, _update: bytes, _is_new: object) -> bool:
        tries.append(1)
        return False

    monkeypatch.setattr(safely, "only_suggests", refuse)
    monkeypatch.setattr(safely, "MOST_TRIES", 8)
    found = take_in(CORPUS, written())
    assert found.after == plain(CORPUS)
    assert found.outcome.taken == []
    told = "\n".join(one.text for one in found.outcome.missed)
    assert all(word.strip() in told for word in WORDS)
    assert len(tries) <= 2 * 8


def test_one_that_is_refused_takes_no_other_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = safely.only_suggests

    def refuse_one(state: bytes, update: bytes, is_new: IsMine) -> bool:
        return b"7x" not in update and real(state, update, is_new)

    monkeypatch.setattr(safely, "only_suggests", refuse_one)
    found = take_in(CORPUS, written())
    refused = {word for word in WORDS if word.endswith("7x")}
    assert {one.text for one in found.outcome.missed} == refused
    assert {one.text for one in found.outcome.taken} == set(WORDS) - refused
