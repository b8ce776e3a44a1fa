"""Signatures, seals and the office's rules over pages and API: who may do what."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from server.accounts.models import Membership, Role
from server.common.models import AuditEntry
from server.registry.actions.stamps import set_seal_image, set_signature_image
from server.registry.models import OfficePolicy, SealImage, SignatureImage
from tests.support.signing import handwriting, seal

PEOPLE = ["chuyenvien", "truongphong", "lanhdao", "vanthu", "sotttt", "quantri"]
EVERYBODY = [*PEOPLE, "stranger"]
# Whoever works in VPUBND; the administrator and others find nothing there.
COLLEAGUES = {"chuyenvien", "truongphong", "lanhdao", "vanthu"}
BLUE, RED = handwriting().data, seal().data
RULES = {
    "drafter_may_approve": True,
    "content_approver_may_check": False,
    "signs_digitally": True,
    "copies_signed_files": True,
    "inserts_numbers": True,
    "checking_unit": None,
    "norm": "state",
}
MINE = "/api/v1/me/signature-image"


def file(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("lời nói dối.exe", data, content_type="text/html")


@pytest.fixture
def browser_of(cast: Any, signed_in: Any, request: Any) -> Any:
    def open_browser(who: str) -> Client:
        person = cast.people.get(who) or request.getfixturevalue(who)
        browser: Client = signed_in(person)
        return browser

    return open_browser


# ── one's own signature ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_signature_is_seen_by_its_owner_alone(
    who: str, cast: Any, browser_of: Any
) -> None:
    set_signature_image(cast.lanhdao, BLUE)
    browser = browser_of(who)
    status = 200 if who == "lanhdao" else 404
    assert browser.get(MINE).status_code == status
    picture = browser.get(f"{MINE}.png")
    assert picture.status_code == status
    page = browser.get("/account/signature/")
    assert page.status_code == 200
    assert ("signature-image.png" in page.content.decode()) is (who == "lanhdao")


def test_a_picture_is_served_as_a_picture_and_kept_nowhere(
    cast: Any, browser_of: Any
) -> None:
    set_signature_image(cast.lanhdao, BLUE)
    set_seal_image(cast.vanthu, cast.office, RED)
    for who, address, data in (
        ("lanhdao", f"{MINE}.png", BLUE),
        ("vanthu", f"/api/v1/organisations/{cast.office.pk}/seal.png", RED),
    ):
        picture = browser_of(who).get(address)
        assert picture.content == data
        assert picture["Content-Type"] == "image/png"
        assert picture["Cache-Control"] == "private, no-store"
        assert picture["X-Content-Type-Options"] == "nosniff"


def test_nobody_sees_or_sets_anything_without_signing_in(cast: Any) -> None:
    set_signature_image(cast.lanhdao, BLUE)
    office = f"/api/v1/organisations/{cast.office.pk}"
    browser = Client()
    for address in (MINE, f"{MINE}.png", f"{office}/seal", f"{office}/policy"):
        assert browser.get(address).status_code == 401
    assert browser.post(MINE, {"file": file(BLUE)}).status_code == 401
    for page in ("/account/signature/", "/office/", "/account/delegations/"):
        assert browser.get(page).status_code == 302


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_person_sets_their_own_signature_by_page_and_api(
    who: str, browser_of: Any
) -> None:
    browser = browser_of(who)
    answer = browser.post("/account/signature/", {"file": file(BLUE)})
    assert (answer.status_code, answer["Location"]) == (302, "/account/signature/")
    other = handwriting("#2040a0").data
    made = browser.post(MINE, {"file": file(other)})
    assert made.status_code == 201
    assert made.json()["size_bytes"] == len(other)
    assert SignatureImage.objects.count() == 2
    assert browser.get(f"{MINE}.png").content == other


@pytest.mark.parametrize(
    ("data", "words", "code"),
    [
        (RED, "phải là mực xanh", "signature_not_blue"),
        (b"%PDF-", "tệp ảnh .png", "not_a_signature_image"),
    ],
)
def test_a_picture_that_is_unfit_is_refused_on_the_page_with_the_reason(
    data: bytes, words: str, code: str, browser_of: Any
) -> None:
    browser = browser_of("lanhdao")
    page = browser.post("/account/signature/", {"file": file(data)})
    assert page.status_code == 400
    assert words in page.content.decode()
    assert browser.post(MINE, {"file": file(data)}).json()["code"] == code
    assert browser.post("/account/signature/").status_code == 400
    assert not SignatureImage.objects.exists()


def test_a_picture_over_the_limit_is_not_read(browser_of: Any) -> None:
    browser = browser_of("lanhdao")
    large = file(bytes(2_000_001))
    page = browser.post("/account/signature/", {"file": large})
    assert page.status_code == 413
    assert "2 MB" in page.content.decode()


# ── the seal ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_seal_is_seen_and_set_by_a_clerk_of_the_organisation_alone(
    who: str, cast: Any, browser_of: Any
) -> None:
    set_seal_image(cast.vanthu, cast.office, RED)
    browser, api = browser_of(who), f"/api/v1/organisations/{cast.office.pk}/seal"
    status = 200 if who == "vanthu" else 404
    assert browser.get(api).status_code == status
    assert browser.get(f"{api}.png").status_code == status
    other = seal("#b00010").data
    page = browser.post(f"/office/{cast.office.pk}/seal/", {"file": file(other)})
    assert page.status_code == (302 if who == "vanthu" else 404)
    made = browser.post(api, {"file": file(RED)})
    assert made.status_code == (201 if who == "vanthu" else 404)
    assert SealImage.objects.count() == (3 if who == "vanthu" else 1)
    shown = browser.get(f"/office/{cast.office.pk}/").content.decode()
    assert ("seal.png" in shown) is (who == "vanthu")


def test_an_unfit_seal_is_refused_on_the_page_with_the_reason(
    cast: Any, browser_of: Any
) -> None:
    address = f"/office/{cast.office.pk}/seal/"
    page = browser_of("vanthu").post(address, {"file": file(BLUE)})
    assert page.status_code == 400
    assert "phải là mực đỏ" in page.content.decode()


def test_the_link_to_the_seal_stands_beside_the_registers(browser_of: Any) -> None:
    for who in COLLEAGUES:
        shown = browser_of(who).get("/registers/").content.decode()
        assert ("Con dấu" in shown) is (who == "vanthu")


# ── the rules of the office ─────────────────────────────────────────────────────


@pytest.mark.parametrize("who", EVERYBODY)
def test_rules_are_read_by_colleagues_and_set_by_leaders(
    who: str, cast: Any, browser_of: Any, events: Any
) -> None:
    browser, api = browser_of(who), f"/api/v1/organisations/{cast.office.pk}/policy"
    read = 200 if who in COLLEAGUES else 404
    assert browser.get(api).status_code == read
    assert browser.get(f"/office/{cast.office.pk}/").status_code == read
    status = {"lanhdao": 200}.get(who, 403 if who in COLLEAGUES else 404)
    put = browser.put(api, RULES, content_type="application/json")
    assert put.status_code == status
    data = {"signs_digitally": "1", "checking_unit": str(cast.units["TH"].pk)}
    page = browser.post(f"/office/{cast.office.pk}/policy/", data)
    assert page.status_code == (302 if who == "lanhdao" else status)
    if who == "lanhdao":
        policy = OfficePolicy.objects.get()
        assert policy.signs_digitally
        assert not policy.drafter_may_approve
        assert policy.checking_unit == cast.units["TH"]
        assert events() == [("policy.changed", str(cast.office.pk))] * 2
    else:
        assert not OfficePolicy.objects.exists()
        assert events() == []


def test_what_was_ruled_is_on_record_with_what_was_before(
    cast: Any, browser_of: Any, events: Any
) -> None:
    browser, api = (
        browser_of("lanhdao"),
        f"/api/v1/organisations/{cast.office.pk}/policy",
    )
    for _ in range(2):
        answer = browser.put(api, RULES, content_type="application/json")
    assert answer.json() == RULES
    assert len(events()) == 1
    entry = AuditEntry.objects.get(action="policy.changed")
    assert entry.details["changed"] == {
        "drafter_may_approve": [False, True],
        "signs_digitally": [False, True],
        "copies_signed_files": [False, True],
        "inserts_numbers": [False, True],
    }


@pytest.mark.parametrize("unit", ["VPS", "not-a-unit"])
def test_the_checking_unit_is_one_of_the_organisation(
    unit: str, cast: Any, browser_of: Any
) -> None:
    key = str(cast.units[unit].pk) if unit in cast.units else unit
    page = browser_of("lanhdao").post(
        f"/office/{cast.office.pk}/policy/", {"checking_unit": key}
    )
    assert page.status_code == 400
    assert "một đơn vị của cơ quan" in page.content.decode()
    assert not OfficePolicy.objects.exists()


def test_the_page_of_ones_only_organisation_is_shown_at_once(
    cast: Any, browser_of: Any
) -> None:
    answer = browser_of("chuyenvien").get("/office/")
    assert answer["Location"] == f"/office/{cast.office.pk}/"
    none = browser_of("quantri").get("/office/")
    assert "chưa làm việc trong cơ quan nào" in none.content.decode()
    Membership.objects.create(user=cast.vanthu, unit=cast.units["VPS"], role=Role.CLERK)
    both = browser_of("vanthu").get("/office/").content.decode()
    assert cast.office.name in both
    assert cast.department.name in both
    listed = browser_of("vanthu").get("/api/v1/organisations").json()
    assert [(o["abbreviation"], o["may_keep_seal"]) for o in listed] == [
        ("STTTT", True),
        ("VPUBND", True),
    ]
