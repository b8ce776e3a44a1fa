"""Open case files and change what is said of them.

A file changes while it is open. Its entries are written in `case_file_entries`, its end
in `case_file_ends`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Unit, User
from server.common import audit, clock, outbox, text
from server.common.errors import Conflict, InvalidInput, NotFound
from server.registry import case_file_events as events
from server.registry.access import as_id
from server.registry.case_file_access import access_case_file, units_for_new_file
from server.registry.case_files import rules
from server.registry.entry_fields import Checker
from server.registry.models import (
    CREATOR_LENGTH,
    FILE_NOTATION_LENGTH,
    LANGUAGE_LENGTH,
    NOTE_LENGTH,
    SUBJECT_LENGTH,
    CaseFile,
    CaseFileState,
)
from server.registry.search.filed import index_case_file

LANGUAGE = "Tiếng Việt"


@dataclass(frozen=True, slots=True)
class CaseFilePlan:
    """What is said of a file. Texts may come as they were typed.

    Without a `code` a new file gets the next one of its unit, and an old one keeps
    its own; without a `year` it is that of `starts_on`, without `starts_on` today.
    """

    title: str
    retention: str
    code: str = ""
    year: int | None = None
    rights: str = "open"
    work: str = "work"
    creator: str = ""
    language: str = LANGUAGE
    starts_on: date | None = None
    description: str = ""


@transaction.atomic
def create_case_file(actor: User, unit_id: UUID | str, plan: CaseFilePlan) -> CaseFile:
    """Open a file in a unit where the actor works, heads, or is the clerk.

    Raises NotFound for any other unit, InvalidInput naming every unusable field,
    Conflict `case_file_exists` when the code is taken in that year.
    """
    unit = units_for_new_file(actor).filter(pk=as_id(unit_id)).first()
    if unit is None:
        raise NotFound
    # Two people who open a file in one unit at once get two codes.
    Unit.objects.select_for_update().get(pk=unit.pk)
    new = _cleaned(plan, default_creator=actor.full_name)
    if not new["code"]:
        new["code"] = next_code(unit, new["year"])
    _check_code(unit.organisation_id, new)
    case_file = CaseFile(
        unit=unit,
        organisation=unit.organisation,
        created_by=actor,
        created_at=clock.now(),
        code_key=rules.code_key(new["code"]),
        **new,
    )
    case_file.search_key = search_key_of(case_file)
    case_file.save(force_insert=True)
    index_case_file(case_file)
    audit.record(
        actor,
        "case_file.created",
        "case_file",
        case_file.pk,
        unit=str(unit.pk),
        **{name: plain(value) for name, value in new.items()},
    )
    outbox.emit(events.CASE_FILE_CREATED, case_file.pk, unit=str(unit.pk))
    return case_file


@transaction.atomic
def change_case_file(
    actor: User, case_file_id: UUID | str, plan: CaseFilePlan
) -> CaseFile:
    """Replace what is said of an open file. Raises as `create_case_file`, and Conflict
    `case_file_closed`, `case_file_handed_over`."""
    case_file = access_case_file(actor, case_file_id, keep=True, lock=True).case_file
    must_be_open(case_file)
    new = _cleaned(plan, default_creator=case_file.creator)
    new["code"] = new["code"] or case_file.code
    before = {name: getattr(case_file, name) for name in new}
    changed = [name for name in new if new[name] != before[name]]
    if not changed:
        return case_file
    _check_code(case_file.organisation_id, new, but=case_file.pk)
    for name in changed:
        setattr(case_file, name, new[name])
    case_file.code_key = rules.code_key(case_file.code)
    case_file.search_key = search_key_of(case_file)
    case_file.save(update_fields=[*changed, "code_key", "search_key"])
    index_case_file(case_file)
    audit.record(
        actor,
        "case_file.changed",
        "case_file",
        case_file.pk,
        before={name: plain(before[name]) for name in changed},
        after={name: plain(new[name]) for name in changed},
    )
    outbox.emit(events.CASE_FILE_CHANGED, case_file.pk)
    return case_file


def next_code(unit: Unit, year: int) -> str:
    """The number after the highest of the unit's section in that year. One query."""
    section = unit.abbreviation
    codes = CaseFile.objects.filter(
        organisation_id=unit.organisation_id, year=year, code__endswith=f".{section}"
    ).values_list("code", flat=True)
    numbers = [p[0] for p in map(rules.parse_code, codes) if p and p[1] == section]
    return rules.compose_code(max(numbers, default=0) + 1, section)


