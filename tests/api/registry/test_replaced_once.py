"""A document is replaced once, however many drafts were begun; corrected, often.

Clerks who issue at one moment: `tests/contract/test_replaced_once_at_a_time.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from collab.ports import Level
from server.common.errors import Conflict
from server.registry.actions.issuing import issue
from server.registry.actions.linked_drafts import begin_linked_draft
from server.registry.actions.process import submit
from server.registry.actions.recalling import recall
from server.registry.actions.shares import share
from server.registry.models import (
    DocumentLink,
    Draft,
    IssuedNumber,
    LinkKind,
    OutgoingDocument,
    OutgoingState,
)
from server.registry.queries.issue_preview import preview_issue
from server.registry.workflow.table import State
from tests.support.issuing import plan_for, write_letter
from tests.support.process import WAY, WHO, step

Ready = Callable[[OutgoingDocument, LinkKind], Draft]
Issue = Callable[[Draft], OutgoingDocument]
REPLACES, CORRECTS = LinkKind.REPLACES, LinkKind.CORRECTS


@pytest.fixture
def ready(cast: Any) -> Ready:
    """A draft that replaces or corrects the document, approved."""

    def make(old: OutgoingDocument, kind: LinkKind) -> Draft:
        draft = begin_linked_draft(cast.chuyenvien, old.pk, kind)
        write_letter(draft)
        share(cast.chuyenvien, draft.pk, to=cast.vanthu, level=Level.VIEW)
        submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
        for act in WAY[State.APPROVED]:
            step(cast.people[WHO[act]], draft, act)
        return draft

    return make


@pytest.fixture
def send(cast: Any, outgoing_register: Any) -> Issue:
    def make(draft: Draft) -> OutgoingDocument:
        return issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))

    return make


def test_the_second_replacement_is_refused_and_leaves_nothing(
    issued: Any, ready: Ready, send: Issue
) -> None:
    old = issued()
    first, second = ready(old, REPLACES), ready(old, REPLACES)
    new = send(first)
    before = IssuedNumber.objects.count()
    with pytest.raises(Conflict) as refused:
        send(second)
    assert refused.value.code == "replaced"
    assert old.full_number in str(refused.value)
    second.refresh_from_db()
    assert second.state == State.APPROVED
    assert IssuedNumber.objects.count() == before
    assert [link.source for link in DocumentLink.objects.all()] == [new]


def test_the_preview_says_so_before(
    cast: Any, issued: Any, ready: Ready, send: Issue, outgoing_register: Any
) -> None:
    old = issued()
    first, second = ready(old, REPLACES), ready(old, REPLACES)

    def refusal() -> str:
        plan = plan_for(second, outgoing_register)
        found = preview_issue(cast.vanthu, second.pk, plan).refusal
        return found.code if found else ""

    assert refusal() == ""
    send(first)
    assert refusal() == "replaced"


def test_it_is_corrected_as_often_as_need_be(
    issued: Any, ready: Ready, send: Issue
) -> None:
    old = issued()
    for draft in [ready(old, CORRECTS), ready(old, CORRECTS)]:
        send(draft)
    assert DocumentLink.objects.filter(target=old, kind=CORRECTS).count() == 2


def test_a_correction_and_a_replacement_stand_side_by_side(
    issued: Any, ready: Ready, send: Issue
) -> None:
    old = issued()
    drafts = [ready(old, kind) for kind in (CORRECTS, REPLACES, CORRECTS)]
    for draft in drafts:
        send(draft)
    old.refresh_from_db()
    assert old.state == OutgoingState.REPLACED


def test_what_was_recalled_is_replaced_once_too(
    cast: Any, issued: Any, ready: Ready, send: Issue
) -> None:
    """Unless its replacement was taken back as well."""
    old = issued()
    recall(cast.vanthu, old.pk, "Ban hành nhầm")
    first, second = ready(old, REPLACES), ready(old, REPLACES)
    new = send(first)
    with pytest.raises(Conflict) as refused:
        send(second)
    assert refused.value.code == "replaced"
    recall(cast.vanthu, new.pk, "Cũng nhầm")
    assert send(second).link.target == old
