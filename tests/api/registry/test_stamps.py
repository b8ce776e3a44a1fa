"""Pictures of signatures and seals: whose they are, and who may set and see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from server.accounts.models import Membership, Role
from server.common.errors import Conflict, InvalidInput, NotAllowed, NotFound
from server.common.models import AuditEntry
from server.publishing.signing.images import Ink
from server.registry.actions.stamps import set_seal_image, set_signature_image
from server.registry.models import SealImage, SignatureImage
from server.registry.stamps import seal_stamp, signature_stamp
from tests.support.signing import handwriting, seal

PEOPLE = ["chuyenvien", "truongphong", "lanhdao", "vanthu", "sotttt", "quantri"]
BLUE, RED = handwriting().data, seal().data
# Another picture in the same ink.
OTHER_BLUE, OTHER_RED = handwriting("#2040a0").data, seal("#b00010").data


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_sets_their_own_signature(who: str, cast: Any, events: Any) -> None:
    person = cast.people[who]
    set_signature_image(person, BLUE)
    stamp = signature_stamp(person)
    assert (stamp.data, stamp.ink) == (BLUE, Ink.BLUE)
    assert events() == [("signature_image.set", str(person.pk))]
    entry = AuditEntry.objects.get(action="signature_image.set")
    assert (entry.actor, entry.subject_id) == (person, str(person.pk))
    assert SignatureImage.objects.exclude(user=person).count() == 0


def test_who_left_the_office_sets_nothing(cast: Any) -> None:
    cast.lanhdao.is_active = False
    cast.lanhdao.save()
    with pytest.raises(NotAllowed):
        set_signature_image(cast.lanhdao, BLUE)


def test_a_new_signature_takes_the_place_of_the_former_which_is_kept(
    cast: Any, events: Any
) -> None:
    first = set_signature_image(cast.lanhdao, BLUE)
    second = set_signature_image(cast.lanhdao, OTHER_BLUE)
    assert signature_stamp(cast.lanhdao).data == OTHER_BLUE
    first.refresh_from_db()
    assert first.replaced_at == second.set_at
    assert len(events()) == 2
    assert AuditEntry.objects.latest("pk").details["former"] == first.digest


def test_the_same_picture_again_changes_nothing(cast: Any, events: Any) -> None:
    first = set_signature_image(cast.lanhdao, BLUE)
    assert set_signature_image(cast.lanhdao, BLUE) == first
    set_seal_image(cast.vanthu, cast.office, RED)
    set_seal_image(cast.vanthu, cast.office, RED)
    assert len(events()) == 2
    assert (SignatureImage.objects.count(), SealImage.objects.count()) == (1, 1)


def test_without_a_picture_the_refusal_says_who_must_do_what(cast: Any) -> None:
    with pytest.raises(Conflict) as caught:
        signature_stamp(cast.lanhdao)
    assert caught.value.code == "no_signature_image"
    assert "Bùi Hồng Quý" in str(caught.value)
    assert "Tài khoản › Chữ ký" in str(caught.value)
    with pytest.raises(Conflict) as caught:
        seal_stamp(cast.office)
    assert caught.value.code == "no_seal"
    assert "Văn thư" in str(caught.value)


@pytest.mark.parametrize("who", [*PEOPLE, "stranger"])
def test_only_a_clerk_of_the_organisation_sets_its_seal(
    who: str, cast: Any, request: Any, events: Any
) -> None:
    person = cast.people.get(who) or request.getfixturevalue(who)
    if who == "vanthu":
        set_seal_image(person, cast.office, RED)
        stamp = seal_stamp(cast.office)
        assert (stamp.data, stamp.ink) == (RED, Ink.RED)
        assert events() == [("seal_image.set", str(cast.office.pk))]
    else:
        with pytest.raises(NotFound):
            set_seal_image(person, cast.office, RED)
        assert not SealImage.objects.exists()
        assert events() == []


def test_a_clerk_sets_no_seal_of_another_organisation(cast: Any) -> None:
    for other in (cast.department, cast.province):
        with pytest.raises(NotFound):
            set_seal_image(cast.vanthu, other, RED)
    Membership.objects.create(user=cast.vanthu, unit=cast.units["VPS"], role=Role.CLERK)
    set_seal_image(cast.vanthu, cast.department, RED)
    assert seal_stamp(cast.department).data == RED
    with pytest.raises(Conflict):
        seal_stamp(cast.office)


def test_a_new_seal_takes_the_place_of_the_former_which_is_kept(cast: Any) -> None:
    first = set_seal_image(cast.vanthu, cast.office, RED)
    set_seal_image(cast.vanthu, cast.office, OTHER_RED)
    first.refresh_from_db()
    assert first.replaced_at is not None
    assert seal_stamp(cast.office).data == OTHER_RED


@pytest.mark.parametrize(
    ("act", "data", "code"),
    [
        ("signature", RED, "signature_not_blue"),
        ("signature", handwriting("#101010").data, "signature_not_blue"),
        ("signature", b"GIF89a", "not_a_signature_image"),
        ("seal", BLUE, "seal_not_red"),
        ("seal", seal("#101010").data, "seal_not_red"),
        ("seal", b"", "not_a_signature_image"),
    ],
)
def test_the_ink_must_be_the_one_of_the_rule(
    act: str, data: bytes, code: str, cast: Any
) -> None:
    acts: dict[str, Callable[[], object]] = {
        "signature": lambda: set_signature_image(cast.lanhdao, data),
        "seal": lambda: set_seal_image(cast.vanthu, cast.office, data),
    }
    with pytest.raises(InvalidInput) as caught:
        acts[act]()
    assert caught.value.code == code
    assert not SignatureImage.objects.exists()
    assert not SealImage.objects.exists()
