"""The demo office takes drafts through their steps: who may, and what is told."""

from __future__ import annotations

from typing import Any

import pytest

from collab.ports import Level
from server.common import providers
from server.common.errors import Conflict, InvalidInput, NotAllowed, NotFound
from server.common.models import AuditEntry
from server.registry.abilities import Action
from server.registry.access import access_draft, find_access, grant_for
from server.registry.actions.drafts import archive, rename
from server.registry.actions.images import add_image
from server.registry.actions.process import Request, submit, take
from server.registry.actions.sign_offs import sign_off
from server.registry.actions.voiding import settle
from server.registry.models import Approval, OfficePolicy, SignOff
from server.registry.queries.approvals import void_notices, waiting_for
from server.registry.texts import committed
from server.registry.workflow.table import Act, State
from tests.support.process import WAY, Move, step, write


def test_a_draft_goes_the_whole_way(cast: Any, moved: Move, events: Any) -> None:
    draft = moved(State.APPROVED)
    assert [a.step for a in Approval.objects.order_by("at")] == [
        "content",
        "format",
        "final",
    ]
    assert {a.digest for a in Approval.objects.all()} == {committed(draft.pk).digest}
    told = [kind for kind, subject in events() if subject == str(draft.pk)]
    assert told.count("draft.moved") == 4
    assert told[-2:] == ["draft.frozen", "draft.moved"]
    trail = AuditEntry.objects.filter(subject_id=str(draft.pk)).order_by("id")
    assert [e.action for e in trail if e.action != "draft.shared"] == [
        "draft.created",
        "draft.submitted",
        "draft.content_approved",
        "draft.format_checked",
        "draft.approved",
    ]


# State → act → the only people of the office who may.
MAY: dict[State, dict[Act, set[str]]] = {
    State.DRAFTING: {Act.CANCEL: {"chuyenvien"}},
    State.IN_REVIEW: {
        Act.APPROVE_CONTENT: {"truongphong"},
        Act.RETURN: {"truongphong"},
        Act.WITHDRAW: {"chuyenvien"},
        Act.CANCEL: {"chuyenvien"},
    },
    State.CONTENT_APPROVED: {
        Act.CHECK_FORMAT: {"vanthu"},
        Act.RETURN: {"vanthu", "truongphong"},
        Act.WITHDRAW: {"chuyenvien"},
        Act.CANCEL: {"chuyenvien"},
    },
    State.FORMAT_CHECKED: {
        Act.APPROVE: {"lanhdao"},
        Act.RETURN: {"lanhdao", "vanthu"},
        Act.WITHDRAW: {"chuyenvien"},
        Act.CANCEL: {"chuyenvien"},
    },
    State.APPROVED: {
        Act.RETURN: {"lanhdao", "vanthu"},
        Act.CANCEL: {"lanhdao"},
    },
}
EVERYBODY = (
    "chuyenvien", "truongphong", "lanhdao", "vanthu", "sotttt", "quantri", "nguoila",
)  # fmt: skip


@pytest.mark.parametrize("username", EVERYBODY)
@pytest.mark.parametrize("state", list(MAY))
def test_each_of_the_office_may_take_exactly_his_own_steps(
    state: State, username: str, cast: Any, stranger: Any, moved: Move
) -> None:
    draft = moved(state, shared={cast.sotttt: Level.EDIT})
    person = {**cast.people, "nguoila": stranger}[username]
    for act in Act:
        if act is Act.SUBMIT or username in MAY[state].get(act, ()):
            continue
        reached = find_access(person, draft.pk) is not None
        with pytest.raises((NotAllowed, Conflict) if reached else NotFound):
            step(person, draft, act)
        draft.refresh_from_db()
        assert draft.state == state
    for act, people in MAY[state].items():
        if username in people:
            other = moved(state, shared={cast.sotttt: Level.EDIT})
            assert step(person, other, act).state != state


@pytest.mark.parametrize("state", list(MAY))
def test_a_stranger_sees_nothing_of_the_process(
    state: State, stranger: Any, quantri: Any, moved: Move
) -> None:
    draft = moved(state)
    for person in (stranger, quantri):
        with pytest.raises(NotFound):
            access_draft(person, draft.pk, Action.TAKE_PART)
        assert waiting_for(person) == ()


def test_the_next_in_line_reach_the_draft_and_find_it_in_their_queue(
    cast: Any, moved: Move
) -> None:
    for state, username, act in (
        (State.IN_REVIEW, "truongphong", Act.APPROVE_CONTENT),
        (State.CONTENT_APPROVED, "vanthu", Act.CHECK_FORMAT),
        (State.FORMAT_CHECKED, "lanhdao", Act.APPROVE),
    ):
        draft = moved(state)
        waiting = [
            (name, w.act)
            for name, person in cast.people.items()
            for w in waiting_for(person)
            if w.draft.pk == draft.pk
        ]
        assert waiting == [(username, act)]
        found = find_access(cast.people[username], draft.pk)
        assert found is not None and found.level == Level.COMMENT


