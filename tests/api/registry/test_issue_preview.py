"""The preview of an issue shows what would go out, and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from server.common import clock
from server.common.errors import Conflict, InvalidInput, NotAllowed, NotFound
from server.publishing.pdf_pages import words_of
from server.registry.actions.distribution import add_recipients
from server.registry.actions.incoming_answers import remember_answer
from server.registry.actions.issuing import issue
from server.registry.actions.numbers import reserve_number
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.issuing.plan import IssuePlan, RecipientPlan
from server.registry.issuing.terms import offered_deadline
from server.registry.models import (
    DraftLink,
    IssuedNumber,
    LinkKind,
    OutgoingDocument,
    RecipientChannel,
)
from server.registry.queries.issue_preview import (
    preview_issue,
    preview_pdf,
    suggested_list,
)
from server.registry.texts import committed
from server.registry.workflow.table import Act
from tests.support.cast import make_unit
from tests.support.incoming import Desks
from tests.support.issuing import LETTER, plan_for
from tests.support.process import step


def test_the_preview_shows_what_is_issued_afterwards(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    line = RecipientPlan(unit=cast.units["TH"].pk)
    plan = plan_for(draft, outgoing_register, line)
    shown = preview_issue(cast.vanthu, draft.pk, replace(plan, seen=""))
    assert shown.refusal is None
    assert not shown.is_signed
    assert not IssuedNumber.objects.exists()
    plan = replace(plan, seen=shown.digest, expected=shown.given.number)
    document = issue(cast.vanthu, draft.pk, plan)
    assert shown.full_number == document.full_number
    assert shown.notation == document.notation
    assert shown.given.issued_on == document.issued_on
    assert shown.entry.subject == document.subject
    assert [r.name for r in shown.recipients] == ["Phòng Tổng hợp"]
    assert shown.warnings == ()


def test_the_pages_bear_the_number_that_would_be_given(
    cast: Any, digital: None, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    plan = plan_for(draft, outgoing_register)
    words = words_of(preview_pdf(cast.vanthu, draft.pk, plan))
    assert words.split()[-3] == "01"
    assert preview_issue(cast.vanthu, draft.pk, plan).is_signed


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("chuyenvien", NotAllowed),
        ("truongphong", NotAllowed),
        ("lanhdao", NotAllowed),
        ("sotttt", NotFound),
        ("quantri", NotFound),
        ("nguoila", NotFound),
    ],
)
@pytest.mark.parametrize("look", [preview_issue, preview_pdf])
def test_only_the_clerk_previews(
    cast: Any,
    approved: Any,
    outgoing_register: Any,
    stranger: Any,
    who: str,
    error: Any,
    look: Any,
) -> None:
    draft = approved()
    actor = {**cast.people, "nguoila": stranger}[who]
    with pytest.raises(error):
        look(actor, draft.pk, plan_for(draft, outgoing_register))


def test_what_stands_against_the_issue_is_told_beside_the_rest(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    plan = plan_for(draft, outgoing_register)
    stale = preview_issue(cast.vanthu, draft.pk, replace(plan, seen="0" * 64))
    assert stale.refusal is not None
    assert (stale.refusal.code, stale.full_number) == (
        "content_changed",
        "01/VPUBND-HCTC",
    )
    odd = RecipientPlan(name="Đảng ủy", channel=RecipientChannel.IN_APP)
    listed = preview_issue(cast.vanthu, draft.pk, replace(plan, recipients=(odd,)))
    assert isinstance(listed.refusal, InvalidInput)
    assert listed.refusal.code == "bad_recipient"
    step(cast.lanhdao, draft, Act.RETURN)
    returned = preview_issue(cast.vanthu, draft.pk, plan)
    assert returned.refusal is not None
    assert returned.refusal.code == "wrong_state"


def test_a_letter_that_no_book_takes_is_refused_before_it_is_issued(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved(replace(LETTER, signer_name=""))
    plan = plan_for(draft, outgoing_register)
    refusal = preview_issue(cast.vanthu, draft.pk, plan).refusal
    assert refusal is not None
    assert set(refusal.fields) == {"signer_name"}
    with pytest.raises(InvalidInput):
        issue(cast.vanthu, draft.pk, plan)


def test_a_letter_without_notation_has_no_preview(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved(replace(LETTER, notation=" "))
    with pytest.raises(InvalidInput) as refused:
        preview_issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
    assert set(refused.value.fields) == {"notation"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"notation": "UBND-TH"}, "theo sổ này thì là “VPUBND-HCTC”"),
        ({"number": "99"}, "Dự thảo ghi số “99”; văn bản sẽ mang số 01."),
        ({"date": "2020-02-29"}, "Dự thảo ghi ngày 29/02/2020"),
        ({"rule_kind": "party"}, "sổ này ghi “01/VPUBND-HCTC”"),
    ],
)
def test_the_clerk_is_warned(
    cast: Any,
    approved: Any,
    outgoing_register: Any,
    fields: dict[str, str],
    words: str,
) -> None:
    draft = approved(replace(LETTER, **fields))
    line = RecipientPlan(unit=cast.units["TH"].pk)
    plan = plan_for(draft, outgoing_register, line)
    (warning,) = preview_issue(cast.vanthu, draft.pk, plan).warnings
    assert words in warning


def test_a_number_that_the_organisation_used_this_year_must_be_confirmed(
    cast: Any, issued: Any, approved: Any, signed_in: Any
) -> None:
    issued()
    other = open_register(
        cast.vanthu, cast.office.pk, RegisterPlan(name="Sổ văn bản đi thứ hai")
    )
    draft = approved(title="V/v thứ hai")
    plan = plan_for(draft, other)
    shown = preview_issue(cast.vanthu, draft.pk, plan)
    assert shown.refusal is not None
    assert shown.refusal.code == "duplicate_document"
    assert "đã có văn bản số 01/VPUBND-HCTC" in str(shown.refusal)
    with pytest.raises(Conflict) as refused:
        issue(cast.vanthu, draft.pk, plan)
    assert refused.value.code == "duplicate_document"
    assert not IssuedNumber.objects.filter(register=other).exists()
    address = f"/drafts/{draft.pk}/issue/"
    browser = signed_in(cast.vanthu)
    page = browser.get(f"{address}?register={other.pk}").content.decode()
    assert "Đúng là văn bản khác trùng số" in page
    assert "Mở bản xem trước" in page
    confirmed = replace(plan, is_second=True)
    assert preview_issue(cast.vanthu, draft.pk, confirmed).refusal is None
    form = {"register": str(other.pk), "seen": shown.digest, "expected": "01"}
    assert browser.post(address, form).status_code == 409
    assert browser.post(address, {**form, "is_second": "1"}).status_code == 302
    document = OutgoingDocument.objects.get(draft=draft)
    assert document.full_number == shown.full_number


def test_an_empty_list_and_an_organisation_without_a_clerk_are_told(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    plan = plan_for(draft, outgoing_register)
    (empty,) = preview_issue(cast.vanthu, draft.pk, plan).warnings
    assert "đang trống" in empty
    line = RecipientPlan(organisation=cast.department.pk)
    plan = plan_for(draft, outgoing_register, line)
    (unread,) = preview_issue(cast.vanthu, draft.pk, plan).warnings
    assert "“Sở Thông tin và Truyền thông” chưa có văn thư" in unread


def test_a_held_number_of_another_type_or_register_is_refused(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    other = open_register(cast.vanthu, cast.office.pk, RegisterPlan(name="Sổ khác"))
    for register, kind, field in (
        (outgoing_register, "QĐ", "document_type"),
        (other, "CV", "number"),
    ):
        held = reserve_number(
            cast.vanthu,
            register.pk,
            document_type=kind,
            on_date=clock.today(),
            reason="giữ số",
        )
        plan = plan_for(draft, outgoing_register, number_id=held.pk)
        for act in (preview_issue, issue):
            with pytest.raises(InvalidInput) as refused:
                act(cast.vanthu, draft.pk, plan)
            assert set(refused.value.fields) == {field}
    assert not OutgoingDocument.objects.exists()


def test_a_closed_register_has_no_preview(
    cast: Any, approved: Any, outgoing_register: Any
) -> None:
    draft = approved()
    outgoing_register.is_active = False
    outgoing_register.save(update_fields=["is_active"])
    plan = IssuePlan(outgoing_register.pk, committed(draft.pk).digest)
    with pytest.raises(Conflict) as refused:
        preview_issue(cast.vanthu, draft.pk, plan)
    assert refused.value.code == "register_closed"


def test_the_first_list_is_read_from_the_letterhead(cast: Any, approved: Any) -> None:
    found = suggested_list(approved())
    assert found.archive_unit == "VT, HCTC"
    department, portal = found.recipients
    assert department.organisation == cast.department.pk
    assert department.must_act
    assert (portal.name, portal.channel) == (
        "Cổng thông tin điện tử của tỉnh",
        RecipientChannel.PAPER,
    )


def test_whoever_must_act_is_offered_the_day_that_the_draft_says(
    cast: Any, approved: Any
) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    draft = approved(replace(LETTER, deadline=tomorrow.isoformat()))
    department, portal = suggested_list(draft).recipients
    assert (department.deadline, portal.deadline) == (tomorrow, None)
    assert suggested_list(draft).offered is None


@pytest.mark.parametrize(
    ("urgency", "offered"),
    [
        # 22/08/2026 is a make-up Saturday; 31/08 to 02/09 are days off.
        ("normal", date(2026, 9, 3)),
        ("urgent", date(2026, 8, 25)),
        ("very_urgent", date(2026, 8, 24)),
        ("flash", date(2026, 8, 22)),
    ],
)
def test_whoever_must_act_is_offered_a_usual_term_in_working_days(
    cast: Any, approved: Any, urgency: str, offered: date
) -> None:
    past = "2026-08-20"
    draft = approved(replace(LETTER, urgency=urgency, deadline=past))
    with clock.fixed(datetime(2026, 8, 21, 5, tzinfo=UTC)):
        found = suggested_list(draft)
    department, portal = found.recipients
    assert (department.deadline, portal.deadline) == (offered, None)
    assert found.offered == offered


def test_no_term_is_offered_to_who_stands_above_us(cast: Any, approved: Any) -> None:
    both = f"{cast.province.name};\nSở Thông tin và Truyền thông"
    above, beside, _portal = suggested_list(
        approved(replace(LETTER, addressees=both))
    ).recipients
    assert (above.organisation, above.must_act, above.deadline) == (
        cast.province.pk,
        False,
        None,
    )
    assert (beside.must_act, bool(beside.deadline)) == (True, True)
    # What the draft itself says is the author's to say.
    today = clock.today()
    said = replace(LETTER, addressees=both, deadline=today.isoformat())
    above, beside, _portal = suggested_list(approved(said, title="V/v hai")).recipients
    assert (above.deadline, beside.deadline) == (today, today)


@pytest.mark.parametrize("why", ["answers", "corrects"])
def test_no_term_is_offered_by_what_only_tells(
    cast: Any, approved: Any, issued: Any, why: str
) -> None:
    draft = approved()
    if why == "answers":
        document = Desks(cast).register()
        remember_answer(cast.chuyenvien, draft, document)
    else:
        old = issued(title="V/v cũ")
        DraftLink.objects.create(
            draft=draft,
            kind=LinkKind.CORRECTS,
            document=old,
            by=cast.chuyenvien,
            at=clock.now(),
        )
    found = suggested_list(draft)
    assert [(r.must_act, r.deadline) for r in found.recipients] == [(False, None)] * 2
    assert found.offered is None


def test_whoever_must_act_has_a_deadline(
    cast: Any, approved: Any, outgoing_register: Any, signed_in: Any
) -> None:
    draft = approved()
    names = [f"Xã {n}" for n in range(5)]

    def plan(**more: Any) -> IssuePlan:
        lines = [
            RecipientPlan(name=name, channel="paper", must_act=True, **more)
            for name in names
        ]
        return plan_for(draft, outgoing_register, *lines)

    refusal = preview_issue(cast.vanthu, draft.pk, plan()).refusal
    assert refusal is not None
    assert refusal.code == "bad_recipient"
    assert "chưa có hạn: “Xã 0”, “Xã 1”, “Xã 2” và 2 nơi khác." in str(refusal)
    assert "Hãy ghi hạn cho từng nơi" in str(refusal.fields["recipients"])
    with pytest.raises(InvalidInput):
        issue(cast.vanthu, draft.pk, plan())
    assert not OutgoingDocument.objects.exists()
    cast.vanthu.language = "en"
    cast.vanthu.save(update_fields=["language"])
    english = signed_in(cast.vanthu)
    body = {
        "register_id": str(outgoing_register.pk),
        "digest": plan().seen,
        "recipients": [{"unit": str(cast.units["TH"].pk), "must_act": True}],
    }
    address = f"/api/v1/drafts/{draft.pk}/issue"
    said = english.post(address, body, content_type="application/json").json()
    assert said["code"] == "bad_recipient"
    assert said["message"] == "To be acted on, without a deadline: “Phòng Tổng hợp”."
    day = plan(deadline=clock.today())
    assert preview_issue(cast.vanthu, draft.pk, day).refusal is None
    document = issue(cast.vanthu, draft.pk, day)
    with pytest.raises(InvalidInput) as refused:
        add_recipients(
            cast.vanthu,
            document.pk,
            [RecipientPlan(person=cast.sotttt.pk, must_act=True)],
        )
    assert "Phạm Quốc Đạt" in str(refused.value)


def test_the_page_fills_in_the_offered_day_and_says_so(
    cast: Any, approved: Any, outgoing_register: Any, signed_in: Any
) -> None:
    offered = offered_deadline("normal", clock.today())
    browser = signed_in(cast.vanthu)
    shown = browser.get(f"/drafts/{approved().pk}/issue/").content.decode()
    assert f'data-offered="{offered:%Y-%m-%d}"' in shown
    assert f'value="{offered:%Y-%m-%d}"' in shown
    assert f"hạn {offered:%d/%m/%Y} (7 ngày làm việc) là đề xuất" in shown
    assert "chưa có hạn" not in shown
    said = approved(replace(LETTER, deadline=offered.isoformat()), title="V/v hai")
    assert "là đề xuất" not in browser.get(f"/drafts/{said.pk}/issue/").content.decode()


def test_a_name_that_two_bear_is_not_guessed(cast: Any, approved: Any) -> None:
    make_unit(cast.office, "Phòng Tổng hợp", "TH2")
    draft = approved(replace(LETTER, addressees="Phòng Tổng hợp;\nVăn thư"))
    lines = {r.name: r.unit for r in suggested_list(draft).recipients}
    assert lines["Phòng Tổng hợp"] is None
    assert lines["Văn thư"] == cast.units["VT"].pk
