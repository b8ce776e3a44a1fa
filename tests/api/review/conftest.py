"""Drafts of the demo office, with their texts in the real log of the test database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.review.past import reading
from server.review.queries import authorship
from tests.api.registry.conftest import begin_draft, events, stores
from tests.support.process import moved

__all__ = ["begin_draft", "events", "moved", "stores"]


@pytest.fixture(autouse=True)
def fresh_past() -> Iterator[None]:
    """Nothing of another test is remembered in memory."""
    reading.forget()
    authorship.forget()
    yield
