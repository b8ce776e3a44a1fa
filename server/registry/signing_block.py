"""What should stand above the signature, from the office's mandates. Reads only.

A suggestion: the letterhead is the people's text, and nobody but they change it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from collab.content.tree import Fields
from server.accounts.models import User
from server.common import clock
from server.publishing.rules import Kind, choose_rules
from server.registry.mandates import OF_NOBODY, mandate_of
from server.registry.models import Approval, ApprovalStep, Delegation, Draft
from server.registry.workflow.authority import (
    Form,
    SignatureBlock,
    signature_block,
)


def suggested_block(
    draft: Draft, approvals: Iterable[Approval] = (), norm: Kind = "state"
) -> SignatureBlock | None:
    """For who has approved, as it was at that moment, else for who is to sign; None
    when nobody is named yet. `norm` is that of the text: it says how the letters are
    written."""
    final = next((a for a in approvals if a.step == ApprovalStep.FINAL), None)
    if final is not None:
        return block_for(final.by, final.mandate, final.at, norm)
    return block_for(draft.signer, None, clock.now(), norm) if draft.signer else None


def block_for(
    person: User, mandate: Delegation | None, at: datetime, norm: Kind = "state"
) -> SignatureBlock:
    """`mandate` is in whose place; without one, or with one of nobody, the person signs
    in the own right, which may be TM. (a line above the post) or Q. (before the post),
    or both at once."""
    name, written = person.full_name, _letters(norm, at)
    if mandate is not None and mandate.principal_id is not None:
        return signature_block(person.title, name, mandate_of(mandate), written)
    own = _own(person, at)
    if mandate is not None:
        own[mandate.form] = mandate
    acting, whole = own.get(Form.Q), own.get(Form.TM)
    if whole is None:
        shown = mandate_of(acting) if acting else None
        return signature_block(person.title, name, shown, written)
    letters = written.get(Form.Q, f"{Form.Q}.")
    position = f"{letters} {acting.in_place_of}" if acting else person.title
    return signature_block(position, name, mandate_of(whole), written)


def _letters(norm: Kind, at: datetime) -> dict[str, str]:
    """How the norm of the day writes each form: "TM." of the State, "T/M" of the
    Party."""
    rules = choose_rules(at.astimezone(clock.VIETNAM).date(), norm)
    return {re.sub(r"\W", "", letters): letters for letters in rules.authorities}


def _own(person: User, at: datetime) -> dict[str, Delegation]:
    """The first of each form that rests on nobody and gave the right to sign then."""
    day = at.astimezone(clock.VIETNAM).date()
    held = Delegation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        delegate=person,
        principal__isnull=True,
        form__in=OF_NOBODY,
        may_sign=True,
        starts_on__lte=day,
    )
    return {one.form: one for one in held.order_by("-created_at", "-pk")}


def differs(block: SignatureBlock, fields: Fields) -> bool:
    """Whether the letterhead says something else; an empty one says it is not yet."""

    def plain(text: str) -> str:
        return " ".join(text.upper().split())

    return (plain(fields.signer_authority), plain(fields.signer_position)) != (
        plain(block.authority),
        plain(block.position),
    ) or plain(fields.signer_name) != plain(block.name)
