"""Mandates: those that one gave or holds, giving one, ending one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from server.accounts import queries as people
from server.accounts.models import User
from server.common import clock
from server.common.errors import InvalidInput, Message, NotAllowed
from server.registry import holders
from server.registry.access import as_id
from server.registry.actions import delegations
from server.registry.models import Delegation, DelegationForm
from server.registry.queries.delegations import (
    Givable,
    givable,
    is_over,
    list_delegations,
    may_end,
    powers_of,
    units_of,
)
from server.registry.views.form_values import FormValues
from server.registry.views.requests import number, person
from server.registry.workflow.authority import Form, Power

SUGGESTED = 8
POWERS = {
    Power.CONTENT: gettext_lazy("Duyệt nội dung thay trưởng đơn vị"),
    Power.SIGN: gettext_lazy("Duyệt ký văn bản"),
    Power.DIRECT: gettext_lazy("Chỉ đạo, chuyển xử lý văn bản đến"),
}
# Whom a form asks for: the field, and what it is called in a sentence.
WHO = ("delegate", "principal")


@dataclass(frozen=True, slots=True)
class Row:
    given: Delegation
    is_over: bool
    is_to_come: bool
    may_end: bool
    powers: tuple[Message, ...]


@never_cache
@login_required
@require_GET
def delegation_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    mine = givable(user)
    found = list_delegations(user, number(request, "page"))
    context = {
        "rows": [_row(user, given, mine) for given in found.rows],
        "found": found,
        "may_give": bool(mine),
        "previous": f"?page={found.number - 1}" if found.number > 1 else "",
        "next": f"?page={found.number + 1}" if found.number < found.pages else "",
    }
    return render(request, "registry/delegations.html", context)


def _row(user: User, given: Delegation, mine: Givable) -> Row:
    return Row(
        given,
        is_over=is_over(given),
        is_to_come=given.starts_on > clock.today(),
        may_end=may_end(user, given, mine.administers),
        powers=tuple(POWERS[power] for power in powers_of(given)),
    )


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def delegation_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    mine = givable(user)
    if not mine:
        raise NotAllowed(_("Bạn chưa có quyền nào để ủy quyền."))
    error: InvalidInput | None = None
    if request.method == "POST":
        try:
            made = delegations.delegate(user, _wish(request, user, mine))
        except InvalidInput as refused:
            error = refused
        else:
            name = made.delegate.full_name
            messages.success(request, _("Đã ủy quyền cho %(name)s.") % {"name": name})
            return redirect("delegation_list")
    labels = dict(DelegationForm.choices)
    context: dict[str, Any] = {
        "data": request.POST,
        "error": error,
        "mine": mine,
        "forms": [(form.value, labels[form.value]) for form in mine.forms],
        "powers": _powers(request, mine),
        "today": clock.today(),
        "units": units_of(mine),
        "chosen": {who: _chosen(request, who) for who in WHO},
    }
    status = error.http_status if error else 200
    return render(request, "registry/delegation_new.html", context, status=status)


def _powers(request: HttpRequest, mine: Givable) -> list[tuple[str, Message, bool]]:
    """Each power that may be ticked, and whether it is: at first what one has, but to
    direct incoming documents is never given by the way."""
    offered = set(mine.powers)
    for held in mine.passable:
        offered.update(powers_of(held))
    if mine.is_administrator:
        offered = set(Power)
    asked = request.POST.getlist("powers")
    usual = [power.value for power in offered - {Power.DIRECT}]
    ticked = asked if request.method == "POST" else usual
    return [
        (power.value, label, power.value in ticked)
        for power, label in POWERS.items()
        if power in offered
    ]


def _wish(request: HttpRequest, user: User, mine: Givable) -> delegations.Wish:
    """Raises InvalidInput for a form that cannot be read, each field by its name."""
    values = FormValues(request.POST)
    starts_on, ends_on = values.day("starts_on"), values.day("ends_on")
    values.finish()
    form = values.text("form")
    faults: dict[str, Message] = {}
    if form not in {known.value for known in mine.forms}:
        faults["form"] = _("Hãy chọn một giá trị trong danh sách.")
    if starts_on is None:
        faults["starts_on"] = _("Cần có giá trị này.")
    delegate = _chosen(request, "delegate")
    if delegate is None:
        faults["delegate"] = _("Hãy chọn người được ủy quyền.")
    of_nobody = form in (Form.TM, Form.Q)
    principal = user
    if mine.is_administrator and not of_nobody:
        named = _chosen(request, "principal")
        if named is None:
            faults["principal"] = _("Hãy chọn người ủy quyền.")
        else:
            principal = named
    if faults:
        raise InvalidInput(fields=faults)
    assert delegate is not None
    assert starts_on is not None
    under, unit = values.text("under"), values.text("of_unit")
    return delegations.Wish(
        form=Form(form),
        delegate=delegate,
        starts_on=starts_on,
        principal=None if of_nobody else principal,
        in_place_of=values.text("in_place_of"),
        powers=frozenset(
            Power(value)
            for value in request.POST.getlist("powers")
            if value in set(Power)
        ),
        ends_on=ends_on,
        document=values.text("document"),
        under=as_id(under) if under else None,
        unit=next((one for one in units_of(mine) if str(one.pk) == unit), None),
    )


def _chosen(request: HttpRequest, who: str) -> User | None:
    name = request.POST.get(who, "")
    try:
        return holders.person(name) if name else None
    except InvalidInput:
        return None


@never_cache
@login_required
@require_GET
def delegation_people(request: HttpRequest) -> HttpResponse:
    """Whom the words of the search find, to be chosen from."""
    user = person(request)
    if not givable(user):
        raise NotAllowed
    who = request.GET.get("who", "")
    q = request.GET.get(f"{who}_q", "")[:200]
    found = list(people.people(q)[:SUGGESTED]) if q.strip() else []
    context = {
        "people": [one for one in found if who == "principal" or one.pk != user.pk],
        "who": who if who in WHO else WHO[0],
        "q": q,
    }
    return render(request, "registry/_delegation_people.html", context)


@login_required
@require_POST
def delegation_end(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    delegations.end_delegation(person(request), delegation_id)
    messages.success(request, _("Ủy quyền đã kết thúc."))
    return redirect("delegation_list")


@login_required
@require_POST
def delegation_noted(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    delegations.note_delegation(person(request), delegation_id)
    return redirect("approvals")
