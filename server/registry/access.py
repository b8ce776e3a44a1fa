"""The one door to a draft: who reaches it, at which level, by which reason.

How a person comes to a level (the highest one counts):
- a share to the person. The creator's is `own`, written when the draft is created;
- a share to a unit reaches its members and those of its sub-units, because telling
  "phòng" means telling everyone in it; it does not climb to the unit above;
- the head of a unit reads and comments (`comment`) the drafts begun in the unit and
  its sub-units: the head answers for them, the author keeps the pen.
Leaders and clerks see what is shared with them. The administrator runs the system
and, by that role, reads nothing.

A person who does not reach the draft gets NotFound, as if it did not exist. Must never
be bypassed with `Draft.objects.get`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from collab.ports import Level
from server.accounts.models import Membership, Role, Unit, User
from server.common.errors import Conflict, NotAllowed, NotFound
from server.registry.abilities import Action, fits_state, is_allowed
from server.registry.models import Draft, DraftShare

# From a unit up to the top of its tree. Units stand at most four deep in an office
# (organisation, department, division, team); each step costs a join.
_UP = (
    "unit_id",
    "unit__parent_id",
    "unit__parent__parent_id",
    "unit__parent__parent__parent_id",
)
HEAD_LEVEL = Level.COMMENT


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a person stands in the office, as far as drafts are concerned.

    `units` are the person's own, `above` those and every unit over them (a share to
    any of these reaches the person), `headed` the ones the person is head of.
    """

    user_id: UUID
    units: frozenset[UUID] = frozenset()
    above: frozenset[UUID] = frozenset()
    headed: frozenset[UUID] = frozenset()


def reach_of(user_id: UUID) -> Reach:
    """One query."""
    return reaches_of([user_id])[user_id]


def reaches_of(user_ids: Collection[UUID]) -> dict[UUID, Reach]:
    """Where each of these people stands. One query."""
    # By that role an administrator reads nothing.
    rows = Membership.objects.filter(user_id__in=user_ids).exclude(
        role=Role.ADMINISTRATOR
    )
    found: dict[UUID, list[tuple[Any, ...]]] = {user_id: [] for user_id in user_ids}
    for user_id, *place in rows.values_list("user_id", "role", *_UP):
        found[user_id].append(tuple(place))
    return {user_id: _reach(user_id, places) for user_id, places in found.items()}


def _reach(user_id: UUID, places: Iterable[tuple[Any, ...]]) -> Reach:
    """`places`: a role, the unit, and the units over it."""
    units: set[UUID] = set()
    above: set[UUID] = set()
    headed: set[UUID] = set()
    for role, *path in places:
        units.add(path[0])
        above.update(unit for unit in path if unit)
        if role == Role.HEAD:
            headed.add(path[0])
    return Reach(user_id, frozenset(units), frozenset(above), frozenset(headed))


def reaching_shares(reach: Reach) -> Q:
    """Condition on DraftShare: the shares that reach this person."""
    return Q(user_id=reach.user_id) | Q(unit_id__in=reach.above)


def highest_share(reach: Reach) -> Subquery:
    """Annotation on Draft: the highest level shared with this person, or NULL."""
    shares = DraftShare.objects.filter(reaching_shares(reach), draft=OuterRef("pk"))
    return Subquery(
        shares.order_by().values("draft").annotate(top=Max("level")).values("top")
    )


def units_under(headed: frozenset[UUID]) -> frozenset[UUID]:
    """The units a head answers for: his and their sub-units. One query, if any."""
    if not headed:
        return headed
    under = Q()
    for step in ("pk", "parent", "parent__parent", "parent__parent__parent"):
        under |= Q(**{f"{step}__in": headed})
    return frozenset(Unit.objects.filter(under).values_list("pk", flat=True))


def level_from(shared: int | None, *, is_head: bool) -> Level | None:
    """Combine a share and headship. Pure."""
    levels = [Level(shared)] if shared else []
    if is_head:
        levels.append(HEAD_LEVEL)
    return max(levels, default=None)


@dataclass(frozen=True, slots=True)
class Access:
    """A draft with the level at which this person reaches it."""

    draft: Draft
    level: Level

    def may(self, action: Action) -> bool:
        return is_allowed(self.level, action) and _fits(self.draft, action)


def find_access(user: User, draft_id: UUID | str) -> Access | None:
    """Two queries. None when the draft is absent or the person does not reach it."""
    if not user.is_active:
        return None
    reach = reach_of(user.pk)
    draft = (
        Draft.objects.filter(pk=as_id(draft_id))
        .select_related("unit", "organisation", "created_by")
        .annotate(shared_level=highest_share(reach), **_unit_path())
        .first()
    )
    if draft is None:
        return None
    path = {getattr(draft, name) for name in _unit_path()}
    level = level_from(
        getattr(draft, "shared_level", None), is_head=not reach.headed.isdisjoint(path)
    )
    return Access(draft, level) if level else None


