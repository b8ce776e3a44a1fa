"""A document that is put into a case file is filed, where the workflow allows it."""

from __future__ import annotations

from typing import Any

import pytest

from server.common.models import AuditEntry
from server.registry.actions.case_file_entries import remove_entry
from server.registry.actions.recalling import recall
from server.registry.models import CaseFileEntry, OutgoingState
from server.registry.workflow.table import State
from tests.support.case_files import Cabinet

JSON = {"content_type": "application/json"}


@pytest.fixture
def cabinet(cast: Any, outgoing_register: Any) -> Cabinet:
    return Cabinet(cast, outgoing_register, outgoing_register)


@pytest.mark.parametrize(
    ("who", "filed"),
    [
        ("vanthu", True),  # keeps the books
        ("chuyenvien", True),  # holds the draft
        ("truongphong", False),  # keeps the file, but the step is not the head's
    ],
)
def test_putting_it_in_files_it_when_the_step_is_that_persons(
    cast: Any, cabinet: Cabinet, issued: Any, who: str, filed: bool
) -> None:
    document = issued()
    person = cast.people[who]
    cabinet.put(cabinet.file(), document, person)
    document.refresh_from_db()
    document.draft.refresh_from_db()
    assert document.state == (OutgoingState.FILED if filed else OutgoingState.ISSUED)
    assert document.draft.state == (State.FILED if filed else State.ISSUED)
    told = AuditEntry.objects.filter(action="draft.filed")
    assert [entry.actor for entry in told] == ([person] if filed else [])


def test_a_second_file_and_taking_it_out_change_nothing_more(
    cast: Any, cabinet: Cabinet, issued: Any
) -> None:
    document = issued()
    first = cabinet.file()
    entry = cabinet.put(first, document)
    cabinet.put(cabinet.file(), document)
    remove_entry(cast.chuyenvien, first.pk, entry.pk)
    document.refresh_from_db()
    assert document.state == OutgoingState.FILED
    assert AuditEntry.objects.filter(action="draft.filed").count() == 1


def test_a_recalled_document_stays_recalled_in_its_file(
    cast: Any, cabinet: Cabinet, issued: Any
) -> None:
    document = issued()
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    cabinet.put(cabinet.file(), document)
    document.refresh_from_db()
    assert document.state == OutgoingState.RECALLED


def test_a_draft_on_its_way_is_put_in_and_goes_on(
    cast: Any, cabinet: Cabinet, approved: Any
) -> None:
    draft = approved()
    cabinet.put(cabinet.file(), draft)
    draft.refresh_from_db()
    assert draft.state == State.APPROVED


def test_a_row_of_the_book_without_a_draft_is_put_in(cabinet: Cabinet) -> None:
    letter = cabinet.letter()
    cabinet.put(cabinet.file(), letter)
    letter.refresh_from_db()
    assert letter.state == OutgoingState.ISSUED


def test_the_api_files_it_too(
    cast: Any, cabinet: Cabinet, issued: Any, signed_in: Any
) -> None:
    document = issued()
    file = cabinet.file()
    answer = signed_in(cast.vanthu).post(
        f"/api/v1/case-files/{file.pk}/entries",
        {"kind": "outgoing", "document": str(document.pk)},
        **JSON,
    )
    assert answer.status_code == 201
    document.refresh_from_db()
    assert document.state == OutgoingState.FILED
    assert CaseFileEntry.objects.count() == 1
