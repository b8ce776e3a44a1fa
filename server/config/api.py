"""The HTTP API of the product, /api/v1: everything that the pages do.

Each app brings a router; this module only joins them. Addresses and error codes are
promises to other people's programs.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from ninja import NinjaAPI

from server.accounts.api import router as accounts_router
from server.accounts.auth import either
from server.common.http import translate_errors
from server.config.operations import router as operations_router
from server.registry.api import router as registry_router
from server.registry.case_file_api import router as case_file_router
from server.registry.check_api import router as check_router
from server.registry.copies_api import router as copies_router
from server.registry.distribution_api import router as distribution_router
from server.registry.incoming_api import router as incoming_router
from server.registry.issue_api import router as issue_router
from server.registry.office_api import router as office_router
from server.registry.process_api import router as process_router
from server.registry.register_api import router as register_router
from server.registry.search_api import router as search_router
from server.review.api import router as review_router

api = NinjaAPI(
    title="Duthao",
    version="1",
    description="Collaborative drafting of official documents.",
    auth=either(),
    docs_decorator=login_required,
)
translate_errors(api)
api.add_router("", accounts_router)
api.add_router("", registry_router)
api.add_router("", check_router)
api.add_router("", process_router)
api.add_router("", register_router)
api.add_router("", issue_router)
api.add_router("", distribution_router)
api.add_router("", copies_router)
api.add_router("", office_router)
api.add_router("", search_router)
api.add_router("", incoming_router)
api.add_router("", case_file_router)
api.add_router("", review_router)
api.add_router("", operations_router)
