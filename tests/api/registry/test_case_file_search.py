"""Case files in the search: found by their cover, by whom their door lets in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from server.accounts.models import User
from server.common import clock
from server.common.errors import NotFound
from server.registry.actions.case_file_ends import reopen_case_file
from server.registry.actions.case_files import (
    CaseFilePlan,
    change_case_file,
    create_case_file,
)
from server.registry.case_file_access import access_case_file
from server.registry.models import CaseFile, SearchEntry, SearchKind
from server.registry.queries.search import organisations_of, search
from server.registry.search.upkeep import index_missing_rows, reindex_all
from server.registry.search_filter import SearchFilter
from tests.support.case_files import Cabinet, cabinet

__all__ = ["cabinet"]

FILES = SearchFilter(kind="case_file")
PEOPLE = ("chuyenvien", "truongphong", "lanhdao", "vanthu", "sotttt", "quantri")


def found(user: User, q: str, shown: SearchFilter = FILES) -> list[Any]:
    return [hit.entry.object_id for hit in search(user, q, shown).hits]


@pytest.fixture
def case_file(cast: Any) -> CaseFile:
    plan = CaseFilePlan(
        title="Tuyển dụng công chức năm 2026",
        retention="y10",
        code="07.TCCB",
        description="Kỳ thi của Sở Nội vụ",
    )
    return create_case_file(cast.people["chuyenvien"], cast.units["HCTC"].pk, plan)


@pytest.mark.parametrize(
    "q",
    [
        "Tuyển dụng công chức",
        "tuyen dung cong chuc",
        '"công chức năm 2026"',
        "07.TCCB",
        "7.tccb",
        "TCCB",
        "kỳ thi sở nội vụ",
        "tuyển dụ",
    ],
)
def test_a_case_file_is_found_by_code_and_title_with_and_without_accents(
    cast: Any, case_file: CaseFile, q: str
) -> None:
    user = cast.people["chuyenvien"]
    assert found(user, q) == found(user, q, SearchFilter()) == [case_file.pk]
    assert found(user, "tuyển sinh") == []


@pytest.mark.parametrize("who", PEOPLE)
def test_whoever_may_open_it_finds_it_and_nobody_else(
    cast: Any, case_file: CaseFile, who: str
) -> None:
    user = cast.people[who]
    try:
        access_case_file(user, case_file.pk)
        opens = True
    except NotFound:
        opens = False
    assert found(user, "tuyển dụng") == ([case_file.pk] if opens else [])
    assert found(user, "tuyển dụng", SearchFilter()) == found(user, "tuyển dụng")


def test_the_roles_are_divided_as_the_door_divides_them(
    cast: Any, case_file: CaseFile
) -> None:
    """That the test before is about something."""
    finders = {who for who in PEOPLE if found(cast.people[who], "tuyển dụng")}
    assert {"chuyenvien", "truongphong", "vanthu"} <= finders
    assert not {"sotttt", "quantri"} & finders


def test_who_left_the_unit_finds_it_no_more(cast: Any, case_file: CaseFile) -> None:
    user = cast.people["chuyenvien"]
    user.memberships.all().delete()
    assert found(user, "tuyển dụng") == []


def test_a_hit_says_what_it_is_and_opens_the_file(
    cast: Any, case_file: CaseFile, signed_in: Any
) -> None:
    browser = signed_in(cast.people["chuyenvien"])
    page = browser.get("/search/?q=tuyen+dung").content.decode()
    assert f'href="/case-files/{case_file.pk}/"' in page
    assert "07.TCCB" in page
    assert "Hồ sơ</span>" in page
    assert "Đang mở" in page
    [hit] = browser.get("/api/v1/search?q=tuyen+dung&kind=case_file").json()["items"]
    assert hit["kind"] == "case_file"
    assert hit["number"] == "07.TCCB"
    assert hit["type_name"] == ""
    assert browser.get("/search/export/?q=tuyen+dung").status_code == 200


def test_new_words_replace_the_old_ones(cast: Any, case_file: CaseFile) -> None:
    user = cast.people["chuyenvien"]
    plan = CaseFilePlan("Nâng bậc lương", "y10", code="07.TCCB")
    change_case_file(user, case_file.pk, plan)
    assert found(user, "nâng bậc lương") == [case_file.pk]
    assert found(user, "tuyển dụng") == []


def test_its_states_and_its_day_of_hand_over_are_filters(
    cabinet: Cabinet,
) -> None:
    user = cabinet.cast.vanthu
    row = cabinet.closed(title="Tuyển dụng")

    def states() -> list[str]:
        return [e.state for e in SearchEntry.objects.filter(kind=SearchKind.CASE_FILE)]

    assert states() == ["case_closed"]
    assert found(user, "", SearchFilter(state="case_closed")) == [row.pk]
    assert found(user, "", SearchFilter(deadline="has")) == [row.pk]
    assert found(user, "", SearchFilter(kind="case_file", deadline="over")) == []
    assert row.due_on is not None
    with clock.fixed(clock.now() + timedelta(days=800)):
        assert row.due_on < clock.today()
        late = SearchFilter(kind="case_file", deadline="over")
        assert found(user, "", late) == [row.pk]
    reopen_case_file(user, row.pk, "Bổ sung văn bản")
    assert states() == ["case_open"]
    assert found(user, "", SearchFilter(deadline="has")) == []


def test_a_file_of_another_year_stands_by_its_first_day(cast: Any) -> None:
    """The year is that of the file, the place in the list that of its first day."""
    user = cast.people["chuyenvien"]
    plan = CaseFilePlan("Sổ tay", "y10", year=2025, starts_on=date(2026, 3, 2))
    row = create_case_file(user, cast.units["HCTC"].pk, plan)
    assert found(user, "sổ tay", SearchFilter(year=2025)) == [row.pk]
    assert found(user, "sổ tay", SearchFilter(year=2026)) == []


def test_files_of_before_are_indexed_and_lost_ones_dropped(
    cast: Any, case_file: CaseFile
) -> None:
    user = cast.people["chuyenvien"]
    from server.registry.search.store import drop

    drop(SearchKind.CASE_FILE, case_file.pk)
    assert found(user, "tuyển dụng") == []
    assert index_missing_rows() == 1
    assert found(user, "tuyển dụng") == [case_file.pk]
    told = list(reindex_all())
    assert (SearchKind.CASE_FILE, 1) in told
    assert found(user, "tuyển dụng") == [case_file.pk]
    CaseFile.objects.all().delete()
    list(reindex_all())
    assert not SearchEntry.objects.filter(kind=SearchKind.CASE_FILE).exists()


def test_who_finds_only_case_files_may_filter_by_their_organisation(
    cast: Any, case_file: CaseFile
) -> None:
    user = cast.people["chuyenvien"]
    assert case_file.organisation in organisations_of(user)
