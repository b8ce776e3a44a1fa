"""Nobody approves or issues what a draft does to another document without having had
that on the screen: a page that was opened before the link changed does nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.common.errors import Conflict
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.actions.draft_links import link_draft, unlink_draft
from server.registry.actions.issuing import issue
from server.registry.actions.linked_drafts import begin_linked_draft
from server.registry.actions.process import Request, submit, take
from server.registry.actions.reading import mark_seen
from server.registry.actions.sign_offs import sign_off
from server.registry.models import Approval, DocumentLink, Draft, LinkKind
from server.registry.queries.issue_preview import preview_issue
from server.registry.queries.process import panel_of
from server.registry.texts import committed
from server.registry.workflow.table import Act, State
from tests.support.issuing import plan_for, write_letter
from tests.support.process import WAY, WHO, step

REPLACES = LinkKind.REPLACES
# The state in which each approval is given.
BEFORE = {
    Act.APPROVE_CONTENT: State.IN_REVIEW,
    Act.CHECK_FORMAT: State.CONTENT_APPROVED,
    Act.APPROVE: State.FORMAT_CHECKED,
}


@pytest.fixture
def old(issued: Any) -> Any:
    """Two documents that went out."""
    return issued(), issued()


@pytest.fixture
def draft(cast: Any, old: Any) -> Draft:
    """To take the place of the first of them."""
    made = begin_linked_draft(cast.chuyenvien, old[0].pk, REPLACES)
    write_letter(made)
    return made


def shown_to(person: Any, draft: Draft) -> str:
    """What the page of the process bears for this person."""
    return panel_of(access_draft(person, draft.pk, Action.OPEN), person).seen


def bring(cast: Any, draft: Draft, state: State, sign_offs: Any = ()) -> None:
    submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao, sign_offs=sign_offs)
    for act in WAY[state]:
        step(cast.people[WHO[act]], draft, act)


def relink(cast: Any, draft: Draft, document: Any) -> None:
    """The drafter takes the draft back, and the same words are to replace another."""
    draft.refresh_from_db()
    if draft.state == State.APPROVED:
        step(cast.lanhdao, draft, Act.RETURN)
    else:
        step(cast.chuyenvien, draft, Act.WITHDRAW)
    if document is None:
        unlink_draft(cast.chuyenvien, draft.pk)
    else:
        link_draft(cast.chuyenvien, draft.pk, REPLACES, document.pk)


@pytest.mark.parametrize("act", BEFORE)
@pytest.mark.parametrize("to", ["another document", "none"])
def test_a_page_of_before_the_link_changed_approves_nothing(
    cast: Any, draft: Draft, old: Any, act: Act, to: str
) -> None:
    person = cast.people[WHO[act]]
    bring(cast, draft, BEFORE[act])
    stale, words = shown_to(person, draft), committed(draft.pk).digest
    relink(cast, draft, old[1] if to == "another document" else None)
    bring(cast, draft, BEFORE[act])
    assert committed(draft.pk).digest == words
    with pytest.raises(Conflict) as caught:
        take(person, draft.pk, Request(act, seen=stale))
    assert caught.value.code == "content_changed"
    take(person, draft.pk, Request(act, seen=shown_to(person, draft)))


def test_a_page_of_before_the_link_changed_initials_nothing(
    cast: Any, draft: Draft, old: Any
) -> None:
    asked = [(cast.lanhdao, 1)]
    bring(cast, draft, State.IN_REVIEW, asked)
    stale = shown_to(cast.lanhdao, draft)
    relink(cast, draft, old[1])
    bring(cast, draft, State.IN_REVIEW, asked)
    with pytest.raises(Conflict) as caught:
        sign_off(cast.lanhdao, draft.pk, seen=stale)
    assert caught.value.code == "content_changed"
    sign_off(cast.lanhdao, draft.pk, seen=shown_to(cast.lanhdao, draft))


def test_a_preview_of_before_the_link_changed_issues_nothing(
    cast: Any, draft: Draft, old: Any, outgoing_register: Any
) -> None:
    bring(cast, draft, State.APPROVED)
    plan = plan_for(draft, outgoing_register)
    assert preview_issue(cast.vanthu, draft.pk, replace(plan, seen="")).digest == (
        plan.seen
    )
    relink(cast, draft, old[1])
    bring(cast, draft, State.APPROVED)
    shown = preview_issue(cast.vanthu, draft.pk, plan)
    assert shown.refusal is not None
    assert shown.refusal.code == "content_changed"
    with pytest.raises(Conflict) as caught:
        issue(cast.vanthu, draft.pk, plan)
    assert caught.value.code == "content_changed"
    assert not DocumentLink.objects.exists()
    issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
    assert DocumentLink.objects.get().target == old[1]


def test_pages_and_programs_send_what_was_shown_and_the_text_keeps_its_own_digest(
    cast: Any, draft: Draft, client: Any
) -> None:
    submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
    words, shown = committed(draft.pk).digest, shown_to(cast.truongphong, draft)
    assert shown != words
    client.force_login(cast.truongphong)
    page = client.get(f"/drafts/{draft.pk}/process/").content.decode()
    assert f'name="digest" value="{shown}"' in page
    assert words not in page
    api = f"/api/v1/drafts/{draft.pk}/process"
    assert client.get(api).json()["digest"] == shown
    assert client.get(f"{api}/changes").json()["digest"] == shown
    assert mark_seen(cast.truongphong, draft.pk, shown)
    told = client.post(
        f"{api}/approve_content", {"digest": shown}, content_type="application/json"
    )
    assert told.status_code == 200
    assert Approval.objects.get(draft=draft).digest == words


def test_without_a_link_what_is_seen_is_the_text(cast: Any, moved: Any) -> None:
    draft = moved(State.IN_REVIEW)
    assert shown_to(cast.truongphong, draft) == committed(draft.pk).digest
