"""Versions: named ones, those of steps, days and pauses, and bringing one back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collab.content.read import plain_text, read_content
from server.common import clock
from server.common.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    TooLarge,
    Unavailable,
)
from server.common.models import AuditEntry, OutboxEvent
from server.registry.actions.process import submit
from server.registry.models import Draft
from server.registry.texts import committed
from server.registry.workflow.table import Act, State
from server.review.actions.steps import catch_up, hear, note_step
from server.review.actions.versions import (
    mark_seen,
    name_version,
    rename_version,
    restore_version,
)
from server.review.models import LastSeen, Version
from server.review.past import reading
from server.review.past.reading import content_at, state_at, timeline_of
from server.review.queries.versions import (
    VersionLine,
    last_seen,
    place_named,
    versions_of,
)
from storage.update_log.models import DocumentHead, HistoryChunk, UpdateRow
from tests.support.history import Hand, compact, minutes
from tests.support.process import step, write

MORNING = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)  # 8:30 in Vietnam


def text_at(draft: Draft, seq: int) -> str:
    return plain_text(content_at(str(draft.pk), seq))


def lines(draft: Draft, after: float = 0, **asked: Any) -> list[VersionLine]:
    """As somebody sees them so many minutes after the newest edit."""
    timeline = timeline_of(str(draft.pk))
    with clock.fixed(minutes(timeline.moments[-1].at, after)):
        return list(versions_of(draft, timeline, **asked).lines)


@pytest.fixture
def draft(begin_draft: Any) -> Draft:
    """Begun on the morning of the first day."""
    found: Draft = begin_draft()
    UpdateRow.objects.update(at=MORNING)
    return found


# ── what follows from the log ───────────────────────────────────────────────────────


def test_days_and_long_pauses_are_versions(draft: Draft, cast: Any) -> None:
    tuyet, phi = Hand(draft, cast.chuyenvien), Hand(draft, cast.truongphong)
    tuyet.write("Sáng.", at=minutes(MORNING, 5))
    phi.write("Sáng nữa.", at=minutes(MORNING, 29))
    tuyet.write("Chiều.", at=minutes(MORNING, 300))
    phi.write("Hôm sau.", at=MORNING + timedelta(days=1))
    found = [(line.kind, line.seq, line.people) for line in lines(draft)]
    assert found == [
        ("day", 4, ("Trần Thị Ánh Tuyết",)),
        ("pause", 3, ("Trần Thị Ánh Tuyết", "Nguyễn Văn Phi")),
    ]


def test_the_last_long_pause_is_listed_before_anybody_writes_again(
    draft: Draft, cast: Any
) -> None:
    Hand(draft, cast.chuyenvien).write("Sáng.", at=minutes(MORNING, 5))
    assert [line.kind for line in lines(draft, 29)] == []
    (paused,) = lines(draft, 30)
    assert (paused.kind, paused.seq) == ("pause", 2)
    assert paused.people == ("Trần Thị Ánh Tuyết",)
    assert [line.kind for line in lines(draft, 24 * 60)] == ["day"]
    # A name at the same place says more.
    name_version(cast.chuyenvien, draft.pk, "Bản trình")
    assert [line.label for line in lines(draft, 30)] == ["Bản trình"]


def test_versions_are_the_same_after_a_compaction(draft: Draft, cast: Any) -> None:
    hand = Hand(draft, cast.chuyenvien)
    for day in range(4):
        hand.write(f"Ngày {day}.", at=MORNING + timedelta(days=day))
    before = lines(draft), [text_at(draft, seq) for seq in range(1, 6)]
    compact(draft)
    assert not UpdateRow.objects.exists()
    reading.forget()
    assert (lines(draft), [text_at(draft, seq) for seq in range(1, 6)]) == before


def test_the_past_reaches_back_over_every_epoch(draft: Draft, cast: Any) -> None:
    hand = Hand(draft, cast.chuyenvien)
    hand.write("Của kỳ đầu.")
    write(draft, "Một nội dung khác hẳn.")
    Hand(draft, cast.chuyenvien).write("Viết tiếp.")
    assert "Của kỳ đầu." in text_at(draft, 2)
    assert text_at(draft, 3) == "Một nội dung khác hẳn."
    assert text_at(draft, 4).endswith("Viết tiếp.")
    assert "Của kỳ đầu." not in text_at(draft, 4)


def test_ten_thousand_revisions_are_slid_through_within_a_bound(
    draft: Draft, cast: Any, django_assert_max_num_queries: Any
) -> None:
    hand = Hand(draft, cast.chuyenvien)
    last = hand.write("Đoạn đầu.")
    edit = UpdateRow.objects.get(seq=last)
    rows = [
        UpdateRow(
            document_id=edit.document_id,
            seq=seq,
            epoch=1,
            update=edit.update,
            authors=edit.authors,
            at=edit.at,
        )
        for seq in range(last + 1, 10_001)
    ]
    UpdateRow.objects.bulk_create(rows, batch_size=500)
    DocumentHead.objects.update(last_seq=10_000)
    compact(draft)
    state_at(str(draft.pk), 10_000)
    chunks = HistoryChunk.objects.count()
    assert chunks == 5
    # After one pass every place is at most one chunk away, and the timeline is known.
    for seq in (9_999, 5_000, 5_001, 300, 7_777):
        with django_assert_max_num_queries(4):
            state_at(str(draft.pk), seq)


# ── named versions ──────────────────────────────────────────────────────────────────


def test_a_named_version_is_found_under_its_name(draft: Draft, cast: Any) -> None:
    seq = Hand(draft, cast.chuyenvien).write("Đã xong phần một.")
    version = name_version(cast.chuyenvien, draft.pk, "  Bản gửi\nlấy ý kiến ")
    assert (version.name, version.seq) == ("Bản gửi lấy ý kiến", seq)
    assert version.digest == committed(draft.pk).digest
    line = lines(draft)[0]
    assert (line.kind, line.label) == ("named", "Bản gửi lấy ý kiến")
    entry = AuditEntry.objects.get(action="version.named")
    assert (entry.actor, entry.details["seq"]) == (cast.chuyenvien, seq)


@pytest.mark.parametrize("name", ["", " \x00\n", "x" * 201])
def test_an_unusable_name_is_refused(draft: Draft, cast: Any, name: str) -> None:
    with pytest.raises(InvalidInput):
        name_version(cast.chuyenvien, draft.pk, name)


def test_a_place_has_one_name_which_may_change(draft: Draft, cast: Any) -> None:
    version = name_version(cast.chuyenvien, draft.pk, "Bản một")
    with pytest.raises(Conflict):
        name_version(cast.chuyenvien, draft.pk, "Bản hai")
    renamed = rename_version(cast.chuyenvien, draft.pk, version.pk, "Bản hai")
    assert renamed.name == "Bản hai"
    with pytest.raises(NotFound):
        rename_version(cast.chuyenvien, draft.pk, draft.pk, "Bản ba")


def test_a_version_of_another_draft_is_not_renamed(
    draft: Draft, begin_draft: Any, cast: Any
) -> None:
    other = name_version(cast.chuyenvien, begin_draft("Khác").pk, "Của dự thảo khác")
    with pytest.raises(NotFound):
        rename_version(cast.chuyenvien, draft.pk, other.pk, "Lấy mất")


# ── steps of the process ────────────────────────────────────────────────────────────


def test_each_step_is_a_version_whoever_hears_of_it(cast: Any, moved: Any) -> None:
    draft = moved(State.APPROVED)
    told = list(OutboxEvent.objects.filter(kind="draft.moved").order_by("id"))
    hear(told[0])
    catch_up(draft)
    for event in told:
        note_step(event)
    acts = list(draft.versions.order_by("event").values_list("act", "kind"))
    assert acts == [
        (Act.SUBMIT, "step"),
        (Act.APPROVE_CONTENT, "step"),
        (Act.CHECK_FORMAT, "step"),
        (Act.APPROVE, "signed"),
    ]
    signed = draft.versions.get(kind="signed")
    assert signed.digest == committed(draft.pk).digest
    assert signed.by == cast.lanhdao


def test_a_step_stands_where_the_text_was_at_that_moment(cast: Any, moved: Any) -> None:
    draft = moved(State.IN_REVIEW)
    submitted = OutboxEvent.objects.get(kind="draft.moved")
    late = minutes(submitted.at, 10)
    Hand(draft, cast.chuyenvien).write("Sửa sau khi trình.", at=late)
    catch_up(draft)
    assert draft.versions.get().seq == 1


def test_the_signed_version_is_compared_with_after_it_was_taken_back(
    cast: Any, moved: Any
) -> None:
    draft = moved(State.APPROVED)
    step(cast.lanhdao, draft, Act.RETURN)
    Hand(draft, cast.chuyenvien).write("Sửa theo ý kiến.")
    catch_up(draft)
    timeline = timeline_of(str(draft.pk))
    signed = place_named(draft, cast.chuyenvien, timeline, "signed")
    assert signed.moment.epoch == 1
    assert "Sửa theo ý kiến." not in text_at(draft, signed.seq)


# ── what somebody last saw ──────────────────────────────────────────────────────────


def test_what_was_seen_in_the_last_visit_is_kept_for_the_next(
    draft: Draft, cast: Any
) -> None:
    phi = cast.truongphong
    mark_seen(phi, draft.pk, entering=True)
    assert last_seen(draft, phi) is None
    LastSeen.objects.update(at=MORNING)
    Hand(draft, cast.chuyenvien).write("Mới.")
    mark_seen(phi, draft.pk, entering=True)
    found = last_seen(draft, phi)
    assert found is not None
    assert found[0] == 1
    # Leaving, and looking again soon, belong to the same visit.
    mark_seen(phi, draft.pk)
    mark_seen(phi, draft.pk, entering=True)
    assert last_seen(draft, phi) == found
    assert LastSeen.objects.get().seq == 2


# ── bringing one back ───────────────────────────────────────────────────────────────


def test_a_restored_version_is_a_new_edit_of_its_restorer(
    draft: Draft, cast: Any, events: Any
) -> None:
    hand = Hand(draft, cast.chuyenvien)
    before = committed(draft.pk)
    hand.type("Sai. ")
    hand.delete(1)
    seq = restore_version(cast.chuyenvien, draft.pk, 1)
    assert seq == 4
    now = committed(draft.pk)
    assert (now.digest, now.epoch, now.seq) == (before.digest, before.epoch, 4)
    row = UpdateRow.objects.get(seq=4)
    assert row.authors == [str(cast.chuyenvien.pk)]
    assert ("draft.text_restored", str(draft.pk)) in events()
    entry = AuditEntry.objects.get(action="version.restored")
    assert entry.details == {"version": 1, "seq": 4}


def test_restoring_what_is_there_already_writes_nothing(
    draft: Draft, cast: Any
) -> None:
    assert restore_version(cast.chuyenvien, draft.pk, 1) is None
    assert committed(draft.pk).seq == 1


def test_a_version_of_a_former_epoch_comes_back_into_this_one(
    draft: Draft, cast: Any
) -> None:
    first = committed(draft.pk)
    write(draft, "Một nội dung khác hẳn.")
    restore_version(cast.chuyenvien, draft.pk, 1)
    now = committed(draft.pk)
    assert now.content.blocks == first.content.blocks
    assert now.epoch == 2


def test_a_frozen_draft_is_not_restored(cast: Any, moved: Any) -> None:
    draft = moved(State.APPROVED)
    with pytest.raises(Conflict) as refused:
        restore_version(cast.chuyenvien, draft.pk, 1)
    assert refused.value.code == "draft_frozen"


def test_a_draft_does_not_outgrow_its_limit_by_a_restored_text(
    draft: Draft, cast: Any, settings: Any
) -> None:
    Hand(draft, cast.chuyenvien).write("Thêm.")
    full = len(committed(draft.pk).state)
    limits = replace(settings.COLLAB_LIMITS, max_document_bytes=full)
    settings.COLLAB_LIMITS = limits
    with pytest.raises(TooLarge):
        restore_version(cast.chuyenvien, draft.pk, 1)
    assert committed(draft.pk).seq == 2


def test_an_approval_does_not_outlive_a_restored_text(cast: Any, moved: Any) -> None:
    draft = moved(State.DRAFTING)
    Hand(draft, cast.chuyenvien).write("Bản để trình.")
    submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
    step(cast.truongphong, draft, Act.APPROVE_CONTENT)
    restore_version(cast.chuyenvien, draft.pk, 1)
    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW


# ── damage ──────────────────────────────────────────────────────────────────────────


def test_a_damaged_past_is_said_and_the_present_goes_on(
    draft: Draft, cast: Any, signed_in: Any
) -> None:
    hand = Hand(draft, cast.chuyenvien)
    hand.write("Hai.")
    hand.write("Ba.")
    compact(draft)
    HistoryChunk.objects.update(payload=b"broken")
    with pytest.raises(Unavailable) as told:
        timeline_of(str(draft.pk))
    assert told.value.code == "history_damaged"
    page = signed_in(cast.chuyenvien).get(f"/drafts/{draft.pk}/versions/")
    assert page.status_code == 503
    assert "Lịch sử của dự thảo này bị hỏng" in page.content.decode()
    assert plain_text(committed(draft.pk).content).endswith("Ba.")
    assert not Version.objects.exists()


def test_a_state_is_what_the_log_says_and_nothing_else(draft: Draft, cast: Any) -> None:
    hand = Hand(draft, cast.chuyenvien)
    seqs = [hand.write(f"Đoạn {n}.") for n in range(5)]
    for n, seq in reversed(list(enumerate(seqs))):
        found = plain_text(read_content(state_at(str(draft.pk), seq))).split("\n")
        assert found[-1] == f"Đoạn {n}."
