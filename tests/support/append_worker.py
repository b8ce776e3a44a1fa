"""One more process that appends to a log: `python -m tests.support.append_worker`.

Arguments: the database as JSON, the document id, a name, how many updates. It prints
the `seq` of each update after the log acknowledged it, and tries again while the log is
unavailable, as a room does.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime

import django
from django.conf import settings


async def _append(document_id: str, name: str, count: int) -> None:
    from storage.ports import Append, LogUnavailable
    from storage.update_log.log import DjangoUpdateLog

    log = DjangoUpdateLog("default")
    at = datetime(2026, 3, 2, tzinfo=UTC)
    for number in range(count):
        update = f"{name}:{number}".encode()
        while True:
            try:
                (outcome,) = await log.append_many(
                    [Append(document_id, 1, update, (name,), at)]
                )
                break
            except LogUnavailable:
                continue
        print(f"{update.decode()} {outcome.seq} {outcome.refusal}", flush=True)
    await log.close()


def main() -> None:
    database, document_id, name, count = sys.argv[1:]
    settings.configure(
        DATABASES={"default": json.loads(database)},
        INSTALLED_APPS=["storage.update_log"],
        USE_TZ=True,
        SECRET_KEY="only for a test",
    )
    django.setup()
    asyncio.run(_append(document_id, name, int(count)))


if __name__ == "__main__":
    main()
