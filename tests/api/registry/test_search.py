"""Search: who finds what, by which words and filters, in which order, at which cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from collab.content.tree import Content, Fields, Paragraph, Run
from collab.content.write import build_update
from collab.ports import Level
from server.accounts.models import User
from server.common import clock, providers
from server.common.errors import AppError, InvalidInput
from server.registry import search_export
from server.registry.access import find_access
from server.registry.actions import numbers
from server.registry.actions.drafts import archive, rename
from server.registry.actions.incoming import (
    FollowUp,
    IncomingEntry,
    follow_up,
    register_incoming,
)
from server.registry.actions.outgoing import (
    OutgoingEntry,
    Sending,
    record_sending,
    register_outgoing,
)
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.models import SearchEntry, SearchKind
from server.registry.queries import search as queries
from server.registry.queries.search import search
from server.registry.register_access import access_incoming, access_outgoing
from server.registry.search.entries import index_draft
from server.registry.search_filter import SearchFilter
from server.registry.workflow.table import State

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def books(cast: Any) -> dict[str, Any]:
    return {
        kind: open_register(
            cast.vanthu, cast.office.pk, RegisterPlan(name=f"Sổ {kind}", kind=kind)
        )
        for kind in ("outgoing", "incoming")
    }


def send(cast: Any, books: Any, subject: str, **more: Any) -> Any:
    entry = OutgoingEntry("CV", subject, "Bùi Hồng Quý", **more)
    return register_outgoing(cast.vanthu, books["outgoing"].pk, entry)


def receive(cast: Any, books: Any, subject: str, **more: Any) -> Any:
    given = {
        "document_type": "CV",
        "issuer": "Sở Nội vụ",
        "full_number": "1146/SNV-CCHC",
        "subject": subject,
        **more,
    }
    entry = IncomingEntry(**given)
    return register_incoming(cast.vanthu, books["incoming"].pk, entry, is_second=True)


def titles(user: User, q: str = "", shown: SearchFilter | None = None, **more: Any):
    return [hit.entry.title for hit in search(user, q, shown, **more).hits]


def opens(user: User, entry: SearchEntry) -> bool:
    """Whether the door of the document itself lets this person in."""
    try:
        if entry.kind == SearchKind.DRAFT:
            return find_access(user, entry.object_id) is not None
        door = access_outgoing if entry.kind == SearchKind.OUTGOING else access_incoming
        door(user, entry.object_id)
    except AppError:
        return False
    return True


# ── rights ──────────────────────────────────────────────────────────────────────

REACH = {
    "chuyenvien": {"draft", "outgoing", "incoming"},
    "truongphong": {"draft", "outgoing", "incoming"},
    "lanhdao": {"outgoing", "incoming"},
    "vanthu": {"outgoing", "incoming"},
    "sotttt": set(),
    "quantri": set(),
}


@pytest.mark.parametrize("kind", ["draft", "outgoing", "incoming"])
@pytest.mark.parametrize("who", list(REACH))
def test_each_role_finds_what_its_doors_open_and_nothing_else(
    cast: Any, books: Any, begin_draft: Any, who: str, kind: str
) -> None:
    begin_draft("chuyển đổi số")
    send(cast, books, "chuyển đổi số")
    receive(cast, books, "chuyển đổi số")
    user = cast.people[who]
    for q in ("chuyển đổi số", "chuyen", ""):
        page = search(user, q, SearchFilter(kind=kind))
        assert len(page.hits) == page.total == (1 if kind in REACH[who] else 0)
        assert all(opens(user, hit.entry) for hit in page.hits)
    found = {hit.entry.pk for hit in search(user, "").hits}
    every = SearchEntry.objects.all()
    assert found == {entry.pk for entry in every if opens(user, entry)}


def test_a_person_who_left_finds_nothing(cast: Any, books: Any) -> None:
    send(cast, books, "chuyển đổi số")
    cast.vanthu.is_active = False
    cast.vanthu.save()
    assert titles(cast.vanthu, "chuyển") == []


def test_a_share_opens_and_its_end_closes(cast: Any, begin_draft: Any) -> None:
    from server.registry.actions.shares import end_share, share

    draft = begin_draft("kế hoạch kín")
    assert titles(cast.sotttt, "kín") == []
    given = share(cast.chuyenvien, draft.pk, to=cast.sotttt, level=Level.VIEW)
    assert titles(cast.sotttt, "kín") == ["kế hoạch kín"]
    end_share(cast.chuyenvien, draft.pk, given.pk)
    assert titles(cast.sotttt, "kín") == []


def test_a_share_with_a_unit_reaches_its_people(cast: Any, begin_draft: Any) -> None:
    begin_draft("kế hoạch chung", shared={cast.units["VPS"]: Level.VIEW})
    assert titles(cast.sotttt, "chung") == ["kế hoạch chung"]


def test_many_documents_of_others_do_not_empty_a_page(
    cast: Any, begin_draft: Any
) -> None:
    """Rights are in the search, not applied to a page that was found already."""
    begin_draft("báo cáo riêng", by=cast.sotttt)
    with clock.fixed(NOON + timedelta(days=1)):
        for number in range(30):
            begin_draft(f"báo cáo khác {number}")
    page = search(cast.sotttt, "báo cáo")
    assert [hit.entry.title for hit in page.hits] == ["báo cáo riêng"]
    assert (page.total, page.next) == (1, "")


# ── what is found ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "q", ["1146/SNV-CCHC", "1146", "snv-cchc", "cchc", "sở nội vụ", "danh gia"]
)
def test_an_incoming_row_is_found_by_number_issuer_and_subject(
    cast: Any, books: Any, q: str
) -> None:
    receive(cast, books, "về việc tự đánh giá chỉ số")
    receive(cast, books, "khác", full_number="77/STC-QLG", issuer="Sở Tài chính")
    assert titles(cast.lanhdao, q) == ["về việc tự đánh giá chỉ số"]


def test_an_outgoing_row_is_found_by_what_was_recorded_later(
    cast: Any, books: Any
) -> None:
    row = send(cast, books, "mời họp")
    record_sending(cast.vanthu, row.pk, Sending(archive_unit="Kho số 3", copies=2))
    assert titles(cast.lanhdao, "kho so 3") == ["mời họp"]


def test_a_void_number_says_so(cast: Any, books: Any) -> None:
    row = send(cast, books, "mời họp")
    numbers.void_number(cast.vanthu, row.issued_number_id, "nhầm")
    assert titles(cast.lanhdao, "", SearchFilter(state="void")) == ["mời họp"]


def test_what_became_of_an_incoming_document_is_found(cast: Any, books: Any) -> None:
    row = receive(cast, books, "đề nghị góp ý")
    change = FollowUp(forwarded_to="Phòng Tổng hợp", answered_on=TODAY)
    follow_up(cast.vanthu, row.pk, change)
    answered = SearchFilter(state="answered")
    assert titles(cast.lanhdao, "phong tong hop", answered) == ["đề nghị góp ý"]


def test_a_draft_is_found_by_title_letterhead_text_and_creator(
    cast: Any, begin_draft: Any
) -> None:
    draft = begin_draft("V/v kiểm tra idesk")
    fields = Fields(
        subject="kiểm tra việc sử dụng",
        addressees="Sở Y tế",
        urgency="urgent",
        deadline="2026-12-01",
    )
    text = (Paragraph((Run("Nội dung có từ "), Run("đặc thù", frozenset({"bold"})))),)
    providers.document_store.get().start_epoch(
        str(draft.pk), build_update(Content(fields, text))
    )
    assert titles(cast.chuyenvien, "đặc thù") == []
    assert index_draft(draft.pk)
    for q in ("idesk", '"việc sử dụng"', "so y te", "đặc thù", "Ánh Tuyết"):
        assert titles(cast.chuyenvien, q) == ["V/v kiểm tra idesk"], q
    soon = SearchFilter(urgency="urgent", deadline="within", days=7)
    assert titles(cast.chuyenvien, "", soon) == ["V/v kiểm tra idesk"]


def test_a_new_title_and_the_archive_are_known_at_once(
    cast: Any, begin_draft: Any
) -> None:
    draft = begin_draft("tên cũ")
    rename(cast.chuyenvien, draft.pk, "tiêu đề mới")
    # The letterhead still says the old one: it is the text's own.
    assert titles(cast.chuyenvien, "tên cũ") == ["tiêu đề mới"]
    assert titles(cast.chuyenvien, "tiêu đề") == ["tiêu đề mới"]
    archive(cast.chuyenvien, draft.pk)
    archived = SearchFilter(state="archived")
    assert titles(cast.chuyenvien, "tiêu đề", archived) == ["tiêu đề mới"]


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED])
def test_the_state_of_a_draft_is_known_at_once(
    cast: Any, moved: Any, state: State
) -> None:
    moved(state, title="trình ký")
    found = titles(cast.chuyenvien, "", SearchFilter(state=state.value))
    assert found == ["trình ký"]


# ── filters, order, pages ───────────────────────────────────────────────────────


def test_filters_narrow(cast: Any, books: Any) -> None:
    late = TODAY - timedelta(days=1)
    receive(cast, books, "a", arrived_on=date(2025, 3, 4))
    receive(cast, books, "b", deadline=TODAY, urgency="flash")
    receive(cast, books, "c", deadline=late, arrived_on=late, document_type="QĐ")
    done = receive(cast, books, "d", deadline=late, arrived_on=late)
    follow_up(cast.vanthu, done.pk, FollowUp(deadline=late, answered_on=TODAY))
    far = SearchFilter(organisation=str(cast.department.pk))
    near = SearchFilter(organisation=str(cast.office.pk))
    for shown, expected in (
        (SearchFilter(year=2025), "a"),
        (SearchFilter(urgency="flash"), "b"),
        (SearchFilter(document_type="QĐ"), "c"),
        (SearchFilter(deadline="has"), "bcd"),
        (SearchFilter(deadline="over"), "c"),
        (SearchFilter(deadline="within", days=0), "b"),
        (SearchFilter(state="answered"), "d"),
        (SearchFilter(kind="outgoing"), ""),
        (far, ""),
        (near, "abcd"),
    ):
        assert sorted(titles(cast.vanthu, "", shown)) == list(expected), shown


@pytest.mark.parametrize(
    "asked",
    [
        {"shown": SearchFilter(kind="task")},
        {"shown": SearchFilter(urgency="never")},
        {"shown": SearchFilter(deadline="soon")},
        {"shown": SearchFilter(organisation="x")},
        {"sort": "title"},
        {"after": "1"},
        {"after": "a.b"},
        {"after": "1.-5"},
        {"after": "1." + "9" * 20},
    ],
)
def test_an_unknown_filter_sort_or_page_is_refused(cast: Any, asked: Any) -> None:
    with pytest.raises(InvalidInput):
        search(cast.vanthu, "a", **asked)


def test_exact_accents_first_then_the_newest(cast: Any, books: Any) -> None:
    for day, subject in enumerate(("hòa bình", "hoa bình", "hoà bình"), 1):
        receive(cast, books, subject, arrived_on=date(2026, 1, day))
    assert titles(cast.vanthu, "hòa bình") == ["hoà bình", "hòa bình", "hoa bình"]
    assert titles(cast.vanthu, "hoa bình", sort="date") == [
        "hòa bình",
        "hoa bình",
        "hoà bình",
    ]


@pytest.mark.parametrize("sort", ["relevance", "-date", "date"])
def test_pages_hold_every_hit_once(cast: Any, books: Any, sort: str) -> None:
    for number in range(7):
        accent = "hòa" if number % 2 else "hoa"
        receive(cast, books, f"{accent} {number}", arrived_on=date(2026, 1, number + 1))
    whole = titles(cast.vanthu, "hòa", sort=sort)
    assert len(whole) == len(set(whole)) == 7
    paged: list[str] = []
    after = ""
    while True:
        page = search(cast.vanthu, "hòa", sort=sort, after=after, size=3)
        assert page.total == 7
        paged += [hit.entry.title for hit in page.hits]
        after = page.next
        if not after:
            break
    assert paged == whole


def test_the_count_stops_at_its_limit(cast: Any, books: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    for number in range(4):
        receive(cast, books, f"báo cáo {number}")
    page = search(cast.vanthu, "báo cáo")
    assert (page.total, page.more, len(page.hits)) == (3, True, 4)


def test_a_page_costs_the_same_queries_however_many_hits(
    cast: Any, books: Any, begin_draft: Any
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            search(cast.truongphong, "báo cáo", SearchFilter(year=2026))
        return len(counted)

    receive(cast, books, "báo cáo")
    first = cost()
    for number in range(30):
        receive(cast, books, f"báo cáo {number}")
        begin_draft(f"báo cáo {number}")
    assert cost() <= first <= 14


def test_a_hit_is_marked_and_nothing_is_html(cast: Any, books: Any) -> None:
    receive(cast, books, "về <b>hoà</b> giải", note="có <script>hòa giải</script>")
    (hit,) = search(cast.vanthu, "hòa giải").hits
    assert [part.text for part in hit.title if part.is_hit] == ["hoà", "giải"]
    assert any("<script>" in part.text and not part.is_hit for part in hit.snippet)


# ── the file ────────────────────────────────────────────────────────────────────


def test_the_file_holds_the_hits_and_says_when_it_is_cut_off(
    cast: Any, books: Any, monkeypatch: Any
) -> None:
    for number in range(3):
        receive(cast, books, f"=báo cáo {number}", deadline=TODAY)
    whole = search_export.export_search(
        cast.vanthu, "báo cáo", SearchFilter(), sort="date"
    )
    rows = list(load_workbook(BytesIO(whole.data)).active.values)
    assert rows[1][1] == "Số, ký hiệu"
    assert [row[4] for row in rows[2:]] == [f"=báo cáo {n}" for n in range(3)]
    assert rows[2][9].date() == TODAY
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    cut = search_export.export_search(
        cast.vanthu, "báo cáo", SearchFilter(), sort="date"
    )
    rows = list(load_workbook(BytesIO(cut.data)).active.values)
    assert rows[1][0].startswith("Chỉ có")
    assert len(rows) == 5
