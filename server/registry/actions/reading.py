"""Keep what a person last saw of a draft, to show later what is new since then.

No audit entry: it is a bookmark of one person, replaced by the next one.
"""

from __future__ import annotations

from uuid import UUID

from server.accounts.models import User
from server.common import clock
from server.common.errors import NotFound
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.models import Approval, Draft, Reading
from server.registry.seen import seen_digest
from server.registry.texts import Committed, committed


def remember(user: User, draft: Draft, seen: Committed) -> None:
    """This is what the person has on the screen now."""
    Reading.objects.update_or_create(
        draft=draft,
        user=user,
        defaults={
            "digest": seen.digest,
            "letterhead": seen.letterhead,
            "text": seen.text,
            "epoch": seen.epoch,
            "seq": seen.seq,
            "at": clock.now(),
        },
    )


def mark_seen(user: User, draft_id: UUID | str, digest: str) -> bool:
    """The person has read all that is new. False when still newer text has come."""
    draft = access_draft(user, draft_id, Action.OPEN).draft
    now = committed(draft.pk)
    if seen_digest(draft.pk, now.digest) != digest:
        return False
    remember(user, draft, now)
    return True


def note_voided(user: User, approval_id: UUID) -> None:
    """The person knows that this approval of theirs is void. Raises NotFound."""
    found = Approval.objects.filter(
        pk=approval_id, by=user, voided_at__isnull=False
    ).first()
    if found is None:
        raise NotFound
    if found.noted_at is None:
        found.noted_at = clock.now()
        found.save(update_fields=["noted_at"])
