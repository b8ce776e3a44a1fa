"""What staff may do to people in the administration, and what only superusers may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from server.accounts.models import User
from tests.support.cast import Cast

Browser = Callable[..., Client]


@pytest.fixture
def helper(cast: Cast) -> User:
    """Staff who may change people, and is no superuser."""
    user = cast.vanthu
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["change_user", "view_user"])
    )
    return user


def _form(user: User, **changes: str) -> dict[str, str]:
    return {
        "username": user.username,
        "full_name": user.full_name,
        "title": user.title,
        "language": user.language,
        "is_active": "on",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
        **changes,
    }


@pytest.mark.parametrize("who", ["helper", "quantri"])
def test_only_a_superuser_makes_superusers(
    cast: Cast, helper: User, signed_in: Browser, who: str
) -> None:
    by = helper if who == "helper" else cast.quantri
    target = cast.chuyenvien
    answer = signed_in(by).post(
        f"/admin/accounts/user/{target.pk}/change/",
        _form(target, title="Chuyên viên chính", is_superuser="on", is_staff="on"),
    )
    assert answer.status_code == 302
    target.refresh_from_db()
    assert target.title == "Chuyên viên chính"
    assert target.is_superuser is (who == "quantri")
    assert target.is_staff is (who == "quantri")


def test_staff_cannot_give_a_superuser_a_new_password(
    cast: Cast, helper: User, signed_in: Browser
) -> None:
    answer = signed_in(helper).post(
        f"/admin/accounts/user/{cast.quantri.pk}/password/",
        {"password1": "Trời xanh 29 con chim", "password2": "Trời xanh 29 con chim"},
    )
    assert answer.status_code == 403
    cast.quantri.refresh_from_db()
    assert not cast.quantri.check_password("Trời xanh 29 con chim")


@pytest.mark.parametrize(
    ("identifier", "is_kept"),
    [("000.00.12.H15", True), ("", True), ("000.00.12.h15", False), ("H15", False)],
)
def test_the_identifier_of_an_organisation_has_its_form(
    cast: Cast, signed_in: Browser, identifier: str, is_kept: bool
) -> None:
    office = cast.office
    sent = {"name": office.name, "abbreviation": "VPUBND", "identifier": identifier}
    browser = signed_in(cast.quantri)
    address = f"/admin/accounts/organisation/{office.pk}/change/"
    assert 'name="identifier"' in browser.get(address).content.decode()
    answer = browser.post(address, {**sent, "place": "Buôn Ma Thuột"})
    office.refresh_from_db()
    assert answer.status_code == (302 if is_kept else 200)
    assert (office.place == "Buôn Ma Thuột") is is_kept
    assert office.identifier == (identifier if is_kept else "")


def test_no_two_organisations_have_one_identifier(
    cast: Cast, signed_in: Browser
) -> None:
    cast.province.identifier = "000.00.00.H15"
    cast.province.save()
    answer = signed_in(cast.quantri).post(
        f"/admin/accounts/organisation/{cast.office.pk}/change/",
        {
            "name": cast.office.name,
            "abbreviation": "VPUBND",
            "identifier": "000.00.00.H15",
        },
    )
    assert answer.status_code == 200
