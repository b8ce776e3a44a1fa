"""What nothing here sends is not called sent: the clerk sends it, and says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from server.common import clock
from server.common.errors import Conflict
from server.registry.actions.distribution import (
    add_recipients,
    chase,
    report_outside,
    report_sent,
)
from server.registry.actions.recalling import recall
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import RecallState, RecipientState
from server.registry.queries.distribution import Shown, distribution_of

S = RecipientState
PAPER = RecipientPlan(name="Đảng ủy phường", channel="paper")
EMAIL = RecipientPlan(name="Báo tỉnh", channel="email", address="a@b.vn")
EXCHANGE = RecipientPlan(name="Bộ Nội vụ", channel="exchange")


def here_on_paper(cast: Any) -> RecipientPlan:
    return RecipientPlan(unit=cast.units["TH"].pk, channel="paper")


def in_app(cast: Any) -> RecipientPlan:
    return RecipientPlan(person=cast.sotttt.pk)


def states(document: Any) -> list[str]:
    return list(document.recipients.values_list("state", flat=True))


def test_paper_e_mail_and_exchange_wait_until_the_clerk_has_sent_them(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    document = issued(PAPER, EMAIL, EXCHANGE, here_on_paper(cast), in_app(cast))
    assert states(document) == [*[S.TO_SEND] * 4, S.DELIVERED]
    page = reverse("distribution", args=[document.pk])
    browser = signed_in(cast.vanthu)
    shown = browser.get(f"{page}?show=to_send").content.decode()
    assert "Báo tỉnh" in shown
    assert "Đảng ủy phường" in shown
    assert "Phạm Quốc Đạt" not in shown
    act = reverse("distribution_act", args=[document.pk, "sent"])
    with clock.fixed(clock.now() + timedelta(hours=1)):
        said = browser.post(act, {"note": "qua hộp thư"}, follow=True)
        sent_at = clock.now()
    assert "Đã ghi nhận gửi 4 nơi nhận." in said.content.decode()
    assert states(document) == [*[S.SENT] * 4, S.DELIVERED]
    row = document.recipients.get(name="Báo tỉnh")
    assert (row.sent_at, row.state_by) == (sent_at, cast.vanthu)
    assert row.steps.last().note == "qua hộp thư"
    # Whoever is here and gets it on paper has not opened it for that.
    assert set(document.recipients.values_list("opened_at", flat=True)) == {None}
    assert "Ghi nhận đã gửi" not in browser.get(page).content.decode()
    with pytest.raises(Conflict):
        report_sent(cast.vanthu, document.pk)


def test_the_clerk_says_which_ways_were_taken(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    document = issued(PAPER, EMAIL)
    page = reverse("distribution", args=[document.pk])
    act = reverse("distribution_act", args=[document.pk, "sent"])
    browser = signed_in(cast.vanthu)
    shown = browser.get(page).content.decode()
    assert "Bản giấy (1)" in shown
    assert "Thư điện tử (1)" in shown
    slip = browser.post(act, {"channels": "1"}, follow=True).content.decode()
    assert "Hãy chọn cách gửi đã thực hiện." in slip
    browser.post(act, {"channels": "1", "channel": "paper"})
    assert states(document) == [S.SENT, S.TO_SEND]
    shown = browser.get(page).content.decode()
    assert "Ghi nhận đã gửi 1 nơi" in shown
    assert "Bản giấy (1)" not in shown


@pytest.mark.parametrize("way", ["page", "report", "api"])
def test_the_book_says_the_day_on_which_the_first_was_sent(
    cast: Any, issued: Any, signed_in: Any, way: str
) -> None:
    document = issued(PAPER, EMAIL)
    assert document.sent_on is None
    tomorrow = clock.now() + timedelta(days=1)
    row = document.recipients.first()
    browser = signed_in(cast.vanthu)
    with clock.fixed(tomorrow):
        if way == "page":
            browser.post(reverse("distribution_act", args=[document.pk, "sent"]))
        elif way == "report":
            report_outside(cast.vanthu, document.pk, row.pk, S.DELIVERED)
        else:
            address = f"/api/v1/outgoing-documents/{document.pk}/sent"
            body = {"channels": ["paper"], "note": "bưu điện"}
            said = browser.post(address, body, content_type="application/json")
            assert [(r["name"], r["state"]) for r in said.json()] == [
                ("Đảng ủy phường", "sent")
            ]
    document.refresh_from_db()
    assert document.sent_on == clock.day_of(tomorrow)
    with clock.fixed(tomorrow + timedelta(days=1)):
        add_recipients(cast.vanthu, document.pk, [in_app(cast)])
    document.refresh_from_db()
    assert document.sent_on == clock.day_of(tomorrow)


@pytest.mark.parametrize("with_list", [True, False])
def test_what_somebody_got_at_the_issue_was_sent_on_that_day(
    cast: Any, issued: Any, with_list: bool
) -> None:
    document = issued(*((in_app(cast), PAPER) if with_list else ()))
    assert document.sent_on == clock.today()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("vanthu", 200),
        ("chuyenvien", 403),
        ("lanhdao", 403),
        ("truongphong", 403),
        ("sotttt", 404),
        ("quantri", 404),
        ("nguoila", 404),
    ],
)
def test_only_the_clerk_says_that_it_was_sent(
    cast: Any, issued: Any, signed_in: Any, stranger: Any, who: str, status: int
) -> None:
    document = issued(PAPER)
    person = {**cast.people, "nguoila": stranger}[who]
    address = f"/api/v1/outgoing-documents/{document.pk}/sent"
    said = signed_in(person).post(address, {}, content_type="application/json")
    assert said.status_code == status
    assert states(document) == [S.SENT if status == 200 else S.TO_SEND]


def test_a_long_list_is_sent_in_few_statements(
    cast: Any, issued: Any, django_assert_max_num_queries: Any
) -> None:
    short = issued(PAPER)
    many = (RecipientPlan(name=f"Xã {n}", channel="paper") for n in range(40))
    long = issued(*many, title="V/v nhiều nơi")
    with CaptureQueriesContext(connection) as few:
        report_sent(cast.vanthu, short.pk)
    # Beside the facts for the outbox, one a line.
    with django_assert_max_num_queries(len(few) + 39 + 2):
        report_sent(cast.vanthu, long.pk)


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
    report_sent(cast.vanthu, document.pk)
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
    report_sent(cast.vanthu, document.pk, channels=["paper"])
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
