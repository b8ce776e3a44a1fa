"""The list of registers as a spreadsheet: each run of numbers with its last one.

Must never be called for anybody but the person whose list it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.accounts.models import User
from server.common import clock
from server.publishing.registers.book import Cell
from server.registry.exports import ExportedFile
from server.registry.list_exports import list_file
from server.registry.list_forms import ListForm
from server.registry.models import Register, RegisterCounter
from server.registry.queries.registers import newest_runs, registers_of
from server.registry.templatetags.registers import type_or_group


@dataclass(frozen=True, slots=True)
class _Row:
    """A register with one of its runs; None where no number was given yet."""

    register: Register
    run: RegisterCounter | None


def registers_file(user: User) -> ExportedFile:
    """All runs of the newest period, also those that the page has no room for."""
    found = registers_of(user)
    runs = newest_runs(found)
    rows: list[_Row] = []
    for register in found:
        given = runs.get(register.pk)
        rows += (
            [_Row(register, run) for run in given] if given else [_Row(register, None)]
        )
    return list_file(_REGISTERS, rows, about=(user.full_name,))


def _last(row: _Row) -> Cell:
    if row.run is None:
        return _("Chưa cấp số nào")
    return row.register.written(row.run.last_number, "", clock.today())


_REGISTERS: ListForm[_Row] = ListForm(
    gettext_lazy("Sổ đăng ký"),
    (
        (gettext_lazy("Tên sổ"), 60, False, lambda r: r.register.name),
        (
            gettext_lazy("Nguồn"),
            32,
            False,
            lambda r: str(r.register.get_kind_display()),
        ),
        (gettext_lazy("Cơ quan"), 60, False, lambda r: r.register.organisation.name),
        (
            gettext_lazy("Sổ riêng của tổ chức tư vấn"),
            44,
            False,
            lambda r: r.register.body.name if r.register.body else "",
        ),
        (gettext_lazy("Kỳ"), 24, True, lambda r: r.run.period if r.run else ""),
        (
            gettext_lazy("Dãy số"),
            34,
            False,
            lambda r: type_or_group(r.run.group) if r.run else "",
        ),
        (gettext_lazy("Số cuối"), 26, True, _last),
        (
            gettext_lazy("Trạng thái"),
            26,
            False,
            lambda r: "" if r.register.is_active else _("Đã khóa"),
        ),
    ),
)