def test_an_archived_draft_waits_for_nobody(cast: Any, moved: Move) -> None:
    draft = moved(State.IN_REVIEW)
    with pytest.raises(Conflict) as refused:
        archive(cast.chuyenvien, draft.pk)
    assert refused.value.code == "in_process"
    step(cast.chuyenvien, draft, Act.WITHDRAW)
    archive(cast.chuyenvien, draft.pk)
    with pytest.raises(Conflict) as put_away:
        submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
    assert put_away.value.code == "archived"


# ── duties are separate ─────────────────────────────────────────────────────────


def test_a_head_does_not_approve_his_own_draft_unless_the_office_allows_it(
    cast: Any, begin_draft: Any
) -> None:
    draft = begin_draft(by=cast.truongphong)
    submit(cast.truongphong, draft.pk, signer=cast.lanhdao)
    with pytest.raises(NotAllowed) as refused:
        step(cast.truongphong, draft, Act.APPROVE_CONTENT)
    assert refused.value.code == "separation_of_duties"
    assert waiting_for(cast.truongphong) == ()
    OfficePolicy.objects.create(organisation=cast.office, drafter_may_approve=True)
    assert len(waiting_for(cast.truongphong)) == 1
    assert (
        step(cast.truongphong, draft, Act.APPROVE_CONTENT).state == "content_approved"
    )


def test_who_approved_the_content_does_not_check_the_format(
    cast: Any, moved: Move
) -> None:
    policy = OfficePolicy.objects.create(
        organisation=cast.office, checking_unit=cast.units["HCTC"]
    )
    draft = moved(State.CONTENT_APPROVED)
    with pytest.raises(NotAllowed) as refused:
        step(cast.truongphong, draft, Act.CHECK_FORMAT)
    assert refused.value.code == "separation_of_duties"
    policy.content_approver_may_check = True
    policy.save()
    assert step(cast.truongphong, draft, Act.CHECK_FORMAT).state == "format_checked"


def test_a_leader_does_not_sign_what_he_drafted(cast: Any, begin_draft: Any) -> None:
    draft = begin_draft(by=cast.lanhdao)
    with pytest.raises(InvalidInput):
        submit(cast.lanhdao, draft.pk, signer=cast.lanhdao)


def test_only_a_leader_of_the_office_or_above_can_be_the_signer(
    cast: Any, stranger: Any, begin_draft: Any
) -> None:
    draft = begin_draft()
    for person in (cast.truongphong, cast.sotttt, stranger):
        with pytest.raises(InvalidInput):
            submit(cast.chuyenvien, draft.pk, signer=person)


# ── reasons ─────────────────────────────────────────────────────────────────────


def test_a_return_says_why_and_ends_every_approval(cast: Any, moved: Move) -> None:
    draft = moved(State.FORMAT_CHECKED)
    for reason in ("", "  \n", "x" * 1001):
        with pytest.raises(InvalidInput):
            step(cast.lanhdao, draft, Act.RETURN, reason)
    assert step(cast.lanhdao, draft, Act.RETURN, "x" * 1000).state == "drafting"
    assert not Approval.objects.filter(voided_at__isnull=True).exists()
    assert void_notices(cast.truongphong) == ()
    entry = AuditEntry.objects.get(action="draft.returned")
    assert entry.details["reason"] == "x" * 1000


def test_a_second_round_begins_without_the_first_ones_approvals(
    cast: Any, moved: Move
) -> None:
    draft = moved(State.FORMAT_CHECKED, sign_offs=[])
    step(cast.lanhdao, draft, Act.RETURN)
    submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
    draft.refresh_from_db()
    assert (draft.round, draft.state) == (2, "in_review")
    with pytest.raises(Conflict):
        step(cast.vanthu, draft, Act.CHECK_FORMAT)


# ── approvals are bound to the content ──────────────────────────────────────────


@pytest.mark.parametrize("state", [State.CONTENT_APPROVED, State.FORMAT_CHECKED])
def test_a_change_voids_what_was_approved_and_tells_the_approvers(
    state: State, cast: Any, moved: Move, events: Any
) -> None:
    draft = moved(state)
    assert not settle(draft.pk)
    write(draft, "một nội dung khác")
    assert settle(draft.pk)
    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW
    assert [n.draft_id for n in void_notices(cast.truongphong)] == [draft.pk]
    voided = [kind for kind, _ in events() if kind == "draft.approval_voided"]
    assert len(voided) == len(WAY[state])
    assert not settle(draft.pk)
    # Approving again is the plainest way of noting it.
    step(cast.truongphong, draft, Act.APPROVE_CONTENT)
    assert void_notices(cast.truongphong) == ()


def test_a_step_notices_a_change_that_nobody_has_noticed(
    cast: Any, moved: Move
) -> None:
    draft = moved(State.CONTENT_APPROVED)
    write(draft, "một nội dung khác")
    with pytest.raises(Conflict):
        step(cast.vanthu, draft, Act.CHECK_FORMAT)
    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW


