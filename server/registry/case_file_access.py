"""The one door to a case file.

Who works in the file's unit (official, head, leader, clerk), the heads of the units
above it and the clerks of the organisation read it. It is kept by the person who
created it, for as long as that person works in the unit, by those heads and by those
clerks; handing over to the archive cannot be undone, so only a head or a clerk may.
The administrator runs the system and, by that role, reads nothing. For everybody else
a case file does not exist: NotFound, the same as for one that was never opened.

A reader sees of each document what its register says. The document itself is behind
its own door: this one opens no text and no scan.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Membership, Role, Unit, User
from server.common.errors import NotAllowed, NotFound
from server.registry.access import as_id, units_under
from server.registry.models import CaseFile
from server.registry.register_access import READERS


@dataclass(frozen=True)
class Keeper:
    """Where a person stands, as far as case files are concerned; read once.

    The person is a clerk of `organisations`; works in `units` and is head of `headed`
    ones. Units of those organisations are left out, for a clerk reaches them all: so
    most people's lists are read from one index.
    """

    user_id: UUID
    units: frozenset[UUID] = frozenset()
    headed: frozenset[UUID] = frozenset()
    organisations: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, user: User) -> Keeper:
        """One query."""
        if not user.is_active:
            return cls(user.pk)
        rows = list(
            Membership.objects.filter(user=user, role__in=READERS).values_list(
                "role", "unit_id", "unit__organisation_id"
            )
        )
        clerk_of = frozenset(org for role, _unit, org in rows if role == Role.CLERK)
        others = [(role, unit) for role, unit, org in rows if org not in clerk_of]
        return cls(
            user.pk,
            frozenset(unit for _role, unit in others),
            frozenset(unit for role, unit in others if role == Role.HEAD),
            clerk_of,
        )

    @cached_property
    def under(self) -> frozenset[UUID]:
        """The headed units and their sub-units. One query, once, if any."""
        return units_under(self.headed)

    def readable(self) -> Q:
        units = Q(unit__in=self.units | self.under)
        if not self.organisations:
            return units
        clerk = Q(organisation__in=self.organisations)
        return clerk | units if self.units else clerk

    def kept(self) -> Q:
        return (
            Q(organisation__in=self.organisations)
            | Q(unit__in=self.under)
            | Q(created_by=self.user_id, unit__in=self.units)
        )

    def may_read(self, case_file: CaseFile) -> bool:
        return self.may_hand_over(case_file) or case_file.unit_id in self.units

    def may_keep(self, case_file: CaseFile) -> bool:
        return self.may_hand_over(case_file) or (
            case_file.created_by_id == self.user_id and case_file.unit_id in self.units
        )

    def may_hand_over(self, case_file: CaseFile) -> bool:
        return (
            case_file.organisation_id in self.organisations
            or case_file.unit_id in self.under
        )


@dataclass(frozen=True, slots=True)
class CaseFileAccess:
    """A file that this person reads, and what more this person may."""

    case_file: CaseFile
    may_keep: bool
    may_hand_over: bool


def readable_case_files(user: User) -> QuerySet[CaseFile, CaseFile]:
    """Every case file this person reads. One query or two, and none for the files."""
    return CaseFile.objects.filter(Keeper.of(user).readable())


def kept_case_files(user: User) -> QuerySet[CaseFile, CaseFile]:
    """Every case file this person keeps."""
    return CaseFile.objects.filter(Keeper.of(user).kept())


def units_for_new_file(user: User) -> QuerySet[Unit, Unit]:
    """The units in which this person may open a file: where the person works, the
    units that the person heads, and, for a clerk, all of the organisation's."""
    keeper = Keeper.of(user)
    return Unit.objects.filter(
        Q(organisation__in=keeper.organisations) | Q(pk__in=keeper.units | keeper.under)
    ).select_related("organisation")


def access_case_file(
    user: User,
    case_file_id: UUID | str,
    *,
    keep: bool = False,
    hand_over: bool = False,
    lock: bool = False,
) -> CaseFileAccess:
    """Two or three queries. With `lock` the row is held until the transaction ends.

    Raises NotFound, or NotAllowed for a reader who wants to `keep` or `hand_over`.
    """
    files = CaseFile.objects.filter(pk=as_id(case_file_id))
    if lock:
        files = files.select_for_update(of=("self",))
    case_file = files.select_related(
        "organisation__parent", "unit", "created_by"
    ).first()
    if case_file is None:
        raise NotFound
    keeper = Keeper.of(user)
    if not keeper.may_read(case_file):
        raise NotFound
    access = CaseFileAccess(
        case_file, keeper.may_keep(case_file), keeper.may_hand_over(case_file)
    )
    if keep and not access.may_keep:
        raise NotAllowed(
            _("Chỉ người lập hồ sơ, trưởng đơn vị và văn thư được thay đổi hồ sơ này.")
        )
    if hand_over and not access.may_hand_over:
        raise NotAllowed(_("Chỉ trưởng đơn vị và văn thư được nộp hồ sơ vào lưu trữ."))
    return access
