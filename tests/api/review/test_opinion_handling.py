"""What was said in the draft itself is accepted or explained in words of its own."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from server.common import clock
from server.common.errors import Conflict, InvalidInput, NotFound
from server.common.models import AuditEntry, OutboxEvent
from server.review.actions import asking
from server.review.actions.answering import OpinionPlan, give_opinion
from server.review.actions.handling import (
    handle_as_decided,
    handle_in_draft,
    handle_opinion,
)
from server.review.models import Handled, InDraftOutcome, OpinionRound, Verdict
from server.review.opinions.proposing import Proposal, proposal_of
from server.review.queries import opinions as queries
from server.review.queries.opinion_remarks import InDraft, Remark
from server.review.queries.opinion_suggestions import Fate, Made
from tests.api.review.conftest import API, key
from tests.support.opinions import NOW, Ask, request_of

pytestmark = pytest.mark.usefixtures("monday")


def row_of(begun: OpinionRound, holder: Any) -> queries.OpinionRow:
    wanted = request_of(begun, holder).pk
    (row,) = [r for r in queries.table_of(begun).rows if r.request.pk == wanted]
    return row


def to_handle(begun: OpinionRound) -> int:
    return queries.table_of(begun).counts["to_handle"]


def printed(browser: Any, begun: OpinionRound, number: int = 0) -> str:
    """The last cell of a row of the compiled table."""
    file = browser.get(f"/opinion-rounds/{begun.pk}/opinions.docx")
    (table,) = Document(BytesIO(file.content)).tables
    text: str = table.rows[2 + number].cells[-1].text
    return text


def resolve(browser: Any, draft: Any, thread: Any) -> None:
    at = f"{API}/{draft.pk}/threads/{thread['id']}/resolve"
    answer = browser.post(at, {}, "application/json")
    assert answer.status_code == 200, answer.content


# ── recorded ────────────────────────────────────────────────────────────────────────


def test_a_comment_is_explained_and_the_table_and_the_paper_say_so(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun, browser = ask(), signed_in(cast.chuyenvien)
    begin_thread(draft, cast.lanhdao, "Bổ sung căn cứ.")
    asked = request_of(begun, cast.lanhdao)
    assert to_handle(begun) == 1
    answer = browser.post(
        f"/opinion-rounds/{begun.pk}/handle-draft/",
        {"request": asked.pk, "handled": "explained", "text": "Đã có ở Điều 1.",
         "seen": "1"},
    )  # fmt: skip
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#r-{asked.pk}")
    assert to_handle(begun) == 0
    shown = browser.get(f"/opinion-rounds/{begun.pk}/").content.decode()
    assert "Đã có ở Điều 1." in shown and "dt-handled-explained" in shown
    wanted = "Góp ý trong dự thảo: Giải trình: Đã có ở Điều 1."
    assert printed(browser, begun) == wanted
    told = browser.get(f"/api/v1/opinion-rounds/{begun.pk}").json()
    (row,) = [r for r in told["requests"] if r["in_draft_outcome"]]
    assert row["in_draft_outcome"]["handled"] == "explained"
    assert (row["outcome"], row["in_draft_amount"]) == (None, 1)
    (entry,) = AuditEntry.objects.filter(action="opinion.handled")
    assert entry.details["in_draft"] is True
    (event,) = OutboxEvent.objects.filter(kind="opinion.handled")
    assert event.payload["requests"] == [str(asked.pk)]


def test_the_form_and_the_draft_are_handled_apart(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun = ask()
    begin_thread(draft, cast.lanhdao, "Bổ sung căn cứ.")
    asked = request_of(begun, cast.lanhdao)
    plan = OpinionPlan(Verdict.AGREES_IF, "Rút ngắn.")
    said = give_opinion(cast.lanhdao, asked.pk, plan)
    handle_opinion(cast.chuyenvien, said.pk, handled=Handled.ACCEPTED, text="Đã rút.")
    assert to_handle(begun) == 1
    handle_in_draft(
        cast.vanthu, begun.pk, asked.pk, handled=Handled.PARTLY, text="Thêm một."
    )
    assert to_handle(begun) == 0
    assert printed(signed_in(cast.chuyenvien), begun) == (
        "Tiếp thu: Đã rút.\nGóp ý trong dự thảo: Tiếp thu một phần: Thêm một."
    )


def test_what_is_said_after_it_was_handled_is_to_be_handled_anew(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun = ask()
    begin_thread(draft, cast.lanhdao, "Bổ sung căn cứ.")
    asked = request_of(begun, cast.lanhdao)
    handle_in_draft(cast.chuyenvien, begun.pk, asked.pk, handled=Handled.ACCEPTED)
    with clock.fixed(NOW + timedelta(hours=1)):
        begin_thread(draft, cast.lanhdao, "Sai số liệu.")
        assert to_handle(begun) == 1
        paper = printed(signed_in(cast.chuyenvien), begun)
        assert "Sau đó còn góp ý thêm trong dự thảo." in paper
        page = signed_in(cast.chuyenvien).get(f"/opinion-rounds/{begun.pk}/")
        assert "Sau đó còn góp ý thêm" in page.content.decode()
        with pytest.raises(Conflict) as refused:
            handle_in_draft(
                cast.chuyenvien, begun.pk, asked.pk, handled=Handled.ACCEPTED, seen=1
            )
        assert refused.value.code == "said_more"
        handle_in_draft(
            cast.chuyenvien, begun.pk, asked.pk, handled=Handled.ACCEPTED, seen=2
        )
    assert to_handle(begun) == 0
    # Neither is lost: the newest one counts.
    assert InDraftOutcome.objects.filter(request=asked).count() == 2


def test_a_comment_that_is_changed_is_to_be_handled_anew(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun = ask()
    thread = begin_thread(draft, cast.lanhdao, "Đồng ý.")
    asked = request_of(begun, cast.lanhdao)
    handle_in_draft(cast.chuyenvien, begun.pk, asked.pk, handled=Handled.ACCEPTED)
    with clock.fixed(NOW + timedelta(hours=1)):
        comment = thread["comments"][0]["id"]
        answer = signed_in(cast.lanhdao).patch(
            f"{API}/{draft.pk}/threads/{thread['id']}/comments/{comment}",
            {"text": "Không đồng ý."},
            "application/json",
        )
        assert answer.status_code == 200, answer.content
    assert to_handle(begun) == 1


def test_who_does_not_draft_handles_nothing_and_nothing_said_is_not_handled(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any
) -> None:
    begun = ask()
    asked = request_of(begun, cast.lanhdao)
    with pytest.raises(Conflict) as refused:
        handle_in_draft(cast.chuyenvien, begun.pk, asked.pk, handled=Handled.ACCEPTED)
    assert refused.value.code == "nothing_said"
    begin_thread(draft, cast.lanhdao, "Sai.")
    with pytest.raises(NotFound):
        handle_in_draft(cast.lanhdao, begun.pk, asked.pk, handled=Handled.ACCEPTED)
    with pytest.raises(NotFound):
        handle_in_draft(cast.chuyenvien, begun.pk, begun.pk, handled=Handled.ACCEPTED)
    for bad in ({"handled": "maybe"}, {"handled": "explained", "text": " "}):
        with pytest.raises(InvalidInput):
            handle_in_draft(cast.chuyenvien, begun.pk, asked.pk, **bad)
    unit = request_of(begun, cast.units["VPS"])
    begin_thread(draft, cast.sotttt, "Sở không đủ người.")
    asking.withdraw_request(cast.chuyenvien, begun.pk, unit.pk)
    with pytest.raises(NotFound):
        handle_in_draft(cast.chuyenvien, begun.pk, unit.pk, handled=Handled.ACCEPTED)


def test_a_refused_outcome_of_the_draft_keeps_what_was_typed(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun = ask()
    begin_thread(draft, cast.lanhdao, "Bổ sung căn cứ.")
    asked = request_of(begun, cast.lanhdao)
    answer = signed_in(cast.chuyenvien).post(
        f"/opinion-rounds/{begun.pk}/handle-draft/",
        {"request": asked.pk, "draft_of": asked.pk, "handled": "", "text": "Vì đã có.",
         "seen": "1"},
    )  # fmt: skip
    assert answer.status_code == 400
    assert "Vì đã có." in answer.content.decode()


def test_a_program_records_it_and_is_told_when_more_was_said(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun = ask()
    begin_thread(draft, cast.lanhdao, "Bổ sung căn cứ.")
    asked = request_of(begun, cast.lanhdao)
    at = f"/api/v1/opinion-rounds/{begun.pk}/requests/{asked.pk}/in-draft-outcome"
    browser = signed_in(cast.chuyenvien)
    body = {"handled": "accepted", "seen": 0}
    answer = browser.post(at, body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "said_more")
    answer = browser.post(at, body | {"seen": 1}, "application/json")
    assert answer.status_code == 204
    assert row_of(begun, cast.lanhdao).draft_outcome is not None


# ── proposed ────────────────────────────────────────────────────────────────────────


def remark(**changed: Any) -> Remark:
    plain = {"thread_id": NOW, "part": "body", "quote": "chỗ này", "text": "Sai.",
             "by": "A", "is_resolved": False}  # fmt: skip
    return Remark(**{**plain, **changed})


def change(fate: Fate) -> Made:
    return Made("Điều một.", "mới", "cũ", fate)


NOT_TAKEN = "Không sửa tại “Điều một.” (bỏ “cũ”, thêm “mới”): "


@pytest.mark.parametrize(
    ("said", "proposal"),
    [
        (InDraft(), Proposal("", "")),
        (InDraft((remark(),)), Proposal("", "")),
        (InDraft((remark(is_resolved=True),)), Proposal("accepted", "")),
        (
            InDraft((remark(answer="B: Giữ nguyên."),)),
            Proposal("explained", "Tại “chỗ này”: B: Giữ nguyên."),
        ),
        (
            InDraft((remark(is_resolved=True, answer="B: Đã sửa."),)),
            Proposal("accepted", "Tại “chỗ này”: B: Đã sửa."),
        ),
        (InDraft((), (change(Fate.ACCEPTED),)), Proposal("accepted", "")),
        (InDraft((), (change(Fate.REJECTED),)), Proposal("explained", NOT_TAKEN)),
        (InDraft((), (change(Fate.OPEN),)), Proposal("", "")),
        # One way or the other: a person knows which.
        (InDraft((), (change(Fate.DECIDED),)), Proposal("", "")),
        (InDraft((), (change(Fate.TAKEN_BACK),)), Proposal("", "")),
        (
            InDraft((), (change(Fate.ACCEPTED), change(Fate.REJECTED))),
            Proposal("partly", NOT_TAKEN),
        ),
        (
            InDraft((remark(is_resolved=True),), (change(Fate.OPEN),)),
            Proposal("", ""),
        ),
    ],
)
def test_it_is_proposed_as_the_draft_was_decided(
    said: InDraft, proposal: Proposal
) -> None:
    assert proposal_of(said) == proposal


def test_the_page_proposes_and_records_at_once_what_was_all_taken_over(
    cast: Any, draft: Any, ask: Ask, begin_thread: Any, signed_in: Any
) -> None:
    begun, browser = ask(), signed_in(cast.chuyenvien)
    first = begin_thread(draft, cast.lanhdao, "Bổ sung căn cứ.")
    other = begin_thread(draft, cast.sotttt, "Sở không đủ người.")
    resolve(browser, draft, first)
    browser.post(
        f"{API}/{draft.pk}/threads/{other['id']}/replies",
        {"key": key(), "text": "Sẽ điều thêm."},
        "application/json",
    )
    page = f"/opinion-rounds/{begun.pk}/"
    shown = browser.get(page).content.decode()
    assert "Ghi tiếp thu cho 1 nơi đã giải quyết hết trong dự thảo" in shown
    assert '<option value="explained" selected>' in shown
    assert ": Sẽ điều thêm.</textarea>" in shown
    assert browser.post(f"{page}handle-decided/").status_code == 302
    assert row_of(begun, cast.lanhdao).draft_outcome is not None
    assert row_of(begun, cast.units["VPS"]).draft_outcome is None
    assert "handle-decided" not in browser.get(page).content.decode()
    with pytest.raises(Conflict) as refused:
        handle_as_decided(cast.chuyenvien, begun.pk)
    assert refused.value.code == "nothing_decided"
    with pytest.raises(NotFound):
        handle_as_decided(cast.lanhdao, begun.pk)
