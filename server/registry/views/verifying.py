"""The public page that checks a PDF. It keeps nothing of what is sent."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from server.common.errors import AppError
from server.registry.verifying import check, lacks_organisation
from server.registry.views.requests import is_partial, show


@never_cache
@require_http_methods(["GET", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    context: dict[str, object] = {"limit_mb": settings.MAX_VERIFY_BYTES // 1_000_000}
    status = 200
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            report = check(request, file)
        except AppError as error:
            context["error"] = error
            # htmx shows only answers that succeed; a plain form gets the true status.
            status = 200 if is_partial(request) else error.http_status
        else:
            context["report"] = report
            context["file_name"] = file.name if file else ""
            context["lacks_organisation"] = lacks_organisation(report)
    response = show(request, "verify.html", "_verify.html", context)
    response.status_code = status
    return response
