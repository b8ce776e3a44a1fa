"""Take a draft of the demo office to a state, as its people would.

The steps are the real actions; only the text is changed without a room, because the
tests of the sockets do that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from collab.content.tree import Content, Fields, Paragraph, Run
from collab.content.write import build_update
from server.common import providers
from server.registry.actions.process import Request, submit, take
from server.registry.models import Draft
from server.registry.seen import seen_digest
from server.registry.texts import committed
from server.registry.workflow.table import Act, State

Move = Callable[..., Draft]
WAY = {
    State.IN_REVIEW: [],
    State.CONTENT_APPROVED: [Act.APPROVE_CONTENT],
    State.FORMAT_CHECKED: [Act.APPROVE_CONTENT, Act.CHECK_FORMAT],
    State.APPROVED: [Act.APPROVE_CONTENT, Act.CHECK_FORMAT, Act.APPROVE],
}
WHO = {
    Act.APPROVE_CONTENT: "truongphong",
    Act.CHECK_FORMAT: "vanthu",
    Act.APPROVE: "lanhdao",
}


@pytest.fixture
def moved(cast: Any, begin_draft: Any) -> Move:
    """`moved(State.…)`: a draft of chuyenvien that stands there."""

    def bring(
        state: State,
        sign_offs: Any = (),
        prepare: Callable[[Draft], None] | None = None,
        **begin: Any,
    ) -> Draft:
        draft = begin_draft(**begin)
        if prepare is not None:
            prepare(draft)
        if state is State.DRAFTING:
            return draft
        submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao, sign_offs=sign_offs)
        for act in WAY[state]:
            step(cast.people[WHO[act]], draft, act)
        draft.refresh_from_db()
        assert draft.state == state
        return draft

    return bring


def step(person: Any, draft: Draft, act: Act, reason: str = "vì sai căn cứ") -> Draft:
    seen = seen_digest(draft.pk, committed(draft.pk).digest)
    return take(person, draft.pk, Request(act, reason=reason, seen=seen))


def write(draft: Draft, words: str) -> None:
    """Somebody's edit reaches the log: here the whole text is another one."""
    store = providers.document_store.get()
    update = build_update(Content(Fields(), (Paragraph((Run(words),)),)))
    store.start_epoch(str(draft.pk), update)
