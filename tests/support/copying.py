"""A sent document of the demo office, its book of copies, and what a clerk asks for."""

from __future__ import annotations

from typing import Any

import pytest

from server.registry.actions.copying import CopyPlan
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    IssuedNumber,
    OutgoingDocument,
    Register,
    RegisterKind,
)


@pytest.fixture
def book(cast: Any) -> Register:
    """The book of copies of VPUBND."""
    plan = RegisterPlan(name="Sổ bản sao", kind=RegisterKind.COPIES)
    return open_register(cast.vanthu, cast.office.pk, plan)


@pytest.fixture
def document(issued: Any, cast: Any, department_clerk: Any) -> OutgoingDocument:
    sent: OutgoingDocument = issued(RecipientPlan(organisation=cast.department.pk))
    return sent


def copy_plan(book: Register, kind: str = "SY", **more: Any) -> CopyPlan:
    signed = {
        "signer_authority": "TL. CHÁNH VĂN PHÒNG",
        "signer_position": "TRƯỞNG PHÒNG",
        "signer_name": "Nguyễn Văn Phi",
    }
    return CopyPlan(book.pk, kind, **{**signed, **more})


def nothing_was_drawn(book: Register) -> bool:
    return not IssuedNumber.objects.filter(register=book).exists()
