"""Take a draft of the demo office all the way to an issued document.

The keys are those of `tests.support.signing`; the pictures are drawn there too. Nothing
here is faked: texts, files and records are made by the product.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collab.content.tree import Content, Fields, Paragraph, Run
from collab.content.write import build_update
from server.accounts.models import Role, User
from server.common import providers
from server.registry.actions.issuing import issue
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.actions.stamps import set_seal_image, set_signature_image
from server.registry.issuing.plan import IssuePlan, RecipientPlan
from server.registry.models import (
    Draft,
    OfficePolicy,
    OutgoingDocument,
    Register,
    RegisterKind,
)
from server.registry.seen import seen_digest
from server.registry.texts import committed
from server.registry.workflow.table import State
from tests.support import signing
from tests.support.cast import make_person

LETTER = Fields(
    issuer_parent="UBND TỈNH ĐẮK LẮK",
    issuer="VĂN PHÒNG",
    notation="VPUBND-HCTC",
    place="Đắk Lắk",
    subject="đảm bảo hoạt động hiệu quả của Hệ thống idesk",
    addressees="Sở Thông tin và Truyền thông",
    recipients="Như trên;\nCổng thông tin điện tử của tỉnh;\nLưu: VT, HCTC.",
    signer_position="CHÁNH VĂN PHÒNG",
    signer_name="Bùi Hồng Quý",
    document_type="CV",
)
BODY = (Paragraph((Run("Đề nghị Sở quan tâm, phối hợp thực hiện./."),)),)

Issued = Callable[..., OutgoingDocument]


def write_letter(draft: Draft, fields: Fields = LETTER) -> None:
    """The whole letter as one committed text."""
    store = providers.document_store.get()
    store.start_epoch(
        str(draft.pk),
        build_update(Content(fields, BODY)),
        author=str(draft.created_by_id),
    )


@pytest.fixture
def outgoing_register(cast: Any) -> Register:
    return open_register(
        cast.vanthu, cast.office.pk, RegisterPlan(name="Sổ văn bản đi")
    )


@pytest.fixture
def department_clerk(cast: Any) -> User:
    """Văn thư of the department that receives documents."""
    return make_person(
        "vanthuso", "Hồ Thị Mận", cast.units["VPS"], Role.CLERK, title="Văn thư"
    )


@pytest.fixture
def incoming_register(cast: Any, department_clerk: User) -> Register:
    """Of the department."""
    return open_register(
        department_clerk,
        cast.department.pk,
        RegisterPlan(name="Sổ văn bản đến", kind=RegisterKind.INCOMING),
    )


@pytest.fixture
def digital(cast: Any, settings: Any, tmp_path: Path) -> None:
    """VPUBND signs digitally: keys, a blue signature, a red seal, and the policy."""
    OfficePolicy.objects.create(organisation=cast.office, signs_digitally=True)
    keys = signing.keys()
    for name, key in (("organisation", keys.office), ("lanhdao", keys.leader)):
        (tmp_path / f"{name}.p12").write_bytes(key.data)
        (tmp_path / f"{name}.password").write_bytes(key.password)
    settings.ORGANISATION_KEY = tmp_path / "organisation.p12"
    settings.ORGANISATION_PASSWORD = tmp_path / "organisation.password"
    settings.ORGANISATION_TOKEN = ""
    settings.PERSON_KEYS = tmp_path
    settings.TRUST_DIR = tmp_path / "trust"
    settings.TRUST_DIR.mkdir()
    (settings.TRUST_DIR / "authority.pem").write_bytes(keys.authority.pem)
    set_signature_image(cast.lanhdao, signing.handwriting().data)
    set_seal_image(cast.vanthu, cast.office, signing.seal().data)


@pytest.fixture
def approved(moved: Any) -> Callable[..., Draft]:
    """A letter that the signer has approved; `fields` change its letterhead."""

    def make(fields: Fields = LETTER, **begin: Any) -> Draft:
        draft: Draft = moved(
            State.APPROVED, prepare=lambda d: write_letter(d, fields), **begin
        )
        return draft

    return make


@pytest.fixture
def issued(cast: Any, approved: Any, outgoing_register: Register) -> Issued:
    """`issued(RecipientPlan(…), …)`: a document that went out to these."""

    def make(*recipients: RecipientPlan, **begin: Any) -> OutgoingDocument:
        draft = approved(**begin)
        return issue(
            cast.vanthu, draft.pk, plan_for(draft, outgoing_register, *recipients)
        )

    return make


def plan_for(
    draft: Draft, register: Register, *recipients: RecipientPlan, **more: Any
) -> IssuePlan:
    seen = seen_digest(draft.pk, committed(draft.pk).digest)
    return IssuePlan(register.pk, seen, tuple(recipients), **more)
