"""The page of a draft's process: the steps, what is new, and the buttons to press.

Forms post and come back to the page, so that it works on any phone. Must never decide
who may; it shows what the table allows and says what an action refused.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from collab.ports import Level
from server.accounts import queries as people
from server.accounts.models import User
from server.common.errors import AppError, InvalidInput, NotFound
from server.registry import holders
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.actions.process import MAX_SIGN_OFFS, Request, submit, take
from server.registry.actions.reading import mark_seen, remember
from server.registry.actions.sign_offs import sign_off
from server.registry.actions.voiding import settle
from server.registry.models import REASON_LENGTH, Draft, SignOff
from server.registry.queries.late_edits import late_edit_text
from server.registry.queries.process import news_for, panel_of
from server.registry.templatetags.process import act_label
from server.registry.texts import committed
from server.registry.views.requests import back, person
from server.registry.workflow.table import Act

SUGGESTED = 6


@never_cache
@login_required
@require_GET
def draft_process(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    user = person(request)
    settle(access_draft(user, draft_id, Action.OPEN).draft.pk)
    access = access_draft(user, draft_id, Action.OPEN)
    panel = panel_of(access, user)
    if panel.news.since is None:
        # A first look is what the next one is compared with.
        remember(user, access.draft, panel.text)
    context = {
        "draft": access.draft,
        "panel": panel,
        "reason_length": REASON_LENGTH,
        "chosen": _last_asked(access.draft) if panel.signers else [],
        "is_first_look": panel.news.since is None,
        "sees_past": access.may(Action.SEE_ACTIVITY),
        "is_drafting_side": access.level >= Level.EDIT,
    }
    return render(request, "registry/process.html", context)


@never_cache
@login_required
@require_GET
def draft_changes(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """What is new since this person last looked: a part for the queue."""
    user = person(request)
    draft = access_draft(user, draft_id, Action.OPEN).draft
    news = news_for(user, draft, committed(draft.pk))
    return render(request, "registry/_news.html", {"news": news, "draft": draft})


@login_required
@require_POST
def draft_act(request: HttpRequest, draft_id: UUID, act: str) -> HttpResponse:
    """One step. A refusal is said on the page, with what was written kept there."""
    doings: dict[str, Callable[[], str]] = {
        Act.SUBMIT: lambda: _submit(request, draft_id),
        "sign_off": lambda: _sign_off(request, draft_id),
        "seen": lambda: _seen(request, draft_id),
    }
    doing = doings.get(act, lambda: _take(request, draft_id, act))
    try:
        messages.success(request, doing())
    except NotFound:
        raise
    except AppError as error:
        messages.error(request, str(error))
        return redirect("draft_process", draft_id=draft_id)
    return back(request, "approvals")


def _take(request: HttpRequest, draft_id: UUID, name: str) -> str:
    if name not in set(Act):
        raise NotFound
    act = Act(name)
    wish = Request(
        act,
        reason=request.POST.get("reason", ""),
        seen=request.POST.get("digest", ""),
    )
    draft = take(person(request), draft_id, wish)
    return _("%(act)s: “%(title)s”.") % {
        "act": act_label(act),
        "title": draft.title,
    }


def _submit(request: HttpRequest, draft_id: UUID) -> str:
    user = person(request)
    access_draft(user, draft_id, Action.TAKE_PART)
    signer = request.POST.get("signer", "")
    if not signer:
        raise InvalidInput(_("Hãy chọn người ký."))
    asked = [(who, _order(request, who)) for who in _chosen(request.POST)]
    draft = submit(user, draft_id, signer=holders.person(signer), sign_offs=asked)
    return _("Đã trình “%(title)s”.") % {"title": draft.title}


def _sign_off(request: HttpRequest, draft_id: UUID) -> str:
    draft = sign_off(
        person(request),
        draft_id,
        seen=request.POST.get("digest", ""),
        note=request.POST.get("reason", ""),
    )
    return _("Đã ký nháy “%(title)s”.") % {"title": draft.title}


def _seen(request: HttpRequest, draft_id: UUID) -> str:
    if mark_seen(person(request), draft_id, request.POST.get("digest", "")):
        return _("Đã đánh dấu là bạn đã xem.")
    raise InvalidInput(_("Lại có thay đổi mới. Hãy xem thêm."))


# ── whom to ask for a ký nháy ───────────────────────────────────────────────────


@never_cache
@login_required
@require_GET
def sign_off_people(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The list of those who will be asked, after one was added or taken off."""
    draft = access_draft(person(request), draft_id, Action.TAKE_PART).draft
    chosen = {str(who.pk): who for who in _chosen(request.GET)}
    if added := request.GET.get("add"):
        chosen[added] = holders.person(added)
    chosen.pop(request.GET.get("drop", ""), None)
    rows = [(who, _order(request, who)) for who in chosen.values()]
    context = {
        "draft": draft,
        "chosen": rows[:MAX_SIGN_OFFS],
        # What was found has been used: the page takes it away.
        "is_added": bool(added),
    }
    return render(request, "registry/_sign_offs.html", context)


@never_cache
@login_required
@require_GET
def sign_off_candidates(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    draft = access_draft(person(request), draft_id, Action.TAKE_PART).draft
    q = request.GET.get("q", "")[:200]
    found = list(people.people(q)[:SUGGESTED]) if q.strip() else []
    context = {"draft": draft, "people": found, "q": q}
    return render(request, "registry/_sign_off_candidates.html", context)


def _chosen(data: QueryDict) -> list[User]:
    keys = list(dict.fromkeys(data.getlist("sign_off")))[: MAX_SIGN_OFFS + 1]
    return [holders.person(key) for key in keys]


def _order(request: HttpRequest, who: User) -> int:
    data = request.POST if request.method == "POST" else request.GET
    value = data.get(f"order_{who.pk}", "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 3 else 1


def _last_asked(draft: Draft) -> list[tuple[User, int]]:
    """Who was asked in the last round: mostly the same are asked again."""
    rows = SignOff.objects.filter(draft=draft, round=draft.round)
    return [(row.person, row.order) for row in rows.select_related("person")]


@never_cache
@login_required
@require_GET
def late_edit(request: HttpRequest, draft_id: UUID, number: int) -> HttpResponse:
    user = person(request)
    access = access_draft(user, draft_id, Action.OPEN)
    text = late_edit_text(access, user, number)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = _("Sửa đến muộn %(number)s.txt") % {"number": number}
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
