"""The address that a QR code on paper leads to. It must outlive this software."""

from __future__ import annotations

from django.conf import settings


def verify_url(code: str) -> str:
    """Where anybody may ask about the document that bears this code."""
    return f"{settings.PUBLIC_URL}/verify/{code}"
