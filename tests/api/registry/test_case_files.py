"""Case files: their life from the first paper to the archive, and their order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.accounts.models import Membership, Role
from server.common import clock
from server.common.errors import Conflict, InvalidInput, NotFound
from server.common.models import AuditEntry
from server.registry.actions.case_file_entries import add_entry, remove_entry
from server.registry.actions.case_files import (
    CaseFilePlan,
    change_case_file,
    create_case_file,
)
from server.registry.case_files.documents import DocumentKind
from server.registry.models import CaseFile, CaseFileEntry
from server.registry.queries import case_files as queries
from tests.support.case_files import TITLE, Cabinet, cabinet

__all__ = ["cabinet"]

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


def kinds(events: Any) -> list[str]:
    return [kind for kind, _subject in events() if kind.startswith("case_file.")]


# ── what a file says ─────────────────────────────────────────────────────────────


def test_files_of_a_unit_get_the_next_code_of_its_section(cabinet: Cabinet) -> None:
    codes = [cabinet.file().code for _ in range(2)]
    cabinet.file(code="09.HCTC")
    cabinet.file(code="01.TCCB")
    assert codes == ["01.HCTC", "02.HCTC"]
    assert cabinet.file().code == "10.HCTC"
    assert cabinet.file(year=2025).code == "01.HCTC"


def test_a_code_is_given_once_in_a_year(cabinet: Cabinet) -> None:
    cabinet.file(code="01.TCCB")
    with pytest.raises(Conflict) as refused:
        cabinet.file(code="01.TCCB")
    assert refused.value.code == "case_file_exists"
    assert cabinet.file(code="01.TCCB", year=2025).year == 2025
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseFile.objects.filter(year=2025).update(year=2026)


def test_unusable_fields_are_all_named(cabinet: Cabinet) -> None:
    with pytest.raises(InvalidInput) as refused:
        cabinet.file(
            title=" ",
            code="TCCB",
            retention="y99",
            rights="secret",
            work="none",
            creator="N" * 31,
            year=3000,
            starts_on=date(2026, 11, 25),
            description="x" * 501,
        )
    assert set(refused.value.fields) == {
        *("title", "code", "retention", "rights", "work", "creator", "year"),
        *("starts_on", "description"),
    }


def test_the_creator_is_named_unless_somebody_else_is(
    cabinet: Cabinet, cast: Any
) -> None:
    assert cabinet.file().creator == cast.chuyenvien.full_name
    assert cabinet.file(creator="Tổ công tác").creator == "Tổ công tác"


def test_a_change_is_on_record_with_what_it_was(
    cabinet: Cabinet, cast: Any, events: Any
) -> None:
    file = cabinet.file()
    plan = CaseFilePlan(title="Hồ sơ mới", retention="permanent")
    changed = change_case_file(cast.chuyenvien, file.pk, plan)
    assert (changed.title, changed.code) == ("Hồ sơ mới", "01.HCTC")
    entry = AuditEntry.objects.get(action="case_file.changed")
    assert entry.details["before"] == {"title": TITLE, "retention": "y10"}
    # The same again changes nothing and tells nobody.
    change_case_file(cast.chuyenvien, file.pk, plan)
    assert kinds(events) == ["case_file.created", "case_file.changed"]


# ── what stands in it ────────────────────────────────────────────────────────────


def test_one_document_stands_in_many_files_and_once_in_each(
    cabinet: Cabinet, events: Any
) -> None:
    letter = cabinet.letter()
    first, second = cabinet.file(), cabinet.file()
    entries = [cabinet.put(file, letter) for file in (first, second)]
    assert {entry.outgoing_id for entry in entries} == {letter.pk}
    with pytest.raises(Conflict) as refused:
        cabinet.put(first, letter)
    assert refused.value.code == "already_in_file"
    with pytest.raises(IntegrityError), transaction.atomic():
        entries[1].case_file = first
        entries[1].save()
    assert kinds(events)[-2:] == ["case_file.entry_added"] * 2


def test_an_entry_points_at_exactly_one_document(cabinet: Cabinet) -> None:
    entry = cabinet.put(cabinet.file(), cabinet.letter())
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseFileEntry.objects.filter(pk=entry.pk).update(incoming=cabinet.arrived())
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseFileEntry.objects.filter(pk=entry.pk).update(outgoing=None)


def test_a_filed_document_cannot_be_deleted(cabinet: Cabinet, begin_draft: Any) -> None:
    file = cabinet.file()
    for document in (cabinet.letter(), cabinet.arrived(), begin_draft()):
        cabinet.put(file, document)
        with pytest.raises(ProtectedError):
            document.delete()


def test_documents_stand_in_the_order_of_time(
    cabinet: Cabinet, begin_draft: Any
) -> None:
    file = cabinet.file()
    older = cabinet.arrived(issued_on=date(2026, 3, 2))
    early, late = cabinet.letter("số một"), cabinet.letter("số hai")
    undated = cabinet.arrived("12/ĐT", issued_on=None)
    with clock.fixed(NOON - timedelta(days=30)):
        draft = begin_draft("Dự thảo kế hoạch")
    for document in (late, undated, early, draft, older):
        cabinet.put(file, document)
    lines = queries.lines_of(file)
    assert [line.ordinal for line in lines] == [1, 2, 3, 4, 5]
    # Without a day of its own it stands where it arrived, by its number.
    shown = [line.facts.document_id for line in lines]
    assert shown[:2] == [older.pk, draft.pk]
    assert shown.index(early.pk) < shown.index(late.pk)
    assert undated.pk in shown[2:]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    days=st.lists(st.integers(0, 20), min_size=1, max_size=12),
    steps=st.lists(st.integers(0, 11), max_size=24),
)
def test_ordinals_run_from_one_in_the_order_of_time_whatever_is_done(
    days: list[int], steps: list[int], cabinet: Cabinet, cast: Any
) -> None:
    """`steps` put a document in when it is out, and take it out when it is in."""
    with transaction.atomic():
        file = cabinet.file()
        documents = [
            cabinet.arrived("", issued_on=date(2026, 5, 1) + timedelta(days=day))
            if day % 2
            else cabinet.arrived(f"{index + 1}/SNV", issued_on=date(2026, 5, 1 + day))
            for index, day in enumerate(days)
        ]
        inside: dict[Any, CaseFileEntry] = {}
        for step in steps:
            document = documents[step % len(documents)]
            if document.pk in inside:
                entry = inside.pop(document.pk)
                remove_entry(cast.chuyenvien, file.pk, entry.pk)
            else:
                inside[document.pk] = cabinet.put(file, document)
            lines = queries.lines_of(file)
            assert [line.ordinal for line in lines] == list(range(1, len(inside) + 1))
            assert {line.facts.document_id for line in lines} == set(inside)
            told = [line.facts.dated_on for line in lines]
            assert told == sorted(told)
            for line in lines:
                assert queries.line_of(line.entry).ordinal == line.ordinal
        transaction.set_rollback(True)


def test_a_document_of_another_organisation_stays_out(
    cabinet: Cabinet, cast: Any
) -> None:
    """Somebody who works in both offices could carry its subject over."""
    Membership.objects.create(
        user=cast.chuyenvien, unit=cast.units["VPS"], role=Role.OFFICIAL
    )
    foreign = create_case_file(
        cast.chuyenvien, cast.units["VPS"].pk, CaseFilePlan("Hồ sơ Sở", "y10")
    )
    with pytest.raises(InvalidInput) as refused:
        cabinet.put(foreign, cabinet.letter())
    assert "document" in refused.value.fields


def test_who_cannot_open_a_document_puts_it_in_no_file(
    cabinet: Cabinet, cast: Any, begin_draft: Any
) -> None:
    secret = begin_draft("Dự thảo riêng", by=cast.lanhdao)
    file = cabinet.file()
    with pytest.raises(NotFound):
        cabinet.put(file, secret)
    for kind in DocumentKind:
        with pytest.raises(NotFound):
            add_entry(cast.chuyenvien, file.pk, kind, file.pk)
    assert not file.entries.exists()


def test_a_draft_that_was_issued_is_filed_as_its_document(
    cabinet: Cabinet, cast: Any, begin_draft: Any
) -> None:
    draft, letter = begin_draft(), cabinet.letter()
    letter.draft = draft
    letter.save(update_fields=["draft"])
    entry = cabinet.put(cabinet.file(), draft)
    assert (entry.outgoing_id, entry.draft_id) == (letter.pk, None)


def test_a_file_takes_no_more_than_its_ordinals_can_count(
    cabinet: Cabinet, monkeypatch: Any
) -> None:
    monkeypatch.setattr("server.registry.actions.case_file_entries.MOST_ENTRIES", 1)
    file = cabinet.file()
    cabinet.put(file, cabinet.letter())
    with pytest.raises(Conflict) as refused:
        cabinet.put(file, cabinet.letter())
    assert refused.value.code == "case_file_full"


def test_a_removed_document_stays_in_its_register(
    cabinet: Cabinet, cast: Any, events: Any
) -> None:
    file, letter = cabinet.file(), cabinet.letter()
    entry = cabinet.put(file, letter)
    remove_entry(cast.chuyenvien, file.pk, entry.pk)
    letter.refresh_from_db()
    assert not file.entries.exists()
    record = AuditEntry.objects.get(action="case_file.entry_removed")
    assert record.details["outgoing"] == str(letter.pk)
    assert kinds(events)[-1] == "case_file.entry_removed"
    with pytest.raises(NotFound):
        remove_entry(cast.chuyenvien, file.pk, entry.pk)


def test_an_entry_is_removed_only_from_its_own_file(
    cabinet: Cabinet, cast: Any
) -> None:
    entry = cabinet.put(cabinet.file(), cabinet.letter())
    other = cabinet.file()
    with pytest.raises(NotFound):
        remove_entry(cast.chuyenvien, other.pk, entry.pk)
