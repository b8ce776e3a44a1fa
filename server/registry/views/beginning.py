"""Begin a draft: from a type's template, blank, or from a .docx file."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from server.accounts.models import Unit, User
from server.accounts.queries import memberships_of
from server.common.errors import AppError, InvalidInput
from server.publishing.rules import Kind
from server.registry.actions.drafts import create_draft, norm_of
from server.registry.actions.imports import import_docx
from server.registry.document_types import DocumentType, all_types, matching
from server.registry.models import DraftSource
from server.registry.uploads import read_upload
from server.registry.views.requests import is_partial, person, show

# What an office writes most, in the order in which it is looked for.
USUAL: dict[Kind, tuple[str, ...]] = {
    "state": ("CV", "QĐ", "TTr", "BC", "KH", "TB", "GM"),
    "party": ("CV", "QĐ", "NQ", "KL", "TB", "BC", "TTr"),
}
DEFAULT_TYPE = "CV"


@never_cache
@login_required
def draft_new(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    error: AppError | None = None
    if request.method == "POST":
        try:
            draft = create_draft(
                person(request),
                title=data.get("title", ""),
                type_code=data.get("type", ""),
                source=DraftSource.BLANK if data.get("blank") else DraftSource.TEMPLATE,
                unit_id=data.get("unit") or None,
            )
        except InvalidInput as refused:
            error = refused
        else:
            return redirect("draft_editor", draft_id=draft.pk)
    chosen = data.get("type", DEFAULT_TYPE)
    units = _units(person(request))
    norm = norm_of(_chosen(units, data.get("unit", "")))
    context: dict[str, object] = {
        **_types(data.get("find", ""), chosen, norm),
        "title": data.get("title", ""),
        "blank": data.get("blank", ""),
        "chosen_unit": data.get("unit", ""),
        "units": units,
        "error": error,
    }
    return show(request, "new.html", "_types.html", context)


def _types(q: str, chosen: str, norm: Kind) -> dict[str, object]:
    """The usual types first; the chosen one stays in sight while others are sought."""
    offered = all_types(norm=norm)
    if chosen not in {kind.code for kind in offered}:
        chosen = DEFAULT_TYPE
    found = {kind.code: kind for kind in matching(q, norm)}
    first = USUAL[norm]
    usual: Sequence[DocumentType] = [found[code] for code in first if code in found]
    others = [kind for kind in found.values() if kind.code not in first]
    hidden = [k for k in offered if k.code == chosen and k.code not in found]
    return {
        "find": q,
        "chosen": chosen,
        "norm": norm,
        "type_count": len(offered),
        "usual": [*hidden, *usual],
        "others": others,
        "nothing_found": not found,
    }


def _chosen(units: Sequence[Unit], key: str) -> Unit | None:
    """The unit that was asked for, else the primary one."""
    asked = (unit for unit in units if str(unit.pk) == key)
    return next(asked, units[0] if units else None)


def _units(user: User) -> list[Unit]:
    """Each unit of the person once, the primary one first."""
    return list({m.unit_id: m.unit for m in memberships_of(user)}.values())


@never_cache
@login_required
def draft_import(request: HttpRequest) -> HttpResponse:
    context: dict[str, object] = {
        "types": all_types(norm=norm_of(_chosen(_units(person(request)), ""))),
        "chosen": request.POST.get("type", DEFAULT_TYPE),
        "title": request.POST.get("title", ""),
        "limit_mb": settings.MAX_IMPORT_BYTES // 1_000_000,
    }
    if request.method != "POST":
        return show(request, "import.html", "_import.html", context)
    try:
        file = request.FILES.get("file")
        if file is None:
            raise InvalidInput(_("Hãy chọn một tệp .docx."))
        draft, notes = import_docx(
            person(request),
            filename=file.name or "",
            data=read_upload(file, settings.MAX_IMPORT_BYTES),
            title=request.POST.get("title", ""),
            type_code=request.POST.get("type", ""),
        )
    except AppError as error:
        context["error"] = error
        response = show(request, "import.html", "_import.html", context)
        # htmx shows only answers that succeed; a plain form gets the true status.
        if not is_partial(request):
            response.status_code = error.http_status
        return response
    if not notes and not is_partial(request):
        return redirect("draft_editor", draft_id=draft.pk)
    context = {"draft": draft, "notes": notes}
    return show(request, "imported.html", "_imported.html", context)
