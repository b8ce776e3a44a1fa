"""Let those whose turn comes read the draft.

A right is always a row of shares, so taking part in the process gives one: to read and
comment. It stays when the step is done; the owner may end it. Must never lower a right.
"""

from __future__ import annotations

from collections.abc import Iterable

from collab.ports import Level
from server.accounts.models import Unit, User
from server.common import audit, clock
from server.registry import events
from server.registry.models import Draft, DraftShare, SignOff, described
from server.registry.people import acting_heads, checking_units, heads_of, stand_ins
from server.registry.search.entries import reshare_draft

INVITED_LEVEL = Level.COMMENT


def invite_reviewers(actor: User, draft: Draft) -> None:
    """The signer, those who sign off, an acting head, and who stands in for one of
    them. A head reads the drafts of the unit anyway."""
    people = list(
        User.objects.filter(
            pk__in=SignOff.objects.filter(draft=draft, round=draft.round).values(
                "person"
            )
        )
    )
    if draft.signer is not None:
        people += [draft.signer, *stand_ins([draft.signer], sign=True)]
    people += [*acting_heads(draft), *stand_ins(heads_of(draft), sign=False)]
    invite(actor, draft, people)


def invite_checkers(actor: User, draft: Draft) -> None:
    invite(actor, draft, checking_units(draft))


def invite(
    actor: User,
    draft: Draft,
    holders: Iterable[User | Unit],
    level: Level = INVITED_LEVEL,
) -> None:
    """In the caller's transaction."""
    shares = {(s.user_id, s.unit_id): s for s in draft.shares.all()}
    told = False
    for holder in dict.fromkeys(holders):
        is_user = isinstance(holder, User)
        key = (holder.pk, None) if is_user else (None, holder.pk)
        found = shares.get(key)
        if found is not None and found.level >= level:
            continue
        if found is None:
            found = DraftShare(draft=draft, user_id=key[0], unit_id=key[1])
        found.level, found.granted_by = level, actor
        found.at = clock.now()
        found.save()
        audit.record(actor, "draft.shared", "draft", draft.pk, **described(found))
        told = True
    if told:
        reshare_draft(draft.pk)
        events.access_changed(draft.pk)
