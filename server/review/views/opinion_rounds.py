"""The drafting side of a round: ask, watch, chase, handle, close, take the table.

Forms post and come back to the page, so that it works on any phone. Must never decide
who may: the doors and actions do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from server.accounts import queries as people
from server.accounts.models import Unit, User
from server.common import clock
from server.common.errors import AppError, InvalidInput, NotFound
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.books import Format
from server.registry.file_answers import paper_answer
from server.registry.incoming_terms import usual_deadlines
from server.registry.models import Draft
from server.registry.views.form_values import FormValues
from server.registry.views.requests import person
from server.review.actions import asking, closing, handling, reminding
from server.review.models import (
    OUTCOME_LENGTH,
    PURPOSE_LENGTH,
    QUESTION_LENGTH,
    Handled,
    Silence,
)
from server.review.opinion_access import (
    RoundAccess,
    access_round,
    access_rounds,
    may_ask,
)
from server.review.opinion_lists import rounds_file
from server.review.opinions.printing import print_opinions
from server.review.queries import opinions as queries
from server.review.views.opinion_forms import (
    SPARE_QUESTIONS,
    holders_of,
    round_plan,
    typed_questions,
)

FOUND = 6


@never_cache
@login_required
@require_GET
def draft_opinions(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The rounds of a draft; with one round only, that one."""
    access = access_rounds(person(request), draft_id)
    rounds = list(queries.rounds_of(access.draft.pk))
    context = {
        "draft": access.draft,
        "rounds": rounds,
        "may_begin": may_ask(access) and not any(one.is_open for one in rounds),
    }
    return render(request, "review/opinion_rounds.html", context)


@login_required
@require_GET
def draft_opinions_file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    access = access_rounds(person(request), draft_id)
    return paper_answer(rounds_file(access.draft))


