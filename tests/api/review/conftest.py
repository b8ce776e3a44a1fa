"""Drafts as in the registry's tests, with threads on them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from pycrdt import Assoc, Doc, Map, Text, XmlFragment

from collab.content.positions import read_position
from collab.protocol.wire import var_uint
from server.common import providers
from server.registry.models import Draft
from server.review.past import reading
from server.review.queries import authorship, opinion_suggestions
from tests.api.registry.conftest import begin_draft, events, stores
from tests.support.opinions import ask, draft, monday
from tests.support.process import moved

__all__ = ["ask", "begin_draft", "draft", "events", "monday", "moved", "stores"]

API = "/api/v1/drafts"


@pytest.fixture(autouse=True)
def fresh_past() -> Iterator[None]:
    """Nothing of another test's drafts is remembered in memory."""
    reading.forget()
    authorship.forget()
    opinion_suggestions.forget()
    yield


def position(draft: Draft, index: int = 0) -> str:
    """A relative position in the subject of the letterhead, as a browser encodes it."""
    text = subject_of(draft)
    return base64.b64encode(text.sticky_index(index, Assoc.AFTER).encode()).decode()


def letters(draft: Draft, words: str) -> tuple[str, str]:
    """Positions at the first and the last letter of these words of the subject."""
    text = subject_of(draft)
    first = read_position(text.sticky_index(0, Assoc.AFTER).encode()).item
    at = str(text).index(words)
    assert first is not None
    writer, clock = first

    def at_letter(index: int, side: bytes) -> str:
        name = b"\x00" + var_uint(writer) + var_uint(clock + index)
        return base64.b64encode(name + side).decode()

    return at_letter(at, b"\x00"), at_letter(at + len(words) - 1, b"\x41")


def subject_of(draft: Draft) -> Text:
    stored = providers.document_store.get().load(str(draft.pk))
    assert stored is not None
    doc: Doc[Any] = Doc()
    for entry in stored.updates:
        doc.apply_update(entry.update)
    doc.get("body", type=XmlFragment)
    text = doc.get("fields", type=Map)["subject"]
    assert isinstance(text, Text)
    return text


def anchor(draft: Draft, **other: Any) -> dict[str, Any]:
    """On the quote, where the subject has it."""
    quote = "kiểm tra"
    here = position(draft), position(draft)
    if quote in str(subject_of(draft)):
        here = letters(draft, quote)
    return {
        "part": "subject",
        "start": here[0],
        "end": here[1],
        "epoch": 1,
        "quote": quote,
        "before": "V/v ",
        "after": " hệ thống",
        "echo": -1,
        **other,
    }


def key() -> str:
    return uuid4().hex


@pytest.fixture
def begin_thread(signed_in: Any) -> Callable[..., dict[str, Any]]:
    """`begin_thread(draft, who, "words", …)`: over the API; the answer's body."""

    def begin(draft: Draft, who: Any, text: str = "Cần nêu rõ.", **more: Any) -> Any:
        where = more.pop("anchor", None) or anchor(draft)
        body = {"key": key(), "text": text, "anchor": where, **more}
        answer = signed_in(who).post(
            f"{API}/{draft.pk}/threads", body, "application/json"
        )
        assert answer.status_code == 201, answer.json()
        return answer.json()

    return begin
