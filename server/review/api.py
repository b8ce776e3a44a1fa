"""The API of review, joined from its parts. Must never hold a rule."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["review"])
