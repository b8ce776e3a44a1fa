"""The API of review, joined from its parts. Must never hold a rule."""

from __future__ import annotations

from ninja import Router

from server.review.version_api import router as version_router

router = Router(tags=["review"])
router.add_router("", version_router)
