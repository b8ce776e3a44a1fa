"""Give and end mandates: who may act in whose place, how, and from when to when.

A person gives only what is his own, by his office or by a mandate that may be passed
on; the administrator writes down what rests on no person (TM., Q.), and what others
decided, for the organisation that he administers and no other, and never for himself;
the principal is shown it until he takes note. Must never change a mandate that was
given: it is ended, and another one given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from server.accounts.access import administered_by, has_role
from server.accounts.models import Membership, Organisation, Role, Unit, User
from server.accounts.queries import main_unit, works_in_or_below
from server.common import audit, clock
from server.common.errors import InvalidInput, NotAllowed, NotFound
from server.registry.access import units_under
from server.registry.actions.inviting import invite
from server.registry.entry_fields import Checker
from server.registry.mandates import OF_NOBODY, mandate_of, root_of, stands_for
from server.registry.models import Delegation, DelegationForm, Draft
from server.registry.models.workflow import DOCUMENT_LENGTH, POST_LENGTH
from server.registry.queries.delegations import ROLE_OF_POWER
from server.registry.workflow.authority import Fault, Form, Mandate, Power, fault_of
from server.registry.workflow.table import IN_PROCESS

_FAULTS = {
    Fault.DATES: ("ends_on", _("Ngày hết hạn phải sau ngày bắt đầu.")),
    Fault.NEEDS_END: ("ends_on", _("Thừa ủy quyền phải có thời hạn.")),
    Fault.NEEDS_DOCUMENT: ("document", _("Thừa ủy quyền phải bằng văn bản.")),
    Fault.NO_POWER: ("powers", _("Hãy chọn ít nhất một quyền.")),
    Fault.NOT_RE_DELEGABLE: ("under", _("Quyền này không được giao tiếp.")),
    Fault.BEYOND: ("under", _("Vượt quá quyền hoặc thời hạn đã được giao.")),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A mandate to give. `in_place_of` "" is the principal's own post, `unit` the one
    whose content a mandate of nobody approves."""

    form: Form
    delegate: User
    starts_on: date
    principal: User | None = None
    in_place_of: str = ""
    powers: frozenset[Power] = frozenset({Power.SIGN})
    ends_on: date | None = None
    document: str = ""
    under: UUID | None = None
    unit: Unit | None = None


@transaction.atomic
def delegate(actor: User, wish: Wish) -> Delegation:
    """Raises NotAllowed for somebody else's powers and InvalidInput for a wish that
    breaks a rule of mandates."""
    _may_give(actor, wish)
    check = Checker()
    post = check.text("in_place_of", wish.in_place_of, POST_LENGTH)
    document = check.text("document", wish.document, DOCUMENT_LENGTH)
    check.finish()
    under = _under(wish)
    post = post or _own_post(wish, under)
    if not post:
        message = _("Hãy nêu chức vụ hoặc tập thể được ký thay.")
        raise InvalidInput(message, fields={"in_place_of": message})
    if wish.principal == wish.delegate or not wish.delegate.is_active:
        message = _("Hãy chọn một người khác đang làm việc.")
        raise InvalidInput(message, fields={"delegate": message})
    wish = replace(wish, in_place_of=post, document=document)
    _check(wish, under)
    _check_nobody(wish)
    made = Delegation.objects.create(
        organisation=_organisation_of(wish),
        form=wish.form.value,
        principal=wish.principal,
        delegate=wish.delegate,
        in_place_of=wish.in_place_of,
        may_approve_content=Power.CONTENT in wish.powers,
        may_sign=Power.SIGN in wish.powers,
        may_direct=Power.DIRECT in wish.powers,
        starts_on=wish.starts_on,
        ends_on=wish.ends_on,
        document=wish.document,
        under=under,
        unit=wish.unit,
        created_by=actor,
        created_at=clock.now(),
        noted_at=clock.now() if wish.principal == actor else None,
    )
    _record(actor, "delegation.given", made)
    for draft in _waiting_for(made):
        invite(actor, draft, [wish.delegate])
    return made


@transaction.atomic
def end_delegation(actor: User, delegation_id: UUID) -> None:
    """From now on it gives nothing; nor does what rests on it. Ending twice is fine.

    Raises NotFound for who neither gave it nor administers its organisation.
    """
    found = Delegation.objects.select_for_update().filter(pk=delegation_id).first()
    if found is None or not (
        actor.pk in (found.principal_id, found.created_by_id)
        or found.organisation_id in administered_by(actor)
    ):
        raise NotFound
    if found.ended_at is None:
        found.ended_at = clock.now()
        found.save(update_fields=["ended_at"])
        _record(actor, "delegation.ended", found)


