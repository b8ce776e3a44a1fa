"""Recall, replacement, correction; and the proof that nothing was changed since."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from collab.ports import Level
from server.accounts.models import Membership, Role
from server.common import providers
from server.common.errors import Conflict, InvalidInput, NotAllowed, NotFound
from server.common.models import AuditEntry
from server.registry.actions.distribution import (
    add_recipients,
    report_sent,
    take_step,
)
from server.registry.actions.issuing import issue
from server.registry.actions.linked_drafts import begin_linked_draft
from server.registry.actions.process import submit
from server.registry.actions.recalling import (
    confirm_recall,
    confirm_recall_outside,
    recall,
)
from server.registry.actions.shares import share
from server.registry.issued_access import access_issued_files
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    DocumentLink,
    IssueChain,
    IssuedFiles,
    IssueRecord,
    LinkKind,
    OutgoingDocument,
    OutgoingState,
    RecallState,
    RecipientState,
)
from server.registry.queries.issue_preview import preview_issue
from server.registry.queries.records import Checked, Fault, check_records
from server.registry.texts import committed
from server.registry.workflow.table import State
from tests.support.cast import make_person
from tests.support.issuing import LETTER, plan_for, write_letter
from tests.support.process import WAY, WHO, step, write


def faults() -> list[str]:
    return [f.what for f in check_records() if isinstance(f, Fault)]


# ── recall ──────────────────────────────────────────────────────────────────────


def test_a_recall_closes_the_files_to_every_recipient_and_asks_each(
    cast: Any, issued: Any, events: Any
) -> None:
    document = issued(
        RecipientPlan(person=cast.sotttt.pk),
        RecipientPlan(name="Đảng ủy phường", channel="paper"),
    )
    assert access_issued_files(cast.sotttt, document.pk)
    report_sent(cast.vanthu, document.pk)
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    with pytest.raises(Conflict) as closed:
        access_issued_files(cast.sotttt, document.pk)
    assert closed.value.code == "recalled"
    document.refresh_from_db()
    assert document.state == OutgoingState.RECALLED
    assert {r.recall_state for r in document.recipients.all()} == {RecallState.ASKED}
    assert ("outgoing.recalled", str(document.pk)) in events()
    # Our own copy stays, frozen.
    assert access_issued_files(cast.vanthu, document.pk).files.pdf


def test_each_recipient_confirms_once(cast: Any, issued: Any) -> None:
    document = issued(
        RecipientPlan(person=cast.sotttt.pk),
        RecipientPlan(name="Đảng ủy phường", channel="paper"),
    )
    here, outside = document.recipients.all()
    report_sent(cast.vanthu, document.pk)
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    confirm_recall(cast.sotttt, here.pk, "Đã xóa")
    with pytest.raises(Conflict):
        confirm_recall(cast.sotttt, here.pk)
    confirm_recall_outside(cast.vanthu, document.pk, outside.pk, "Trả bản giấy")
    states = set(document.recipients.values_list("recall_state", flat=True))
    assert states == {RecallState.CONFIRMED}


def test_the_clerk_does_not_confirm_for_who_works_here(cast: Any, issued: Any) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    with pytest.raises(Conflict) as refused:
        confirm_recall_outside(cast.vanthu, document.pk, document.recipients.get().pk)
    assert refused.value.code == "reports_itself"


def test_after_a_recall_nothing_goes_on(cast: Any, issued: Any) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    row = document.recipients.get()
    recall(cast.vanthu, document.pk, "Ban hành nhầm")
    more = [RecipientPlan(unit=cast.units["TH"].pk)]
    for act in (
        lambda: take_step(cast.sotttt, row.pk, RecipientState.ACCEPTED),
        lambda: add_recipients(cast.vanthu, document.pk, more),
        lambda: recall(cast.vanthu, document.pk, "lần nữa"),
        lambda: begin_linked_draft(cast.vanthu, document.pk, LinkKind.CORRECTS),
    ):
        with pytest.raises(Conflict):
            act()


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("vanthu", None),
        ("lanhdao", None),  # signed it
        ("chuyenvien", NotAllowed),
        ("truongphong", NotAllowed),
        ("sotttt", NotFound),
        ("quantri", NotFound),
        ("nguoila", NotFound),
    ],
)
def test_only_the_clerk_and_the_signer_recall(
    cast: Any, issued: Any, stranger: Any, who: str, error: Any
) -> None:
    document = issued(RecipientPlan(person=cast.sotttt.pk))
    actor = {**cast.people, "nguoila": stranger}[who]
    if error is None:
        assert recall(actor, document.pk, "Ban hành nhầm").by == actor
        return
    with pytest.raises(error):
        recall(actor, document.pk, "Ban hành nhầm")
    assert OutgoingDocument.objects.get().state == OutgoingState.ISSUED


def test_a_recall_says_why(cast: Any, issued: Any) -> None:
    document = issued()
    with pytest.raises(InvalidInput):
        recall(cast.vanthu, document.pk, " ")


# ── replacement and correction ──────────────────────────────────────────────────


def issue_linked(cast: Any, document: Any, kind: LinkKind, register: Any) -> Any:
    draft = begin_linked_draft(cast.chuyenvien, document.pk, kind)
    write_letter(draft)
    submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
    for act in WAY[State.APPROVED]:
        step(cast.people[WHO[act]], draft, act)
    return issue(cast.vanthu, draft.pk, plan_for(draft, register))


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (LinkKind.REPLACES, OutgoingState.REPLACED),
        (LinkKind.CORRECTS, OutgoingState.CORRECTED),
    ],
)
def test_the_new_document_changes_the_state_of_the_old_one_when_it_is_issued(
    cast: Any, issued: Any, outgoing_register: Any, kind: LinkKind, state: str
) -> None:
    old = issued(RecipientPlan(person=cast.sotttt.pk))
    new = issue_linked(cast, old, kind, outgoing_register)
    old.refresh_from_db()
    assert old.state == state
    assert DocumentLink.objects.get(source=new).target == old
    assert IssueRecord.objects.filter(document=old).count() == 2
    assert faults() == []


def test_whoever_approves_or_issues_learns_what_will_be_replaced(
    cast: Any, issued: Any, signed_in: Any, outgoing_register: Any
) -> None:
    old = issued()
    draft = begin_linked_draft(cast.chuyenvien, old.pk, LinkKind.REPLACES)
    page = signed_in(cast.truongphong).get(f"/drafts/{draft.pk}/process/")
    assert "thay thế văn bản số 01/VPUBND-HCTC" in page.content.decode()
    share(cast.chuyenvien, draft.pk, to=cast.vanthu, level=Level.VIEW)
    preview = preview_issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))
    assert any("thay thế văn bản số 01/VPUBND" in said for said in preview.warnings)


def test_the_clerk_is_told_that_what_is_corrected_was_replaced_meanwhile(
    cast: Any, issued: Any, outgoing_register: Any
) -> None:
    old = issued()
    draft = begin_linked_draft(cast.chuyenvien, old.pk, LinkKind.CORRECTS)
    share(cast.chuyenvien, draft.pk, to=cast.vanthu, level=Level.VIEW)

    def warned() -> bool:
        plan = plan_for(draft, outgoing_register)
        said = preview_issue(cast.vanthu, draft.pk, plan).warnings
        return "Văn bản đã được thay thế bằng văn bản khác." in said

    assert not warned()
    issue_linked(cast, old, LinkKind.REPLACES, outgoing_register)
    assert warned()


@pytest.mark.parametrize(("code", "told"), [("CV", False), ("QĐ", True)])
def test_the_clerk_is_told_that_a_correction_is_no_letter(
    cast: Any, issued: Any, outgoing_register: Any, code: str, told: bool
) -> None:
    old = issued()
    draft = begin_linked_draft(cast.chuyenvien, old.pk, LinkKind.CORRECTS)
    write_letter(draft, replace(LETTER, document_type=code))
    share(cast.chuyenvien, draft.pk, to=cast.vanthu, level=Level.VIEW)
    plan = plan_for(draft, outgoing_register)
    said = preview_issue(cast.vanthu, draft.pk, plan).warnings
    assert any("Đính chính bằng “Công văn”" in words for words in said) is told


def test_a_correction_names_what_it_corrects(cast: Any, issued: Any) -> None:
    old = issued()
    draft = begin_linked_draft(cast.chuyenvien, old.pk, LinkKind.CORRECTS)
    said = committed(draft.pk)
    assert "đính chính Công văn số 01/VPUBND-HCTC ngày" in said.text
    assert said.content.fields.subject.startswith("đính chính Công văn số 01/")


def test_a_replacement_begins_as_the_text_it_replaces(cast: Any, issued: Any) -> None:
    old = issued()
    draft = begin_linked_draft(cast.chuyenvien, old.pk, LinkKind.REPLACES)
    before, after = committed(old.draft_id).content, committed(draft.pk).content
    assert after.blocks == before.blocks
    assert (after.fields.number, after.fields.date) == ("", "")
    assert after.fields.signer_name == before.fields.signer_name


def test_whoever_may_not_read_the_text_does_not_replace_it(
    cast: Any, issued: Any
) -> None:
    """A colleague reads the row of the book, not the file."""
    colleague = make_person("thtonghop", "Phạm Thị Tổng", cast.units["TH"])
    with pytest.raises(NotFound):
        begin_linked_draft(colleague, issued().pk, LinkKind.REPLACES)


def test_nobody_of_another_organisation_replaces_our_document(
    cast: Any, issued: Any
) -> None:
    both = make_person("kiemnhiem", "Lê Kiêm Nhiệm", cast.units["VPS"])
    Membership.objects.create(user=both, unit=cast.units["HCTC"], role=Role.OFFICIAL)
    with pytest.raises(NotAllowed):
        begin_linked_draft(both, issued().pk, LinkKind.CORRECTS)


def test_a_draft_that_is_never_issued_changes_nothing(cast: Any, issued: Any) -> None:
    old = issued()
    begin_linked_draft(cast.chuyenvien, old.pk, LinkKind.REPLACES)
    old.refresh_from_db()
    assert old.state == OutgoingState.ISSUED


def test_a_stranger_begins_no_replacement(issued: Any, stranger: Any) -> None:
    document = issued()
    with pytest.raises(NotFound):
        begin_linked_draft(stranger, document.pk, LinkKind.REPLACES)


# ── proof ───────────────────────────────────────────────────────────────────────


def test_what_is_untouched_is_proven(cast: Any, digital: None, issued: Any) -> None:
    issued(RecipientPlan(person=cast.sotttt.pk)), issued(title="V/v thứ hai")
    found = list(check_records())
    assert [f for f in found if isinstance(f, Fault)] == []
    (checked,) = (f for f in found if isinstance(f, Checked))
    assert (checked.length, checked.head) == (2, IssueChain.objects.get().head)


def tamper_number(document: Any) -> None:
    OutgoingDocument.objects.filter(pk=document.pk).update(full_number="99/GIA")


def tamper_subject(document: Any) -> None:
    OutgoingDocument.objects.filter(pk=document.pk).update(subject="việc khác")


def tamper_files(document: Any) -> None:
    digest = providers.blob_store.get().put(b"khac").digest
    IssuedFiles.objects.filter(document=document).update(pdf=digest)


def tamper_trail(document: Any) -> None:
    rows = AuditEntry.objects.filter(subject_id=str(document.draft_id))
    rows.filter(action="draft.approved").update(actor=None)


def tamper_trail_away(document: Any) -> None:
    rows = AuditEntry.objects.filter(subject_id=str(document.draft_id))
    rows.filter(action="draft.approved").delete()


def tamper_text(document: Any) -> None:
    write(document.draft, "Văn bản khác")


def tamper_payload(document: Any) -> None:
    row = IssueRecord.objects.get(document=document)
    said = {**json.loads(row.payload), "subject": "việc khác"}
    IssueRecord.objects.filter(pk=row.pk).update(payload=json.dumps(said))


def tamper_record_away(document: Any) -> None:
    IssueRecord.objects.filter(document=document).delete()


def tamper_blob(document: Any) -> None:
    blobs = providers.blob_store.get()
    del blobs.files[document.issued_files.docx]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("tamper", "what"),
    [
        (tamper_number, "full_number"),
        (tamper_subject, "subject"),
        (tamper_files, "pdf_digest"),
        (tamper_trail, "trail"),
        (tamper_trail_away, "trail"),
        (tamper_text, "log"),
        (tamper_payload, "chain_digest"),
        (tamper_record_away, "record_missing"),
        (tamper_blob, "docx_missing"),
    ],
)
def test_every_change_afterwards_is_found(issued: Any, tamper: Any, what: str) -> None:
    document = issued()
    issued(title="V/v thứ hai")
    assert faults() == []
    tamper(document)
    assert what in faults()


def test_a_chain_that_lost_its_end_is_found(issued: Any) -> None:
    issued()
    last = issued(title="V/v thứ hai")
    IssueRecord.objects.filter(document=last).delete()
    assert "chain_end" in faults()


def test_the_command_says_what_holds_and_what_does_not(issued: Any) -> None:
    document = issued()
    out, err = StringIO(), StringIO()
    call_command("verify_records", stdout=out, stderr=err)
    assert "every record holds" in out.getvalue()
    tamper_subject(document)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_records", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert "01/VPUBND-HCTC: subject" in err.getvalue()


def test_an_end_on_paper_must_still_stand_in_the_chain(issued: Any) -> None:
    issued()
    written_down = IssueChain.objects.get().head
    issued(title="V/v thứ hai")
    out, err = StringIO(), StringIO()
    call_command("verify_records", contains=[written_down], stdout=out, stderr=err)
    assert "every record holds" in out.getvalue()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_records", contains=["0" * 64], stdout=out, stderr=err)
    assert ended.value.code == 1
    assert "in no chain any more" in err.getvalue()
