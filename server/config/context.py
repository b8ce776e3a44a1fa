"""What every page may need: product switches, never rights."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def office(request: HttpRequest) -> dict[str, object]:
    return {"demo_office": settings.DEMO}
