"""Find the person or unit that a program or a form names. Decides about no right."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from server.accounts.models import Organisation, Unit, User
from server.common.errors import InvalidInput


def person(name: str) -> User:
    """An active person by id or sign-in name. Raises InvalidInput."""
    key = _as_uuid(name)
    active = User.objects.filter(is_active=True)
    found = (active.filter(pk=key) if key else active.filter(username=name)).first()
    if found is None:
        raise InvalidInput(
            _("Không có người dùng này."),
            fields={"user": _("Không có người dùng này.")},
        )
    return found


def unit(name: str, organisation: Organisation | None) -> Unit:
    """A unit by id or abbreviation; the draft's own organisation goes first.

    Raises InvalidInput when none is found, or several in other organisations.
    """
    key = _as_uuid(name)
    found = list(Unit.objects.filter(pk=key) if key else _named(name))
    ours = [unit for unit in found if unit.organisation_id == _pk(organisation)]
    if len(ours or found) == 1:
        return (ours or found)[0]
    message = (
        _("Có nhiều đơn vị viết tắt như vậy; hãy dùng mã định danh.")
        if found
        else _("Không có đơn vị này.")
    )
    raise InvalidInput(message, fields={"unit": message})


def _named(abbreviation: str) -> list[Unit]:
    return list(Unit.objects.filter(abbreviation=abbreviation))


def _pk(organisation: Organisation | None) -> UUID | None:
    return organisation.pk if organisation else None


def _as_uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
