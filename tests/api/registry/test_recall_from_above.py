"""A leader of an organisation above takes back what this leader signed, without a role
in the office that issued it; the book of that office stays closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from server.accounts.models import Membership, Organisation, Role, User
from server.common import clock
from server.common.errors import NotAllowed, NotFound
from server.registry.actions.delegations import Wish, delegate
from server.registry.actions.distribution import chase
from server.registry.actions.drafts import create_draft
from server.registry.actions.issuing import issue
from server.registry.actions.linked_drafts import begin_linked_draft
from server.registry.actions.process import submit
from server.registry.models import LinkKind, OutgoingDocument, OutgoingState
from server.registry.register_access import access_outgoing
from server.registry.workflow.authority import Form
from server.registry.workflow.table import State
from tests.support.cast import make_person, make_unit
from tests.support.issuing import plan_for, write_letter
from tests.support.outcomes import DONE, outcome_of_recall
from tests.support.process import WAY, WHO, step

D, NONE = DONE, "not_found"


@pytest.fixture
def people(cast: Any) -> dict[str, User]:
    """`signer` leads the province; the others have nothing to do with the document."""
    top = make_unit(cast.province, "Lãnh đạo UBND tỉnh", "LĐUB")
    elsewhere = Organisation.objects.create(name="UBND tỉnh khác", abbreviation="UBK")
    far = make_unit(elsewhere, "Lãnh đạo", "LĐK")
    return {
        "signer": make_person(
            "chutich", "Phạm Ngọc Nghị", top, Role.LEADER, title="Chủ tịch"
        ),
        "colleague": make_person("phochutich", "H'Yim Kđoh", top, Role.LEADER),
        "clerk_above": make_person("vanthutinh", "Y Bia", top, Role.CLERK),
        "stranger": make_person("chutichkhac", "Lê Văn Xa", far, Role.LEADER),
        "official": make_person("deputy", "Y Thanh Niê", top),
    }


@pytest.fixture
def document(
    cast: Any, people: dict[str, User], outgoing_register: Any
) -> OutgoingDocument:
    draft = create_draft(cast.chuyenvien, title="V/v trình ký", type_code="CV")
    write_letter(draft)
    submit(cast.chuyenvien, draft.pk, signer=people["signer"])
    for act in WAY[State.APPROVED]:
        name = WHO[act]
        signs = name == "lanhdao"
        step(people["signer"] if signs else cast.people[name], draft, act)
    return issue(cast.vanthu, draft.pk, plan_for(draft, outgoing_register))


def nothing(_signer: User, _cast: Any) -> None:
    pass


def leads_no_more(signer: User, _cast: Any) -> None:
    Membership.objects.filter(user=signer).update(role=Role.OFFICIAL)


def leads_beside(signer: User, cast: Any) -> None:
    Membership.objects.filter(user=signer).update(unit=cast.units["VPS"])


def left(signer: User, _cast: Any) -> None:
    User.objects.filter(pk=signer.pk).update(is_active=False)


@pytest.mark.parametrize(
    ("change", "expected"),
    [(nothing, D), (leads_no_more, NONE), (leads_beside, NONE), (left, NONE)],
)
def test_the_signer_recalls_as_long_as_the_office_lasts(
    change: Callable[[User, Any], None],
    expected: str,
    cast: Any,
    people: dict[str, User],
    document: OutgoingDocument,
) -> None:
    change(people["signer"], cast)
    assert outcome_of_recall(people["signer"], document) == expected
    assert outcome_of_recall(cast.vanthu, document) == D
    for who in ("colleague", "clerk_above", "stranger", "official"):
        assert outcome_of_recall(people[who], document) == NONE, who


def test_so_does_who_holds_the_mandate(
    people: dict[str, User], document: OutgoingDocument
) -> None:
    today, deputy = clock.today(), people["official"]
    last = today + timedelta(days=3)
    signer = people["signer"]
    delegate(signer, Wish(Form.TL, deputy, today, principal=signer, ends_on=last))
    assert outcome_of_recall(deputy, document) == D
    with clock.fixed(clock.now() + timedelta(days=5)):
        assert outcome_of_recall(deputy, document) == NONE


def test_the_signer_recalls_on_the_page_and_sees_no_book(
    people: dict[str, User], document: OutgoingDocument, signed_in: Any
) -> None:
    browser = signed_in(people["signer"])
    page = reverse("distribution", args=[document.pk])
    act = reverse("distribution_act", args=[document.pk, "recall"])
    shown = browser.get(page).content.decode()
    assert act in shown
    for closed in (
        reverse("outgoing_entry", args=[document.pk]),
        reverse("document_link", args=[document.pk, "replaces"]),
        reverse("document_link", args=[document.pk, "corrects"]),
    ):
        assert f'"{closed}"' not in shown
    browser.post(act, {"reason": "Ban hành nhầm"})
    document.refresh_from_db()
    assert document.state == OutgoingState.RECALLED
    assert browser.get(page).status_code == 200


def test_the_signer_recalls_over_the_api(
    people: dict[str, User], document: OutgoingDocument, signed_in: Any
) -> None:
    answer = signed_in(people["signer"]).post(
        f"/api/v1/outgoing-documents/{document.pk}/recall",
        {"reason": "Ban hành nhầm"},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "recalled")


def test_the_right_to_sign_opens_neither_the_book_nor_what_clerks_do(
    people: dict[str, User], document: OutgoingDocument
) -> None:
    signer = people["signer"]
    with pytest.raises(NotFound):
        access_outgoing(signer, document.pk)
    with pytest.raises(NotAllowed):
        chase(signer, document.pk)
    with pytest.raises(NotAllowed):
        begin_linked_draft(signer, document.pk, LinkKind.CORRECTS)


@pytest.mark.parametrize("who", ["colleague", "clerk_above", "stranger", "official"])
def test_for_others_above_there_is_no_such_document(
    who: str, people: dict[str, User], document: OutgoingDocument, signed_in: Any
) -> None:
    browser, base = signed_in(people[who]), f"/api/v1/outgoing-documents/{document.pk}"
    assert browser.get(reverse("distribution", args=[document.pk])).status_code == 404
    for path in ("/recipients", "/copies", "/issued"):
        absent = f"/api/v1/outgoing-documents/{people[who].pk}{path}"
        foreign = browser.get(f"{base}{path}")
        assert foreign.status_code == 404, path
        assert foreign.content == browser.get(absent).content
