"""The form of a document in real browsers: its parts, its faults and their mending."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import Desk, Person
from tests.support.office import Office
from tests.support.wait import until

pytestmark = [pytest.mark.browser, pytest.mark.server]
Two = Callable[..., tuple[str, Desk, Desk]]


@pytest.fixture
def two(office: Office, person: Person) -> Two:
    """A draft of a type, open on two computers."""

    def both(document_type: str, *, blank: bool = True) -> tuple[str, Desk, Desk]:
        draft = office.create_draft(
            "Họp giao ban", document_type=document_type, blank=blank
        )
        office.share(draft, "sotttt", "edit")
        desks = person("chuyenvien").open(draft), person("sotttt").open(draft)
        for desk in desks:
            desk.save_status("saved")
        return draft, *desks

    return both


def _field(desk: Desk, name: str) -> Locator:
    return desk.page.locator(f"[data-field={name}]")


def _check(desk: Desk) -> Locator:
    """Open the check of form; returns its list when it has been answered."""
    desk.page.locator(".ed-check-button").click()
    # Other panels of the page have the same form.
    panel = desk.page.get_by_role("complementary", name="Kiểm tra thể thức")
    expect(panel.locator(".ed-check-summary")).to_contain_text("Theo Nghị định")
    return panel.locator(".ed-check-list")


def _fault(desk: Desk, rule: str) -> Locator:
    return desk.page.locator(f".ed-check-fault[data-rule={rule}]").first


def test_the_parts_of_an_invitation_are_written_together(
    office: Office, two: Two
) -> None:
    draft, tuyet, dat = two("GM")
    _field(tuyet, "chair").fill("Chánh Văn phòng")
    _field(dat, "venue").fill("Phòng họp số 2")
    expect(_field(dat, "chair")).to_have_value("Chánh Văn phòng")
    expect(_field(tuyet, "venue")).to_have_value("Phòng họp số 2")
    _field(tuyet, "chair").press("Tab")
    expect(_field(tuyet, "starts_at")).to_be_focused()
    expect(dat.page.locator(".ed-field-starts_at.is-held")).to_have_attribute(
        "data-holder", "Trần Thị Ánh Tuyết"
    )
    expect(_field(tuyet, "enacting_authority")).to_be_hidden()
    expect(_field(tuyet, "bearer")).to_have_count(0)
    tuyet.save_status("saved")
    dat.save_status("saved")
    pdf = office.api("GET", f"/drafts/{draft}/export.pdf")
    assert pdf.content.startswith(b"%PDF-")


def test_another_type_shows_its_own_parts_to_both(two: Two) -> None:
    _draft, tuyet, dat = two("CV")
    expect(_field(tuyet, "second_name")).to_have_count(0)
    tuyet.page.locator(".ed-facts select").first.select_option("BB")
    for desk in (tuyet, dat):
        expect(_field(desk, "second_name")).to_be_visible()
        expect(_field(desk, "secretary")).to_be_visible()
        expect(desk.page.locator(".ed-head-date")).to_be_hidden()
    _field(dat, "second_name").fill("Lê Thị Hồng Đào")
    expect(_field(tuyet, "second_name")).to_have_value("Lê Thị Hồng Đào")
    tuyet.page.locator(".ed-facts select").first.select_option("QĐ")
    expect(_field(dat, "enacting_authority")).to_be_visible()
    expect(_field(dat, "second_name")).to_have_count(0)


def test_a_fault_leads_to_its_place_and_a_click_mends_it_for_both(two: Two) -> None:
    _draft, tuyet, dat = two("CV")
    tuyet.click_end()
    tuyet.type("Họp tại cơ quan nhà nước")
    dat.sees("cơ quan nhà nước")
    _check(tuyet)
    fault = _fault(tuyet, "capitals")
    fault.locator(".ed-check-place").click()
    expect(tuyet.page.locator(".ed-flash")).to_have_text("nhà nước")
    until(
        lambda: tuyet.page.evaluate("String(getSelection())") == "nhà nước",
        what="the words are selected",
    )
    # A colleague writes a paragraph before it: the place moves along.
    dat.click_start(0)
    dat.type("Kính thưa quý vị.")
    dat.page.keyboard.press("Enter")
    tuyet.sees("Kính thưa quý vị.")
    fault.get_by_role("button", name="Sửa thành “Nhà nước”").click()
    dat.sees("Họp tại cơ quan Nhà nước")
    expect(_fault(tuyet, "capitals")).to_have_count(0)
    dat.sees("Kính thưa quý vị.")
    tuyet.page.keyboard.press("Escape")
    tuyet.click_end()
    tuyet.page.keyboard.press("Control+z")
    dat.sees("cơ quan nhà nước")


def test_a_fault_of_a_field_is_mended_in_the_field(two: Two) -> None:
    _draft, tuyet, dat = two("CV")
    _field(tuyet, "signer_name").fill("bùi hồng quý")
    expect(_field(dat, "signer_name")).to_have_value("bùi hồng quý")
    _check(tuyet)
    fault = _fault(tuyet, "name_capitals")
    fault.locator(".ed-check-place").click()
    expect(_field(tuyet, "signer_name")).to_be_focused()
    fault.get_by_role("button", name="Sửa thành").click()
    expect(_field(dat, "signer_name")).to_have_value("Bùi Hồng Quý")


def test_a_reader_sees_the_faults_and_mends_nothing(
    office: Office, person: Person
) -> None:
    draft = office.create_draft()
    office.share(draft, "sotttt", "view")
    dat = person("sotttt").open(draft)
    dat.save_status("read_only")
    faults = _check(dat)
    expect(faults.locator(".ed-check-fault").first).to_be_visible()
    expect(faults.get_by_role("button", name=re.compile("^Sửa"))).to_have_count(0)


def test_the_list_of_faults_opens_the_editor_at_the_place(
    office: Office, person: Person
) -> None:
    draft = office.create_draft()
    tuyet = person("chuyenvien")
    tuyet.go(f"/drafts/{draft}/check/")
    tuyet.page.get_by_role("link", name="Họ tên người ký").click()
    expect(_field(tuyet, "signer_name")).to_be_focused()
    expect(_field(tuyet, "signer_name")).to_be_in_viewport()


def test_the_signature_block_is_written_by_a_click_and_not_before(
    office: Office, two: Two
) -> None:
    draft, tuyet, dat = two("CV")
    body = {"signer": "lanhdao"}
    office.api("POST", f"/drafts/{draft}/process/submit", json=body)
    suggested = office.api("GET", f"/drafts/{draft}/signature-block").json()
    assert suggested["signature"] == {
        "signer_authority": "",
        "signer_position": "CHÁNH VĂN PHÒNG",
        "signer_name": "Bùi Hồng Quý",
        "differs": True,
    }
    tuyet.go(f"/drafts/{draft}/process/")
    tuyet.page.get_by_role("link", name="Ghi vào văn bản").click()
    offer = tuyet.page.locator(".ed-offer")
    expect(offer).to_be_focused()
    expect(_field(tuyet, "signer_name")).to_have_value("")
    offer.press("Enter")
    expect(_field(dat, "signer_name")).to_have_value("Bùi Hồng Quý")
    expect(_field(dat, "signer_position")).to_have_value("CHÁNH VĂN PHÒNG")
    expect(offer).to_be_hidden()
    tuyet.save_status("saved")
    until(
        lambda: (
            not office.api("GET", f"/drafts/{draft}/signature-block").json()[
                "signature"
            ]["differs"]
        ),
        what="the letterhead says the same",
    )
