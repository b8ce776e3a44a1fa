"""Drafts over a real database, with their texts in the real log of that database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from collab.ports import Level
from server.accounts.models import Unit, User
from server.common import clock, providers
from server.common.models import OutboxEvent
from server.registry.actions.drafts import create_draft
from server.registry.actions.shares import share
from server.registry.models import Draft
from storage.memory import MemoryBlobStore
from storage.update_log.store import DjangoDocumentStore
from tests.support.copying import book, document
from tests.support.issuing import (
    approved,
    department_clerk,
    digital,
    incoming_register,
    issued,
    outgoing_register,
)
from tests.support.process import moved

__all__ = [
    "approved",
    "book",
    "department_clerk",
    "digital",
    "document",
    "incoming_register",
    "issued",
    "moved",
    "outgoing_register",
]

BeginDraft = Callable[..., Draft]


@pytest.fixture(autouse=True)
def stores() -> Iterator[None]:
    slots = (providers.document_store, providers.blob_store)
    before = [slot._value for slot in slots]
    providers.document_store.fill(DjangoDocumentStore(now=clock.now))
    providers.blob_store.fill(MemoryBlobStore())
    yield
    for slot, value in zip(slots, before, strict=True):
        slot._value = value


@pytest.fixture
def tuesday() -> Iterator[None]:
    """It is the noon of a Tuesday, and the next days off are those of its week's end: a
    term that ends on a day off is over later, so days that are counted from today mean
    something else on some days of the year."""
    with clock.fixed(datetime(2026, 11, 24, 5, tzinfo=UTC)):
        yield


@pytest.fixture
def begin_draft(cast: Any) -> BeginDraft:
    """`begin_draft("title", by=…, shared={who: Level})`; chuyenvien begins."""

    def begin(
        title: str = "V/v kiểm tra hệ thống idesk",
        *,
        by: User | None = None,
        type_code: str = "CV",
        shared: dict[User | Unit, Level] | None = None,
    ) -> Draft:
        author = by or cast.chuyenvien
        draft = create_draft(author, title=title, type_code=type_code)
        for holder, level in (shared or {}).items():
            share(author, draft.pk, to=holder, level=level)
        return draft

    return begin


@pytest.fixture
def events(db: None) -> Callable[[], list[tuple[str, str]]]:
    """What the world was told since the test began: (kind, subject id)."""
    last = OutboxEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0

    def told() -> list[tuple[str, str]]:
        rows = OutboxEvent.objects.filter(id__gt=last).order_by("id")
        return list(rows.values_list("kind", "subject_id"))

    return told
