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
from server.common.errors import Conflict, InvalidInput
from server.common.providers import document_store
from server.review.actions import reminding
from server.review.actions.answering import OpinionPlan, give_opinion
from server.review.actions.closing import close_round
from server.review.models import Verdict
from server.review.opinions.standing import Stand
from server.review.queries import opinions as queries
from tests.api.review.conftest import anchor, key
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


def reply(browser: Any, draft: Any, thread: Any, text: str) -> None:
    answer = browser.post(
        f"/api/v1/drafts/{draft.pk}/threads/{thread['id']}/replies",
        {"key": key(), "text": text},
        "application/json",
    )
    assert answer.status_code == 201, answer.json()


def test_an_answer_to_a_question_in_the_draft_is_an_opinion(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun = ask()
    thread = begin_thread(draft, cast.chuyenvien, "Số này đúng chưa?")
    reply(signed_in(cast.lanhdao), draft, thread, "Đúng rồi.")
    reply(signed_in(cast.sotttt), draft, thread, "Thiếu một máy.")
    assert stands(begun) == [
        ("Bùi Hồng Quý", Stand.COMMENTED, ["Đúng rồi."], 0),
        ("Văn phòng Sở", Stand.COMMENTED, ["Thiếu một máy."], 0),
    ]


def test_who_asks_is_not_heard_for_the_own_unit(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any
) -> None:
    begun = ask(asked=[cast.units["HCTC"]])
    begin_thread(draft, cast.chuyenvien, "Tôi tự ghi chú.")
    ((_name, stand, remarks, _count),) = stands(begun)
    assert (stand, remarks) == (Stand.WAITING, [])
    begin_thread(draft, cast.truongphong, "Phòng đề nghị bỏ câu này.")
    ((_name, stand, remarks, _count),) = stands(begun)
    assert (stand, remarks) == (Stand.COMMENTED, ["Phòng đề nghị bỏ câu này."])


def test_what_the_drafting_side_answered_is_in_the_table(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun = ask()
    thread = begin_thread(draft, cast.lanhdao, "Bổ sung căn cứ.")
    close_round(cast.chuyenvien, begun.pk)
    owner = signed_in(cast.chuyenvien)
    reply(owner, draft, thread, "Đã bổ sung Nghị định 30.")
    owner.post(f"/api/v1/drafts/{draft.pk}/threads/{thread['id']}/resolve")
    file = owner.get(f"/opinion-rounds/{begun.pk}/opinions.docx")
    (table,) = Document(BytesIO(file.content)).tables
    assert table.rows[2].cells[4].text == (
        f"Tại “kiểm tra”: {cast.chuyenvien.full_name}: Đã bổ sung Nghị định 30.\n"
        "Góp ý trong dự thảo: đã giải quyết 1/1."
    )
    page = owner.get(f"/opinion-rounds/{begun.pk}/").content.decode()
    assert "Đã bổ sung Nghị định 30." in page
    assert "<b>1</b> góp ý trong dự thảo" in page


def test_a_comment_on_an_empty_field_is_told_by_the_fields_name(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any
) -> None:
    begun = ask()
    where = anchor(draft, part="recipients", quote="", before="", after="")
    begin_thread(draft, cast.lanhdao, "Thiếu nơi nhận.", anchor=where)
    (remark,) = queries.table_of(begun).rows[0].in_draft.remarks
    assert remark.place == "Nơi nhận"


def test_who_commented_need_not_write_it_again_in_the_form(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun = ask()
    asked = request_of(begun, cast.lanhdao)
    plan = OpinionPlan(Verdict.AGREES_IF)
    with pytest.raises(InvalidInput):
        give_opinion(cast.lanhdao, asked.pk, plan)
    begin_thread(draft, cast.lanhdao, "Bổ sung căn cứ.")
    page = signed_in(cast.lanhdao).get(f"/opinions/{asked.pk}/").content.decode()
    assert "không cần chép lại ở đây" in page
    assert give_opinion(cast.lanhdao, asked.pk, plan).text == ""


def test_who_commented_is_neither_chased_nor_called_late(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun = ask()
    begin_thread(draft, cast.lanhdao, "Bổ sung căn cứ.")
    with clock.fixed(NOW + timedelta(days=7)):
        assert reminding.remind_due() == 1
        assert reminding.chase(cast.chuyenvien, begun.pk) == 1
        chased = request_of(begun, cast.units["VPS"])
        assert chased.chased_at is not None
        mine = request_of(begun, cast.lanhdao)
        for address in ("/opinions/", f"/opinions/{mine.pk}/"):
            page = signed_in(cast.lanhdao).get(address).content.decode()
            assert "Góp ý trong dự thảo" in page
            assert "Quá hạn, chưa trả lời" not in page
        begin_thread(draft, cast.sotttt, "Sở góp ý.")
        with pytest.raises(Conflict) as refused:
            reminding.chase(cast.chuyenvien, begun.pk)
        assert refused.value.code == "nobody_waits"


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
