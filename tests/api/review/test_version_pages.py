"""The pages of versions: what they lead to, and what they cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from collab.ports import Level
from server.registry.actions.shares import share
from server.registry.models import Draft
from server.registry.workflow.table import Act, State
from server.review.actions.versions import name_version
from server.review.models import LastSeen
from storage.update_log.models import UpdateRow
from tests.support.history import Hand
from tests.support.process import step

MORNING = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


@pytest.fixture
def draft(begin_draft: Any, cast: Any) -> Draft:
    found: Draft = begin_draft(shared={cast.sotttt: Level.VIEW})
    UpdateRow.objects.update(at=MORNING)
    Hand(found, cast.chuyenvien).write("Đoạn mới.", at=MORNING + timedelta(days=1))
    return found


def page(browser: Any, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_list_leads_to_what_i_last_saw_and_what_was_signed(
    cast: Any, moved: Any, signed_in: Any
) -> None:
    draft = moved(State.APPROVED)
    browser = signed_in(cast.truongphong)
    address = f"/drafts/{draft.pk}/versions/"
    first = page(browser, address)
    assert "from=last" not in first
    assert "from=signed" in first
    LastSeen.objects.update(at=MORNING)
    step(cast.lanhdao, draft, Act.RETURN)
    Hand(draft, cast.chuyenvien).write("Viết sau khi xem.")
    assert "from=last" in page(browser, address)
    for reference in ("last", "signed"):
        shown = page(browser, f"{address}compare/?from={reference}&to=now")
        assert "<ins>Viết sau khi xem.</ins>" in shown


def test_the_list_is_filtered_by_kind(draft: Draft, cast: Any, signed_in: Any) -> None:
    name_version(cast.chuyenvien, draft.pk, "Bản gửi sở")
    browser = signed_in(cast.chuyenvien)
    address = f"/drafts/{draft.pk}/versions/"
    every = page(browser, address)
    assert "Bản gửi sở" in every
    assert "Cuối ngày 20/11/2026" in every
    named = page(browser, f"{address}?kind=named")
    assert "Bản gửi sở" in named
    assert "Cuối ngày 20/11/2026" not in named
    assert "Không có phiên bản nào thuộc loại này." in page(
        browser, f"{address}?kind=issued"
    )


def test_a_draft_without_versions_says_how_they_come(
    begin_draft: Any, cast: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    shown = page(signed_in(cast.chuyenvien), f"/drafts/{draft.pk}/versions/")
    assert "Chưa có phiên bản nào." in shown
    assert "data-slider" not in shown


def test_the_slider_gets_the_sheet_alone(
    draft: Draft, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    part = browser.get(f"/drafts/{draft.pk}/versions/1/", headers={"HX-Request": "1"})
    shown = part.content.decode()
    assert "<html" not in shown
    assert 'data-seq="1"' in shown
    assert "Đoạn mới." not in shown
    assert part["Vary"].count("HX-Request") == 1
    assert "<html" in page(browser, f"/drafts/{draft.pk}/versions/1/")


def test_any_two_versions_are_chosen_from_however_many_there_are(
    draft: Draft, cast: Any, signed_in: Any
) -> None:
    hand = Hand(draft, cast.chuyenvien)
    for n in range(60):
        seq = hand.write(f"Lần {n}.")
        name_version(cast.chuyenvien, draft.pk, f"Bản {n}.", seq=seq)
    address = f"/drafts/{draft.pk}/versions/compare/?from=first&to=now"
    shown = page(signed_in(cast.chuyenvien), address)
    # Each stands in both lists to choose from.
    assert all(shown.count(f"Bản {n}. (") >= 2 for n in range(60))


def test_what_did_not_change_is_named_for_narrow_screens(
    draft: Draft, cast: Any, signed_in: Any
) -> None:
    """There the two sides stand one below the other, and it is read once."""
    address = f"/drafts/{draft.pk}/versions/compare/?from=first&to=now&view=sides"
    shown = page(signed_in(cast.chuyenvien), address)
    same = shown.count("dt-side-same")
    assert same
    assert shown.count("Đoạn mới.") == 1
    assert same < shown.count('class="dt-side dt-sheet-body')


def test_a_page_of_versions_costs_the_same_however_many_there_are(
    draft: Draft, cast: Any, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    hand = Hand(draft, cast.chuyenvien)
    for day in range(2, 40):
        seq = hand.write("x", at=MORNING + timedelta(days=day))
        name_version(cast.chuyenvien, draft.pk, f"Bản {day}", seq=seq)
    browser = signed_in(cast.truongphong)
    with django_assert_max_num_queries(22):
        page(browser, f"/drafts/{draft.pk}/versions/")


def test_who_may_not_read_the_past_is_not_led_to_it(
    draft: Draft, cast: Any, signed_in: Any
) -> None:
    viewer = page(signed_in(cast.sotttt), f"/drafts/{draft.pk}/process/")
    assert "/versions/" not in viewer
    assert '"versions": ""' in page(signed_in(cast.sotttt), f"/drafts/{draft.pk}/")
    share(cast.chuyenvien, draft.pk, to=cast.sotttt, level=Level.COMMENT)
    shown = page(signed_in(cast.sotttt), f"/drafts/{draft.pk}/process/")
    assert f"/drafts/{draft.pk}/versions/contributors/" in shown


def test_the_text_is_shown_in_the_colours_of_its_authors(
    draft: Draft, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.truongphong)
    shown = page(browser, f"/drafts/{draft.pk}/versions/authors/")
    assert 'class="dt-by dt-by-0" title="Trần Thị Ánh Tuyết">Đoạn mới.<' in shown
    card = page(browser, f"/drafts/{draft.pk}/versions/contributors/")
    assert "Mẫu ban đầu, do Trần Thị Ánh Tuyết tạo" in card


def test_the_versions_leave_as_the_list_shows_them(
    draft: Draft, cast: Any, signed_in: Any, stranger: Any
) -> None:
    name_version(cast.chuyenvien, draft.pk, "Bản gửi lấy ý kiến")
    browser = signed_in(cast.chuyenvien)
    address = f"/drafts/{draft.pk}/versions/"
    answer = browser.get(address)
    shown = [line.label for line in answer.context["found"].lines]
    assert f"{address}export.xlsx" in answer.content.decode()

    def labels(query: str = "") -> list[Any]:
        file = browser.get(f"{address}export.xlsx{query}").content
        rows = list(load_workbook(BytesIO(file)).active.values)
        head = next(i for i, row in enumerate(rows) if row[2] == "Phiên bản")
        return [row[2] for row in rows[head + 1 :]]

    assert labels() == shown
    assert labels("?kind=named") == ["Bản gửi lấy ý kiến"]
    assert signed_in(stranger).get(f"{address}export.xlsx").status_code == 404
