"""What a person may find: what the doors of drafts, registers, case files, of what one
received and of incoming documents would open.

The same reach as `server.registry.access`, `register_access`, `case_file_access`,
`issued_access` and `incoming_access`, written as one condition on the entries, so that
it is a part of the search itself: pages stay full and counts true. Of an incoming
document whose files say something, each finds one of two entries: who handles it the
one with the files, a colleague the row. Of what was issued here and came into the
office's book, the text is found by whoever got it there in their own right; who holds a
mandate opens it from the list of incoming work. Must never be replaced by a look at the
hits afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from server.accounts.models import Membership, Organisation, User
from server.registry.access import Reach
from server.registry.incoming_access import (
    DIRECTORS,
    Handler,
    in_hand,
    live_forwardings,
)
from server.registry.models import (
    CaseFile,
    Draft,
    DraftShare,
    Forwarding,
    Recipient,
    RecipientChannel,
    Register,
    SearchEntry,
    SearchKind,
)
from server.registry.register_access import KEEPERS, readable_registers
from server.registry.search import scope
from server.registry.search_due import Due


@dataclass(frozen=True, slots=True)
class Findable:
    """`entries` are what may be found, no query yet. `scopes` are words of which each
    of them has at least one, by the kind of the entry: they make a search quick and
    open nothing by themselves. Without any, the person finds nothing of that kind.
    `due` is what this person must do by a day.
    """

    entries: QuerySet[SearchEntry, SearchEntry]
    scopes: Mapping[str, tuple[str, ...]]
    organisations: QuerySet[Organisation, Organisation]
    due: Due


def findable(user: User) -> Findable:
    """Four queries, five for the head of a unit, two more for who stands in for one."""
    if not user.is_active:
        nothing, nowhere = SearchEntry.objects.none(), Organisation.objects.none()
        return Findable(nothing, {}, nowhere, Due.nothing())
    handler = Handler.of(user)
    reach = handler.reach
    led = handler.headed - handler.lent.keys()
    drafts = _reached_drafts(reach, led)
    registers = readable_registers(user)
    keys = list(registers.values_list("pk", flat=True))
    kept, directed = _offices_of(user)
    filed = _files_of(reach, led, kept)
    files = CaseFile.objects.filter(filed)
    got = _got(reach, led, kept, directed)
    handled = _handled(handler, directed)
    is_row_of_files = Q(kind=SearchKind.INCOMING, has_more=True)
    is_files = Q(kind=SearchKind.ATTACHED)
    return Findable(
        SearchEntry.objects.filter(
            (_in_registers(registers) & ~is_files & ~(is_row_of_files & handled))
            | (is_files & handled)
            | _of_drafts(reach, led)
            | Q(Exists(got), kind=SearchKind.RECEIVED)
            | (filed & Q(kind=SearchKind.CASE_FILE)),
        ),
        _scopes(handler, led, keys, kept),
        Organisation.objects.filter(
            Q(pk__in=registers.order_by().values("organisation"))
            | Q(pk__in=drafts.order_by().values("organisation"))
            | Q(pk__in=_received(reach, kept).values("document__organisation"))
            | Q(pk__in=files.order_by().values("organisation"))
        ),
        Due(_received(reach, kept), _work(handler)),
    )


def _scopes(
    handler: Handler, led: frozenset[UUID], books: list[UUID], kept: list[UUID]
) -> dict[str, tuple[str, ...]]:
    """The words by which this person reaches entries of each kind."""
    reach = handler.reach
    shared = (
        scope.shared_with_person(reach.user_id),
        *(scope.shared_with_unit(unit) for unit in sorted(reach.above)),
        *(scope.of_unit(unit) for unit in sorted(led)),
    )
    in_books = tuple(scope.of_register(key) for key in books)
    handed = (
        *in_books,
        *shared,
        *(scope.of_unit(unit) for unit in sorted(handler.lent)),
        *(scope.for_clerks_of(key) for key in sorted({*kept, *handler.directs})),
    )
    return {
        SearchKind.DRAFT: shared,
        SearchKind.OUTGOING: in_books,
        SearchKind.INCOMING: handed,
        SearchKind.RECEIVED: handed,
        SearchKind.CASE_FILE: (
            *(scope.filed_in_unit(unit) for unit in sorted(reach.units | led)),
            *(scope.for_clerks_of(key) for key in kept),
        ),
    }


def _handled(handler: Handler, directed: list[UUID]) -> Q:
    """Entries of incoming documents whose files this person opens, as
    `incoming_access.find_incoming_document` has it."""
    reach = handler.reach
    got = (
        live_forwardings()
        .select_related(None)
        .filter(
            Q(person_id=reach.user_id)
            | Q(assignee_id=reach.user_id)
            | Q(unit_id__in=reach.above | handler.headed),
            document=OuterRef("object_id"),
        )
    )
    directs = {*directed, *handler.directs}
    return Q(organisation_id__in=directs) | Q(Exists(got))


def _work(handler: Handler) -> QuerySet[Forwarding, Forwarding]:
    """The same as in the list of incoming work. No query yet."""
    return live_forwardings().select_related(None).filter(in_hand(handler))


def _received(reach: Reach, kept: list[UUID]) -> QuerySet[Recipient, Recipient]:
    """What was sent to this person, to the units, or to an organisation that this
    person keeps the books of. No query yet."""
    to_me = Q(person_id=reach.user_id) | Q(unit_id__in=reach.above)
    lines = Recipient.objects.order_by().filter(channel=RecipientChannel.IN_APP)
    return lines.filter(to_me | Q(organisation_id__in=kept))


def _got(
    reach: Reach, led: frozenset[UUID], kept: list[UUID], directed: list[UUID]
) -> QuerySet[Recipient, Recipient]:
    """The lines of the entry's document by which this person has it: as who received
    it, as who directs what the office received, or as whom it was forwarded to there.
    """
    lines = Recipient.objects.order_by().filter(
        document=OuterRef("object_id"), channel=RecipientChannel.IN_APP
    )
    handed = (
        live_forwardings()
        .select_related(None)
        .filter(
            Q(person_id=reach.user_id)
            | Q(assignee_id=reach.user_id)
            | Q(unit_id__in=reach.above | led),
            document=OuterRef("incoming"),
        )
    )
    # An organisation enters what it received into its own book.
    return lines.filter(
        Q(person_id=reach.user_id)
        | Q(unit_id__in=reach.above)
        | Q(organisation_id__in=kept)
        | Q(organisation_id__in=directed, incoming__isnull=False)
        | Q(Exists(handed), incoming__isnull=False)
    )


def _offices_of(user: User) -> tuple[list[UUID], list[UUID]]:
    """Whose books this person keeps, and whose incoming documents he directs. One
    query."""
    held = Membership.objects.filter(user=user, role__in=DIRECTORS)
    pairs = set(held.values_list("role", "unit__organisation"))
    kept = [office for role, office in pairs if role in KEEPERS]
    return sorted(kept), sorted({office for _role, office in pairs})


def _reached_drafts(reach: Reach, led: frozenset[UUID]) -> QuerySet[Draft, Draft]:
    reached = Q(pk__in=_shared(reach))
    if led:
        reached |= Q(unit_id__in=led)
    return Draft.objects.filter(reached)


def _of_drafts(reach: Reach, led: frozenset[UUID]) -> Q:
    reached = Q(object_id__in=_shared(reach))
    if led:
        reached |= Q(unit_id__in=led)
    return Q(kind=SearchKind.DRAFT) & reached


def _shared(reach: Reach) -> QuerySet[DraftShare, Any]:
    shares = DraftShare.objects.order_by()
    # Two lists of ids, not one OR: each is answered by its own index.
    by_name = shares.filter(user_id=reach.user_id).values("draft")
    if not reach.above:
        return by_name
    return by_name.union(shares.filter(unit_id__in=reach.above).values("draft"))


def _in_registers(registers: QuerySet[Register]) -> Q:
    return Q(register_id__in=registers.order_by().values("pk"))


def _files_of(reach: Reach, led: frozenset[UUID], kept: list[UUID]) -> Q:
    """As `case_file_access.Keeper.readable` has it, of a file and of its entry."""
    return Q(unit_id__in=reach.units | led) | Q(organisation_id__in=kept)
