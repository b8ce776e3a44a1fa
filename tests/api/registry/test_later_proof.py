"""What became of a document is proven like the document: no recall is undone unseen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from server.registry.actions.distribution import add_recipients
from server.registry.actions.recalling import recall
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    DocumentLink,
    LinkKind,
    OutgoingDocument,
    OutgoingState,
    Recall,
    Recipient,
)
from server.registry.queries.records import Fault, check_records
from server.registry.workflow.table import Act
from tests.support.process import step


def faults() -> list[str]:
    return [f.what for f in check_records() if isinstance(f, Fault)]


@pytest.fixture
def sent(cast: Any, issued: Any) -> OutgoingDocument:
    document: OutgoingDocument = issued(
        RecipientPlan(person=cast.sotttt.pk, must_act=True, deadline=date(2099, 1, 5)),
        RecipientPlan(name="Báo Đắk Lắk", channel="paper"),
    )
    return document


def set_state(document: OutgoingDocument, state: OutgoingState) -> None:
    OutgoingDocument.objects.filter(pk=document.pk).update(state=state)


def test_what_became_of_it_by_the_rules_holds(
    cast: Any, sent: OutgoingDocument, issued: Any
) -> None:
    add_recipients(
        cast.vanthu, sent.pk, [RecipientPlan(organisation=cast.department.pk)]
    )
    filed = issued(title="V/v thứ hai")
    step(cast.vanthu, filed.draft, Act.FILE)
    recall(cast.vanthu, sent.pk, "sai nội dung")
    assert faults() == []


@pytest.mark.parametrize("whole", [False, True])
def test_a_recall_that_was_undone_is_found(
    cast: Any, sent: OutgoingDocument, whole: bool
) -> None:
    recall(cast.vanthu, sent.pk, "sai nội dung")
    set_state(sent, OutgoingState.ISSUED)
    if whole:
        Recall.objects.all().delete()
    assert faults() == (["standing", "recall"] if whole else ["standing"])


def test_another_reason_of_a_recall_is_found(cast: Any, sent: OutgoingDocument) -> None:
    recall(cast.vanthu, sent.pk, "sai nội dung")
    Recall.objects.update(reason="theo đề nghị của nơi nhận")
    assert faults() == ["recall"]


def test_a_recall_without_its_record_is_found(
    cast: Any, sent: OutgoingDocument
) -> None:
    set_state(sent, OutgoingState.RECALLED)
    Recall.objects.create(
        document=sent, reason="không ai ghi", by=cast.vanthu, at=sent.created_at
    )
    assert faults() == ["standing", "recall"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Báo khác"), ("address", "12 Lê Duẩn"), ("must_act", True)],
)
def test_a_line_of_the_list_that_was_changed_is_found(
    sent: OutgoingDocument, field: str, value: object
) -> None:
    Recipient.objects.filter(position=2).update(**{field: value})
    assert faults() == ["recipients"]


def test_a_deadline_that_was_moved_is_found(sent: OutgoingDocument) -> None:
    Recipient.objects.filter(position=1).update(deadline=date(2099, 2, 5))
    assert faults() == ["recipients"]


def test_a_link_without_its_record_is_found(
    sent: OutgoingDocument, issued: Any
) -> None:
    other = issued(title="V/v thứ hai")
    DocumentLink.objects.create(
        source=other, kind=LinkKind.CORRECTS, target=sent, at=other.created_at
    )
    set_state(sent, OutgoingState.CORRECTED)
    assert faults() == ["standing", "links"]
