"""A letter of VPUBND in the book of the department that received it in this system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from server.accounts.models import User
from server.registry.actions.distribution import Acceptance, accept
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import (
    IncomingDocument,
    IssuedFiles,
    OutgoingDocument,
    Register,
    RegisterKind,
)


@dataclass
class Sent:
    """The letter of VPUBND in the book of the department, whose clerk is `clerk`."""

    document: OutgoingDocument
    incoming: IncomingDocument
    clerk: User

    @property
    def digest(self) -> str:
        return IssuedFiles.objects.get(document=self.document).pdf


@pytest.fixture
def sent(
    request: Any, cast: Any, issued: Any, department_clerk: User, incoming_register: Any
) -> Sent:
    if "signed" in request.fixturenames:
        request.getfixturevalue("digital")
    document = issued(RecipientPlan(organisation=cast.department.pk))
    line = document.recipients.get()
    incoming = accept(department_clerk, line.pk, Acceptance(incoming_register.pk))
    return Sent(document, incoming, department_clerk)


@pytest.fixture
def signed(sent: Sent) -> Sent:
    """The same, signed digitally by signer and office."""
    return sent


@pytest.fixture
def own_book(cast: Any, department_clerk: User) -> Register:
    """The book of copies of the department."""
    plan = RegisterPlan(name="Sổ bản sao", kind=RegisterKind.COPIES)
    return open_register(department_clerk, cast.department.pk, plan)


def form_of(browser: Any, sent: Sent) -> str:
    """The page of the document, where copies are made."""
    page = browser.get(f"/incoming/{sent.incoming.pk}/")
    assert page.status_code == 200
    return str(page.content.decode())
