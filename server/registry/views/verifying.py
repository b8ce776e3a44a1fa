"""The public pages that check a PDF, or the code on paper.

They keep nothing of what is sent and give no file out. A file is always sent to one
address, which knows how large it may be; the code of the page comes with it.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from server.common.errors import AppError, NotFound, TooMany
from server.registry.queries.public_documents import clean_code, find_by_code
from server.registry.verifying import (
    check,
    copied_as,
    issued_as,
    lacks_organisation,
    look_up,
)
from server.registry.views.requests import is_partial, show


@never_cache
@require_http_methods(["GET", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    """Raises NotFound for a typed code that cannot be one."""
    typed = request.GET.get("code", "")
    if request.method == "GET" and typed.strip():
        code = clean_code(typed)
        if not code:
            raise NotFound
        return redirect("verify_code", code)
    context = _context()
    status = _take_file(request, context) if request.method == "POST" else 200
    response = show(request, "verify.html", "_verify.html", context)
    response.status_code = status
    return response


def _take_file(request: HttpRequest, context: dict[str, object]) -> int:
    """What was found goes into the context. Returns the status of the answer."""
    file = request.FILES.get("file")
    try:
        checked = check(request, file)
    except AppError as error:
        context["error"] = error
        if not isinstance(error, TooMany):
            context["document"] = find_by_code(request.POST.get("code", ""))
        # htmx shows only answers that succeed; a plain form gets the true status.
        return 200 if is_partial(request) else error.http_status
    context["document"] = find_by_code(request.POST.get("code", ""))
    report = checked.report
    context["report"] = report
    context["original"] = checked.original
    if checked.original:
        context["original_issued"] = issued_as(checked.original)
    context["file_name"] = file.name if file else ""
    context["lacks_organisation"] = lacks_organisation(report)
    context["issued"] = issued_as(report)
    context["copy"] = copied_as(report)
    return 200


@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code on paper leads to. Raises NotFound, TooMany."""
    context = {**_context(), "document": look_up(request, code)}
    response = show(request, "verify.html", "_verify.html", context)
    # Whoever holds the paper may ask; search engines need not know.
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _context() -> dict[str, object]:
    return {"limit_mb": settings.MAX_VERIFY_BYTES // 1_000_000}
