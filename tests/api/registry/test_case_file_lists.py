"""Lists of case files, and documents on their way into them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.common import clock
from server.common.errors import InvalidInput
from server.registry.actions.case_files import (
    CaseFilePlan,
    create_case_file,
)
from server.registry.case_files.documents import DocumentKind
from server.registry.models import CaseFile
from server.registry.queries import case_files as queries
from server.registry.queries.case_files import CaseFileFilter
from server.registry.workflow.table import State
from tests.support.case_files import Cabinet, cabinet, kind_of
from tests.support.cast import make_unit

__all__ = ["cabinet"]

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


def test_the_list_filters_by_year_unit_state_and_words(
    cabinet: Cabinet, cast: Any
) -> None:
    other = make_unit(cast.office, "Phòng Nội chính", "NC")
    plan = CaseFilePlan("Đơn thư khiếu nại", "y20")
    complaint = create_case_file(cast.vanthu, other.pk, plan)
    old = cabinet.file(year=2024)
    ended = cabinet.closed()

    def shown(**asked: Any) -> list[CaseFile]:
        return list(queries.list_case_files(cast.vanthu, CaseFileFilter(**asked)).rows)

    assert shown(year=2024) == [old]
    assert shown(unit=other.pk) == [complaint]
    assert shown(state="closed") == [ended]
    assert shown(q="khieu nai") == shown(q="ĐƠN 01.nc") == [complaint]
    assert shown(state="due") == []
    with clock.fixed(NOON + timedelta(days=350)):
        assert shown(state="due") == [ended]
    # The newest year first, in it by section and number.
    assert shown() == [ended, complaint, old]
    with pytest.raises(InvalidInput):
        queries.list_case_files(cast.vanthu, CaseFileFilter(), sort="title")


@pytest.mark.parametrize("sort", queries.SORTS)
def test_every_order_of_the_list_comes_from_an_index(
    sort: str, cabinet: Cabinet, cast: Any
) -> None:
    for who in (cast.vanthu, cast.chuyenvien):
        files = queries.filtered(who, CaseFileFilter())
        plan = files.order_by(*queries.order_of(sort)).values_list("pk").explain()
        assert "TEMP B-TREE" not in plan, plan


def test_pages_cost_the_same_however_many_files_there_are(
    cabinet: Cabinet, cast: Any, django_assert_num_queries: Any
) -> None:
    for who in (cast.chuyenvien, cast.vanthu):
        cabinet.file()
        with django_assert_num_queries(4):
            queries.list_case_files(who, CaseFileFilter())
    files = [cabinet.file() for _ in range(3)]
    for file in files:
        cabinet.put(file, cabinet.letter(pages=3))
        cabinet.put(file, cabinet.arrived("", issued_on=NOON.date()))
    with django_assert_num_queries(4):
        found = queries.list_case_files(cast.vanthu, CaseFileFilter(), page=9)
        assert [row.unit.name for row in found.rows] == [files[0].unit.name] * 5
    with django_assert_num_queries(1):
        totals = queries.totals_of(found.rows)
    assert totals[files[0].pk] == queries.Totals(documents=2, pages=3, unpaged=1)
    with django_assert_num_queries(1):
        assert len(queries.lines_of(files[0])) == 2


def test_documents_are_found_through_their_own_doors(
    cabinet: Cabinet, cast: Any, begin_draft: Any, django_assert_num_queries: Any
) -> None:
    letter = cabinet.letter("Kế hoạch chuyển đổi số")
    mine = begin_draft("Dự thảo kế hoạch")
    begin_draft("Kế hoạch riêng", by=cast.lanhdao)
    file = cabinet.file()
    with django_assert_num_queries(5):
        found = queries.find_documents(cast.chuyenvien, file, "ke hoach")
    assert [f.document_id for f in found] == [letter.pk, mine.pk]
    assert queries.find_documents(cast.chuyenvien, file, "k") == []
    for document in (letter, mine):
        cabinet.put(file, document)
    assert queries.find_documents(cast.chuyenvien, file, "ke hoach") == []


def test_a_document_says_where_it_is_filed_and_where_it_may_go(
    cabinet: Cabinet, cast: Any
) -> None:
    letter = cabinet.letter()
    filed, free = cabinet.file(), cabinet.file(by=cast.truongphong)
    cabinet.closed()
    cabinet.put(filed, letter)
    seen = queries.filing_of(cast.chuyenvien, letter)
    assert (seen.kind, seen.stands_in, seen.offered) == ("outgoing", (filed,), ())
    seen = queries.filing_of(cast.vanthu, letter)
    assert (seen.stands_in, seen.offered) == ((filed,), (free,))
    seen = queries.filing_of(cast.lanhdao, letter)
    assert (seen.stands_in, seen.offered) == ((), ())


def test_a_draft_on_its_way_can_be_filed(cabinet: Cabinet, moved: Any) -> None:
    draft = moved(State.IN_REVIEW)
    assert kind_of(draft) is DocumentKind.DRAFT
    entry = cabinet.put(cabinet.file(), draft)
    assert entry.draft_id == draft.pk
