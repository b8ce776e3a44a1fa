"""The record of an issue, and what hostile or unlucky timing must not bring about."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from server.common import clock
from server.common.errors import (
    Conflict,
    Unavailable,
)
from server.registry.actions import issuing
from server.registry.actions.issuing import issue
from server.registry.actions.numbers import reserve_number
from server.registry.issuing import record
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    IssueRecord,
    OfficePolicy,
    OutgoingDocument,
)
from server.registry.workflow.table import Act
from tests.support.issuing import LETTER, plan_for
from tests.support.process import step


def test_the_record_names_what_went_out(cast: Any, issued: Any) -> None:
    document = issued(RecipientPlan(organisation=cast.department.pk))
    (kept,) = IssueRecord.objects.all()
    files, said = document.issued_files, json.loads(kept.payload)
    assert kept.digest == hashlib.sha256(kept.payload.encode()).hexdigest()
    assert (said["pdf"], said["docx"], said["state"]) == (
        files.pdf,
        files.docx,
        files.state,
    )
    assert [c["name"] for c in said["contributors"]] == ["Trần Thị Ánh Tuyết"]
    assert [a["step"] for a in said["approvals"]] == ["content", "format", "final"]
    assert said["recipients"][0]["name"] == "Sở Thông tin và Truyền thông"


def test_records_form_a_chain(issued: Any) -> None:
    issued(), issued(title="V/v thứ hai")
    first, second = IssueRecord.objects.order_by("sequence")
    assert (first.previous, second.previous) == ("", first.digest)
    links = [
        record.Link(r.sequence, r.previous, r.digest, r.payload)
        for r in (first, second)
    ]
    assert list(record.breaks(links, 2, second.digest)) == []


# ── found by attack ─────────────────────────────────────────────────────────────


def test_a_copy_signed_while_the_clerk_draws_is_not_left_out(
    cast: Any, digital: None, approved: Any, outgoing_register: Any, monkeypatch: Any
) -> None:
    """The signer signs again between the preview and the lock."""
    with clock.fixed(datetime(2026, 12, 31, 9, 0, tzinfo=UTC)):
        draft = approved()
    drawn = issuing._draw

    def signed_meanwhile(ready: Any) -> Any:
        found = drawn(ready)
        step(cast.lanhdao, draft, Act.SIGN)
        return found

    monkeypatch.setattr(issuing, "_draw", signed_meanwhile)
    with (
        clock.fixed(datetime(2027, 1, 2, 2, 0, tzinfo=UTC)),
        pytest.raises(Conflict) as refused,
    ):
        issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
    assert refused.value.code == "content_changed"
    assert not OutgoingDocument.objects.exists()


def test_a_number_of_last_year_is_not_put_on_a_copy_of_this_year(
    cast: Any, digital: None, approved: Any, outgoing_register: Any
) -> None:
    with clock.fixed(datetime(2026, 12, 31, 3, 0, tzinfo=UTC)):
        held = reserve_number(
            cast.vanthu,
            outgoing_register.pk,
            document_type="CV",
            on_date=clock.today(),
            reason="giữ cho công văn cuối năm",
            expires_at=datetime(2027, 1, 10, tzinfo=UTC),
        )
    with clock.fixed(datetime(2027, 1, 2, 2, 0, tzinfo=UTC)):
        draft = approved()
        plan = plan_for(draft, outgoing_register, number_id=held.pk)
        with pytest.raises(Conflict) as refused:
            issue(cast.vanthu, draft.pk, plan)
    assert refused.value.code == "not_signed"


def test_a_name_with_another_tone_is_another_persons_name(
    cast: Any, digital: None, approved: Any
) -> None:
    with pytest.raises(Conflict) as refused:
        approved(replace(LETTER, signer_name="Bùi Hồng Quy"))
    assert refused.value.code == "signer_mismatch"


def test_nobody_seals_with_the_key_of_another_organisation(
    cast: Any, digital: None, issued: Any
) -> None:
    OfficePolicy.objects.create(organisation=cast.department, signs_digitally=True)
    with pytest.raises(Unavailable) as refused:
        issued()
    assert refused.value.code == "key_unusable"
    assert not OutgoingDocument.objects.exists()
