"""A recall or a replacement reaches whoever got the document, and is confirmed.

What waits to be confirmed stands first in the receiver's list and in the bar; who sent
it chases whoever has not; what comes instead goes to the same places.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from server.accounts.models import Membership, Role
from server.common import clock
from server.common.errors import Conflict
from server.registry.actions.distribution import (
    Acceptance,
    accept,
    add_recipients,
    chase,
    mark_opened,
    report_outside,
    report_sent,
)
from server.registry.actions.issuing import issue
from server.registry.actions.linked_drafts import begin_linked_draft
from server.registry.actions.process import submit
from server.registry.actions.recalling import confirm_recall, recall
from server.registry.issuing.plan import RecipientPlan
from server.registry.issuing.terms import offered_deadline
from server.registry.models import (
    DocumentLink,
    LinkKind,
    OutgoingDocument,
    OutgoingState,
    RecallState,
    Recipient,
    RecipientState,
    RecipientStep,
    StepKind,
)
from server.registry.queries.distribution import Shown, distribution_of
from server.registry.queries.issue_preview import suggested_list
from server.registry.queries.received import (
    Wanted,
    count_waiting,
    list_received,
    page_of_received,
)
from server.registry.workflow.table import State
from tests.support.cast import make_unit
from tests.support.issuing import plan_for, write_letter
from tests.support.process import WAY, WHO, step

ASKED, CONFIRMED = RecallState.ASKED, RecallState.CONFIRMED


@pytest.fixture
def later(cast: Any, outgoing_register: Any) -> Any:
    """`later(document, kind)`: the one that replaces or corrects it, issued."""

    def make(old: OutgoingDocument, kind: LinkKind) -> OutgoingDocument:
        draft = begin_linked_draft(cast.chuyenvien, old.pk, kind)
        write_letter(draft)
        submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
        for act in WAY[State.APPROVED]:
            step(cast.people[WHO[act]], draft, act)
        return issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))

    return make


def kinds_of(row: Recipient) -> list[str]:
    return list(
        RecipientStep.objects.filter(recipient=row).values_list("kind", flat=True)
    )


# ── the receiver ────────────────────────────────────────────────────────────────


def test_what_waits_to_be_confirmed_stands_first_and_in_the_bar(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    me = RecipientPlan(person=cast.sotttt.pk)
    old, middle, new = (issued(me, title=f"V/v {n}") for n in ("một", "hai", "ba"))
    for document in (old, middle, new):
        mark_opened(cast.sotttt, document.recipients.get().pk)
    assert count_waiting(cast.sotttt) == 0
    recall(cast.vanthu, old.pk, "Ban hành nhầm")
    order = [row.document for row in list_received(cast.sotttt).rows]
    assert order == [old, new, middle]
    assert count_waiting(cast.sotttt) == 1
    browser = signed_in(cast.sotttt)
    assert browser.get(reverse("received_count")).content == b"1"
    shown = browser.get("/received/?show=confirm").content.decode()
    assert old.full_number in shown
    assert "Chờ bạn xác nhận" in shown
    assert new.full_number not in shown
    browser.post(f"/received/{old.recipients.get().pk}/recall/", {})
    order = [row.document for row in list_received(cast.sotttt).rows]
    assert order == [new, middle, old]
    assert count_waiting(cast.sotttt) == 0


def test_page_and_api_go_on_where_they_stopped_in_either_part(
    cast: Any, issued: Any, department_clerk: Any
) -> None:
    document = issued()
    at = clock.now()
    for number in range(60):
        unit = make_unit(cast.department, f"Phòng {number}", f"P{number}")
        Membership.objects.create(user=department_clerk, unit=unit, role=Role.OFFICIAL)
        Recipient.objects.create(
            document=document,
            position=number + 1,
            unit=unit,
            name=unit.name,
            channel="in_app",
            state="opened",
            state_at=at,
            sent_at=at - timedelta(hours=number),
            recall_state=ASKED if number % 2 else "",
        )
    numbers, after = [], ""
    for _page in range(3):
        page = list_received(department_clerk, after=after)
        numbers += [row.position - 1 for row in page.rows]
        after = page.after
    assert numbers == [*range(1, 60, 2), *range(0, 60, 2)]
    assert after == ""
    pages = [page_of_received(department_clerk, Wanted(), n) for n in (1, 2, 3)]
    assert [row.position - 1 for page in pages for row in page.rows] == numbers
    only = page_of_received(department_clerk, Wanted(to_confirm=True), 2)
    assert (only.total, [r.position - 1 for r in only.rows]) == (30, numbers[25:30])
    asked = list_received(department_clerk, shown="confirm")
    rest = list_received(department_clerk, shown="confirm", after=asked.after)
    assert [r.position - 1 for r in (*asked.rows, *rest.rows)] == numbers[:30]


# ── replaced ────────────────────────────────────────────────────────────────────


def test_whoever_got_what_was_replaced_is_told_and_confirms(
    cast: Any, issued: Any, later: Any, signed_in: Any
) -> None:
    old = issued(
        RecipientPlan(person=cast.sotttt.pk, must_act=True, deadline=clock.today()),
        RecipientPlan(name="Đảng ủy phường", channel="paper"),
    )
    here, outside = old.recipients.all()
    report_sent(cast.vanthu, old.pk)
    new = later(old, LinkKind.REPLACES)
    for row in (here, outside):
        row.refresh_from_db()
        assert row.recall_state == ASKED
        assert kinds_of(row)[-1] == StepKind.REPLACED
        assert new.full_number in row.steps.last().note
    assert count_waiting(cast.sotttt) == 1
    browser = signed_in(cast.sotttt)
    page = browser.get(f"/received/{here.pk}/").content.decode()
    assert "Xác nhận đã biết" in page
    # Its files stay open: only what was recalled is closed.
    assert "Mở PDF" in page
    browser.post(f"/received/{here.pk}/recall/", {"note": "Đã rõ"})
    here.refresh_from_db()
    assert here.recall_state == CONFIRMED
    assert kinds_of(here)[-1] == StepKind.REPLACED_CONFIRMED
    with pytest.raises(Conflict):
        confirm_recall(cast.sotttt, here.pk)


@pytest.mark.parametrize("one_by_one", [True, False])
@pytest.mark.parametrize("kind", list(LinkKind))
def test_who_is_sent_it_only_after_that_is_told_and_asked_too(
    cast: Any, issued: Any, later: Any, kind: LinkKind, one_by_one: bool
) -> None:
    old = issued(RecipientPlan(name="Đảng ủy phường", channel="paper"))
    row = old.recipients.get()
    new = later(old, kind)
    row.refresh_from_db()
    assert (row.recall_state, kinds_of(row)) == ("", ["to_send"])
    if one_by_one:
        report_outside(cast.vanthu, old.pk, row.pk, RecipientState.DELIVERED)
    else:
        report_sent(cast.vanthu, old.pk)
    row.refresh_from_db()
    replaced = kind is LinkKind.REPLACES
    assert row.recall_state == (ASKED if replaced else "")
    assert kinds_of(row)[-1] == (StepKind.REPLACED if replaced else StepKind.CORRECTED)
    assert new.full_number in row.steps.last().note


def test_what_was_replaced_goes_to_nobody_else(
    cast: Any, issued: Any, later: Any, signed_in: Any
) -> None:
    old = issued(RecipientPlan(person=cast.sotttt.pk))
    page = reverse("distribution", args=[old.pk])
    browser = signed_in(cast.vanthu)
    assert "Gửi thêm nơi nhận" in browser.get(page).content.decode()
    later(old, LinkKind.REPLACES)
    assert "Gửi thêm nơi nhận" not in browser.get(page).content.decode()
    more = [RecipientPlan(unit=cast.units["TH"].pk)]
    with pytest.raises(Conflict) as refused:
        add_recipients(cast.vanthu, old.pk, more)
    assert refused.value.code == "replaced"


def test_a_correction_is_told_and_asks_for_nothing(
    cast: Any, issued: Any, later: Any
) -> None:
    old = issued(RecipientPlan(person=cast.sotttt.pk))
    later(old, LinkKind.CORRECTS)
    row = old.recipients.get()
    assert (row.recall_state, kinds_of(row)[-1]) == ("", StepKind.CORRECTED)


@pytest.mark.parametrize("kind", list(LinkKind))
def test_what_comes_instead_goes_to_whoever_got_the_earlier_one(
    cast: Any, issued: Any, kind: LinkKind
) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    old = issued(
        RecipientPlan(person=cast.sotttt.pk, must_act=True, deadline=tomorrow),
        RecipientPlan(
            organisation=cast.department.pk, must_act=True, deadline=clock.today()
        ),
        RecipientPlan(name="Đảng ủy phường", channel="email", address="a@b.vn"),
    )
    draft = begin_linked_draft(cast.chuyenvien, old.pk, kind)
    write_letter(draft)
    with clock.fixed(clock.now() + timedelta(days=1)):
        lines = suggested_list(draft).recipients
        offered = offered_deadline("normal", clock.today())
    replaces = kind is LinkKind.REPLACES
    assert [
        (r.person or r.organisation or r.name, r.channel, r.must_act, r.deadline)
        for r in lines[:3]
    ] == [
        (cast.sotttt.pk, "in_app", replaces, tomorrow if replaces else None),
        # Its day is past.
        (cast.department.pk, "in_app", replaces, offered if replaces else None),
        ("Đảng ủy phường", "email", False, None),
    ]
    # The letterhead names the department too, and a portal that had nothing.
    assert [r.name for r in lines[3:]] == ["Cổng thông tin điện tử của tỉnh"]


# ── the sender ──────────────────────────────────────────────────────────────────


def test_who_has_not_confirmed_is_chased_after_a_recall(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    old = issued(
        RecipientPlan(person=cast.sotttt.pk),
        RecipientPlan(name="Đảng ủy phường", channel="paper"),
    )
    here, outside = old.recipients.all()
    report_sent(cast.vanthu, old.pk)
    recall(cast.vanthu, old.pk, "Ban hành nhầm")
    confirm_recall(cast.sotttt, here.pk)
    page = reverse("distribution", args=[old.pk])
    browser = signed_in(cast.vanthu)
    assert "Đôn đốc 1 nơi chưa xác nhận" in browser.get(page).content.decode()
    assert [row.name for row in chase(cast.vanthu, old.pk)] == ["Đảng ủy phường"]
    act = reverse("distribution_act", args=[old.pk, "confirm"])
    browser.post(act, {"recipient": str(outside.pk), "note": "Trả bản giấy"})
    with pytest.raises(Conflict) as done:
        chase(cast.vanthu, old.pk)
    assert done.value.code == "nobody_to_chase"
    assert "nơi chưa xác nhận" not in browser.get(page).content.decode()


def test_the_page_says_whom_the_system_could_not_tell(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    old = issued(
        RecipientPlan(person=cast.sotttt.pk),
        RecipientPlan(name="Đảng ủy phường", channel="paper"),
        RecipientPlan(name="Báo tỉnh", channel="email", address="a@b.vn"),
        RecipientPlan(unit=cast.units["TH"].pk, channel="email"),
    )
    # The last was never sent: it has nothing to give back.
    report_sent(cast.vanthu, old.pk, channels=["paper"])
    row = old.recipients.get(name="Báo tỉnh")
    report_outside(cast.vanthu, old.pk, row.pk, RecipientState.SENT)
    act = reverse("distribution_act", args=[old.pk, "recall"])
    said = signed_in(cast.vanthu).post(act, {"reason": "Ban hành nhầm"}, follow=True)
    assert "Còn 2 nơi nhận ngoài hệ thống" in said.content.decode()
    assert "Mọi nơi nhận đã được báo" not in said.content.decode()


@pytest.mark.usefixtures("tuesday")
def test_nobody_is_late_with_what_was_recalled(cast: Any, issued: Any) -> None:
    old = issued(RecipientPlan(person=cast.sotttt.pk, deadline=clock.today()))
    with clock.fixed(clock.now() + timedelta(days=9)):
        assert distribution_of(old, Shown.ALL).counts["late"] == 1
        recall(cast.vanthu, old.pk, "Ban hành nhầm")
        counts = distribution_of(old, Shown.ALL).counts
    assert (counts["late"], counts["recall"]) == (0, 1)


def test_a_deadline_on_a_day_off_is_over_for_sender_and_receiver_alike(
    cast: Any, issued: Any, department_clerk: Any, incoming_register: Any
) -> None:
    """Sunday's ends with Monday, as in the receiver's list of work."""
    sunday = date(2026, 11, 29)
    with clock.fixed(datetime(2026, 11, 26, 5, tzinfo=UTC)):
        sent = issued(
            RecipientPlan(person=cast.sotttt.pk, deadline=sunday),
            RecipientPlan(organisation=cast.department.pk, deadline=sunday),
        )

    def late() -> tuple[int, int, int]:
        return (
            distribution_of(sent, Shown.ALL).counts["late"],
            len(list_received(cast.sotttt, shown="late").rows),
            page_of_received(cast.sotttt, Wanted(deadline="late")).total,
        )

    with clock.fixed(datetime(2026, 11, 30, 5, tzinfo=UTC)):
        assert late() == (0, 0, 0)
        line = sent.recipients.get(organisation=cast.department)
        row = accept(department_clerk, line.pk, Acceptance(incoming_register.pk))
        assert (row.deadline, row.note) == (date(2026, 11, 30), "")
    with clock.fixed(datetime(2026, 12, 1, 5, tzinfo=UTC)):
        assert late() == (2, 1, 1)


def test_what_was_recalled_is_replaced_and_stays_recalled(
    cast: Any, issued: Any, later: Any, signed_in: Any
) -> None:
    old = issued(RecipientPlan(person=cast.sotttt.pk))
    recall(cast.vanthu, old.pk, "Ban hành nhầm")
    confirm_recall(cast.sotttt, old.recipients.get().pk)
    page = reverse("distribution", args=[old.pk])
    link = reverse("document_link", args=[old.pk, "replaces"])
    browser = signed_in(cast.vanthu)
    assert link in browser.get(page).content.decode()
    new = later(old, LinkKind.REPLACES)
    old.refresh_from_db()
    row = old.recipients.get()
    assert old.state == OutgoingState.RECALLED
    assert DocumentLink.objects.get(source=new).target == old
    # It was told; what was confirmed is not asked again.
    assert (row.recall_state, kinds_of(row)[-1]) == (CONFIRMED, StepKind.REPLACED)
    assert link not in browser.get(page).content.decode()
    with pytest.raises(Conflict) as refused:
        begin_linked_draft(cast.chuyenvien, old.pk, LinkKind.REPLACES)
    assert refused.value.code == "replaced"


def test_what_was_recalled_is_not_corrected(cast: Any, issued: Any) -> None:
    old = issued()
    recall(cast.vanthu, old.pk, "Ban hành nhầm")
    with pytest.raises(Conflict) as refused:
        begin_linked_draft(cast.chuyenvien, old.pk, LinkKind.CORRECTS)
    assert refused.value.code == "recalled"
    assert "thay thế" in str(refused.value)
