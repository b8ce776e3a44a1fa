"""What was issued is taken back by the clerks, and by who would sign it today: the
right of the signer ends with the office, that of a deputy with the mandate."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from server.accounts.models import Membership, Role
from server.common import clock
from server.common.models import AuditEntry
from server.registry.actions.delegations import Wish, delegate, end_delegation
from server.registry.actions.recalling import recall
from server.registry.models import Delegation, OutgoingState
from server.registry.workflow.authority import Form
from tests.support.cast import make_person
from tests.support.outcomes import DONE, outcome_of_recall

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 20), date(2026, 11, 30)
DAY_AFTER = datetime(2026, 12, 1, 5, tzinfo=UTC)
D, NOT, NONE = DONE, "not_allowed", "not_found"


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def document(cast: Any, issued: Any) -> Any:
    return issued()


@pytest.fixture
def people(cast: Any, document: Any) -> dict[str, Any]:
    """The signer gave a mandate by order to `deputy`; `colleague` leads beside them."""
    unit = cast.units["LĐVP"]
    deputy = make_person("pho", "Y Thanh Niê", unit, title="Phó Chánh Văn phòng")
    colleague = make_person("pho2", "Hà Thị Ba", unit, Role.LEADER, title="Phó")
    delegate(
        cast.lanhdao,
        Wish(Form.TL, deputy, FIRST, principal=cast.lanhdao, ends_on=LAST),
    )
    return {
        "clerk": cast.vanthu,
        "signer": cast.lanhdao,
        "deputy": deputy,
        "colleague": colleague,
        "official": cast.chuyenvien,
    }


def nothing(cast: Any) -> None:
    pass


def signer_leads_no_more(cast: Any) -> None:
    Membership.objects.filter(user=cast.lanhdao).update(role=Role.OFFICIAL)


def signer_leads_elsewhere(cast: Any) -> None:
    Membership.objects.filter(user=cast.lanhdao).update(unit=cast.units["VPS"])


def signer_left(cast: Any) -> None:
    cast.lanhdao.is_active = False
    cast.lanhdao.save(update_fields=["is_active"])


def mandate_was_ended(cast: Any) -> None:
    end_delegation(cast.lanhdao, Delegation.objects.get().pk)


WHO = ("clerk", "signer", "deputy", "colleague", "official")


@pytest.mark.parametrize(
    ("change", "at", "expected"),
    [
        (nothing, NOON, [D, D, D, NOT, NOT]),
        (nothing, DAY_AFTER, [D, D, NOT, NOT, NOT]),
        (mandate_was_ended, NOON, [D, D, NOT, NOT, NOT]),
        (signer_leads_no_more, NOON, [D, NOT, NOT, NOT, NOT]),
        (signer_leads_elsewhere, NOON, [D, NONE, NOT, NOT, NOT]),
        (signer_left, NOON, [D, NONE, NOT, NOT, NOT]),
    ],
)
def test_who_recalls_after_a_change_of_office(
    change: Any,
    at: datetime,
    expected: list[str],
    cast: Any,
    people: dict[str, Any],
    document: Any,
    signed_in: Any,
) -> None:
    change(cast)
    with clock.fixed(at):
        assert [outcome_of_recall(people[who], document) for who in WHO] == expected
        page = reverse("distribution", args=[document.pk])
        act = reverse("distribution_act", args=[document.pk, "recall"])
        for who, told in zip(WHO, expected, strict=True):
            if told == NONE:
                continue
            shown = signed_in(people[who]).get(page).content.decode()
            assert (act in shown) is (told == D), who


def test_the_trail_says_in_whose_place_it_was_recalled(
    cast: Any, people: dict[str, Any], document: Any
) -> None:
    made = recall(people["deputy"], document.pk, "Ban hành nhầm")
    assert made.by == people["deputy"]
    document.refresh_from_db()
    assert document.state == OutgoingState.RECALLED
    said = AuditEntry.objects.get(action="outgoing.recalled").details
    assert (said["form"], said["on_behalf_of"]) == ("TL", str(cast.lanhdao.pk))


def test_who_recalls_in_their_own_right_acts_for_nobody(
    cast: Any, document: Any
) -> None:
    recall(cast.lanhdao, document.pk, "Ban hành nhầm")
    said = AuditEntry.objects.get(action="outgoing.recalled").details
    assert (said["form"], said["on_behalf_of"]) == ("", "")