@transaction.atomic
def note_delegation(actor: User, delegation_id: UUID) -> None:
    """The principal knows of it, whoever wrote it down. Twice is fine. Raises NotFound
    for a mandate that is not of this person."""
    found = Delegation.objects.select_for_update().filter(
        pk=delegation_id, principal=actor
    )
    given = found.first()
    if given is None:
        raise NotFound
    if given.noted_at is None:
        given.noted_at = clock.now()
        given.save(update_fields=["noted_at"])


def _may_give(actor: User, wish: Wish) -> None:
    """One's own powers to anybody else; as an administrator, those of the organisation
    to who works in it or under it, and never to oneself."""
    if wish.principal is not None and wish.principal.pk == actor.pk:
        return
    if wish.delegate.pk == actor.pk:
        raise NotAllowed(_("Không ai tự ghi ủy quyền cho chính mình."))
    offices = administered_by(actor)
    if not offices:
        raise NotAllowed(_("Bạn chỉ ủy quyền được quyền của chính mình."))
    if _organisation_of(wish).pk not in offices or not works_in_or_below(
        wish.delegate, offices
    ):
        raise NotAllowed(_("Bạn chỉ ghi được ủy quyền của cơ quan mà bạn quản trị."))


def _under(wish: Wish) -> Delegation | None:
    if wish.under is None:
        return None
    found = Delegation.objects.filter(
        pk=wish.under, delegate=wish.principal, ended_at__isnull=True
    ).first()
    if found is None:
        message = _("Không có ủy quyền gốc này.")
        raise InvalidInput(message, fields={"under": message})
    return found


def _own_post(wish: Wish, under: Delegation | None) -> str:
    """Whoever acts as head passes on the powers of that post, not of his own."""
    if under is not None and under.form == Form.Q:
        return under.in_place_of
    return wish.principal.title if wish.principal else ""


def _check_nobody(wish: Wish) -> None:
    """TM. and Q. rest on no person, and nothing else does; to approve content they name
    the unit, in the organisation of who holds them."""
    of_nobody = wish.principal is None
    if of_nobody != (wish.form in OF_NOBODY):
        message = _(
            "TM. và Q. không dựa trên quyền của một người; hình thức khác thì có."
        )
        raise InvalidInput(message, fields={"form": message})
    needs_unit = of_nobody and Power.CONTENT in wish.powers
    if needs_unit and wish.unit is None:
        message = _("Hãy chọn đơn vị mà người này duyệt nội dung.")
        raise InvalidInput(message, fields={"of_unit": message})
    if wish.unit is not None and not needs_unit:
        message = _("Chỉ chọn đơn vị khi TM. hoặc Q. có quyền duyệt nội dung.")
        raise InvalidInput(message, fields={"of_unit": message})
    if wish.unit and wish.unit.organisation_id != _organisation_of(wish).pk:
        message = _("Hãy chọn một đơn vị của cơ quan người này.")
        raise InvalidInput(message, fields={"of_unit": message})


def _check(wish: Wish, under: Delegation | None) -> None:
    mandate = Mandate(
        form=wish.form,
        in_place_of=wish.in_place_of,
        starts_on=wish.starts_on,
        ends_on=wish.ends_on,
        powers=wish.powers,
        is_written=bool(wish.document),
        under=mandate_of(under) if under else None,
    )
    fault = fault_of(mandate)
    if fault is not None:
        field, message = _FAULTS[fault]
        raise InvalidInput(message, fields={field: message})
    if under is None and wish.principal is not None:
        for power in wish.powers:
            if not has_role(wish.principal, ROLE_OF_POWER[power]):
                message = _("Người ủy quyền không có quyền này.")
                raise InvalidInput(message, fields={"powers": message})


def _organisation_of(wish: Wish) -> Organisation:
    unit = main_unit(wish.principal or wish.delegate)
    if unit is None:
        message = _("Người này không thuộc đơn vị nào.")
        raise InvalidInput(message, fields={"delegate": message})
    return unit.organisation


def _waiting_for(made: Delegation) -> list[Draft]:
    """Drafts on their way that the person whose right it is is to approve."""
    root, principal = root_of(made), stands_for(made)
    wanted = Q(pk__in=[])
    if made.may_sign:
        wanted |= Q(signer=principal)
    if made.may_approve_content:
        headed = Membership.objects.filter(user=root.principal, role=Role.HEAD)
        units = (
            frozenset(headed.values_list("unit_id", flat=True))
            if root.principal_id
            else frozenset({root.unit_id} if root.unit_id else ())
        )
        wanted |= Q(unit__in=units_under(units))
    return list(Draft.objects.filter(wanted, state__in=IN_PROCESS))


def _record(actor: User, deed: str, made: Delegation) -> None:
    audit.record(
        actor,
        deed,
        "delegation",
        made.pk,
        form=DelegationForm(made.form).value,
        principal=str(made.principal_id) if made.principal_id else None,
        delegate=str(made.delegate_id),
        starts_on=made.starts_on.isoformat(),
        ends_on=made.ends_on.isoformat() if made.ends_on else None,
    )
