"""Who must act and has no day, from before a day was obligatory: the clerk sees it and
gives one; what was recorded at the issue stays proven."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from server.common import clock
from server.common.errors import Conflict, InvalidInput, NotAllowed, NotFound
from server.common.models import AuditEntry
from server.registry.actions.distribution import take_step
from server.registry.actions.recalling import recall
from server.registry.actions.recipient_days import give_deadline
from server.registry.actions.records import add_record
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    IssueRecord,
    OutgoingDocument,
    Recipient,
    RecipientState,
    RecordKind,
    SearchEntry,
)
from server.registry.queries.distribution import Shown, distribution_of
from server.registry.queries.records import Fault, check_records

NOBODY = date(1900, 1, 1)


def day() -> date:
    return clock.today() + timedelta(days=7)


@pytest.fixture
def old(cast: Any, issued: Any, monkeypatch: Any) -> OutgoingDocument:
    """Issued as before: two must act without a day, one has a day, one need not act."""
    monkeypatch.setattr(
        "server.registry.issuing.plan._refuse_open_ended", lambda _names: None
    )
    document: OutgoingDocument = issued(
        RecipientPlan(person=cast.sotttt.pk, must_act=True),
        RecipientPlan(unit=cast.units["TH"].pk, must_act=True),
        RecipientPlan(organisation=cast.province.pk, deadline=day()),
        RecipientPlan(name="Đảng ủy phường", channel="paper"),
    )
    monkeypatch.undo()
    return document


def days(document: OutgoingDocument) -> list[date | None]:
    return list(document.recipients.values_list("deadline", flat=True))


def faults() -> list[str]:
    return [found.what for found in check_records() if isinstance(found, Fault)]


@pytest.mark.parametrize(
    ("username", "error"),
    [
        ("vanthu", None),
        ("lanhdao", NotAllowed),
        ("chuyenvien", NotAllowed),
        ("truongphong", NotAllowed),
        ("sotttt", NotFound),
        ("quantri", NotFound),
        ("nguoila", NotFound),
    ],
)
def test_only_the_clerk_gives_a_day(
    cast: Any, stranger: Any, old: OutgoingDocument, username: str, error: Any
) -> None:
    person = {**cast.people, "nguoila": stranger}[username]
    if error is None:
        assert len(give_deadline(person, old.pk, day())) == 2
        assert days(old) == [day(), day(), day(), None]
        return
    with pytest.raises(error):
        give_deadline(person, old.pk, day())
    assert days(old) == [None, None, day(), None]


def test_lines_without_a_day_are_shown_until_they_have_one(
    cast: Any, old: OutgoingDocument
) -> None:
    def shown() -> list[str]:
        found = distribution_of(old, Shown.WITHOUT_DAY)
        assert found.counts["without_day"] == len(found.lines)
        return [line.recipient.name for line in found.lines]

    first, second = old.recipients.all()[:2]
    assert shown() == [first.name, second.name]
    assert give_deadline(cast.vanthu, old.pk, day(), [first.pk]) == [first]
    assert shown() == [second.name]
    take_step(cast.sotttt, first.pk, RecipientState.REFUSED, "không thuộc thẩm quyền")
    Recipient.objects.filter(pk=second.pk).update(state=RecipientState.DONE)
    assert shown() == []
    with pytest.raises(Conflict) as nobody:
        give_deadline(cast.vanthu, old.pk, day())
    assert nobody.value.code == "wrong_state"


def test_a_day_that_somebody_has_is_never_changed(
    cast: Any, old: OutgoingDocument
) -> None:
    dated = old.recipients.get(organisation=cast.province)
    with pytest.raises(Conflict):
        give_deadline(cast.vanthu, old.pk, day() + timedelta(days=9), [dated.pk])
    assert day() in days(old)


def test_no_day_is_given_that_is_past_nor_after_a_recall(
    cast: Any, old: OutgoingDocument
) -> None:
    with pytest.raises(InvalidInput):
        give_deadline(cast.vanthu, old.pk, clock.today() - timedelta(days=1))
    first = old.recipients.all()[0]
    assert give_deadline(cast.vanthu, old.pk, clock.today(), [first.pk])
    recall(cast.vanthu, old.pk, "Ban hành nhầm")
    with pytest.raises(Conflict) as closed:
        give_deadline(cast.vanthu, old.pk, day())
    assert closed.value.code == "recalled"
    assert distribution_of(old, Shown.ALL).counts["without_day"] == 0


def test_it_is_on_record_and_searched_by(
    cast: Any, old: OutgoingDocument, events: Any
) -> None:
    def entry() -> SearchEntry:
        return SearchEntry.objects.get(kind="outgoing", object_id=old.pk)

    soon = day() - timedelta(days=2)
    assert entry().deadline == day()
    first = old.recipients.all()[0]
    give_deadline(cast.vanthu, old.pk, soon, [first.pk])
    assert entry().deadline == soon
    step = first.steps.last()
    assert (step.kind, step.note, step.by) == (
        "deadline", f"{soon:%d/%m/%Y}", cast.vanthu,
    )  # fmt: skip
    told = AuditEntry.objects.get(action="outgoing.deadline_given")
    assert told.details["names"] == [first.name]
    assert ("recipient.deadline_given", str(first.pk)) in events()


def test_the_proof_of_the_issue_holds_with_the_days_of_its_records(
    cast: Any, old: OutgoingDocument
) -> None:
    assert faults() == []
    give_deadline(cast.vanthu, old.pk, day())
    assert faults() == []
    payload = json.loads(IssueRecord.objects.get(kind="deadline").payload)
    assert payload["deadline"] == day().isoformat()
    first = old.recipients.all()[0]
    Recipient.objects.filter(pk=first.pk).update(deadline=NOBODY)
    assert faults() == ["recipients"]
    Recipient.objects.filter(pk=first.pk).update(deadline=None)
    assert faults() == ["recipients"]


def test_the_record_of_a_line_that_was_added_later_binds_it_too(
    cast: Any, issued: Any
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    row = Recipient.objects.create(
        document=document, position=2, unit=cast.units["TH"], name="Phòng Tổng hợp",
        channel="in_app", must_act=True, state="delivered", state_at=clock.now(),
        sent_at=clock.now(),
    )  # fmt: skip
    give_deadline(cast.vanthu, document.pk, day())
    assert faults() == []
    Recipient.objects.filter(pk=row.pk).update(deadline=NOBODY)
    assert faults() == ["recipients"]


def test_a_record_that_cannot_be_read_says_nothing(cast: Any, issued: Any) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    add_record(cast.vanthu, document, RecordKind.DEADLINE, {"recipients": None})
    assert faults() == []


def test_the_pages_say_so_and_take_the_day(
    cast: Any, old: OutgoingDocument, outgoing_register: Any, signed_in: Any
) -> None:
    client = signed_in(cast.vanthu)
    address = f"/registers/outgoing/{old.pk}/distribution/"
    book = f"/registers/{outgoing_register.pk}/"
    assert f"{address}?show=without_day" in client.get(book).content.decode()
    assert "chưa có hạn" not in signed_in(cast.lanhdao).get(book).content.decode()
    page = client.get(f"{address}?show=without_day").content.decode()
    assert "Ghi hạn cho 2 nơi chưa có hạn" in page
    line = old.recipients.get(person=cast.sotttt)
    got = signed_in(cast.sotttt)
    assert "chưa có hạn" in got.get("/received/").content.decode()
    assert "Nơi gửi chưa ghi" in got.get(f"/received/{line.pk}/").content.decode()
    client.post(f"{address}deadline/", {"deadline": ""})
    assert days(old)[0] is None
    client.post(f"{address}deadline/", {"deadline": day().isoformat()})
    assert days(old)[:2] == [day(), day()]
    assert "chưa có hạn" not in client.get(address).content.decode()
    assert "chưa có hạn" not in client.get(book).content.decode()
    seen = got.get(f"/received/{line.pk}/").content.decode()
    assert f"{day():%d/%m/%Y}" in seen


def test_a_program_gives_days(cast: Any, old: OutgoingDocument, signed_in: Any) -> None:
    first = old.recipients.all()[0]
    body = {"deadline": day().isoformat(), "recipients": [str(first.pk)]}
    answer = signed_in(cast.vanthu).post(
        f"/api/v1/outgoing-documents/{old.pk}/deadline",
        body,
        content_type="application/json",
    )
    (told,) = answer.json()
    assert (told["id"], told["deadline"]) == (str(first.pk), day().isoformat())
    assert told["steps"][-1]["kind"] == "deadline"
