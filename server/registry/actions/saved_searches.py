"""Keep a search under a name, rename it, delete it. Each person has their own."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import User
from server.common import audit, clock
from server.common.errors import Conflict, NotFound
from server.registry.access import as_id
from server.registry.entry_fields import Checker
from server.registry.models import (
    SAVED_NAME_LENGTH,
    SAVED_QUERY_LENGTH,
    SavedSearch,
)
from server.registry.search_filter import filter_from, filters_of

MOST_SAVED = 50


@transaction.atomic
def save_search(
    actor: User, name: str, *, query: str, filters: Mapping[str, str]
) -> SavedSearch:
    """`filters` are named as in the address of the page; empty ones are not kept.

    Raises InvalidInput (name, or a filter that is none) and Conflict: `name_taken`,
    `too_many_saved`.
    """
    check = Checker()
    clean = check.text("name", name, SAVED_NAME_LENGTH, required=True)
    typed = check.text("query", query, SAVED_QUERY_LENGTH)
    check.finish()
    # The same person at two desks: one waits for the other.
    User.objects.select_for_update().get(pk=actor.pk)
    own = SavedSearch.objects.filter(user=actor)
    if own.count() >= MOST_SAVED:
        raise Conflict(
            _("Bạn đã lưu %(limit)s tìm kiếm. Hãy xóa bớt rồi lưu tiếp.")
            % {"limit": MOST_SAVED},
            code="too_many_saved",
        )
    _check_free(actor, clean)
    saved = SavedSearch.objects.create(
        user=actor,
        name=clean,
        query=typed,
        filters=filters_of(filter_from(filters), filters.get("sort", "")),
        created_at=clock.now(),
    )
    audit.record(actor, "saved_search.created", "saved_search", saved.pk, name=clean)
    return saved


@transaction.atomic
def rename_search(actor: User, saved_id: UUID | str, name: str) -> SavedSearch:
    """Raises NotFound for anybody else's, InvalidInput, Conflict `name_taken`."""
    saved = _own(actor, saved_id)
    check = Checker()
    clean = check.text("name", name, SAVED_NAME_LENGTH, required=True)
    check.finish()
    if clean == saved.name:
        return saved
    _check_free(actor, clean)
    before, saved.name = saved.name, clean
    saved.save(update_fields=["name"])
    audit.record(
        actor,
        "saved_search.renamed",
        "saved_search",
        saved.pk,
        before=before,
        after=clean,
    )
    return saved


@transaction.atomic
def delete_search(actor: User, saved_id: UUID | str) -> None:
    """Raises NotFound for anybody else's."""
    saved = _own(actor, saved_id)
    audit.record(
        actor, "saved_search.deleted", "saved_search", saved.pk, name=saved.name
    )
    saved.delete()


def _own(actor: User, saved_id: UUID | str) -> SavedSearch:
    found = SavedSearch.objects.select_for_update().filter(
        user=actor, pk=as_id(saved_id)
    )
    saved = found.first()
    if saved is None:
        raise NotFound
    return saved


def _check_free(actor: User, name: str) -> None:
    if SavedSearch.objects.filter(user=actor, name=name).exists():
        raise Conflict(
            _("Bạn đã có một tìm kiếm mang tên này."),
            code="name_taken",
            fields={"name": _("Hãy đặt tên khác.")},
        )
