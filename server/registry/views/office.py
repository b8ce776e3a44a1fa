"""One's own signature, and the pages of an organisation: its rules and its seal.

The pictures themselves are served by the API's addresses, which ask rights each time.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from server.accounts.models import Unit
from server.common.errors import AppError, InvalidInput, NotFound
from server.publishing.signing.images import MAX_BYTES
from server.registry.actions.policy import Rules, set_policy
from server.registry.actions.stamps import set_seal_image, set_signature_image
from server.registry.models import Norm
from server.registry.office_access import OfficeAccess, access_office, list_offices
from server.registry.stamps import access_seal_of, live_seal, live_signature
from server.registry.standing import policy_of
from server.registry.uploads import read_upload
from server.registry.views.form_values import FormValues
from server.registry.views.requests import person


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def signature(request: HttpRequest) -> HttpResponse:
    user = person(request)
    error: AppError | None = None
    if request.method == "POST":
        try:
            set_signature_image(user, _picture(request))
        except AppError as refused:
            error = refused
        else:
            messages.success(request, _("Đã lưu ảnh chữ ký của bạn."))
            return redirect("signature")
    context = {
        "live": live_signature(user),
        "limit_mb": MAX_BYTES // 1_000_000,
        "error": error,
    }
    status = error.http_status if error else 200
    return render(request, "registry/signature.html", context, status=status)


@never_cache
@login_required
@require_GET
def office_list(request: HttpRequest) -> HttpResponse:
    """Most people work in one organisation: its page is shown at once."""
    found = list_offices(person(request))
    if len(found) == 1:
        return redirect("office", organisation_id=found[0].organisation.pk)
    return render(request, "registry/offices.html", {"offices": found})


@never_cache
@login_required
@require_GET
def office(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    return _page(request, access_office(person(request), organisation_id))


@never_cache
@login_required
@require_POST
def office_policy(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    user = person(request)
    access = access_office(user, organisation_id)
    values = FormValues(request.POST)
    rules = Rules(
        drafter_may_approve=values.ticked("drafter_may_approve"),
        content_approver_may_check=values.ticked("content_approver_may_check"),
        signs_digitally=values.ticked("signs_digitally"),
        copies_signed_files=values.ticked("copies_signed_files"),
        inserts_numbers=values.ticked("inserts_numbers"),
        checking_unit=values.text("checking_unit"),
        norm=values.text("norm") or None,
    )
    try:
        set_policy(user, organisation_id, rules)
    except InvalidInput as refused:
        return _page(request, access, policy_error=refused)
    messages.success(request, _("Đã lưu quy định của cơ quan."))
    return redirect("office", organisation_id=organisation_id)


@never_cache
@login_required
@require_POST
def office_seal(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    user = person(request)
    kept = access_seal_of(user, organisation_id)
    try:
        set_seal_image(user, kept, _picture(request))
    except NotFound:
        raise
    except AppError as refused:
        access = access_office(user, organisation_id)
        return _page(request, access, seal_error=refused)
    messages.success(request, _("Đã lưu ảnh con dấu của cơ quan."))
    return redirect("office", organisation_id=organisation_id)


def _picture(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None:
        raise InvalidInput(_("Hãy chọn một tệp ảnh."))
    return read_upload(file, MAX_BYTES)


def _page(
    request: HttpRequest,
    access: OfficeAccess,
    *,
    policy_error: AppError | None = None,
    seal_error: AppError | None = None,
) -> HttpResponse:
    found = access.organisation
    units = Unit.objects.filter(organisation=found).order_by("search_key")
    context: dict[str, Any] = {
        "access": access,
        "office": found,
        "policy": policy_of(found.pk),
        "units": units,
        "norms": Norm.choices,
        "seal": live_seal(found) if access.may_keep_seal else None,
        "limit_mb": MAX_BYTES // 1_000_000,
        "policy_error": policy_error,
        "seal_error": seal_error,
    }
    error = policy_error or seal_error
    status = error.http_status if error else 200
    return render(request, "registry/office.html", context, status=status)
