"""Drafts as in the registry's tests, with threads on them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from pycrdt import Assoc, Doc, Map, Text, XmlFragment, XmlText

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
    stored = providers.document_store.get().load(str(draft.pk))
    assert stored is not None
    doc: Doc[Any] = Doc()
    for entry in stored.updates:
        doc.apply_update(entry.update)
    doc.get("body", type=XmlFragment)
    text = doc.get("fields", type=Map)["subject"]
    assert isinstance(text, Text | XmlText)
    return base64.b64encode(text.sticky_index(index, Assoc.AFTER).encode()).decode()


def anchor(draft: Draft, **other: Any) -> dict[str, Any]:
    here = position(draft)
    return {
        "part": "subject",
        "start": here,
        "end": here,
        "epoch": 1,
        "quote": "kiểm tra",
        "before": "V/v ",
        "after": " hệ thống",
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
