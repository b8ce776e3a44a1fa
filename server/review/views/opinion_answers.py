"""Those who are asked: the list "Cho ý kiến" and the page on which one answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from server.common.errors import AppError, NotFound
from server.registry.file_answers import paper_answer
from server.registry.views.requests import number, person
from server.review.actions.answering import give_opinion, open_request
from server.review.models import ANSWER_LENGTH, OPINION_LENGTH, Choice, Verdict
from server.review.opinion_access import access_request
from server.review.opinion_lists import LABELS, asked_file
from server.review.queries import opinions as queries
from server.review.views.opinion_forms import opinion_plan


@never_cache
@login_required
@require_GET
def opinion_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in queries.TABS else "waiting"
    found = queries.page_of(user, tab, number(request, "page"))
    waiting = found.total if tab == "waiting" else queries.count_waiting(user)

    def address(page: int) -> str:
        return f"?tab={tab}" + (f"&page={page}" if page > 1 else "")

    context = {
        "tab": tab,
        "tabs": [(name, LABELS[name], name == tab) for name in queries.TABS],
        "waiting": waiting,
        "found": found,
        "rows": queries.all_as_asked(found.rows),
        "previous": address(found.number - 1) if found.number > 1 else "",
        "next": address(found.number + 1) if found.number < found.pages else "",
    }
    return render(request, "review/opinion_list.html", context)


@login_required
@require_GET
def opinion_list_file(request: HttpRequest) -> HttpResponse:
    tab = request.GET.get("tab", "")
    tab = tab if tab in queries.TABS else "waiting"
    return paper_answer(asked_file(person(request), tab))


@never_cache
@require_GET
def opinion_count(request: HttpRequest) -> HttpResponse:
    """The number beside the word in the bar; empty when nothing waits, also for a page
    whose session has ended."""
    if not request.user.is_authenticated:
        return HttpResponse("")
    return HttpResponse(str(queries.count_waiting(person(request)) or ""))


@never_cache
@login_required
def opinion_answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Read what is asked, answer, answer anew."""
    user = person(request)
    asked, access = access_request(user, request_id)
    questions = list(asked.round.questions.all())
    error: AppError | None = None
    if request.method == "POST":
        try:
            give_opinion(user, request_id, opinion_plan(request, questions))
        except NotFound:
            raise
        except AppError as refused:
            error = refused
        else:
            messages.success(request, _("Đã gửi ý kiến. Cảm ơn bạn."))
            return redirect("opinion_answer", request_id=request_id)
    open_request(user, request_id)
    asked = queries.request_with_opinion(request_id)
    row = queries.as_asked(asked, with_fates=True)
    held = row.opinion
    context: dict[str, Any] = {
        "row": row,
        "asked": row.request,
        "round": row.request.round,
        "draft": access.draft,
        "may_answer": row.request.round.is_open and access.draft.archived_at is None,
        "verdicts": Verdict.choices,
        "verdict": request.POST.get("verdict", held.verdict if held else ""),
        "text": request.POST.get("text", held.text if held else ""),
        "questions": _answers(request, questions, held),
        "earlier": queries.earlier_opinions(row.request),
        "opinion_length": OPINION_LENGTH,
        "answer_length": ANSWER_LENGTH,
        "error": error,
    }
    status = error.http_status if error else 200
    return render(request, "review/opinion_answer.html", context, status=status)


def _answers(
    request: HttpRequest, questions: list[Any], held: Any
) -> list[dict[str, Any]]:
    """Each question with what was typed, else with what was said before."""
    said = {a.question_id: a for a in held.answers.all()} if held else {}
    rows = []
    for question in questions:
        before = said.get(question.pk)
        rows.append(
            {
                "question": question,
                "choices": Choice.choices,
                "choice": request.POST.get(
                    f"choice_{question.pk}", before.choice if before else ""
                ),
                "text": request.POST.get(
                    f"answer_{question.pk}", before.text if before else ""
                ),
                "fault": f"answer_{question.pk}",
            }
        )
    return rows
