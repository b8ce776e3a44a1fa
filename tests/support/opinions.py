"""An opinion round of the demo office: one Monday, a draft, whom its owner asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from collab.ports import Level
from server.accounts.models import User
from server.common import clock
from server.review.actions.answering import OpinionPlan
from server.review.actions.asking import RoundPlan, ask_opinions
from server.review.models import OpinionRequest, OpinionRound, Verdict

# A Monday; Friday the 27th is four working days away.
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DUE = date(2026, 11, 27)
AGREES = OpinionPlan(Verdict.AGREES)

Ask = Callable[..., OpinionRound]


@pytest.fixture
def monday() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


@pytest.fixture
def draft(monday: None, cast: Any, begin_draft: Any) -> Any:
    return begin_draft(shared={cast.vanthu: Level.EDIT})


@pytest.fixture
def ask(cast: Any, draft: Any) -> Ask:
    """`ask(silence=…)`: the leader and the department's office are asked."""

    def begin(**changed: Any) -> OpinionRound:
        plan = RoundPlan(
            **{"asked": [cast.lanhdao, cast.units["VPS"]], "due_on": DUE, **changed}
        )
        return ask_opinions(cast.chuyenvien, draft.pk, plan)

    return begin


def request_of(begun: OpinionRound, holder: Any) -> OpinionRequest:
    key = {"user": holder} if isinstance(holder, User) else {"unit": holder}
    return begun.requests.get(**key)
