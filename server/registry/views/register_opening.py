"""The page on which a clerk opens a register: its numbers, its period, whose series.

Must never decide what a register may be: `open_register` does, and names each fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from server.accounts.models import Unit
from server.common.errors import AppError, Conflict, InvalidInput
from server.registry.actions import registers as actions
from server.registry.models import RegisterKind
from server.registry.numbering.notation import Form
from server.registry.numbering.series import Mode, Period
from server.registry.register_access import kept_organisations
from server.registry.views.form_values import FormValues
from server.registry.views.requests import person

MODES = (
    (Mode.SINGLE, gettext_lazy("Chung một dãy số")),
    (Mode.PER_TYPE, gettext_lazy("Riêng từng loại văn bản")),
    (Mode.GROUPS, gettext_lazy("Riêng từng nhóm loại văn bản")),
)
FORMS = (
    (Form.DECREE_30, gettext_lazy("Văn bản hành chính: 15/QĐ-BNV")),
    (Form.LEGAL, gettext_lazy("Văn bản quy phạm pháp luật: 45/2016/QĐ-UBND")),
    (Form.PARTY, gettext_lazy("Văn bản của Đảng: 05-NQ/ĐU")),
)
PERIODS = (
    (Period.YEAR, gettext_lazy("Mỗi năm một dãy số")),
    (Period.TERM, gettext_lazy("Một dãy số cho cả nhiệm kỳ")),
)
# What most offices never set; the page shows it when one of them was.
_RARE = ("body", "groups", "starts_on", "ends_on")
_MOST_GROUPS = 30


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def register_new(request: HttpRequest) -> HttpResponse:
    user, data = person(request), request.POST
    organisations = list(kept_organisations(user))
    error: AppError | None = None
    if request.method == "POST":
        try:
            register = actions.open_register(
                user, data.get("organisation", ""), _plan(data)
            )
        except (InvalidInput, Conflict) as refused:
            error = refused
        else:
            messages.success(
                request, _("Đã mở sổ “%(name)s”.") % {"name": register.name}
            )
            return redirect("register_book", register_id=register.pk)
    units = Unit.objects.filter(organisation__in=organisations)
    context = {
        "organisations": organisations,
        "kinds": RegisterKind.choices,
        "modes": MODES,
        "forms": FORMS,
        "periods": PERIODS,
        "units": units.select_related("organisation").order_by(
            "organisation__name", "search_key"
        ),
        "is_rare": _is_rare(data),
        "data": data,
        "error": error,
    }
    status = error.http_status if error else 200
    return render(request, "registry/registers/new.html", context, status=status)


def _is_rare(data: Mapping[str, str]) -> bool:
    if data.get("numbering_mode") == Mode.GROUPS:
        return True
    usual = {"form": Form.DECREE_30, "period": Period.YEAR}
    return any(data.get(name) for name in _RARE) or any(
        data.get(name, value) != value for name, value in usual.items()
    )


def _plan(data: Mapping[str, str]) -> actions.RegisterPlan:
    """Raises InvalidInput naming every field that cannot be read."""
    values = FormValues(data)
    last = values.count("last_number")
    starts_on, ends_on = values.day("starts_on"), values.day("ends_on")
    values.finish()
    mode = data.get("numbering_mode", Mode.SINGLE)
    # With a run for each type, the one an office asks about is that of công văn.
    first_run = "CV" if mode == Mode.PER_TYPE else ""
    return actions.RegisterPlan(
        name=data.get("name", ""),
        kind=data.get("kind", ""),
        form=data.get("form", Form.DECREE_30),
        period=data.get("period", Period.YEAR),
        starts_on=starts_on,
        ends_on=ends_on,
        numbering_mode=mode,
        groups=_groups(data.get("groups", "")) if mode == Mode.GROUPS else (),
        body=data.get("body") or None,
        starts_after={first_run: last} if last else {},
    )


def _groups(typed: str) -> Sequence[Mapping[str, Any]]:
    """One group a line: "Quyết định: QĐ, NQ". A line without a colon is named after
    its types, as clerks call it."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines or len(lines) > _MOST_GROUPS:
        message = _("Hãy viết mỗi nhóm một dòng, nhiều nhất %(limit)s nhóm.")
        raise InvalidInput(fields={"groups": message % {"limit": _MOST_GROUPS}})
    return [_group(line) for line in lines]


def _group(line: str) -> Mapping[str, Any]:
    name, colon, rest = line.partition(":")
    codes = [code.strip() for code in (rest if colon else line).split(",")]
    codes = [code for code in codes if code]
    return {"name": name.strip() if colon else "-".join(codes), "types": codes}
