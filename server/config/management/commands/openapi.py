"""`python -m server openapi`: the description of the HTTP API, for docs/openapi.json.

The client's types are made from it, and a change of it shows in review.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation


def description() -> str:
    """Stable text: sorted, in the source language, ending in a line break."""
    # Imported late: the API needs Django to be ready.
    from server.config.api import api

    with translation.override("vi"):
        schema = api.get_openapi_schema(path_prefix="/api/v1/")
        return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


class Command(BaseCommand):
    help = "Print the OpenAPI description of the HTTP API."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(description(), ending="")
