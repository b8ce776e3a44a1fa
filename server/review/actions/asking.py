"""Ask for opinions, ask more people, move the term, take a request back.

To ask somebody gives the right to read and comment (or suggest); it never lowers one,
and it stays when the round is closed (`closing`), as an invitation to the process does.
Must never delete a round, a request or an opinion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from collab.ports import Level
from server.accounts.models import Unit, User
from server.common import audit, clock
from server.common.errors import Conflict, InvalidInput, NotFound
from server.registry.abilities import Action
from server.registry.access import Access, access_draft, as_id
from server.registry.actions.inviting import invite
from server.registry.entry_fields import Checker
from server.registry.models import Draft
from server.registry.texts import place_of
from server.review import opinion_events as events
from server.review.models import (
    PURPOSE_LENGTH,
    QUESTION_LENGTH,
    WITHDRAWAL_LENGTH,
    OpinionQuestion,
    OpinionRequest,
    OpinionRound,
    Silence,
)
from server.review.opinion_access import access_round

MOST_ASKED = 200
MOST_QUESTIONS = 30


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    is_choice: bool = True


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What the owner asks. Whom it names twice is asked once."""

    asked: Sequence[User | Unit]
    due_on: date | None
    silence: str = Silence.NONE
    purpose: str = ""
    questions: Sequence[Question] = ()
    may_suggest: bool = False


@transaction.atomic
def ask_opinions(actor: User, draft_id: UUID | str, plan: RoundPlan) -> OpinionRound:
    """Begin a round. Raises InvalidInput naming every fault, Conflict (`round_open`)
    while another one is open, and what `access_draft` raises."""
    draft = locked(actor, draft_id).draft
    check = Checker()
    purpose = check.paragraph("purpose", plan.purpose, PURPOSE_LENGTH)
    check.choice("silence", plan.silence, Silence.values)
    due_on = term_of(check, plan.due_on)
    questions = _questions(check, plan.questions)
    asked = _askable(check, actor, plan.asked)
    check.finish()
    rounds = OpinionRound.objects.filter(draft=draft)
    if rounds.filter(closed_at__isnull=True).exists():
        raise Conflict(
            _("Dự thảo đang có một đợt lấy ý kiến. Hãy kết thúc đợt đó trước."),
            code="round_open",
        )
    epoch, seq = place_of(draft.pk)
    begun = OpinionRound.objects.create(
        draft=draft,
        number=rounds.count() + 1,
        purpose=purpose,
        due_on=due_on,
        silence=plan.silence,
        may_suggest=plan.may_suggest,
        asked_by=actor,
        asked_at=clock.now(),
        epoch=epoch,
        seq=seq,
        heard_seq=seq,
    )
    OpinionQuestion.objects.bulk_create(
        OpinionQuestion(round=begun, order=n, text=q.text, is_choice=q.is_choice)
        for n, q in enumerate(questions, 1)
    )
    requests = _request(actor, begun, draft, asked, due_on)
    audit.record(
        actor, "opinion.asked", "draft", draft.pk,
        round=begun.number, due_on=due_on.isoformat(), asked=len(requests),
    )  # fmt: skip
    return begun


@transaction.atomic
def ask_more(
    actor: User,
    round_id: UUID | str,
    asked: Sequence[User | Unit],
    due_on: date | None = None,
) -> list[OpinionRequest]:
    """Ask more people in an open round; without a day, the round's own."""
    begun, draft = open_round(actor, round_id)
    check = Checker()
    term = term_of(check, due_on or begun.due_on)
    found = _askable(check, actor, asked)
    check.finish()
    requests = _request(actor, begun, draft, found, term)
    audit.record(
        actor, "opinion.asked", "draft", draft.pk,
        round=begun.number, due_on=term.isoformat(), asked=len(requests),
    )  # fmt: skip
    return requests


@transaction.atomic
def extend(
    actor: User,
    round_id: UUID | str,
    due_on: date | None,
    request_id: UUID | str | None = None,
) -> None:
    """Move the term of the round, or of one request. Never earlier than today."""
    begun, draft = open_round(actor, round_id)
    check = Checker()
    term = term_of(check, due_on)
    check.finish()
    requests = begun.requests.filter(withdrawn_at__isnull=True)
    if request_id is not None:
        requests = requests.filter(pk=as_id(request_id))
        if not requests.exists():
            raise NotFound
    else:
        begun.due_on = term
        begun.save(update_fields=["due_on"])
    told = list(requests.values_list("pk", flat=True))
    requests.update(due_on=term)
    audit.record(
        actor, "opinion.extended", "draft", draft.pk,
        round=begun.number, due_on=term.isoformat(), requests=len(told),
    )  # fmt: skip
    events.tell(
        events.EXTENDED, draft.pk, round_id=begun.pk, requests=told, due_on=term
    )


