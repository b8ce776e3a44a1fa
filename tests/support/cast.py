"""The people of the tests: the demo office, built by hand so that nothing is random.

    UBND tỉnh Đắk Lắk
    ├── Văn phòng UBND tỉnh (VPUBND)
    │   ├── Lãnh đạo Văn phòng (LĐVP)          lanhdao      leader
    │   ├── Phòng Hành chính – Tổ chức (HCTC)  chuyenvien   official
    │   │                                      truongphong  head
    │   ├── Phòng Tổng hợp (TH)                quantri      administrator
    │   └── Văn thư (VT)                       vanthu       clerk
    └── Sở Thông tin và Truyền thông (STTTT)
        └── Văn phòng Sở (VPS)                 sotttt       official

`cast` gives them all; each person is a fixture of their own too. `stranger` works in
another province's office: that person must never see anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from server.accounts.models import Membership, Organisation, Role, Unit, User

PASSWORD = "duthao-2026"


@dataclass(frozen=True, slots=True)
class Cast:
    """The organisations, the units by abbreviation and the people by sign-in name."""

    province: Organisation
    office: Organisation
    department: Organisation
    units: dict[str, Unit]
    people: dict[str, User]

    @property
    def chuyenvien(self) -> User:
        return self.people["chuyenvien"]

    @property
    def truongphong(self) -> User:
        return self.people["truongphong"]

    @property
    def lanhdao(self) -> User:
        return self.people["lanhdao"]

    @property
    def vanthu(self) -> User:
        return self.people["vanthu"]

    @property
    def sotttt(self) -> User:
        return self.people["sotttt"]

    @property
    def quantri(self) -> User:
        return self.people["quantri"]


def make_unit(
    organisation: Organisation, name: str, abbreviation: str, parent: Unit | None = None
) -> Unit:
    return Unit.objects.create(
        organisation=organisation, name=name, abbreviation=abbreviation, parent=parent
    )


def make_person(
    username: str,
    full_name: str,
    unit: Unit | None = None,
    role: Role = Role.OFFICIAL,
    **fields: Any,
) -> User:
    """A person who can sign in with PASSWORD; `unit` becomes the primary one."""
    user = User.objects.create_user(username, PASSWORD, full_name=full_name, **fields)
    if unit is not None:
        Membership.objects.create(user=user, unit=unit, role=role, is_primary=True)
    return user


def build_cast() -> Cast:
    province = Organisation.objects.create(
        name="Ủy ban nhân dân tỉnh Đắk Lắk", abbreviation="UBND", place="Đắk Lắk"
    )
    office = Organisation.objects.create(
        name="Văn phòng UBND tỉnh Đắk Lắk",
        abbreviation="VPUBND",
        place="Đắk Lắk",
        parent=province,
    )
    department = Organisation.objects.create(
        name="Sở Thông tin và Truyền thông",
        abbreviation="STTTT",
        place="Đắk Lắk",
        parent=province,
    )
    units = {
        unit.abbreviation: unit
        for unit in (
            make_unit(office, "Lãnh đạo Văn phòng", "LĐVP"),
            make_unit(office, "Phòng Hành chính – Tổ chức", "HCTC"),
            make_unit(office, "Phòng Tổng hợp", "TH"),
            make_unit(office, "Văn thư", "VT"),
            make_unit(department, "Văn phòng Sở", "VPS"),
        )
    }
    people = [
        make_person(
            "chuyenvien", "Trần Thị Ánh Tuyết", units["HCTC"], title="Chuyên viên"
        ),
        make_person(
            "truongphong",
            "Nguyễn Văn Phi",
            units["HCTC"],
            Role.HEAD,
            title="Trưởng phòng",
        ),
        make_person(
            "lanhdao",
            "Bùi Hồng Quý",
            units["LĐVP"],
            Role.LEADER,
            title="Chánh Văn phòng",
        ),
        make_person(
            "vanthu", "Lê Thị Hồng Đào", units["VT"], Role.CLERK, title="Văn thư"
        ),
        make_person("sotttt", "Phạm Quốc Đạt", units["VPS"], title="Chuyên viên"),
        make_person(
            "quantri",
            "Hoàng Minh Khôi",
            units["TH"],
            Role.ADMINISTRATOR,
            title="Quản trị hệ thống",
            is_staff=True,
            is_superuser=True,
        ),
    ]
    return Cast(
        province, office, department, units, {user.username: user for user in people}
    )


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


@pytest.fixture
def chuyenvien(cast: Cast) -> User:
    return cast.chuyenvien


@pytest.fixture
def truongphong(cast: Cast) -> User:
    return cast.truongphong


@pytest.fixture
def lanhdao(cast: Cast) -> User:
    return cast.lanhdao


@pytest.fixture
def vanthu(cast: Cast) -> User:
    return cast.vanthu


@pytest.fixture
def sotttt(cast: Cast) -> User:
    return cast.sotttt


@pytest.fixture
def quantri(cast: Cast) -> User:
    return cast.quantri


@pytest.fixture
def stranger(cast: Cast) -> User:
    other = Organisation.objects.create(name="UBND tỉnh Gia Lai", abbreviation="UBNDGL")
    unit = make_unit(other, "Văn phòng", "VP")
    return make_person("nguoila", "Võ Thị Lạ", unit, title="Chuyên viên")


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """`signed_in(user)`: a browser of theirs. CSRF is checked when asked for."""

    def open_browser(user: User, *, enforce_csrf_checks: bool = False) -> Client:
        client = Client(enforce_csrf_checks=enforce_csrf_checks)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser
