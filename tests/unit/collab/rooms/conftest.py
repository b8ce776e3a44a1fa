"""One running engine for each test here, with one empty document."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.rooms import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """An engine that runs, with one empty document."""
    world = World()
    world.begin()
    world.engine.start()
    yield world
    world.documents.available = True
    world.log.commits.set()
    world.log.loads.set()
    await world.engine.stop()
