"""The form is a condition of its step: a severe fault needs a word from the checker."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from collab.content.write import build_update
from server.common import providers
from server.common.errors import Conflict
from server.common.models import AuditEntry
from server.registry.actions.process import Request, take
from server.registry.models import Draft
from server.registry.queries.activity import activity_of
from server.registry.texts import committed
from server.registry.workflow.table import Act, State
from tests.support.process import Move, step
from tests.unit.server.publishing.forms import of_type

REASON = "Người ký được ghi sau theo phân công"


@pytest.fixture
def faulty(moved: Move) -> Draft:
    """Its content is approved; the first text of a new draft names no signer yet."""
    return moved(State.CONTENT_APPROVED)


@pytest.fixture
def sound(moved: Move, cast: Any) -> Draft:
    draft = moved(State.IN_REVIEW)
    store = providers.document_store.get()
    store.start_epoch(str(draft.pk), build_update(of_type("CV")))
    return step(cast.truongphong, draft, Act.APPROVE_CONTENT)


def _check(person: Any, draft: Draft, reason: str = "") -> Draft:
    seen = committed(draft.pk).digest
    return take(person, draft.pk, Request(Act.CHECK_FORMAT, reason=reason, seen=seen))


def test_severe_faults_stop_the_check_of_form(faulty: Draft, cast: Any) -> None:
    with pytest.raises(Conflict) as refused:
        _check(cast.vanthu, faulty)
    assert refused.value.code == "form_faults"
    faulty.refresh_from_db()
    assert faulty.state == State.CONTENT_APPROVED


def test_blanks_are_no_reason(faulty: Draft, cast: Any) -> None:
    with pytest.raises(Conflict):
        _check(cast.vanthu, faulty, reason=" \n ")


def test_a_sound_form_needs_no_reason(sound: Draft, cast: Any) -> None:
    assert _check(cast.vanthu, sound).state == State.FORMAT_CHECKED
    entry = AuditEntry.objects.get(action="draft.format_checked")
    assert entry.details == {}
    assert activity_of(sound).deeds[0].sentence == "kiểm tra thể thức, đạt"


def test_a_warning_does_not_stop_the_check(moved: Move, cast: Any) -> None:
    draft = moved(State.IN_REVIEW)
    good = of_type("CV")
    fields = replace(good.fields, signer_name="bùi hồng quý")
    update = build_update(replace(good, fields=fields))
    providers.document_store.get().start_epoch(str(draft.pk), update)
    step(cast.truongphong, draft, Act.APPROVE_CONTENT)
    assert _check(cast.vanthu, draft).state == State.FORMAT_CHECKED


def test_a_reason_passes_the_faults_and_is_kept_with_them(
    faulty: Draft, cast: Any
) -> None:
    assert _check(cast.vanthu, faulty, REASON).state == State.FORMAT_CHECKED
    entry = AuditEntry.objects.get(action="draft.format_checked")
    assert entry.actor == cast.vanthu
    assert entry.details == {
        "reason": REASON,
        "faults": 2,
        "rules": ["signer_missing"],
    }
    deed = activity_of(faulty).deeds[0]
    assert deed.sentence == "xác nhận thể thức dù còn 2 lỗi phải sửa"
    assert deed.reason == REASON


def test_the_other_steps_do_not_ask_for_the_form(moved: Move, cast: Any) -> None:
    draft = moved(State.FORMAT_CHECKED)
    seen = committed(draft.pk).digest
    take(cast.lanhdao, draft.pk, Request(Act.APPROVE, seen=seen))
    draft.refresh_from_db()
    assert draft.state == State.APPROVED


def test_the_api_refuses_and_then_takes_a_reason(
    faulty: Draft, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    url = f"/api/v1/drafts/{faulty.pk}/process"
    shown = browser.get(url).json()
    assert shown["form_errors"] == 2
    body = {"digest": shown["digest"]}
    refused = browser.post(f"{url}/check_format", body, content_type="application/json")
    assert refused.status_code == 409
    assert refused.json()["code"] == "form_faults"
    body["reason"] = REASON
    taken = browser.post(f"{url}/check_format", body, content_type="application/json")
    assert taken.status_code == 200
    assert taken.json()["state"] == "format_checked"
    assert taken.json()["history"][0]["reason"] == REASON


@pytest.mark.parametrize("who", ["chuyenvien", "truongphong", "lanhdao"])
def test_the_count_of_faults_is_told_only_to_who_checks(
    faulty: Draft, cast: Any, signed_in: Any, who: str
) -> None:
    url = f"/api/v1/drafts/{faulty.pk}/process"
    assert signed_in(cast.people[who]).get(url).json()["form_errors"] is None


def test_the_page_asks_for_the_reason_only_while_faults_stand(
    faulty: Draft, sound: Draft, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    page = browser.get(f"/drafts/{faulty.pk}/process/").content.decode()
    assert "Còn 2 lỗi thể thức phải sửa." in page
    assert "Xác nhận dù còn lỗi" in page
    assert "Xác nhận đúng thể thức" not in page
    page = browser.get(f"/drafts/{sound.pk}/process/").content.decode()
    assert "Xác nhận dù còn lỗi" not in page
    assert "Xác nhận đúng thể thức" in page


def test_the_page_says_what_was_refused(
    faulty: Draft, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.vanthu)
    answer = browser.post(
        f"/drafts/{faulty.pk}/process/check_format/",
        {"digest": committed(faulty.pk).digest},
        follow=True,
    )
    assert "Văn bản còn lỗi thể thức phải sửa." in answer.content.decode()


def test_nobody_else_confirms_the_form(
    faulty: Draft, cast: Any, stranger: Any, signed_in: Any
) -> None:
    url = f"/api/v1/drafts/{faulty.pk}/process/check_format"
    body = {"digest": committed(faulty.pk).digest, "reason": REASON}
    for person, status in (
        (cast.chuyenvien, 403),
        (cast.lanhdao, 403),
        (stranger, 404),
        (cast.quantri, 404),
    ):
        answer = signed_in(person).post(url, body, content_type="application/json")
        assert answer.status_code == status, person
    missing = f"/api/v1/drafts/{uuid.uuid4()}/process/check_format"
    answer = signed_in(cast.vanthu).post(missing, body, content_type="application/json")
    assert answer.status_code == 404
