"""Comments that a newcomer meets in the demo office, said by the real steps.

Running it again adds nothing to a draft that has threads. Must never run by itself in
an office; only the `seed` command calls it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from collab.content.anchors import anchor_on
from server.accounts.models import User
from server.common import clock
from server.registry.models import Draft
from server.registry.texts import committed
from server.review.actions.thread_states import resolve
from server.review.actions.threads import Said, reply, start_thread
from server.review.models import Thread
from server.review.words import Anchor

_FILE = Path(__file__).parent / "data" / "demo_threads.toml"
Data = Mapping[str, Any]


@transaction.atomic
def seed_threads() -> int:
    """Say what is missing. Returns how many threads were begun."""
    rows: list[Data] = tomllib.loads(_FILE.read_text("utf-8"))["thread"]
    drafts = {UUID(row["draft"]) for row in rows}
    fresh = {
        draft
        for draft in Draft.objects.filter(pk__in=drafts).values_list("pk", flat=True)
        if not Thread.objects.filter(draft=draft).exists()
    }
    people = {user.username: user for user in User.objects.all()}
    mine = [row for row in rows if UUID(row["draft"]) in fresh]
    for number, row in enumerate(mine):
        _say(row, number, people)
    return len(mine)


def _say(row: Data, number: int, people: Mapping[str, User]) -> None:
    draft_id = UUID(row["draft"])
    text = committed(draft_id)
    found = anchor_on(text.state, row["part"], row["quote"], text.epoch)
    began = clock.now() - timedelta(days=row["days_ago"])
    thread_id: UUID | None = None
    for count, (who, words) in enumerate(row["said"]):
        key = uuid5(NAMESPACE_URL, f"demo:{draft_id}:{number}:{count}").hex
        named = [people[name].pk for name in row.get("mentions", [])]
        said = Said(key, words, [pk for pk in named if count == len(row["said"]) - 1])
        with clock.fixed(began + timedelta(minutes=35 * count)):
            if thread_id is None:
                assignee = row.get("assignee")
                thread_id = start_thread(
                    people[who],
                    draft_id,
                    Anchor(**asdict(found)),
                    said,
                    assignee=people[assignee].pk if assignee else None,
                ).pk
            else:
                reply(people[who], draft_id, thread_id, said)
    if thread_id and (closer := row.get("resolved_by")):
        with clock.fixed(began + timedelta(hours=3)):
            resolve(people[closer], draft_id, thread_id)
