"""What the clerk asks for: register, number, and everyone who gets the document.

Cleaned here, once, for the page and the API. Must never look at rights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, Unit, User
from server.common import clock
from server.common.errors import InvalidInput
from server.registry.entry_fields import Checker
from server.registry.models import (
    ADDRESS_LENGTH,
    PURPOSE_LENGTH,
    RECIPIENT_NAME_LENGTH,
    RecipientChannel,
)

MAX_RECIPIENTS = 500
# As many names as one reads in a message.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class RecipientPlan:
    """One line of the list: at most one of the three ids, or a name from outside.

    `deadline` is the last day on which the recipient's action is in time; whoever must
    act has one.
    """

    name: str = ""
    organisation: UUID | None = None
    unit: UUID | None = None
    person: UUID | None = None
    channel: str = RecipientChannel.IN_APP
    address: str = ""
    purpose: str = ""
    must_act: bool = False
    deadline: date | None = None

    @property
    def is_here(self) -> bool:
        return any((self.organisation, self.unit, self.person))

    @property
    def key(self) -> tuple[object, ...]:
        """Two lines with the same key are the same recipient."""
        here = (self.organisation, self.unit, self.person)
        return here if self.is_here else (self.name.casefold(), self.channel)


@dataclass(frozen=True, slots=True)
class IssuePlan:
    """`seen` is the digest of the approved text that the preview showed.

    `expected` is the number that the preview showed ("328"); empty: whichever comes
    next. So is `expected_on` the date that it showed. `number_id` names a reserved
    number to use instead. `is_second` confirms that another document of the
    organisation bears the same number.
    """

    register_id: UUID
    seen: str
    recipients: tuple[RecipientPlan, ...] = ()
    number_id: UUID | None = None
    expected: str = ""
    expected_on: date | None = None
    archive_unit: str = ""
    copies: int | None = None
    note: str = ""
    is_second: bool = False


def clean_recipients(
    recipients: Sequence[RecipientPlan], issued_on: date
) -> tuple[RecipientPlan, ...]:
    """With names filled in from the system. At most three queries.

    Raises InvalidInput naming the line and the fault; an id that is unknown, a line
    that stands twice, a deadline that is past, and none for somebody who must act are
    faults.
    """
    if len(recipients) > MAX_RECIPIENTS:
        raise InvalidInput(
            _("Danh sách dài quá %(limit)s nơi nhận.") % {"limit": MAX_RECIPIENTS},
            fields={"recipients": _("Hãy chia thành nhóm hoặc đơn vị lớn hơn.")},
        )
    names = _names(recipients)
    # A held number may be of an earlier day, and a list grows later.
    first_day = max(issued_on, clock.today())
    seen: dict[tuple[object, ...], int] = {}
    found = []
    for number, line in enumerate(recipients, start=1):
        clean = _cleaned(line, names, first_day, number)
        if clean.key in seen:
            raise _fault(number, clean.name, _("Nơi nhận này đứng hai lần."))
        seen[clean.key] = number
        found.append(clean)
    _refuse_open_ended(
        [line.name for line in found if line.must_act and not line.deadline]
    )
    return tuple(found)


def _refuse_open_ended(names: Sequence[str]) -> None:
    """Who must act and has no day is late with nothing and chased for everything."""
    if not names:
        return
    said = ", ".join(f"“{name[:60]}”" for name in names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        said = _("%(names)s và %(more)s nơi khác") % {
            "names": said,
            "more": len(names) - MOST_NAMED,
        }
    message = _("Cần giải quyết mà chưa có hạn: %(names)s.") % {"names": said}
    mend = _("Hãy ghi hạn cho từng nơi, hoặc bỏ chọn “Cần giải quyết”.")
    raise InvalidInput(message, code="bad_recipient", fields={"recipients": mend})


def _names(recipients: Sequence[RecipientPlan]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    organisations = {r.organisation for r in recipients if r.organisation}
    units = {r.unit for r in recipients if r.unit}
    people = {r.person for r in recipients if r.person}
    if organisations:
        rows = Organisation.objects.filter(pk__in=organisations)
        found.update(rows.values_list("pk", "name"))
    if units:
        rows_of_units = Unit.objects.filter(pk__in=units)
        found.update(rows_of_units.values_list("pk", "name"))
    if people:
        active = User.objects.filter(pk__in=people, is_active=True)
        found.update(active.values_list("pk", "full_name"))
    return found


def _cleaned(
    line: RecipientPlan, names: dict[UUID, str], first_day: date, number: int
) -> RecipientPlan:
    ids = [key for key in (line.organisation, line.unit, line.person) if key]
    if len(ids) > 1 or (ids and ids[0] not in names):
        raise _fault(number, line.name, _("Không có nơi nhận này."))
    check = Checker()
    name = names[ids[0]] if ids else line.name
    clean = replace(
        line,
        name=check.text("name", name[:RECIPIENT_NAME_LENGTH], RECIPIENT_NAME_LENGTH),
        channel=check.choice("channel", line.channel, RecipientChannel.values),
        address=check.text("address", line.address, ADDRESS_LENGTH),
        purpose=check.text("purpose", line.purpose, PURPOSE_LENGTH),
        deadline=check.not_before(
            "deadline",
            line.deadline,
            first_day,
            _("Hạn này đã qua."),
        ),
    )
    if not clean.name:
        check.faults["name"] = _("Cần có tên nơi nhận.")
    if not ids and clean.channel == RecipientChannel.IN_APP:
        check.faults["channel"] = _(
            "Nơi nhận ngoài hệ thống: hãy chọn bản giấy, thư điện tử hoặc trục."
        )
    if clean.channel == RecipientChannel.EMAIL and not ids:
        try:
            validate_email(clean.address)
        except ValidationError:
            check.faults["address"] = _("Cần có địa chỉ thư điện tử đúng.")
    for fault in check.faults.values():
        raise _fault(number, clean.name or line.name, fault)
    # A deadline is for somebody who must act.
    return replace(clean, must_act=clean.must_act or clean.deadline is not None)


def _fault(number: int, name: str, message: object) -> InvalidInput:
    line = _("Nơi nhận dòng %(number)s (%(name)s): %(fault)s") % {
        "number": number,
        "name": name[:60] or "…",
        "fault": message,
    }
    return InvalidInput(line, code="bad_recipient", fields={"recipients": line})
