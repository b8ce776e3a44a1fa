"""The list of case files, the form of one, and its table of contents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from server.accounts.models import Membership, User
from server.common import clock
from server.common.errors import AppError, Conflict, InvalidInput, NotFound
from server.registry.access import as_id
from server.registry.actions import case_files as actions
from server.registry.actions.case_files import CaseFilePlan
from server.registry.book_lists import CASE_FILE_STATES, case_file_rows_file
from server.registry.books import Format
from server.registry.case_file_access import access_case_file, units_for_new_file
from server.registry.case_files import rules
from server.registry.file_answers import paper_answer
from server.registry.models import CaseFile, CaseFileState
from server.registry.queries import case_files as queries
from server.registry.queries.case_files import CaseFileFilter, Totals
from server.registry.views.form_values import FormValues
from server.registry.views.registers import Link
from server.registry.views.requests import is_partial, number, person, show


@never_cache
@require_GET
def case_file_count(request: HttpRequest) -> HttpResponse:
    """The number beside the word in the bar: files that whoever looks keeps, and that
    are soon to be handed over. Empty also for a page whose session has ended."""
    if not request.user.is_authenticated:
        return HttpResponse()
    return HttpResponse(str(queries.count_due(person(request)) or ""))


@never_cache
@login_required
@require_GET
def case_file_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    shown, asked = _filter(request)
    sort = asked["sort"]
    found = queries.list_case_files(
        user, shown, sort=sort, page=number(request, "page")
    )
    totals = queries.totals_of(found.rows)
    due, due_count = queries.due_for_hand_over(user)

    def address(**changed: object) -> str:
        kept = {**asked, **changed}
        return "?" + urlencode({k: v for k, v in kept.items() if v not in ("", 1)})

    context: dict[str, object] = {
        "found": found,
        "rows": [(row, totals.get(row.pk, Totals())) for row in found.rows],
        "asked": asked,
        "years": queries.years_of(user),
        "units": queries.units_of(user),
        "states": CASE_FILE_STATES,
        "due": due,
        "due_count": due_count,
        "due_address": address(state=queries.DUE, page=""),
        "sorts": {
            name: Link(
                "",
                address(sort=f"-{name}" if sort == name else name),
                sort.removeprefix("-") == name,
            )
            for name in ("code", "start")
        },
        "direction": "descending" if sort.startswith("-") else "ascending",
        "prints": _index_prints(asked),
        "export": reverse("case_file_list_file") + address(page=""),
        "previous": address(page=found.number - 1) if found.number > 1 else "",
        "next": address(page=found.number + 1) if found.number < found.pages else "",
        "today": clock.today(),
        "is_partial": is_partial(request),
    }
    return show(request, "case_files/list.html", "case_files/_list.html", context)


@login_required
@require_GET
def case_file_list_file(request: HttpRequest) -> HttpResponse:
    """What the page shows, all of its pages; the printed index is another thing."""
    shown, asked = _filter(request)
    return paper_answer(case_file_rows_file(person(request), shown, asked["sort"]))


def _filter(request: HttpRequest) -> tuple[CaseFileFilter, dict[str, str]]:
    """What is asked; a value that cannot be read is left out, not an error."""
    get = request.GET
    year, sort = get.get("year", ""), get.get("sort", "")
    year = year if year.isascii() and year.isdigit() and len(year) == 4 else ""
    state = get.get("state", "")
    unit: UUID | None = None
    if get.get("unit"):
        try:
            unit = as_id(get["unit"])
        except NotFound:
            unit = None
    asked = {
        "q": get.get("q", "")[:200],
        "year": year,
        "unit": str(unit) if unit else "",
        "state": state if state in dict(CASE_FILE_STATES) else "",
        "sort": sort if sort in queries.SORTS else queries.DEFAULT_SORT,
    }
    formed = int(year) if year else None
    return CaseFileFilter(asked["q"], formed, unit, asked["state"]), asked


def _index_prints(asked: Mapping[str, str]) -> list[Link]:
    query = urlencode({k: v for k, v in asked.items() if v})
    return _prints("/api/v1/case-files/index", query)


def _prints(base: str, query: str = "") -> list[Link]:
    labels = {
        Format.PDF: _("PDF để in"),
        Format.DOCX: _("Word (.docx)"),
        Format.XLSX: _("Bảng tính (.xlsx)"),
    }
    return [
        Link(label, f"{base}.{form.value}?{query}".rstrip("?"))
        for form, label in labels.items()
    ]


@never_cache
@login_required
def case_file_new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    units = list(units_for_new_file(user).order_by("search_key", "pk"))
    context: dict[str, Any] = {"units": units, "data": request.POST}
    if request.method == "POST":
        try:
            case_file = actions.create_case_file(
                user, request.POST.get("unit", ""), _plan(request.POST)
            )
        except (InvalidInput, Conflict) as refused:
            context["error"] = refused
        else:
            messages.success(
                request, _("Đã lập hồ sơ %(code)s.") % {"code": case_file.code}
            )
            return redirect("case_file", case_file_id=case_file.pk)
    else:
        today = clock.today()
        context["data"] = {
            "unit": own_unit(user),
            "year": str(today.year),
            "starts_on": today.isoformat(),
            "creator": user.full_name,
            "language": actions.LANGUAGE,
            "retention": "y10",
        }
    return _form(request, "new.html", context)


@never_cache
@login_required
def case_file_change(request: HttpRequest, case_file_id: UUID) -> HttpResponse:
    access = access_case_file(person(request), case_file_id, keep=True)
    actions.must_be_open(access.case_file)
    context: dict[str, Any] = {"case_file": access.case_file, "data": request.POST}
    if request.method == "POST":
        try:
            actions.change_case_file(person(request), case_file_id, _plan(request.POST))
        except (InvalidInput, Conflict) as refused:
            context["error"] = refused
        else:
            messages.success(request, _("Đã sửa hồ sơ."))
            return redirect("case_file", case_file_id=case_file_id)
    else:
        context["data"] = _written(access.case_file)
    return _form(request, "change.html", context)


def own_unit(user: User) -> str:
    """What the form offers first: the unit that stands beside the name."""
    own = Membership.objects.filter(user=user).order_by("-is_primary", "pk")
    return str(own.values_list("unit_id", flat=True).first() or "")


def _plan(data: Mapping[str, str]) -> CaseFilePlan:
    values = FormValues(data)
    plan = CaseFilePlan(
        title=values.text("title"),
        retention=values.text("retention"),
        code=values.text("code"),
        year=values.count("year"),
        rights=values.text("rights"),
        work=values.text("work"),
        creator=values.text("creator"),
        language=values.text("language"),
        starts_on=values.day("starts_on"),
        description=values.text("description"),
    )
    values.finish()
    return plan


def _written(case_file: CaseFile) -> dict[str, str]:
    """As the form would send it."""
    names = ("code", "title", "retention", "rights", "work", "creator", "language")
    written = {name: str(getattr(case_file, name)) for name in names}
    return {
        **written,
        "year": str(case_file.year),
        "starts_on": case_file.starts_on.isoformat(),
        "description": case_file.description,
    }


def _form(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    error: AppError | None = context.get("error")
    today = clock.today()
    chosen = {
        "retentions": rules.retentions(today),
        "rights": rules.choices("rights", today),
        "works": rules.choices("work", today),
    }
    return render(
        request,
        f"registry/case_files/{template}",
        {**context, **chosen},
        status=error.http_status if error else 200,
    )


@never_cache
@login_required
@require_GET
def case_file_page(request: HttpRequest, case_file_id: UUID) -> HttpResponse:
    """The table of contents; with `q`, documents to put in (without a script)."""
    access = access_case_file(person(request), case_file_id)
    case_file = access.case_file
    found = queries.list_lines(case_file, number(request, "page"))
    is_open = case_file.state == CaseFileState.OPEN
    may_add = access.may_keep and is_open
    q = request.GET.get("q", "")[:200]
    rule = rules.hand_over_rule(case_file.ruled_on).value.hand_over
    context = {
        "case_file": case_file,
        "access": access,
        "found": found,
        "totals": queries.totals_of([case_file]).get(case_file.pk, Totals()),
        "openable": queries.openable_drafts(person(request), found.rows),
        "may_add": may_add,
        "may_hand_over": access.may_hand_over
        and case_file.state == CaseFileState.CLOSED
        and case_file.due_on is not None,
        "is_due": case_file.is_due(clock.today()),
        "is_late": case_file.due_on is not None and case_file.due_on < clock.today(),
        "least_years": rule.least_years,
        "q": q,
        "candidates": queries.find_documents(person(request), case_file, q)
        if may_add and q
        else [],
        "previous": f"?page={found.number - 1}" if found.number > 1 else "",
        "next": f"?page={found.number + 1}" if found.number < found.pages else "",
        "prints": _prints(f"/api/v1/case-files/{case_file.pk}/contents"),
        "parcel": f"/api/v1/case-files/{case_file.pk}/parcel.zip",
    }
    return render(request, "registry/case_files/page.html", context)


@never_cache
@login_required
@require_GET
def case_file_find(request: HttpRequest, case_file_id: UUID) -> HttpResponse:
    """What the search box of a file finds while one types."""
    access = access_case_file(person(request), case_file_id, keep=True)
    q = request.GET.get("q", "")[:200]
    context = {
        "case_file": access.case_file,
        "q": q,
        "candidates": queries.find_documents(person(request), access.case_file, q),
    }
    return render(request, "registry/case_files/_candidates.html", context)
