"""Drafts and their texts, as the tests of the registry have them."""

from tests.api.registry.conftest import begin_draft, events, stores

__all__ = ["begin_draft", "events", "stores"]
