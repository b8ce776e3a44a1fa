"""The API of review, joined from its parts. Must never hold a rule."""

from __future__ import annotations

from ninja import Router

from server.review.threads_api import router as threads_router

router = Router(tags=["review"])
router.add_router("", threads_router)
