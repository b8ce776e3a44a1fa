"""Set what an organisation allows that the rule does not. A leader of it may.

It works from the next step on: what was approved before stays approved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, Unit, User
from server.common import audit, outbox
from server.common.errors import InvalidInput, NotFound
from server.registry.access import as_id
from server.registry.models import Norm, OfficePolicy
from server.registry.office_access import access_office

POLICY_CHANGED = "policy.changed"


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole of a policy; `checking_unit` is an id of a unit of the organisation.
    `norm` is whose form new drafts have, None: as it was."""

    drafter_may_approve: bool = False
    content_approver_may_check: bool = False
    signs_digitally: bool = False
    copies_signed_files: bool = False
    inserts_numbers: bool = False
    checking_unit: UUID | str | None = None
    norm: str | None = None


@transaction.atomic
def set_policy(actor: User, organisation_id: UUID | str, rules: Rules) -> OfficePolicy:
    """All rules are replaced. The same rules again change nothing.

    Raises NotFound for a stranger, NotAllowed for who works there but is no leader,
    InvalidInput for a unit of another organisation or an unknown norm.
    """
    office = access_office(actor, organisation_id, rule=True).organisation
    # One after the other: the first two rulers must not both make the row.
    Organisation.objects.select_for_update().get(pk=office.pk)
    policy, _made = OfficePolicy.objects.get_or_create(organisation=office)
    unit = _unit_of(office, rules.checking_unit)
    wanted: dict[str, Any] = {
        "drafter_may_approve": rules.drafter_may_approve,
        "content_approver_may_check": rules.content_approver_may_check,
        "signs_digitally": rules.signs_digitally,
        "copies_signed_files": rules.copies_signed_files,
        "inserts_numbers": rules.inserts_numbers,
        "checking_unit_id": unit.pk if unit else None,
        "norm": policy.norm if rules.norm is None else _norm(rules.norm),
    }
    changed = {
        name: [_plain(getattr(policy, name)), _plain(value)]
        for name, value in wanted.items()
        if getattr(policy, name) != value
    }
    if changed:
        for name, value in wanted.items():
            setattr(policy, name, value)
        policy.save()
        audit.record(actor, POLICY_CHANGED, "organisation", office.pk, changed=changed)
        outbox.emit(POLICY_CHANGED, office.pk)
    return policy


def _unit_of(office: Organisation, key: UUID | str | None) -> Unit | None:
    if not key:
        return None
    try:
        found = Unit.objects.filter(pk=as_id(key), organisation=office).first()
    except NotFound:
        found = None
    if found is None:
        message = _("Hãy chọn một đơn vị của cơ quan.")
        raise InvalidInput(message, fields={"checking_unit": message})
    return found


def _norm(given: str) -> str:
    if given not in Norm.values:
        message = _("Hãy chọn thể thức của Nhà nước hoặc của Đảng.")
        raise InvalidInput(message, fields={"norm": message})
    return Norm(given).value


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value
