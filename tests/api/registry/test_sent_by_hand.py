"""What nothing here sends is not called sent: the clerk sends it, and says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from server.common import clock
from server.common.errors import Conflict, NotAllowed
from server.registry.actions.distribution import chase, report_sent
from server.registry.actions.recalling import recall
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import RecallState, RecipientState
from server.registry.queries.distribution import Shown, distribution_of

S = RecipientState
PAPER = RecipientPlan(name="Đảng ủy phường", channel="paper")
EMAIL = RecipientPlan(name="Báo tỉnh", channel="email", address="a@b.vn")
EXCHANGE = RecipientPlan(name="Bộ Nội vụ", channel="exchange")


def states(document: Any) -> list[str]:
    return list(document.recipients.values_list("state", flat=True))


def test_e_mail_and_exchange_wait_until_the_clerk_has_sent_them(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    document = issued(PAPER, EMAIL, EXCHANGE)
    assert states(document) == [S.SENT, S.TO_SEND, S.TO_SEND]
    page = reverse("distribution", args=[document.pk])
    browser = signed_in(cast.vanthu)
    shown = browser.get(f"{page}?show=to_send").content.decode()
    assert "Ghi nhận đã gửi 2 nơi" in shown
    assert "Báo tỉnh" in shown
    assert "Đảng ủy phường" not in shown
    act = reverse("distribution_act", args=[document.pk, "sent"])
    with clock.fixed(clock.now() + timedelta(hours=1)):
        said = browser.post(act, {"note": "qua hộp thư"}, follow=True)
        sent_at = clock.now()
    assert "Đã ghi nhận gửi 2 nơi nhận." in said.content.decode()
    assert states(document) == [S.SENT] * 3
    row = document.recipients.get(name="Báo tỉnh")
    assert (row.sent_at, row.state_by) == (sent_at, cast.vanthu)
    assert row.steps.last().note == "qua hộp thư"
    assert "Ghi nhận đã gửi" not in browser.get(page).content.decode()
    with pytest.raises(Conflict):
        report_sent(cast.vanthu, document.pk)


def test_only_the_clerk_says_that_it_was_sent(cast: Any, issued: Any) -> None:
    document = issued(EMAIL)
    with pytest.raises(NotAllowed):
        report_sent(cast.chuyenvien, document.pk)


def test_nobody_is_reminded_of_what_was_not_sent(cast: Any, issued: Any) -> None:
    document = issued(EMAIL, EXCHANGE)
    counts = distribution_of(document, Shown.ALL).counts
    assert (counts["to_send"], counts["unopened"], counts["waited_for"]) == (2, 2, 0)
    with pytest.raises(Conflict) as refused:
        chase(cast.vanthu, document.pk)
    assert refused.value.code == "nobody_to_chase"


def test_chasing_outside_the_system_is_called_a_note(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk), PAPER)
    act = reverse("distribution_act", args=[document.pk, "chase"])
    said = signed_in(cast.vanthu).post(act, {}, follow=True).content.decode()
    assert "Đã đôn đốc 1 nơi nhận." in said
    assert "Ghi nhận đôn đốc 1 nơi nhận ngoài hệ thống: hãy tự báo." in said
    assert "Ghi nhận đôn đốc 1 lần" in said
    assert "Đã đôn đốc 1 lần" in said


def test_who_was_sent_nothing_has_nothing_to_give_back(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    document = issued(PAPER, EMAIL)
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    asked = list(document.recipients.values_list("recall_state", flat=True))
    assert asked == [RecallState.ASKED, ""]
    with pytest.raises(Conflict) as refused:
        report_sent(cast.vanthu, document.pk)
    assert refused.value.code == "recalled"
    page = reverse("distribution", args=[document.pk])
    shown = signed_in(cast.vanthu).get(page).content.decode()
    assert "Không gửi" in shown
    assert "?show=to_send" not in shown
