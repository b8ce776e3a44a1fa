"""Which drafts a list shows, in which order, at which cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab.ports import Level
from server.accounts.models import Membership, Role, Unit
from server.common import clock
from server.common.errors import InvalidInput
from server.common.ids import new_id
from server.registry.actions.drafts import archive, rename
from server.registry.models import Draft, DraftShare
from server.registry.queries.drafts import PAGE_SIZE, Scope, list_drafts

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


def titles(user: Any, scope: Scope, **kwargs: Any) -> list[str]:
    return [row.draft.title for row in list_drafts(user, scope, **kwargs).rows]


def fill(author: Any, unit: Any, count: int, *, owner: bool = True) -> None:
    """Many rows at once, straight into the tables: only lists look at them."""
    drafts = [
        Draft(
            id=new_id(),
            title=f"Văn bản {n}",
            document_type="CV",
            source="blank",
            created_by=author,
            unit=unit,
            organisation=unit.organisation,
            created_at=NOON + timedelta(seconds=n),
            updated_at=NOON + timedelta(seconds=n),
            search_key=f"van ban {n}",
            title_key=f"{n:06d}".encode(),
        )
        for n in range(count)
    ]
    Draft.objects.bulk_create(drafts)
    if owner:
        DraftShare.objects.bulk_create(
            DraftShare(draft=d, user=author, level=5, granted_by=author, at=NOON)
            for d in drafts
        )


def test_mine_are_the_ones_i_own_whoever_began_them(
    cast: Any, begin_draft: Any
) -> None:
    begin_draft("tôi soạn")
    begin_draft("được trao", by=cast.vanthu, shared={cast.chuyenvien: Level.OWN})
    begin_draft("được sửa", by=cast.vanthu, shared={cast.chuyenvien: Level.EDIT})
    assert set(titles(cast.chuyenvien, Scope.MINE)) == {"tôi soạn", "được trao"}


def test_shared_are_those_given_to_me_or_my_units_but_not_my_own(
    cast: Any, begin_draft: Any
) -> None:
    begin_draft("của tôi")
    begin_draft("cho tôi", by=cast.vanthu, shared={cast.chuyenvien: Level.VIEW})
    begin_draft("cho phòng", by=cast.vanthu, shared={cast.units["HCTC"]: Level.EDIT})
    begin_draft("cho phòng khác", by=cast.vanthu, shared={cast.units["TH"]: Level.EDIT})
    assert set(titles(cast.chuyenvien, Scope.SHARED)) == {"cho tôi", "cho phòng"}


def test_a_draft_shared_twice_is_listed_once_at_the_higher_level(
    cast: Any, begin_draft: Any
) -> None:
    begin_draft(
        by=cast.vanthu,
        shared={cast.chuyenvien: Level.VIEW, cast.units["HCTC"]: Level.EDIT},
    )
    page = list_drafts(cast.chuyenvien, Scope.SHARED)
    assert (page.total, [row.level for row in page.rows]) == (1, [Level.EDIT])


def test_the_head_lists_all_of_the_unit_and_the_others_what_they_may_see(
    cast: Any, begin_draft: Any
) -> None:
    colleague = cast.sotttt
    Membership.objects.create(
        user=colleague, unit=cast.units["HCTC"], role=Role.OFFICIAL
    )
    team = Unit.objects.create(
        organisation=cast.office, name="Tổ", abbreviation="T", parent=cast.units["HCTC"]
    )
    Membership.objects.filter(user=cast.vanthu).update(unit=team)
    begin_draft("riêng")
    begin_draft("chung", shared={colleague: Level.EDIT})
    begin_draft("của tổ", by=cast.vanthu)
    begin_draft("đơn vị khác", by=cast.lanhdao, shared={colleague: Level.EDIT})
    assert set(titles(cast.truongphong, Scope.UNIT)) == {"riêng", "chung", "của tổ"}
    assert titles(colleague, Scope.UNIT) == ["chung"]
    levels = {
        r.draft.title: r.level for r in list_drafts(cast.truongphong, Scope.UNIT).rows
    }
    assert levels["riêng"] == Level.COMMENT


def test_archived_are_all_that_i_may_still_open(cast: Any, begin_draft: Any) -> None:
    for title, shared in [
        ("của tôi", {}),
        ("đã chia sẻ", {cast.lanhdao: Level.VIEW}),
    ]:
        archive(cast.chuyenvien, begin_draft(title, shared=shared).pk)
    begin_draft("đang soạn", shared={cast.lanhdao: Level.VIEW})
    assert set(titles(cast.chuyenvien, Scope.ARCHIVED)) == {"của tôi", "đã chia sẻ"}
    assert set(titles(cast.truongphong, Scope.ARCHIVED)) == {"của tôi", "đã chia sẻ"}
    assert titles(cast.lanhdao, Scope.ARCHIVED) == ["đã chia sẻ"]


@pytest.mark.parametrize("scope", list(Scope))
def test_a_stranger_and_the_administrator_find_nothing(
    scope: Scope, cast: Any, stranger: Any, begin_draft: Any
) -> None:
    archive(cast.chuyenvien, begin_draft("cũ").pk)
    begin_draft("mới")
    assert titles(stranger, scope) == titles(cast.quantri, scope) == []


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("de an", ["Đề án số hóa"]),
        ("SO HOA", ["Đề án số hóa"]),
        ("số hoá", ["Đề án số hóa"]),
        ("an  so", ["Đề án số hóa"]),
        ("ke hoach", ["Lịch trực"]),
        ("anh tuyet lich", ["Lịch trực"]),
        ("100%", ["Đạt 100% chỉ tiêu"]),
        ("%", ["Đạt 100% chỉ tiêu"]),
        ("_", []),
        ("đề xuất", []),
    ],
)
def test_search_needs_every_word_and_no_diacritics(
    q: str, found: list[str], cast: Any, begin_draft: Any
) -> None:
    begin_draft("Đề án số hóa", type_code="ĐA")
    begin_draft("Lịch trực", type_code="KH")
    begin_draft("Đạt 100% chỉ tiêu", type_code="BC")
    assert titles(cast.chuyenvien, Scope.MINE, q=q) == found


def test_each_column_sorts_both_ways_in_vietnamese_order(
    cast: Any, begin_draft: Any
) -> None:
    me = cast.chuyenvien
    made = [("Đề án", "TB"), ("Dự án", "BC"), ("Ân huệ", "CV")]
    for hours, (title, code) in enumerate(made):
        with clock.fixed(NOON + timedelta(hours=hours)):
            begin_draft(title, type_code=code)
    first = Draft.objects.get(title="Đề án")
    with clock.fixed(NOON + timedelta(hours=9)):
        rename(me, first.pk, "Đề án A")
    for sort, order in {
        "title": ["Ân huệ", "Dự án", "Đề án A"],
        "type": ["Dự án", "Ân huệ", "Đề án A"],
        "created": ["Đề án A", "Dự án", "Ân huệ"],
        "updated": ["Dự án", "Ân huệ", "Đề án A"],
    }.items():
        assert titles(me, Scope.MINE, sort=sort) == order, sort
        assert titles(me, Scope.MINE, sort=f"-{sort}") == order[::-1], sort


def test_an_unknown_order_is_refused_by_name(cast: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        list_drafts(cast.chuyenvien, Scope.MINE, sort="password")
    assert "sort" in caught.value.fields


def test_pages_hold_25_and_the_last_one_the_rest(cast: Any) -> None:
    fill(cast.chuyenvien, cast.units["HCTC"], 2 * PAGE_SIZE + 1)
    me = cast.chuyenvien
    pages = [list_drafts(me, Scope.MINE, sort="title", page=n) for n in (1, 2, 3, 99)]
    assert [len(page.rows) for page in pages] == [25, 25, 1, 1]
    assert [page.number for page in pages] == [1, 2, 3, 3]
    assert {page.total for page in pages} == {51}
    shown = [row.draft.pk for page in pages[:3] for row in page.rows]
    assert len(set(shown)) == 51


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize(("username", "cost"), [("chuyenvien", 4), ("truongphong", 5)])
def test_a_page_costs_the_same_however_long_the_list(
    username: str, cost: int, scope: Scope, cast: Any
) -> None:
    """Reach, (the head's units,) count, page, levels."""
    user = cast.people[username]
    fill(user, cast.units["HCTC"], 30)
    others = list(Draft.objects.all())
    for draft in others[:5]:
        draft.archived_at = NOON
    Draft.objects.bulk_update(others[:5], ["archived_at"])
    fill(cast.vanthu, cast.units["HCTC"], 30)
    DraftShare.objects.bulk_create(
        DraftShare(draft=d, user=user, level=1, granted_by=cast.vanthu, at=NOON)
        for d in Draft.objects.filter(created_by=cast.vanthu)
    )
    with CaptureQueriesContext(connection) as queries:
        page = list_drafts(user, scope, q="van ban", sort="title")
        for row in page.rows:
            str((row.draft.unit, row.draft.created_by, row.type_name, row.may_share))
    assert len(page.rows) > 0
    assert len(queries) == cost


def test_the_head_reads_his_units_lists_by_index(cast: Any) -> None:
    """No sort and no scan, though an office may hold 100,000 drafts."""
    if connection.vendor != "sqlite":
        pytest.skip("reads SQLite's own words for a plan")
    fill(cast.chuyenvien, cast.units["HCTC"], 400)
    fill(cast.vanthu, cast.units["VT"], 400)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        list_drafts(cast.truongphong, Scope.UNIT)
    page = next(q["sql"] for q in queries if "LIMIT" in q["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {page}")
        plan = " | ".join(str(line[-1]) for line in cursor.fetchall())
    assert "draft_unit_updated" in plan, plan
    assert "TEMP B-TREE" not in plan, plan


def test_my_list_starts_from_my_shares_not_from_all_drafts(cast: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("reads SQLite's own words for a plan")
    fill(cast.vanthu, cast.units["VT"], 800)
    fill(cast.chuyenvien, cast.units["HCTC"], 20)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for scope in (Scope.MINE, Scope.SHARED):
        with CaptureQueriesContext(connection) as queries:
            list_drafts(cast.chuyenvien, scope)
        page = next(q["sql"] for q in queries if "LIMIT" in q["sql"])
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {page}")
            plan = " | ".join(str(line[-1]) for line in cursor.fetchall())
        assert "SCAN registry_draft" not in plan, plan
        assert "share_user_level" in plan or "share_user" in plan, plan
