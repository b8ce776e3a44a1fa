"""Drafts and their texts, as the tests of the registry have them."""

from tests.api.registry.conftest import begin_draft, events, stores
from tests.support.opinions import ask, draft, monday

__all__ = ["ask", "begin_draft", "draft", "events", "monday", "stores"]
