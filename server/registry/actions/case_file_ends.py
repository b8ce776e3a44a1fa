"""Close, reopen, keep back and hand over case files, and tell which are due.

Closing says which day the work ended, and from that day the time to hand the file over
is counted (data/archive). A unit that still needs the file keeps it back, with
a reason and for a time that the rules bound; what was handed over is only read.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock, outbox
from server.common.errors import Conflict
from server.registry import case_file_events as events
from server.registry.actions.case_files import handed_over, must_be_open, plain
from server.registry.case_file_access import access_case_file
from server.registry.case_files import rules
from server.registry.entry_fields import Checker
from server.registry.models import REASON_LENGTH, CaseFile, CaseFileState
from server.registry.search.filed import index_case_file

# How many are told of in one transaction.
_BATCH = 200


@transaction.atomic
def close_case_file(
    actor: User, case_file_id: UUID | str, ends_on: date | None = None
) -> CaseFile:
    """The work ended on `ends_on`: the day of the newest document unless told.

    Raises Conflict `case_file_empty` without a document, InvalidInput for a day before
    the newest document or one that has not come.
    """
    case_file = access_case_file(actor, case_file_id, keep=True, lock=True).case_file
    must_be_open(case_file)
    days = case_file.entries.aggregate(first=Min("dated_on"), last=Max("dated_on"))
    if days["last"] is None:
        raise Conflict(
            _("Hồ sơ chưa có văn bản nào nên chưa kết thúc được."),
            code="case_file_empty",
        )
    # A file begins with its oldest document, whenever somebody began to gather it.
    starts_on = min(case_file.starts_on, days["first"])
    ended = ends_on or days["last"]
    check = Checker()
    check.not_after("ends_on", ended, clock.today(), _("Ngày này chưa tới."))
    check.not_before(
        "ends_on",
        ended,
        days["last"],
        _("Không thể trước văn bản cuối cùng (%(day)s).")
        % {"day": f"{days['last']:%d/%m/%Y}"},
    )
    check.finish()
    due_on = rules.due_day(
        ended, case_file.work, rules.retention_of(case_file.retention, ended)
    )
    case_file.state = CaseFileState.CLOSED
    case_file.starts_on, case_file.ends_on = starts_on, ended
    case_file.due_on = due_on
    case_file.notice_on = rules.notice_day(due_on, ended) if due_on else None
    case_file.save(
        update_fields=["state", "starts_on", "ends_on", "due_on", "notice_on"]
    )
    index_case_file(case_file)
    audit.record(
        actor,
        "case_file.closed",
        "case_file",
        case_file.pk,
        starts_on=starts_on.isoformat(),
        ends_on=ended.isoformat(),
        due_on=plain(case_file.due_on),
        rule=rules.hand_over_rule(ended).id,
    )
    outbox.emit(events.CASE_FILE_CLOSED, case_file.pk)
    return case_file


@transaction.atomic
def reopen_case_file(actor: User, case_file_id: UUID | str, reason: str) -> CaseFile:
    """The work goes on. Raises InvalidInput without a reason, Conflict
    `case_file_open`, `case_file_handed_over`."""
    case_file = access_case_file(actor, case_file_id, keep=True, lock=True).case_file
    _must_be_closed(case_file)
    check = Checker()
    reason = check.text("reason", reason, REASON_LENGTH, required=True)
    check.finish()
    before = plain(case_file.ends_on)
    case_file.state = CaseFileState.OPEN
    case_file.ends_on = case_file.due_on = case_file.notice_on = None
    case_file.noticed_at = case_file.kept_from = None
    case_file.kept_reason = ""
    case_file.save(
        update_fields=[
            "state", "ends_on", "due_on", "notice_on", "noticed_at", "kept_from",
            "kept_reason",
        ]
    )  # fmt: skip
    index_case_file(case_file)
    audit.record(
        actor,
        "case_file.reopened",
        "case_file",
        case_file.pk,
        reason=reason,
        ended_on=before,
    )
    outbox.emit(events.CASE_FILE_REOPENED, case_file.pk)
    return case_file


@transaction.atomic
def keep_back_case_file(
    actor: User, case_file_id: UUID | str, until: date | None, reason: str
) -> CaseFile:
    """Giữ lại: the unit needs the file longer, and hands it over by `until`.

    It may be kept once more, but never longer than the rules allow from the day that
    they gave. Its keepers are told anew before the later day. Raises Conflict as
    `hand_over_case_file`, InvalidInput for a day that is not later or too late, or
    without a reason.
    """
    access = access_case_file(actor, case_file_id, hand_over=True, lock=True)
    case_file = access.case_file
    _must_go_to_archive(case_file)
    assert case_file.ends_on is not None
    assert case_file.due_on is not None
    lawful = case_file.kept_from or case_file.due_on
    last = rules.last_day_kept(lawful, case_file.ends_on)
    check = Checker()
    words = check.text("reason", reason, REASON_LENGTH, required=True)
    if until is None:
        check.faults["until"] = _("Cần có giá trị này.")
    elif not case_file.due_on < until <= last:
        check.faults["until"] = _(
            "Phải sau hạn nộp %(first)s và không quá %(last)s."
        ) % {"first": f"{case_file.due_on:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
    check.finish()
    assert until is not None
    case_file.kept_from, case_file.kept_reason = lawful, words
    case_file.due_on = until
    case_file.notice_on = rules.notice_day(until, case_file.ends_on)
    case_file.noticed_at = None
    case_file.save(
        update_fields=["kept_from", "kept_reason", "due_on", "notice_on", "noticed_at"]
    )
    index_case_file(case_file)
    audit.record(
        actor,
        "case_file.kept_back",
        "case_file",
        case_file.pk,
        reason=words,
        due_on=plain(lawful),
        until=plain(until),
    )
    outbox.emit(events.CASE_FILE_KEPT_BACK, case_file.pk, until=plain(until))
    return case_file


@transaction.atomic
def hand_over_case_file(
    actor: User, case_file_id: UUID | str, on_date: date | None = None
) -> CaseFile:
    """The archive of the organisation took the file, today unless told.

    Raises Conflict `case_file_open`, `case_file_handed_over`, or
    `case_file_kept_briefly` for a file that is not kept long enough (Decree 30, as
    data/archive has it); InvalidInput for an impossible day.
    """
    access = access_case_file(actor, case_file_id, hand_over=True, lock=True)
    case_file = access.case_file
    _must_go_to_archive(case_file)
    day = on_date or clock.today()
    early = _("Không thể trước ngày kết thúc hồ sơ.")
    check = Checker()
    check.not_after("handed_over_on", day, clock.today(), _("Ngày này chưa tới."))
    if case_file.ends_on is not None:
        check.not_before("handed_over_on", day, case_file.ends_on, early)
    check.finish()
    case_file.state = CaseFileState.HANDED_OVER
    case_file.handed_over_on = day
    case_file.save(update_fields=["state", "handed_over_on"])
    index_case_file(case_file)
    audit.record(
        actor,
        "case_file.handed_over",
        "case_file",
        case_file.pk,
        on_date=day.isoformat(),
    )
    outbox.emit(events.CASE_FILE_HANDED_OVER, case_file.pk)
    return case_file


def tell_what_is_due() -> int:
    """Tell of every file whose notice has begun, once. Returns how many.

    Nobody acts here: it is called by the `hand_over_notices` command, as often as one
    likes and in several processes.
    """
    told = 0
    while batch := _tell_batch():
        told += batch
    return told


@transaction.atomic
def _tell_batch() -> int:
    today = clock.today()
    waiting = CaseFile.objects.select_for_update(skip_locked=True).filter(
        due_soon(today), noticed_at__isnull=True
    )
    found = list(waiting.order_by("due_on", "pk")[:_BATCH])
    for case_file in found:
        case_file.noticed_at = clock.now()
        case_file.save(update_fields=["noticed_at"])
        due_on = plain(case_file.due_on)
        audit.record(
            None,
            "case_file.hand_over_due",
            "case_file",
            case_file.pk,
            due_on=due_on,
        )
        outbox.emit(events.CASE_FILE_HAND_OVER_DUE, case_file.pk, due_on=due_on)
    return len(found)


def due_soon(today: date) -> Q:
    """Condition on CaseFile: closed, and the notice before the hand-over has begun."""
    return Q(state=CaseFileState.CLOSED, notice_on__lte=today)


def _must_go_to_archive(case_file: CaseFile) -> None:
    _must_be_closed(case_file)
    assert case_file.ends_on is not None
    rule = rules.hand_over_rule(case_file.ends_on).value.hand_over
    if not rule.reaches(rules.retention_of(case_file.retention, case_file.ends_on)):
        raise Conflict(
            _("Chỉ hồ sơ bảo quản từ %(years)s năm trở lên được nộp vào lưu trữ.")
            % {"years": rule.least_years},
            code="case_file_kept_briefly",
        )


def _must_be_closed(case_file: CaseFile) -> None:
    if case_file.state == CaseFileState.HANDED_OVER:
        raise handed_over()
    if case_file.state == CaseFileState.OPEN:
        raise Conflict(
            _("Hồ sơ đang mở. Hãy kết thúc hồ sơ trước."), code="case_file_open"
        )
