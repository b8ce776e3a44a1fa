"""What should stand above the signature, from the office's mandates. Reads only.

A suggestion: the letterhead is the people's text, and nobody but they change it.
"""

from __future__ import annotations

from collections.abc import Iterable

from collab.content.tree import Fields
from server.accounts.models import User
from server.common import clock
from server.registry.mandates import live_mandates, mandate_of
from server.registry.models import Approval, ApprovalStep, Delegation, Draft
from server.registry.workflow.authority import (
    Form,
    Power,
    SignatureBlock,
    holds,
    signature_block,
)


def suggested_block(
    draft: Draft, approvals: Iterable[Approval] = ()
) -> SignatureBlock | None:
    """For who has approved, else for who is to sign; None when nobody is named yet."""
    final = next((a for a in approvals if a.step == ApprovalStep.FINAL), None)
    if final is not None:
        return block_for(final.by, final.mandate)
    return block_for(draft.signer, None) if draft.signer else None


def block_for(person: User, mandate: Delegation | None) -> SignatureBlock:
    """`mandate` None: in the person's own right, which may be TM. or Q."""
    own = mandate or _own(person)
    return signature_block(
        person.title, person.full_name, mandate_of(own) if own else None
    )


def _own(person: User) -> Delegation | None:
    today = clock.today()
    return next(
        (
            held
            for held in live_mandates(person.pk)
            if held.principal_id is None
            and Form(held.form) in (Form.TM, Form.Q)
            and holds(mandate_of(held), Power.SIGN, today)
        ),
        None,
    )


def differs(block: SignatureBlock, fields: Fields) -> bool:
    """Whether the letterhead says something else; an empty one says it is not yet."""

    def plain(text: str) -> str:
        return " ".join(text.upper().split())

    return (plain(fields.signer_authority), plain(fields.signer_position)) != (
        plain(block.authority),
        plain(block.position),
    ) or plain(fields.signer_name) != plain(block.name)