@transaction.atomic
def withdraw_request(
    actor: User, round_id: UUID | str, request_id: UUID | str, reason: str = ""
) -> None:
    """Ask no longer. What was said stays on record. Raises Conflict once answered."""
    begun, draft = open_round(actor, round_id)
    check = Checker()
    words = check.paragraph("reason", reason, WITHDRAWAL_LENGTH)
    check.finish()
    found = begun.requests.filter(pk=as_id(request_id), withdrawn_at=None).first()
    if found is None:
        raise NotFound
    if found.opinions.exists():
        raise Conflict(
            _("Nơi này đã cho ý kiến; không rút lời hỏi được nữa."),
            code="already_answered",
        )
    found.withdrawn_at, found.withdrawal = clock.now(), words
    found.save(update_fields=["withdrawn_at", "withdrawal"])
    audit.record(
        actor, "opinion.withdrawn", "draft", draft.pk,
        round=begun.number, request=str(found.pk), reason=words,
    )  # fmt: skip
    events.tell(events.WITHDRAWN, draft.pk, round_id=begun.pk, requests=[found.pk])


def locked(actor: User, draft_id: UUID | str) -> Access:
    """Everything about a draft's rounds waits in one line: its row."""
    Draft.objects.select_for_update().filter(pk=as_id(draft_id)).first()
    return access_draft(actor, draft_id, Action.SHARE)


def open_round(actor: User, round_id: UUID | str) -> tuple[OpinionRound, Draft]:
    found = access_round(actor, round_id, ask=True)
    draft = locked(actor, found.round.draft_id).draft
    begun = OpinionRound.objects.select_for_update().get(pk=found.round.pk)
    if not begun.is_open:
        raise round_closed()
    return begun, draft


def round_closed() -> Conflict:
    return Conflict(_("Đợt lấy ý kiến đã kết thúc."), code="round_closed")


def term_of(check: Checker, due_on: date | None) -> date:
    today = clock.today()
    if due_on is None:
        check.faults["due_on"] = _("Cần có hạn trả lời.")
    elif due_on < today:
        check.faults["due_on"] = _("Hạn trả lời không thể đã qua.")
    elif due_on.year > today.year + 2:
        check.faults["due_on"] = _("Hạn trả lời quá xa. Hãy chọn ngày gần hơn.")
    return due_on or today


def _questions(check: Checker, asked: Sequence[Question]) -> list[Question]:
    kept: list[Question] = []
    for question in asked:
        words = check.text("questions", question.text, QUESTION_LENGTH)
        if words:
            kept.append(Question(words, question.is_choice))
    if len(kept) > MOST_QUESTIONS:
        check.faults["questions"] = _("Nhiều nhất %(limit)s câu hỏi.") % {
            "limit": MOST_QUESTIONS
        }
    return kept


def _askable(
    check: Checker, actor: User, asked: Sequence[User | Unit]
) -> list[User | Unit]:
    found = list(dict.fromkeys(asked))
    if not found:
        check.faults["asked"] = _("Hãy chọn ít nhất một người hoặc đơn vị để hỏi.")
    elif len(found) > MOST_ASKED:
        check.faults["asked"] = _("Nhiều nhất %(limit)s nơi trong một đợt.") % {
            "limit": MOST_ASKED
        }
    if actor in found:
        check.faults["asked"] = _("Bạn là người hỏi; không cần hỏi chính mình.")
    if any(isinstance(one, User) and not one.is_active for one in found):
        check.faults["asked"] = _("Có tài khoản đã ngừng hoạt động.")
    return found


def _request(
    actor: User,
    begun: OpinionRound,
    draft: Draft,
    asked: Sequence[User | Unit],
    due_on: date,
) -> list[OpinionRequest]:
    """Rows, rights and the event; who is asked already is left as he is, and whose
    request was taken back is asked again."""
    held = {(r.user_id, r.unit_id): r for r in begun.requests.all()}
    order = max((r.order for r in held.values()), default=0)
    told: list[OpinionRequest] = []
    for holder in asked:
        is_user = isinstance(holder, User)
        key = (holder.pk, None) if is_user else (None, holder.pk)
        known = held.get(key)
        if known is not None and known.withdrawn_at is None:
            continue
        if known is None:
            order += 1
            known = OpinionRequest(
                round=begun, order=order, user_id=key[0], unit_id=key[1]
            )
        known.due_on, known.withdrawn_at, known.withdrawal = due_on, None, ""
        known.save()
        told.append(known)
    if not told:
        raise InvalidInput(fields={"asked": _("Những nơi này đều đã được hỏi.")})
    invite(actor, draft, asked, Level.SUGGEST if begun.may_suggest else Level.COMMENT)
    events.tell(
        events.ASKED, draft.pk, round_id=begun.pk,
        requests=[request.pk for request in told], due_on=due_on,
    )  # fmt: skip
    return told
