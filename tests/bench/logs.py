"""Measure the append of the update log on the configured database.

A process of its own (`python -m tests.bench.logs`), because Django takes its database
from the environment once. Prints the updates a second that were committed.
"""

from __future__ import annotations

import asyncio
import os
import time
from datetime import UTC, datetime

BATCHES = 50
DOCUMENTS = 200


async def append_rate() -> float:
    """Batches of one small update for each of many rooms, as a busy process makes."""
    from server.common import clock
    from storage.ports import Append
    from storage.update_log.log import DjangoUpdateLog
    from storage.update_log.store import DjangoDocumentStore
    from tests.bench.sockets import MarkWriter

    store = DjangoDocumentStore(now=clock.now)
    ids = [f"bench-{number}" for number in range(DOCUMENTS)]
    await asyncio.to_thread(lambda: [store.create(name, None) for name in ids])
    log = DjangoUpdateLog()
    update = MarkWriter().update(1)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    saved = 0
    started = time.perf_counter()
    for _ in range(BATCHES):
        outcomes = await log.append_many(
            [Append(name, 1, update, ("someone",), at) for name in ids]
        )
        saved += sum(outcome.seq is not None for outcome in outcomes)
    taken = time.perf_counter() - started
    await log.close()
    assert saved == BATCHES * DOCUMENTS
    return saved / taken


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "server.config.settings"
    import django

    django.setup()
    print(asyncio.run(append_rate()))


if __name__ == "__main__":
    main()
