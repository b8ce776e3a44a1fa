"""Demo drafts on their way: taken there by the real steps, as their people would.

Must never run by itself in an office; only the `seed` command calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from server.accounts.models import User
from server.common import clock
from server.registry.actions.process import Request, submit, take
from server.registry.models import Draft
from server.registry.seen import seen_digest
from server.registry.texts import committed
from server.registry.workflow.table import Act

# A morning passes between two steps.
_PAUSE = timedelta(hours=3)


def send_on_its_way(
    draft: Draft, data: Mapping[str, Any], people: Mapping[str, User]
) -> None:
    """`data` names the signer and the steps taken so far, each as [who, act]."""
    submit(draft.created_by, draft.pk, signer=people[data["signer"]])
    for count, (username, act) in enumerate(data["steps"], 1):
        with clock.fixed(clock.now() + count * _PAUSE):
            seen = seen_digest(draft.pk, committed(draft.pk).digest)
            take(people[username], draft.pk, Request(Act(act), seen=seen))
