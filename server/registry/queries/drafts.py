"""Lists of drafts: mine, my unit's, shared with me, archived.

A list shows only what its reader may open: the same reach as `server.registry.access`,
written as conditions, so that one page costs a fixed number of queries however long
the list is. Must never filter by rights in Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext_lazy as _

from collab.ports import Level
from server.accounts.models import User
from server.common import text
from server.common.errors import InvalidInput
from server.registry.abilities import Action, fits_state, is_allowed
from server.registry.access import (
    Reach,
    level_from,
    reach_of,
    reaching_shares,
    units_under,
)
from server.registry.document_types import known_types, name_of
from server.registry.models import Draft, DraftShare, level_name

PAGE_SIZE = 25
DEFAULT_SORT = "-updated"
SORTS = ("title", "updated", "created", "type")


class Scope(StrEnum):
    MINE = "mine"
    UNIT = "unit"
    SHARED = "shared"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list, with the level at which its reader reaches the draft."""

    draft: Draft
    level: Level

    @property
    def level_name(self) -> str:
        return level_name(self.level)

    @property
    def type_name(self) -> str:
        return name_of(self.draft.document_type)

    def _may(self, action: Action) -> bool:
        return is_allowed(self.level, action) and fits_state(
            action,
            archived=self.draft.archived_at is not None,
            state=self.draft.state,
        )

    @property
    def may_rename(self) -> bool:
        return self._may(Action.RENAME)

    @property
    def may_share(self) -> bool:
        return self._may(Action.SHARE)

    @property
    def may_archive(self) -> bool:
        return self._may(Action.ARCHIVE)

    @property
    def may_restore(self) -> bool:
        return self._may(Action.RESTORE)

    @property
    def may_see_activity(self) -> bool:
        return self._may(Action.SEE_ACTIVITY)


@dataclass(frozen=True, slots=True)
class DraftPage:
    """`number` counts from 1; an empty list has one empty page."""

    rows: tuple[Row, ...]
    total: int
    number: int
    pages: int


def list_drafts(
    user: User,
    scope: Scope,
    *,
    q: str = "",
    sort: str = DEFAULT_SORT,
    page: int = 1,
) -> DraftPage:
    """One page. Four queries, five for the head of a unit.

    `sort` is one of SORTS, with "-" before it for the other direction. A page past the
    end gives the last one. Raises InvalidInput for an unknown sort.
    """
    order = _order(sort)
    reach = reach_of(user.pk)
    led = units_under(reach.headed)
    found = _sought(_in_scope(scope, reach, led), q)
    total = found.count()
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    first = (number - 1) * PAGE_SIZE
    drafts = list(_whole(found).order_by(*order)[first : first + PAGE_SIZE])
    return DraftPage(_with_levels(drafts, reach, led), total, number, pages)


def first_drafts(
    user: User, scope: Scope, most: int, *, q: str = "", sort: str = DEFAULT_SORT
) -> tuple[Row, ...]:
    """The first `most` rows of the same list. Three queries, four for a head."""
    order = _order(sort)
    reach = reach_of(user.pk)
    led = units_under(reach.headed)
    found = _whole(_sought(_in_scope(scope, reach, led), q))
    return _with_levels(list(found.order_by(*order)[:most]), reach, led)


def _sought(found: QuerySet[Draft, Draft], q: str) -> QuerySet[Draft, Draft]:
    for word in text.search_key(q).split():
        found = found.filter(search_key__contains=word)
    return found


def _whole(found: QuerySet[Draft, Draft]) -> QuerySet[Draft, Draft]:
    return found.select_related("unit", "created_by").defer("search_key", "title_key")


def _in_scope(
    scope: Scope, reach: Reach, led: frozenset[UUID]
) -> QuerySet[Draft, Draft]:
    shares = DraftShare.objects.order_by()
    owned = Q(
        pk__in=shares.filter(user_id=reach.user_id, level=Level.OWN).values("draft")
    )
    # Two lists of ids, not one OR: each is answered by its own index.
    by_name = shares.filter(user_id=reach.user_id).values("draft")
    by_unit = shares.filter(unit_id__in=reach.above).values("draft")
    shared = Q(pk__in=by_name.union(by_unit)) if reach.above else Q(pk__in=by_name)
    live = Draft.objects.filter(archived_at__isnull=True)
    if scope is Scope.MINE:
        return live.filter(owned)
    if scope is Scope.SHARED:
        return live.filter(shared).exclude(owned)
    if scope is Scope.UNIT:
        if not reach.units:
            return Draft.objects.none()
        rest = reach.units - led
        return live.filter(Q(unit_id__in=led) | Q(unit_id__in=rest) & shared)
    reached = shared | Q(unit_id__in=led) if led else shared
    return Draft.objects.filter(reached, archived_at__isnull=False)


def _order(sort: str) -> Sequence[str | OrderBy]:
    down = sort.startswith("-")
    name = sort.removeprefix("-")
    sign = "-" if down else ""
    if name == "type":
        # Codes do not stand in the order of the names they stand for.
        place = Case(
            *(
                When(document_type=kind.code, then=Value(index))
                for index, kind in enumerate(known_types())
            ),
            default=Value(999),
        )
        return [place.desc() if down else place.asc(), "-updated_at", "pk"]
    columns = {"title": "title_key", "updated": "updated_at", "created": "created_at"}
    if name not in columns:
        raise InvalidInput(
            fields={"sort": _("Chỉ nhận: %(values)s.") % {"values": ", ".join(SORTS)}}
        )
    return [f"{sign}{columns[name]}", f"{sign}pk"]


def _with_levels(
    drafts: Sequence[Draft], reach: Reach, led: frozenset[UUID]
) -> tuple[Row, ...]:
    shares = DraftShare.objects.filter(reaching_shares(reach), draft__in=drafts)
    top: dict[UUID, int] = {}
    for draft_id, shared in shares.values_list("draft_id", "level"):
        top[draft_id] = max(shared, top.get(draft_id, 0))
    rows = []
    for draft in drafts:
        level = level_from(top.get(draft.pk), is_head=draft.unit_id in led)
        # None: the share ended between the two reads; the draft is no longer his.
        if level is not None:
            rows.append(Row(draft, level))
    return tuple(rows)
