"""Every list as .xlsx, at the address of its page with `export.xlsx` behind it.

Each takes the query of its page and passes the same door. Must never decide.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from server.registry import list_exports as lists
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.draft_lists import holders_file
from server.registry.file_answers import paper_answer
from server.registry.issued_access import access_distribution
from server.registry.models import NumberState
from server.registry.own_lists import offices_file, saved_searches_file, tokens_file
from server.registry.queries.distribution import Shown
from server.registry.queries.drafts import DEFAULT_SORT, SORTS, Scope
from server.registry.queries.received import FILTERS
from server.registry.register_access import access_register
from server.registry.register_lists import registers_file
from server.registry.views.requests import person


@login_required
@require_GET
def draft_list_file(request: HttpRequest) -> HttpResponse:
    scope, sort = request.GET.get("scope", ""), request.GET.get("sort", "")
    file = lists.drafts_file(
        person(request),
        Scope(scope) if scope in set(Scope) else Scope.MINE,
        q=request.GET.get("q", "")[:200],
        sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
    )
    return paper_answer(file)


@login_required
@require_GET
def received_file(request: HttpRequest) -> HttpResponse:
    shown = request.GET.get("show", "")
    shown = shown if shown in FILTERS else ""
    return paper_answer(lists.received_file(person(request), shown))


@login_required
@require_GET
def distribution_file(request: HttpRequest, document_id: UUID) -> HttpResponse:
    document, _may_keep = access_distribution(person(request), document_id)
    asked = request.GET.get("show", "")
    shown = Shown(asked) if asked in set(Shown) else Shown.ALL
    return paper_answer(lists.distribution_file(document, shown))


@login_required
@require_GET
def register_numbers_file(request: HttpRequest, register_id: UUID) -> HttpResponse:
    access = access_register(person(request), register_id)
    state = request.GET.get("state", "")
    state = state if state in NumberState.values else ""
    return paper_answer(lists.numbers_file(access.register, state))


@login_required
@require_GET
def register_list_file(request: HttpRequest) -> HttpResponse:
    return paper_answer(registers_file(person(request)))


@login_required
@require_GET
def draft_share_file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = access_draft(person(request), draft_id, Action.SEE_SHARES).draft
    return paper_answer(holders_file(draft))


@login_required
@require_GET
def approvals_file(request: HttpRequest) -> HttpResponse:
    return paper_answer(lists.waiting_file(person(request)))


@login_required
@require_GET
def draft_activity_file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = access_draft(person(request), draft_id, Action.SEE_ACTIVITY).draft
    return paper_answer(lists.activity_file(draft))


@login_required
@require_GET
def delegation_list_file(request: HttpRequest) -> HttpResponse:
    return paper_answer(lists.delegations_file(person(request)))


@login_required
@require_GET
def token_list_file(request: HttpRequest) -> HttpResponse:
    return paper_answer(tokens_file(person(request)))


@login_required
@require_GET
def saved_search_file(request: HttpRequest) -> HttpResponse:
    return paper_answer(saved_searches_file(person(request)))


@login_required
@require_GET
def office_list_file(request: HttpRequest) -> HttpResponse:
    return paper_answer(offices_file(person(request)))