def _unit_path() -> dict[str, F]:
    return {f"path_{i}": F(step) for i, step in enumerate(_UP)}


def access_draft(user: User, draft_id: UUID | str, action: Action) -> Access:
    """The draft, for this act.

    Raises NotFound when it is absent or not reached, NotAllowed when it is reached at
    a lower level, Conflict when it is archived (or not) and the act excludes that.
    """
    access = find_access(user, draft_id)
    if access is None:
        raise NotFound
    if not is_allowed(access.level, action):
        raise NotAllowed(_("Quyền của bạn với dự thảo này chưa cho phép làm việc đó."))
    if not _fits(access.draft, action):
        raise _wrong_state(access.draft, action)
    return access


def _fits(draft: Draft, action: Action) -> bool:
    return fits_state(action, archived=draft.archived_at is not None, state=draft.state)


def _wrong_state(draft: Draft, action: Action) -> Conflict:
    if draft.archived_at is not None:
        return Conflict(
            _("Dự thảo đã được cất vào lưu trữ. Hãy khôi phục trước."), code="archived"
        )
    if action is Action.ARCHIVE:
        return Conflict(
            _("Dự thảo đang được trình duyệt. Hãy rút về hoặc chờ xong rồi mới cất."),
            code="in_process",
        )
    if action is not Action.RESTORE:
        return Conflict(
            _("Dự thảo đã được khóa: không ai sửa được nội dung nữa."),
            code="draft_frozen",
        )
    return Conflict(_("Dự thảo này không nằm trong lưu trữ."), code="not_archived")


def as_id(value: UUID | str) -> UUID:
    """Raises NotFound for text that is no id: nothing has that id."""
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value)
    except ValueError:
        raise NotFound from None


def grant_for(user_id: UUID | str, draft_id: UUID | str) -> tuple[Level, str] | None:
    """Level and title for a live session, in at most two queries, or None.

    An archived draft is opened for reading only. The level says nothing of a text that
    stands still: the log's own flag does, so that a late edit is known as one and is
    kept for its author. Never raises for odd ids.
    """
    try:
        reach = reach_of(as_id(user_id))
        key = as_id(draft_id)
    except NotFound:
        return None
    active = User.objects.filter(pk=reach.user_id, is_active=True)
    row = (
        Draft.objects.filter(Exists(active), pk=key)
        .annotate(shared_level=highest_share(reach))
        .values_list("title", "archived_at", "shared_level", *_UP)
        .first()
    )
    if row is None:
        return None
    title, archived_at, shared, *path = row
    level = _live_level(reach, shared, path, is_archived=archived_at is not None)
    return None if level is None else (level, title)


def _live_level(
    reach: Reach, shared: int | None, path: Iterable[UUID | None], *, is_archived: bool
) -> Level | None:
    level = level_from(shared, is_head=not reach.headed.isdisjoint(path))
    return Level.VIEW if level is not None and is_archived else level


_NOTHING = UUID(int=0)
"""No person and no draft has it."""


def levels_for(asked: Collection[tuple[str, str]]) -> dict[tuple[str, str], Level]:
    """The levels that `grant_for` gives, for many (person, draft) at once.

    In at most four queries. Who has none, as for odd ids, is not in the answer.
    """
    ids = {text: id_ for pair in asked for text in pair if (id_ := _id_or_none(text))}
    people = {ids[person] for person, _ in asked if person in ids}
    drafts = {ids[draft] for _, draft in asked if draft in ids}
    active = User.objects.filter(pk__in=people, is_active=True)
    reaches = reaches_of(list(active.values_list("pk", flat=True)))
    rows = Draft.objects.filter(pk__in=drafts).values_list("pk", "archived_at", *_UP)
    found = {pk: (archived_at, path) for pk, archived_at, *path in rows}
    shares: dict[UUID, list[tuple[UUID | None, UUID | None, int]]] = {}
    told = DraftShare.objects.filter(draft__in=found).order_by()
    for shared_draft, user, unit, level in told.values_list(
        "draft_id", "user_id", "unit_id", "level"
    ):
        shares.setdefault(shared_draft, []).append((user, unit, level))
    levels: dict[tuple[str, str], Level] = {}
    for pair in asked:
        person, draft = (ids.get(text, _NOTHING) for text in pair)
        if person not in reaches or draft not in found:
            continue
        reach, (archived_at, path) = reaches[person], found[draft]
        shared = (
            level
            for user, unit, level in shares.get(draft, ())
            if user == person or unit in reach.above
        )
        top = _live_level(
            reach, max(shared, default=None), path, is_archived=archived_at is not None
        )
        if top is not None:
            levels[pair] = top
    return levels


def _id_or_none(text: str) -> UUID | None:
    try:
        return as_id(text)
    except NotFound:
        return None