def must_be_open(case_file: CaseFile) -> None:
    """Raises Conflict."""
    if case_file.state == CaseFileState.HANDED_OVER:
        raise handed_over()
    if case_file.state != CaseFileState.OPEN:
        raise Conflict(
            _("Hồ sơ đã kết thúc. Hãy mở lại trước khi thay đổi."),
            code="case_file_closed",
        )


def handed_over() -> Conflict:
    """What every change of such a file gets."""
    return Conflict(
        _("Hồ sơ đã nộp vào lưu trữ, chỉ xem được."), code="case_file_handed_over"
    )


def search_key_of(case_file: CaseFile) -> str:
    """What the search box looks in."""
    return text.search_key(
        f"{case_file.code} {case_file.title} {case_file.creator}"
        f" {case_file.description}"
    )


def _cleaned(plan: CaseFilePlan, default_creator: str) -> dict[str, Any]:
    check = Checker()
    today = clock.today()
    starts_on = plan.starts_on or today
    code = check.text("code", plan.code, FILE_NOTATION_LENGTH)
    if code and rules.parse_code(code) is None:
        check.faults["code"] = _("Hãy ghi theo mẫu 01.TCCB: số, dấu chấm, mục.")
    year = starts_on.year if plan.year is None else plan.year
    if not 1900 <= year <= clock.today().year + 1:
        check.faults["year"] = _("Năm nằm ngoài khoảng cho phép.")
    new = {
        "code": code,
        "year": year,
        "title": check.text("title", plan.title, SUBJECT_LENGTH, required=True),
        "retention": check.choice(
            "retention", plan.retention, (r.code for r in rules.retentions(today))
        ),
        "rights": check.choice("rights", plan.rights, _codes("rights", today)),
        "work": check.choice("work", plan.work, _codes("work", today)),
        "creator": check.text(
            "creator", plan.creator or default_creator, CREATOR_LENGTH, required=True
        ),
        "language": check.text("language", plan.language or LANGUAGE, LANGUAGE_LENGTH),
        "starts_on": check.not_after(
            "starts_on", starts_on, clock.today(), _("Ngày này chưa tới.")
        ),
        "description": check.text("description", plan.description, NOTE_LENGTH),
    }
    check.finish()
    return new


def _codes(group: rules.Group, on: date) -> list[str]:
    return [choice.code for choice in rules.choices(group, on)]


def _check_code(
    organisation_id: UUID, new: dict[str, Any], but: UUID | None = None
) -> None:
    if len(new["code"]) > FILE_NOTATION_LENGTH:
        raise InvalidInput(
            fields={
                "code": _("Dài quá %(limit)s ký tự.") % {"limit": FILE_NOTATION_LENGTH}
            }
        )
    same = CaseFile.objects.filter(
        organisation_id=organisation_id, year=new["year"], code=new["code"]
    )
    if any(key != but for key in same.values_list("pk", flat=True)):
        # It does not say whose: the other file may be one that the actor cannot see.
        raise Conflict(
            _("Số, ký hiệu này đã có hồ sơ mang trong năm %(year)s.")
            % {"year": new["year"]},
            code="case_file_exists",
            fields={"code": _("Hãy chọn số khác, hoặc để trống để lấy số kế tiếp.")},
        )


def plain(value: Any) -> Any:
    """As the audit trail keeps it."""
    return value.isoformat() if isinstance(value, date) else value
