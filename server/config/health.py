"""Is this process alive, and can it do its work? For probes and for `curl`.

`/healthz` asks nothing of the database, so that a database that is away does not make
an orchestrator kill the process that keeps its people's edits in memory. `/readyz`
says what is wrong. Neither may tell anything about documents or people.
"""

from __future__ import annotations

from django.db import Error as DatabaseFault
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from server.config import wiring


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when this process serves."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database and the update log answer, else 503; both in the body."""
    engine = wiring.engine()
    database = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseFault:
        database = False
    ready = database and engine.is_log_up and not engine.is_stopping
    return JsonResponse(
        {
            "ready": ready,
            "database": database,
            "update_log": engine.is_log_up,
            "unsaved_bytes": engine.unsaved_bytes,
        },
        status=200 if ready else 503,
    )
