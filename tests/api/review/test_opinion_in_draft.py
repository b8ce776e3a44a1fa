"""Who comments or suggests in the draft has answered, too: the table says so."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from collab.content.tree import Content, Paragraph, Run, Suggested
from collab.content.write import build_update
from server.common import clock
from server.common.providers import document_store
from server.review.actions.asking import close_round
from server.review.opinions.standing import Stand
from server.review.queries import opinions as queries
from tests.support.opinions import NOW, Ask, request_of

pytestmark = pytest.mark.usefixtures("monday")


def stands(begun: Any) -> list[tuple[str, Stand, list[str], int]]:
    return [
        (row.name, row.stand, [r.text for r in row.in_draft.remarks],
         row.in_draft.suggested)
        for row in queries.table_of(begun).rows
    ]  # fmt: skip


def test_a_thread_counts_for_whoever_was_asked(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any
) -> None:
    begun = ask()
    begin_thread(draft, cast.lanhdao, "Bổ sung căn cứ.")
    begin_thread(draft, cast.sotttt, "Sở không đủ người.")
    begin_thread(draft, cast.vanthu, "Sai thể thức.")
    assert stands(begun) == [
        ("Bùi Hồng Quý", Stand.COMMENTED, ["Bổ sung căn cứ."], 0),
        ("Văn phòng Sở", Stand.COMMENTED, ["Sở không đủ người."], 0),
    ]
    with clock.fixed(NOW + timedelta(days=10)):
        closed = close_round(cast.chuyenvien, begun.pk)
    assert {row.stand for row in queries.table_of(closed).rows} == {Stand.COMMENTED}


def test_what_was_said_before_or_after_the_round_does_not_count(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any
) -> None:
    draft.shares.create(user=cast.lanhdao, level=2, granted_by=cast.chuyenvien, at=NOW)
    with clock.fixed(NOW - timedelta(days=1)):
        begin_thread(draft, cast.lanhdao, "Từ trước.")
    begun = close_round(cast.chuyenvien, ask().pk)
    with clock.fixed(NOW + timedelta(days=1)):
        begin_thread(draft, cast.lanhdao, "Về sau.")
    assert [remarks for _n, _s, remarks, _c in stands(begun)] == [[], []]


def test_the_compiled_table_quotes_what_was_said_in_the_draft(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun = ask()
    begin_thread(draft, cast.lanhdao, "Bổ sung căn cứ.")
    file = signed_in(cast.chuyenvien).get(f"/opinion-rounds/{begun.pk}/opinions.docx")
    (table,) = Document(BytesIO(file.content)).tables
    first = [cell.text for cell in table.rows[2].cells]
    assert first[2:] == [
        "Góp ý trong dự thảo",
        "Tại “kiểm tra”: Bổ sung căn cứ.",
        "Góp ý trong dự thảo: đã giải quyết 0/1.",
    ]
    page = signed_in(cast.chuyenvien).get(f"/opinion-rounds/{begun.pk}/")
    assert "Bổ sung căn cứ." in page.content.decode()


def test_open_suggestions_are_counted_for_the_person_and_for_the_unit(
    cast: Any, draft: Any, ask: Ask
) -> None:
    begun = ask(may_suggest=True)
    runs = [
        Run(f"chỗ {n}", insertion=Suggested(f"s{n}", author, "2026-11-23T02:00:00Z"))
        for n, author in enumerate(
            [str(cast.lanhdao.pk), str(cast.sotttt.pk), str(cast.sotttt.pk), "word:An"]
        )
    ]
    content = Content(blocks=tuple(Paragraph((run,)) for run in runs))
    document_store.get().start_epoch(str(draft.pk), build_update(content))
    assert [count for _n, _s, _r, count in stands(begun)] == [1, 2]
    assert request_of(begun, cast.lanhdao).opinions.count() == 0
