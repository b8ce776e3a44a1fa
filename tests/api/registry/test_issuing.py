"""Issuing: one act, all or nothing; the files say what the record says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import docx
import pytest

from server.common import clock, providers
from server.common.errors import (
    AppError,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
)
from server.publishing.pdf_pages import words_of
from server.publishing.signing.report import Place, Verdict
from server.publishing.signing.verify import verify
from server.registry.actions import issuing
from server.registry.actions.issuing import issue
from server.registry.actions.numbers import draw_number, reserve_number
from server.registry.actions.process import Request, take
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    IssuedNumber,
    IssueRecord,
    NumberState,
    OutgoingDocument,
    OutgoingState,
    Recipient,
    RecipientState,
    SignedCopy,
)
from server.registry.queries.issue_preview import preview_issue
from server.registry.signing_keys import trusted
from server.registry.texts import committed
from server.registry.workflow.table import Act, State
from tests.support.issuing import LETTER, plan_for
from tests.support.process import step


def test_the_clerk_issues_what_the_signer_approved(
    cast: Any, issued: Any, events: Any
) -> None:
    document = issued(
        RecipientPlan(
            organisation=cast.department.pk, must_act=True, deadline=clock.today()
        ),
        RecipientPlan(name="Cổng thông tin điện tử", channel="paper"),
    )
    assert document.full_number == "01/VPUBND-HCTC"
    assert document.subject == "về việc đảm bảo hoạt động hiệu quả của Hệ thống idesk"
    assert document.signer_name == "Bùi Hồng Quý"
    assert document.state == OutgoingState.ISSUED
    assert document.draft.state == State.ISSUED
    assert document.pages == 1
    assert [(r.name, r.state) for r in document.recipients.all()] == [
        ("Sở Thông tin và Truyền thông", RecipientState.DELIVERED),
        ("Cổng thông tin điện tử", RecipientState.TO_SEND),
    ]
    assert ("outgoing.issued", str(document.pk)) in events()


def test_both_files_bear_the_number_and_the_date(issued: Any) -> None:
    with clock.fixed(datetime(2026, 11, 27, 3, 0, tzinfo=UTC)):
        document = issued()
    files, blobs = document.issued_files, providers.blob_store.get()
    words = words_of(blobs.get(files.pdf))
    assert "Số: 01/VPUBND-HCTC" in words
    assert "ngày 27 tháng 11 năm 2026" in words
    parts = docx.Document(BytesIO(blobs.get(files.docx)))
    table_words = "\n".join(
        cell.text for table in parts.tables for row in table.rows for cell in row.cells
    )
    assert "01/VPUBND-HCTC" in table_words
    assert "ngày 27 tháng 11 năm 2026" in table_words


def test_a_digital_office_signs_twice_and_both_signatures_hold(
    cast: Any, digital: None, issued: Any
) -> None:
    document = issued()
    files = document.issued_files
    assert files.is_signed
    pdf = providers.blob_store.get().get(files.pdf)
    report = verify(pdf, trusted())
    assert report.verdict is Verdict.VALID
    assert [s.place for s in report.signatures] == [Place.PERSON, Place.ORGANISATION]
    assert all(s.intact for s in report.signatures)


def test_approval_in_a_digital_office_signs_the_copy(
    cast: Any, digital: None, approved: Any
) -> None:
    draft = approved()
    (copy,) = SignedCopy.objects.filter(draft=draft)
    assert copy.signed_by == cast.lanhdao
    assert copy.digest == committed(draft.pk).digest


def test_nobody_signs_over_another_persons_name(
    cast: Any, digital: None, moved: Any, approved: Any
) -> None:
    with pytest.raises(Conflict) as refused:
        approved(replace(LETTER, signer_name="Nguyễn Văn Khác"))
    assert refused.value.code == "signer_mismatch"
    assert not SignedCopy.objects.exists()


def test_returned_draft_takes_its_signed_copy_along(
    cast: Any, digital: None, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    step(cast.lanhdao, draft, Act.RETURN)
    with pytest.raises(Conflict) as refused:
        issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
    assert refused.value.code == "wrong_state"


def test_a_copy_of_last_year_must_be_signed_again(
    cast: Any, digital: None, approved: Any, outgoing_register: Any
) -> None:
    with clock.fixed(datetime(2026, 12, 31, 9, 0, tzinfo=UTC)):
        draft = approved()
    with clock.fixed(datetime(2027, 1, 2, 2, 0, tzinfo=UTC)):
        with pytest.raises(Conflict) as refused:
            issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
        assert refused.value.code == "not_signed"
        step(cast.lanhdao, draft, Act.SIGN)
        document = issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
    pdf = providers.blob_store.get().get(document.issued_files.pdf)
    words = words_of(pdf)
    assert "năm 2027" in words
    assert words.split()[-3:] == ["01", "02", "01"]  # number, day, month


def test_a_signed_copy_is_not_signed_a_second_time(
    cast: Any, digital: None, approved: Any
) -> None:
    draft = approved()
    with pytest.raises(Conflict) as refused:
        step(cast.lanhdao, draft, Act.SIGN)
    assert refused.value.code == "signed"


def test_issuing_again_gives_the_same_document(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    plan = plan_for(draft, outgoing_register)
    first = issue(cast.vanthu, draft.pk, plan)
    assert issue(cast.vanthu, draft.pk, plan) == first
    assert OutgoingDocument.objects.count() == 1
    assert IssueRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("chuyenvien", NotAllowed),
        ("truongphong", NotAllowed),
        ("lanhdao", NotAllowed),
        ("sotttt", NotFound),
        ("quantri", NotFound),
        ("vanthu", None),
    ],
)
def test_only_the_clerk_issues(
    cast: Any, approved: Any, outgoing_register: Any, who: str, error: Any
) -> None:
    draft = approved()
    plan = plan_for(draft, outgoing_register)
    if error is None:
        assert issue(cast.people[who], draft.pk, plan)
        return
    with pytest.raises(error):
        issue(cast.people[who], draft.pk, plan)
    assert not OutgoingDocument.objects.exists()
    assert not IssuedNumber.objects.exists()


@pytest.mark.parametrize(
    "state", [State.DRAFTING, State.IN_REVIEW, State.CONTENT_APPROVED]
)
def test_nothing_is_issued_before_the_signer_approved(
    cast: Any, moved: Any, outgoing_register: Any, state: State
) -> None:
    from collab.ports import Level
    from server.registry.actions.shares import share

    draft = moved(state)
    share(cast.chuyenvien, draft.pk, to=cast.vanthu, level=Level.VIEW)
    with pytest.raises(AppError):
        issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
    assert not IssuedNumber.objects.exists()


def test_another_text_than_the_one_shown_is_not_issued(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    plan = replace(plan_for(draft, outgoing_register), seen="0" * 64)
    with pytest.raises(Conflict) as refused:
        issue(cast.vanthu, draft.pk, plan)
    assert refused.value.code == "content_changed"


def test_another_number_than_the_one_shown_is_not_given(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    plan = replace(plan_for(draft, outgoing_register), expected="01")
    draw_number(cast.vanthu, outgoing_register, "CV", clock.today())
    with pytest.raises(Conflict) as refused:
        issue(cast.vanthu, draft.pk, plan)
    assert refused.value.code == "number_moved"
    assert not OutgoingDocument.objects.exists()
    document = issue(cast.vanthu, draft.pk, replace(plan, expected="02"))
    assert document.number == 2


def test_a_number_taken_meanwhile_is_followed_by_the_next(
    cast: Any, approved: Any, outgoing_register: Any, monkeypatch: Any
) -> None:
    """Another clerk is faster each time; the last try draws under the lock."""
    draft = approved()
    drawn = issuing._draw

    def beaten(ready: Any) -> Any:
        found = drawn(ready)
        draw_number(cast.vanthu, outgoing_register, "CV", clock.today())
        return found

    monkeypatch.setattr(issuing, "_draw", beaten)
    document = issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
    assert document.number == issuing.GUESSES + 1
    pdf = providers.blob_store.get().get(document.issued_files.pdf)
    assert f"Số: 0{document.number}/VPUBND-HCTC" in words_of(pdf)


def test_a_reserved_number_is_used(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    held = reserve_number(
        cast.vanthu,
        outgoing_register.pk,
        document_type="CV",
        on_date=clock.today(),
        reason="giữ cho công văn gấp",
    )
    draw_number(cast.vanthu, outgoing_register, "CV", clock.today())
    plan = plan_for(draft, outgoing_register, number_id=held.pk)
    assert issue(cast.vanthu, draft.pk, plan).number == 1
    held.refresh_from_db()
    assert held.state == NumberState.USED


def test_a_number_of_a_day_before_the_approval_is_not_used(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    """Decree 30, article 15: the number comes after the signature."""
    monday = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    with clock.fixed(monday):
        held = [
            reserve_number(
                cast.vanthu,
                outgoing_register.pk,
                document_type="CV",
                on_date=clock.today(),
                reason="giữ cho công văn gấp",
                expires_at=monday + timedelta(days=9),
            )
            for _ in range(2)
        ]
    # 00:30 on Tuesday in Vietnam, still Monday elsewhere.
    with clock.fixed(datetime(2026, 11, 23, 17, 30, tzinfo=UTC)):
        draft = approved()
    with clock.fixed(datetime(2026, 11, 24, 4, 0, tzinfo=UTC)):
        plan = plan_for(draft, outgoing_register, number_id=held[0].pk)
        for act in (issue, preview_issue):
            with pytest.raises(Conflict) as refused:
                act(cast.vanthu, draft.pk, plan)
            assert refused.value.code == "before_approval"
            assert "24/11/2026" in str(refused.value)
        assert not OutgoingDocument.objects.exists()
        plan = plan_for(draft, outgoing_register)
        assert issue(cast.vanthu, draft.pk, plan).number == 3


def test_a_day_that_has_turned_since_the_preview_is_not_printed_unasked(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    before_midnight = datetime(2026, 11, 24, 16, 59, tzinfo=UTC)
    with clock.fixed(before_midnight):
        draft = approved()
        shown = preview_issue(
            cast.vanthu, draft.pk, plan_for(draft, outgoing_register)
        ).given
    plan = plan_for(
        draft,
        outgoing_register,
        expected=shown.number,
        expected_on=shown.issued_on,
    )
    with clock.fixed(before_midnight + timedelta(minutes=2)):
        with pytest.raises(Conflict) as refused:
            issue(cast.vanthu, draft.pk, plan)
        assert refused.value.code == "date_moved"
        assert "25/11/2026" in str(refused.value)
        assert not IssuedNumber.objects.exists()
        again = replace(plan, expected_on=clock.today())
        document = issue(cast.vanthu, draft.pk, again)
    assert document.issued_on == date(2026, 11, 25)


def test_a_letter_without_notation_is_not_issued(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved(replace(LETTER, notation=""))
    with pytest.raises(InvalidInput) as refused:
        issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
    assert "notation" in refused.value.fields
    assert not IssuedNumber.objects.exists()


@pytest.mark.parametrize(
    "line",
    [
        RecipientPlan(name="", channel="paper"),
        RecipientPlan(name="Đảng ủy", channel="in_app"),
        RecipientPlan(name="Đảng ủy", channel="email", address="không phải thư"),
        RecipientPlan(name="Đảng ủy", channel="bồ câu"),
        RecipientPlan(name="Sở Lạ", organisation=UUID(int=7)),
    ],
)
def test_an_unusable_recipient_stops_everything(
    cast: Any, approved: Any, outgoing_register: Any, line: RecipientPlan
) -> None:
    draft = approved()
    with pytest.raises(InvalidInput) as refused:
        issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register, line))
    assert refused.value.code == "bad_recipient"
    assert not IssuedNumber.objects.exists()
    assert not Recipient.objects.exists()


def test_one_recipient_stands_once(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    line = RecipientPlan(organisation=cast.department.pk)
    with pytest.raises(InvalidInput):
        issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register, line, line))


def test_an_issued_draft_is_put_away_by_the_clerk(cast: Any, issued: Any) -> None:
    document = issued()
    take(cast.vanthu, document.draft_id, Request(Act.FILE))
    document.refresh_from_db()
    assert document.state == OutgoingState.FILED
    assert document.draft.state == State.FILED


def test_nobody_returns_or_cancels_what_was_issued(cast: Any, issued: Any) -> None:
    document = issued()
    for act in (Act.RETURN, Act.CANCEL, Act.SIGN, Act.APPROVE):
        with pytest.raises(AppError):
            step(cast.lanhdao, document.draft, act)
