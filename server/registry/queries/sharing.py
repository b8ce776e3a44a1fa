"""Who has access to a draft, at which level and why; whom it could be shared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from collab.ports import Level
from server.accounts import queries as people
from server.accounts.models import Membership, Role, Unit, User
from server.registry.access import HEAD_LEVEL
from server.registry.models import Draft, DraftShare, level_name

SUGGESTED = 6


@dataclass(frozen=True, slots=True)
class Holder:
    """One line of "who has access". `share_id` is None for a right by office."""

    share_id: UUID | None
    kind: Literal["user", "unit", "head"]
    holder_id: UUID
    name: str
    detail: str
    level: Level
    reason: str
    at: datetime | None = None

    @property
    def level_name(self) -> str:
        return level_name(self.level)

    @property
    def initial(self) -> str:
        """Of the given name, which stands last."""
        return self.name.split()[-1][:1] if self.name.strip() else "?"


def who_has_access(draft: Draft) -> list[Holder]:
    """Owners first, then by level and name; then those who reach it by office."""
    shares = (
        DraftShare.objects.filter(draft=draft)
        .select_related("user", "unit__organisation", "granted_by")
        .prefetch_related("user__memberships__unit")
    )
    holders = sorted(
        (_from_share(share) for share in shares),
        key=lambda holder: (-holder.level, holder.kind, holder.name),
    )
    # A head who was given as much by name is listed once, by that share.
    named = {h.holder_id for h in holders if h.level >= HEAD_LEVEL}
    heads = [head for head in _by_office(draft) if head.holder_id not in named]
    return [*holders, *heads]


def _from_share(share: DraftShare) -> Holder:
    if share.granted_by_id == share.user_id:
        reason = _("Người tạo dự thảo")
    else:
        reason = _("%(name)s chia sẻ") % {"name": share.granted_by.full_name}
    if share.user is not None:
        return Holder(
            share.pk,
            "user",
            share.user.pk,
            share.user.full_name,
            _place_of(share.user),
            Level(share.level),
            reason,
            share.at,
        )
    assert share.unit is not None  # the table allows nothing else
    return Holder(
        share.pk,
        "unit",
        share.unit.pk,
        share.unit.name,
        _("%(organisation)s · cả các đơn vị trực thuộc")
        % {"organisation": share.unit.organisation.name},
        Level(share.level),
        reason,
        share.at,
    )


def _place_of(user: User) -> str:
    memberships = sorted(user.memberships.all(), key=lambda m: not m.is_primary)
    unit = memberships[0].unit.name if memberships else ""
    # "Văn thư · Văn thư" would say the same twice.
    return " · ".join(dict.fromkeys(part for part in (user.title, unit) if part))


def _by_office(draft: Draft) -> list[Holder]:
    """The heads of the draft's unit and of the units above it."""
    if draft.unit_id is None:
        return []
    heads = (
        Membership.objects.filter(
            unit_id__in=people.ancestor_ids([draft.unit_id]),
            role=Role.HEAD,
            user__is_active=True,
        )
        .select_related("user", "unit")
        .order_by("user__name_key")
    )
    return [
        Holder(
            None,
            "head",
            head.user_id,
            head.user.full_name,
            head.user.title,
            HEAD_LEVEL,
            _("Trưởng %(unit)s") % {"unit": head.unit.name},
        )
        for head in heads
    ]


def candidates(draft: Draft, q: str) -> tuple[list[User], list[Unit]]:
    """People and units that match every word and have no share yet."""
    if not q.strip():
        return [], []
    shares = DraftShare.objects.filter(draft=draft)
    with_user = shares.filter(user__isnull=False).values("user")
    with_unit = shares.filter(unit__isnull=False).values("unit")
    return (
        list(people.people(q).exclude(pk__in=with_user)[:SUGGESTED]),
        list(people.units(q).exclude(pk__in=with_unit)[:SUGGESTED]),
    )
