"""Distribution over HTTP: lists, reports, recall, and what one received."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.accounts.models import Membership, Role
from server.common import clock
from server.registry.actions.recalling import recall
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    DraftLink,
    IncomingDocument,
    OutgoingState,
    Recipient,
)
from server.registry.queries.received import (
    Wanted,
    count_waiting,
    first_received,
    list_received,
    page_of_received,
)
from tests.support.cast import make_unit

JSON = {"content_type": "application/json"}
PAPER = RecipientPlan(name="Đảng ủy phường", channel="paper")

NOBODY = "0197d0a2-0000-7000-8000-000000000328"
"""The id of no recipient. Parameters of tests are the same in every worker."""


def person(cast: Any, request: Any, who: str) -> Any:
    return cast.people.get(who) or request.getfixturevalue(who)


def on(document: Any, part: str) -> str:
    return f"/api/v1/outgoing-documents/{document.pk}/{part}"


def acts(cast: Any, document: Any) -> dict[str, dict[str, Any]]:
    """Every act of the issuing office, each with a body that the clerk may send."""
    outside = document.recipients.get(name=PAPER.name).pk
    return {
        "recipients": {"recipients": [{"unit": str(cast.units["LĐVP"].pk)}]},
        "sent": {"note": "Bưu điện"},
        f"recipients/{outside}/report": {"state": "delivered", "note": "Bưu điện"},
        "chase": {"note": "Đề nghị xem ngay"},
        "link": {"kind": "corrects"},
        "recall": {"reason": "Ban hành nhầm"},
        f"recipients/{outside}/confirm-recall": {"note": "Đã trả"},
    }


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("vanthu", [201, 200, 200, 200, 201, 200, 200]),
        ("lanhdao", [403, 403, 403, 403, 201, 200, 403]),  # the signer may recall
        ("chuyenvien", [403, 403, 403, 403, 201, 403, 403]),
        ("truongphong", [403, 403, 403, 403, 201, 403, 403]),
        ("sotttt", [404] * 7),
        ("department_clerk", [404] * 7),
        ("quantri", [404] * 7),
        ("stranger", [404] * 7),
    ],
)
def test_who_may_do_what_with_a_list(
    cast: Any,
    issued: Any,
    department_clerk: Any,
    request: Any,
    signed_in: Any,
    who: str,
    statuses: list[int],
) -> None:
    document = issued(RecipientPlan(organisation=cast.department.pk), PAPER)
    browser = signed_in(person(cast, request, who))
    found = [
        browser.post(on(document, part), body, **JSON).status_code
        for part, body in acts(cast, document).items()
    ]
    assert found == statuses
    document.refresh_from_db()
    is_recalled = document.state == OutgoingState.RECALLED
    assert is_recalled == (statuses[5] == 200)


def test_a_list_tells_what_each_did(cast: Any, issued: Any, signed_in: Any) -> None:
    must = RecipientPlan(person=cast.sotttt.pk, must_act=True, deadline=clock.today())
    document = issued(must, PAPER)
    clerk = signed_in(cast.vanthu)
    here, _outside = document.recipients.all()
    clerk.post(on(document, "sent"), {}, **JSON)
    signed_in(cast.sotttt).get(f"/api/v1/received/{here.pk}")
    chased = clerk.post(on(document, "chase"), {"note": "Gấp"}, **JSON).json()
    assert {row["name"] for row in chased} == {"Phạm Quốc Đạt", "Đảng ủy phường"}
    rows = clerk.get(on(document, "recipients")).json()
    assert [row["position"] for row in rows] == [1, 2]
    first = rows[0]
    assert (first["person"], first["state"]) == (str(cast.sotttt.pk), "opened")
    assert [s["kind"] for s in first["steps"]] == ["delivered", "opened", "chased"]
    assert first["steps"][2]["note"] == "Gấp"
    assert first["steps"][1]["by"]["name"] == "Phạm Quốc Đạt"


@pytest.mark.parametrize(
    ("part", "body", "field"),
    [
        ("recipients", {"recipients": []}, "recipients"),
        ("recipients", {"recipients": [{"name": "Ai đó"}]}, "recipients"),
        ("chase", {"recipients": ["không phải mã"]}, "recipients.0"),
        ("recall", {"reason": "  "}, "reason"),
        ("recall", {}, "reason"),
        ("link", {"kind": "cancels"}, "kind"),
        (f"recipients/{NOBODY}/report", {"state": "delivered"}, "recipient"),
        (f"recipients/{NOBODY}/report", {"state": "lost"}, "state"),
    ],
)
def test_bad_input_names_its_field(
    cast: Any, issued: Any, signed_in: Any, part: str, body: dict[str, Any], field: str
) -> None:
    document = issued(PAPER)
    answer = signed_in(cast.vanthu).post(on(document, part), body, **JSON)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]


def test_a_draft_that_corrects_is_begun(cast: Any, issued: Any, signed_in: Any) -> None:
    document = issued()
    answer = signed_in(cast.chuyenvien).post(
        on(document, "link"), {"kind": "corrects"}, **JSON
    )
    link = DraftLink.objects.get(pk=answer.json()["draft"])
    assert (link.kind, link.document) == ("corrects", document)


# ── what one received ───────────────────────────────────────────────────────────


def test_the_receiving_clerk_opens_and_accepts_over_the_api(
    cast: Any,
    issued: Any,
    department_clerk: Any,
    incoming_register: Any,
    signed_in: Any,
) -> None:
    document = issued(
        RecipientPlan(
            organisation=cast.department.pk, must_act=True, deadline=clock.today()
        )
    )
    browser = signed_in(department_clerk)
    (item,) = browser.get("/api/v1/received?unopened=true").json()["items"]
    assert item["full_number"] == document.full_number
    assert item["digests"]["pdf"] == document.issued_files.pdf
    address = f"/api/v1/received/{item['id']}"
    assert browser.get(address).json()["state"] == "opened"
    assert browser.get("/api/v1/received?unopened=true").json()["count"] == 0
    body = {"register_id": str(incoming_register.pk)}
    accepted = browser.post(f"{address}/accept", body, **JSON)
    assert (accepted.status_code, accepted.json()["number"]) == (201, 1)
    for state in ("processing", "done"):
        moved = browser.post(f"{address}/step", {"state": state}, **JSON)
        assert moved.json()["state"] == state
    assert moved.json()["incoming"] == accepted.json()["id"]
    again = browser.post(f"{address}/accept", body, **JSON)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


@pytest.mark.parametrize(
    "who", ["vanthu", "chuyenvien", "lanhdao", "quantri", "stranger"]
)
def test_what_somebody_else_received_does_not_exist(
    cast: Any, issued: Any, request: Any, signed_in: Any, who: str
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    row = document.recipients.get()
    browser = signed_in(person(cast, request, who))
    address = f"/api/v1/received/{row.pk}"
    absent = browser.get(f"/api/v1/received/{uuid4()}")
    answers = [
        browser.get(address),
        browser.post(f"{address}/accept", {"register_id": str(uuid4())}, **JSON),
        browser.post(f"{address}/step", {"state": "accepted"}, **JSON),
        browser.post(f"{address}/confirm-recall", {}, **JSON),
    ]
    for answer in answers:
        assert (answer.status_code, answer.content) == (404, absent.content)
    assert browser.get("/api/v1/received").json()["count"] == 0
    row.refresh_from_db()
    assert row.opened_at is None


def test_a_refusal_over_the_api_needs_a_reason(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    address = f"/api/v1/received/{document.recipients.get().pk}/step"
    browser = signed_in(cast.sotttt)
    refused = browser.post(address, {"state": "refused"}, **JSON)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["note"])
    body = {"state": "refused", "note": "Sai nơi nhận"}
    assert browser.post(address, body, **JSON).json()["state"] == "refused"
    assert not IncomingDocument.objects.exists()


def test_a_recalled_document_is_closed_and_its_recipient_confirms(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    address = f"/api/v1/received/{document.recipients.get().pk}"
    browser = signed_in(cast.sotttt)
    early = browser.post(f"{address}/confirm-recall", {}, **JSON)
    assert early.status_code == 409
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    shown = browser.get(address).json()
    assert (shown["document_state"], shown["digests"]) == ("recalled", None)
    body = {"note": "Đã xóa"}
    done = browser.post(f"{address}/confirm-recall", body, **JSON).json()
    assert done["recall_state"] == "confirmed"


@pytest.mark.usefixtures("tuesday")
def test_what_was_received_is_filtered_by_step_and_deadline(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    soon = clock.today() + timedelta(days=3)
    plans = (
        RecipientPlan(person=cast.sotttt.pk, deadline=soon),
        RecipientPlan(unit=cast.units["VPS"].pk),
    )
    document = issued(*plans)
    browser = signed_in(cast.sotttt)

    def count(query: str) -> int:
        found: int = browser.get(f"/api/v1/received?{query}").json()["count"]
        return found

    assert count("") == 2
    assert (count("deadline=any"), count("deadline=late")) == (1, 0)
    with clock.fixed(clock.now() + timedelta(days=5)):
        assert count("deadline=late") == 1
    row = document.recipients.get(person=cast.sotttt)
    Recipient.objects.filter(pk=row.pk).update(state="done")
    assert (count("state=done"), count("deadline=any"), count("unopened=true")) == (
        1,
        0,
        1,
    )
    wrong = browser.get("/api/v1/received?state=lost")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["state"])


def test_pages_of_what_was_received_are_newest_first_at_a_fixed_cost(
    cast: Any, issued: Any, department_clerk: Any
) -> None:
    """Person, unit and organisation are merged into one order."""
    document = issued(
        RecipientPlan(person=department_clerk.pk),
        RecipientPlan(unit=cast.units["VPS"].pk),
        RecipientPlan(organisation=cast.department.pk),
    )
    first_at = document.recipients.first().sent_at
    for number in range(30):
        unit = make_unit(cast.department, f"Phòng {number}", f"P{number}")
        Membership.objects.create(user=department_clerk, unit=unit, role=Role.OFFICIAL)
        at = first_at - timedelta(hours=number + 1)
        Recipient.objects.create(
            document=document,
            position=number + 10,
            unit=unit,
            name=unit.name,
            channel="in_app",
            state="delivered",
            state_at=at,
            sent_at=at,
        )
    with CaptureQueriesContext(connection) as asked:
        first = page_of_received(department_clerk, Wanted())
    assert len(asked) <= 8
    second = page_of_received(department_clerk, Wanted(), 2)
    assert (first.total, first.pages, len(first.rows), len(second.rows)) == (
        33,
        2,
        25,
        8,
    )
    sent = [row.sent_at for row in (*first.rows, *second.rows)]
    assert sent == sorted(sent, reverse=True)
    assert len({row.pk for row in (*first.rows, *second.rows)}) == 33
    # The page reads the same list, from where it stopped.
    with CaptureQueriesContext(connection) as asked:
        shown = list_received(department_clerk)
    assert len(asked) <= 5
    rest = list_received(department_clerk, after=shown.after)
    assert (shown.rows, rest.rows) == (first.rows, second.rows)
    assert (bool(shown.after), rest.after) == (True, "")
    with CaptureQueriesContext(connection) as asked:
        assert count_waiting(department_clerk) == 33
    assert len(asked) <= 8


def test_page_and_api_leave_out_the_same_rows(
    cast: Any, issued: Any, signed_in: Any
) -> None:
    """What was recalled is still received; nobody has to open it or to be in time."""
    yesterday = clock.today() - timedelta(days=1)
    document = issued(
        RecipientPlan(person=cast.sotttt.pk, deadline=clock.today(), must_act=True)
    )
    Recipient.objects.update(deadline=yesterday)
    browser = signed_in(cast.sotttt)

    def counts() -> list[int]:
        queries = (
            "",
            "unopened=true",
            "deadline=late",
            "deadline=any",
            "to_confirm=true",
        )
        answers = [browser.get(f"/api/v1/received?{q}").json() for q in queries]
        return [answer["count"] for answer in answers]

    def shown() -> list[int]:
        kinds = ("", "unopened", "late", "open", "confirm")
        return [len(first_received(cast.sotttt, 9, shown=kind)) for kind in kinds]

    assert counts() == shown() == [1, 1, 1, 1, 0]
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    assert counts() == shown() == [1, 0, 0, 0, 1]
    Recipient.objects.update(channel="paper")
    assert counts() == shown() == [0, 0, 0, 0, 0]
    Recipient.objects.update(channel="in_app")
    cast.sotttt.is_active = False
    assert first_received(cast.sotttt, 9) == []
