"""A draft from which a Word file goes out, and what of it comes back how often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from collab.content.restoring import restoring_update
from collab.content.suggestions import open_suggestions
from collab.content.tree import Content, iter_paragraphs
from collab.content.write import build_update
from collab.ports import Level
from server.common import providers
from server.registry.texts import committed
from tests.api.review.test_word_review import WORDS, hand_of
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