@never_cache
@login_required
def round_new(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    user = person(request)
    draft = access_draft(user, draft_id, Action.SHARE).draft
    error: AppError | None = None
    if request.method == "POST":
        try:
            begun = asking.ask_opinions(user, draft_id, round_plan(request, draft))
        except NotFound:
            raise
        except AppError as refused:
            error = refused
        else:
            messages.success(request, _("Đã gửi lấy ý kiến."))
            return redirect("opinion_round", round_id=begun.pk)
    asked = _chosen(draft, request.POST.getlist("asked"))
    context: dict[str, Any] = {
        "draft": draft,
        "error": error,
        "data": request.POST,
        "asked": asked,
        "questions": [*typed_questions(request.POST), *[("", True)] * SPARE_QUESTIONS],
        "silences": Silence.choices,
        "usual": usual_deadlines(clock.today()),
        "today": clock.today(),
        "purpose_length": PURPOSE_LENGTH,
        "question_length": QUESTION_LENGTH,
    }
    status = error.http_status if error else 200
    return render(request, "review/opinion_new.html", context, status=status)


def _chosen(draft: Draft, values: Iterable[str]) -> list[User | Unit]:
    """As they were chosen; one who is gone meanwhile is left out."""
    found: list[User | Unit] = []
    for value in values:
        try:
            found += holders_of(draft, [value])
        except InvalidInput:
            continue
    return list(dict.fromkeys(found))


@never_cache
@login_required
@require_GET
def opinion_candidates(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """People and units for the words typed so far."""
    user = person(request)
    draft = access_draft(user, draft_id, Action.SHARE).draft
    q = request.GET.get("q", "")[:100].strip()
    context = {
        "draft": draft,
        "q": q,
        "people": people.people(q).exclude(pk=user.pk)[:FOUND] if q else [],
        "units": people.units(q)[:FOUND] if q else [],
    }
    return render(request, "review/_opinion_candidates.html", context)


@never_cache
@login_required
@require_GET
def opinion_asked(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The list of the form with one more (`add`) or one fewer (`drop`)."""
    draft = access_draft(person(request), draft_id, Action.SHARE).draft
    added, dropped = request.GET.get("add", ""), request.GET.get("drop", "")
    values = [one for one in request.GET.getlist("asked") if one != dropped]
    asked = _chosen(draft, [*values, *([added] if added else [])])
    context = {"draft": draft, "asked": asked, "is_added": bool(added)}
    return render(request, "review/_opinion_asked.html", context)


@never_cache
@login_required
@require_GET
def question_row(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """One more empty row of the form."""
    access_draft(person(request), draft_id, Action.SHARE)
    context = {"text": "", "is_choice": True, "question_length": QUESTION_LENGTH}
    return render(request, "review/_opinion_question.html", context)


@never_cache
@login_required
@require_GET
def opinion_round(request: HttpRequest, round_id: UUID) -> HttpResponse:
    return _page(request, access_round(person(request), round_id))


def _page(
    request: HttpRequest, found: RoundAccess, error: AppError | None = None
) -> HttpResponse:
    table = queries.table_of(found.round)
    context = {
        "draft": found.access.draft,
        "round": found.round,
        "table": table,
        "counts": table.counts,
        "may_ask": found.may_ask and found.round.is_open,
        "may_reopen": found.may_ask and queries.is_newest_closed(found.round),
        "may_handle": found.access.draft.archived_at is None,
        "handled_choices": Handled.choices,
        "outcome_length": OUTCOME_LENGTH,
        "today": clock.today(),
        "forms": [form.value for form in (Format.DOCX, Format.PDF, Format.XLSX)],
        "error": error,
        # What was typed and refused, so that nothing has to be written twice.
        "typed_for": request.POST.get("opinion", ""),
        "typed_for_draft": request.POST.get("draft_of", ""),
        "typed": request.POST,
    }
    status = error.http_status if error else 200
    return render(request, "review/opinion_round.html", context, status=status)


@login_required
@require_GET
def round_file(request: HttpRequest, round_id: UUID, form: str) -> HttpResponse:
    found = access_round(person(request), round_id)
    if form not in set(Format):
        raise NotFound
    table = queries.table_of(found.round)
    return paper_answer(print_opinions(found.access.draft, table, Format(form)))


@login_required
@require_POST
def round_act(request: HttpRequest, round_id: UUID, act: str) -> HttpResponse:
    """One act on the round. A refusal is said on the page, with what was written."""
    acts: dict[str, Callable[[HttpRequest, UUID], str]] = {
        "handle": _handle,
        "handle-draft": _handle_in_draft,
        "handle-decided": _handle_as_decided,
        "extend": _extend,
        "chase": _chase,
        "close": _close,
        "reopen": _reopen,
        "withdraw": _withdraw,
        "ask": _ask_more,
    }
    if act not in acts:
        raise NotFound
    found = access_round(person(request), round_id)
    try:
        messages.success(request, acts[act](request, round_id))
    except NotFound:
        raise
    except AppError as refused:
        return _page(request, found, refused)
    at_row = act in ("handle", "handle-draft")
    anchor = f"#r-{request.POST.get('request', '')}" if at_row else ""
    response = redirect("opinion_round", round_id=round_id)
    response["Location"] += anchor
    return response


def _handle(request: HttpRequest, _round_id: UUID) -> str:
    handling.handle_opinion(
        person(request),
        request.POST.get("opinion", ""),
        handled=request.POST.get("handled", ""),
        text=request.POST.get("text", ""),
    )
    return _("Đã ghi tiếp thu, giải trình.")


def _handle_in_draft(request: HttpRequest, round_id: UUID) -> str:
    handling.handle_in_draft(
        person(request),
        round_id,
        request.POST.get("request", ""),
        handled=request.POST.get("handled", ""),
        text=request.POST.get("text", ""),
        seen=_number(request.POST.get("seen", "")),
    )
    return _("Đã ghi tiếp thu, giải trình.")


def _number(text: str) -> int:
    """Nothing was seen, where a program sends nonsense."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _handle_as_decided(request: HttpRequest, round_id: UUID) -> str:
    done = handling.handle_as_decided(person(request), round_id)
    return ngettext(
        "Đã ghi tiếp thu góp ý trong dự thảo của %(count)s nơi.",
        "Đã ghi tiếp thu góp ý trong dự thảo của %(count)s nơi.",
        done,
    ) % {"count": done}


def _extend(request: HttpRequest, round_id: UUID) -> str:
    values = FormValues(request.POST.dict())
    due_on = values.day("due_on")
    values.finish()
    only = request.POST.get("request", "") or None
    asking.extend(person(request), round_id, due_on, only)
    return _("Đã đổi hạn trả lời.")


def _chase(request: HttpRequest, round_id: UUID) -> str:
    told = reminding.chase(person(request), round_id)
    return ngettext("Đã đôn đốc %(count)s nơi.", "Đã đôn đốc %(count)s nơi.", told) % {
        "count": told
    }


def _close(request: HttpRequest, round_id: UUID) -> str:
    closing.close_round(person(request), round_id)
    return _("Đã kết thúc đợt lấy ý kiến.")


def _reopen(request: HttpRequest, round_id: UUID) -> str:
    values = FormValues(request.POST.dict())
    due_on = values.day("due_on")
    values.finish()
    only = request.POST.get("request", "") or None
    closing.reopen_round(person(request), round_id, due_on, only)
    return _("Đã mở lại đợt lấy ý kiến.")


def _withdraw(request: HttpRequest, round_id: UUID) -> str:
    asking.withdraw_request(
        person(request),
        round_id,
        request.POST.get("request", ""),
        request.POST.get("reason", ""),
    )
    return _("Đã rút lời hỏi.")


def _ask_more(request: HttpRequest, round_id: UUID) -> str:
    user = person(request)
    draft = access_round(user, round_id, ask=True).access.draft
    asking.ask_more(user, round_id, holders_of(draft, request.POST.getlist("asked")))
    return _("Đã hỏi thêm.")
