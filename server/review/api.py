"""The API of review, joined from its parts. Must never hold a rule."""

from __future__ import annotations

from ninja import Router

from server.review.authors_api import router as authors_router
from server.review.opinion_api import router as opinion_router
from server.review.threads_api import router as threads_router
from server.review.version_api import router as version_router
from server.review.word_api import router as word_router

router = Router(tags=["review"])
router.add_router("", authors_router)
router.add_router("", opinion_router)
router.add_router("", threads_router)
router.add_router("", version_router)
router.add_router("", word_router)