def test_the_log_may_move_without_voiding_when_the_text_is_the_same(
    cast: Any, moved: Move
) -> None:
    draft = moved(State.CONTENT_APPROVED)
    providers.document_store.get().start_epoch(str(draft.pk), committed(draft.pk).state)
    assert not settle(draft.pk)
    assert step(cast.vanthu, draft, Act.CHECK_FORMAT).state == "format_checked"


def test_nobody_approves_what_he_has_not_seen(cast: Any, moved: Move) -> None:
    draft = moved(State.IN_REVIEW)
    seen = committed(draft.pk).digest
    write(draft, "vừa sửa xong")
    for digest in (seen, ""):
        with pytest.raises(Conflict) as refused:
            take(
                cast.truongphong,
                draft.pk,
                Request(Act.APPROVE_CONTENT, seen=digest),
            )
        assert refused.value.code == "content_changed"


# ── the text stands still ───────────────────────────────────────────────────────


def test_from_the_signers_approval_on_nobody_writes(cast: Any, moved: Move) -> None:
    draft = moved(State.APPROVED)
    head = providers.document_store.get().head(str(draft.pk))
    assert head is not None and head.frozen
    for change in (
        lambda: rename(cast.chuyenvien, draft.pk, "Tên khác"),
        lambda: add_image(cast.chuyenvien, draft.pk, b""),
    ):
        with pytest.raises(Conflict) as refused:
            change()
        assert refused.value.code == "draft_frozen"
    # The level stays: an edit that comes late is known as one, and kept.
    found = grant_for(cast.chuyenvien.pk, draft.pk)
    assert found is not None and found[0] == Level.OWN


def test_a_return_after_approval_opens_the_text_under_a_new_epoch(
    cast: Any, moved: Move, events: Any
) -> None:
    draft = moved(State.APPROVED)
    before = committed(draft.pk)
    step(cast.lanhdao, draft, Act.RETURN)
    head = providers.document_store.get().head(str(draft.pk))
    assert head is not None and not head.frozen
    assert head.epoch == before.epoch + 1
    assert committed(draft.pk).digest == before.digest
    assert "draft.thawed" in [kind for kind, _ in events()]


def test_a_cancelled_draft_stands_still_for_good(cast: Any, moved: Move) -> None:
    draft = moved(State.IN_REVIEW)
    assert step(cast.chuyenvien, draft, Act.CANCEL).state == "cancelled"
    head = providers.document_store.get().head(str(draft.pk))
    assert head is not None and head.frozen
    for act in Act:
        if act is not Act.SUBMIT:
            with pytest.raises(Conflict):
                step(cast.chuyenvien, draft, act)


# ── ký nháy ─────────────────────────────────────────────────────────────────────


def test_sign_offs_come_in_their_order_and_before_the_head(
    cast: Any, moved: Move
) -> None:
    people = [(cast.vanthu, 2), (cast.sotttt, 1), (cast.quantri, 1)]
    draft = moved(State.IN_REVIEW, sign_offs=people)
    seen = committed(draft.pk).digest
    with pytest.raises(NotAllowed):
        sign_off(cast.vanthu, draft.pk, seen=seen)
    with pytest.raises(Conflict) as early:
        step(cast.truongphong, draft, Act.APPROVE_CONTENT)
    assert early.value.code == "sign_offs_missing"
    for person in (cast.quantri, cast.sotttt):
        assert [w.act for w in waiting_for(person)] == [None]
        sign_off(person, draft.pk, seen=seen, note="nhất trí")
        assert waiting_for(person) == ()
    sign_off(cast.vanthu, draft.pk, seen=seen)
    assert (
        step(cast.truongphong, draft, Act.APPROVE_CONTENT).state == "content_approved"
    )


def test_a_change_asks_for_the_sign_off_again(cast: Any, moved: Move) -> None:
    draft = moved(State.IN_REVIEW, sign_offs=[(cast.sotttt, 1)])
    sign_off(cast.sotttt, draft.pk, seen=committed(draft.pk).digest)
    write(draft, "sửa sau khi ký nháy")
    settle(draft.pk)
    asked = SignOff.objects.get(draft=draft)
    assert asked.done_at is None and asked.voided_at is not None
    assert len(waiting_for(cast.sotttt)) == 1
    with pytest.raises(Conflict):
        step(cast.truongphong, draft, Act.APPROVE_CONTENT)


def test_who_is_asked_for_a_sign_off_may_send_the_draft_back(
    cast: Any, moved: Move
) -> None:
    draft = moved(State.IN_REVIEW, sign_offs=[(cast.sotttt, 1)])
    assert step(cast.sotttt, draft, Act.RETURN).state == "drafting"


def test_nobody_is_asked_twice(cast: Any, begin_draft: Any) -> None:
    draft = begin_draft()
    with pytest.raises(InvalidInput):
        submit(
            cast.chuyenvien,
            draft.pk,
            signer=cast.lanhdao,
            sign_offs=[(cast.sotttt, 1), (cast.sotttt, 2)],
        )
