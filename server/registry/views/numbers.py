"""The numbers of a register: what was given, held and made void; the clerk's acts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.common import clock
from server.common.errors import Conflict, InvalidInput
from server.registry.actions import numbers as actions
from server.registry.models import NumberState
from server.registry.queries.registers import list_numbers, runs_of
from server.registry.register_access import access_number, access_register
from server.registry.standing import policy_of
from server.registry.views.form_values import FormValues
from server.registry.views.requests import number, person, refresh, show


@never_cache
@login_required
@require_GET
def register_numbers(request: HttpRequest, register_id: UUID) -> HttpResponse:
    return _page(request, register_id, {})


def _page(
    request: HttpRequest, register_id: UUID, more: dict[str, object]
) -> HttpResponse:
    access = access_register(person(request), register_id)
    state = request.GET.get("state", "")
    state = state if state in NumberState.values else ""
    found = list_numbers(access.register, state=state, page=number(request, "page"))
    context: dict[str, object] = {
        "register": access.register,
        "may_keep": access.may_keep,
        "may_insert": policy_of(access.register.organisation_id).inserts_numbers,
        "runs": runs_of(access.register),
        "found": found,
        "state": state,
        "states": NumberState.choices,
        "types": actions.types_of(access.register),
        "today": clock.today(),
        "over": [row.pk for row in found.rows if actions.is_over(row)],
        "expired": actions.EXPIRED,
        **more,
    }
    return render(request, "registry/registers/numbers.html", context)


@login_required
@require_POST
def number_hold(request: HttpRequest, register_id: UUID) -> HttpResponse:
    """Reserve the next number, or one behind another when `after` is filled in."""
    values = FormValues(request.POST)
    on_date = values.day("on_date") or clock.today()
    after = values.count("after")
    kind, reason = values.text("document_type"), values.text("reason")
    try:
        values.finish()
        if after is None:
            held = actions.reserve_number(
                person(request),
                register_id,
                document_type=kind,
                on_date=on_date,
                reason=reason,
            )
        else:
            held = actions.add_suffix_number(
                person(request),
                register_id,
                document_type=kind,
                number=after,
                on_date=on_date,
                reason=reason,
            )
    except (InvalidInput, Conflict) as refused:
        response = _page(request, register_id, {"error": refused, "data": request.POST})
        response.status_code = refused.http_status
        return response
    messages.success(request, _("Đang giữ số %(number)s.") % {"number": held.written})
    return redirect("register_numbers", register_id=register_id)


@never_cache
@login_required
def number_void(request: HttpRequest, number_id: UUID) -> HttpResponse:
    """The dialog that asks for the reason, and its answer."""
    held = access_number(person(request), number_id, keep=True)
    context: dict[str, object] = {"number": held}
    if request.method == "POST":
        try:
            actions.void_number(
                person(request), number_id, request.POST.get("reason", "")
            )
        except (InvalidInput, Conflict) as refused:
            context |= {"error": refused, "reason": request.POST.get("reason", "")}
        else:
            messages.success(request, _("Đã hủy số."))
            if "HX-Request" in request.headers:
                return refresh(request, "register_list")
            return redirect("register_numbers", register_id=held.register_id)
    return show(request, "registers/void.html", "registers/_void.html", context)
