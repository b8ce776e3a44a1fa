"""A committee of the Party drafts its own types in its own form, from the first text to
the number; an organisation of the State knows nothing of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from collab.content.write import build_update
from server.accounts.models import Organisation, Role, Unit
from server.common import clock, providers
from server.common.errors import InvalidInput
from server.publishing.docx_export import to_docx
from server.publishing.pdf_export import to_pdf
from server.publishing.pdf_pages import words_of
from server.publishing.rules import Kind
from server.registry.actions.delegations import Wish, delegate
from server.registry.actions.drafts import create_draft
from server.registry.actions.imports import import_docx
from server.registry.actions.issuing import issue
from server.registry.actions.linked_drafts import begin_linked_draft
from server.registry.actions.policy import Rules, set_policy
from server.registry.actions.process import submit
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.document_types import all_types, find, incoming_types, name_of
from server.registry.form_check import severe_faults
from server.registry.models import LinkKind, OfficePolicy
from server.registry.numbering.notation import Form
from server.registry.numbering.series import Mode, Period
from server.registry.signing_block import suggested_block
from server.registry.texts import committed
from server.registry.workflow.authority import Form as Mandate
from server.registry.workflow.authority import Power
from server.registry.workflow.table import Act
from tests.support.cast import make_person, make_unit
from tests.support.issuing import plan_for
from tests.support.process import step
from tests.unit.server.publishing.forms import party_type

CODES = [kind.code for kind in all_types(norm="party")]


@pytest.fixture
def committee(cast: Any) -> dict[str, Any]:
    """The Party committee of the administration, one person for each role."""
    above = Organisation.objects.create(
        name="Tỉnh ủy Đắk Lắk", abbreviation="TU", place="Đắk Lắk"
    )
    ours = Organisation.objects.create(
        name="Đảng ủy UBND tỉnh", abbreviation="ĐU", place="Đắk Lắk", parent=above
    )
    for office in (above, ours):
        OfficePolicy.objects.create(organisation=office, norm="party")
    unit = make_unit(ours, "Văn phòng Đảng ủy", "VPĐU")
    people = {
        name: make_person(f"dang-{name}", full_name, unit, role, title=title)
        for name, full_name, role, title in (
            ("official", "Y Thanh Hà Niê", Role.OFFICIAL, "Chuyên viên"),
            ("head", "Trần Quốc Toản", Role.HEAD, "Chánh Văn phòng"),
            ("leader", "Nguyễn Văn Phi", Role.LEADER, "Phó Bí thư"),
            ("clerk", "Lê Thị Mai", Role.CLERK, "Văn thư"),
        )
    }
    return {"office": ours, "unit": unit, **people}


def begun(committee: dict[str, Any], code: str) -> Any:
    return create_draft(committee["official"], title="Về chuyển đổi số", type_code=code)


@pytest.mark.parametrize("code", CODES)
def test_every_type_of_the_party_begins_in_the_partys_form(
    committee: dict[str, Any], code: str
) -> None:
    draft = begun(committee, code)
    content = committed(draft.pk).content
    kind = find(code, norm="party")
    assert kind is not None
    fields = content.fields
    assert (fields.rule_kind, fields.document_type) == ("party", code)
    assert fields.notation == f"{kind.abbreviation}/ĐU"
    assert (fields.issuer_parent, fields.issuer) == (
        "TỈNH ỦY ĐẮK LẮK",
        "ĐẢNG ỦY UBND TỈNH",
    )
    assert "./." not in committed(draft.pk).text
    said = words_of(to_pdf(content, lambda _src: None))
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in said
    assert "CỘNG HÒA" not in said
    assert kind.name.upper() in said or code == "CV"
    # The first text breaks no rule of the norm; only what nobody said yet is missing.
    named = replace(
        fields, signer_position="Phó Bí thư", signer_name="Nguyễn Văn Phi",
        second_name="Y Thanh Hà Niê" if code == "BB" else "",
        addressees=fields.addressees or ("Tỉnh ủy" if code in ("CV", "TTr") else ""),
    )  # fmt: skip
    found = severe_faults(replace(content, fields=named))
    assert [fault.rule_id for fault in found] == []


def test_nobody_drafts_a_type_that_the_own_norm_does_not_have(
    cast: Any, committee: dict[str, Any]
) -> None:
    for code in ("GNP", "ThC", "CĐ"):
        with pytest.raises(InvalidInput):
            begun(committee, code)
    for code in ("KL", "TTri"):
        with pytest.raises(InvalidInput):
            create_draft(cast.chuyenvien, title="Về việc này", type_code=code)
    state = create_draft(cast.chuyenvien, title="Về việc này", type_code="QĐ")
    assert committed(state.pk).content.fields.rule_kind == ""


def test_a_code_is_one_name_and_everything_that_is_written_may_arrive() -> None:
    assert name_of("TTri") == "Thông tri"
    assert name_of("TT") == "Thông tư"
    state = {kind.code: kind.name for kind in all_types()}
    shared = {k.code: k.name for k in all_types(norm="party") if k.code in state}
    assert shared.items() <= state.items()
    assert {*CODES, *state} <= {kind.code for kind in incoming_types()}


def test_an_office_of_the_state_above_is_not_printed_over_a_committee(
    cast: Any, committee: dict[str, Any]
) -> None:
    Organisation.objects.filter(pk=committee["office"].pk).update(parent=cast.office)
    fields = committed(begun(committee, "KL").pk).content.fields
    assert fields.issuer_parent == ""


def test_the_page_offers_the_types_of_the_unit_that_drafts(
    cast: Any, committee: dict[str, Any], signed_in: Any
) -> None:
    official = committee["official"]
    browser = signed_in(official)
    page = browser.get("/drafts/new/").content.decode()
    assert 'value="KL"' in page
    assert 'value="GNP"' not in page
    # Who also works for the State chooses the unit, and sees the types of that one.
    both = Unit.objects.get(pk=cast.units["HCTC"].pk)
    official.memberships.create(unit=both, role=Role.OFFICIAL)
    asked = browser.get("/drafts/new/", {"unit": str(both.pk)}).content.decode()
    assert 'value="GNP"' in asked
    assert 'value="KL"' not in asked
    made = browser.post(
        "/drafts/new/",
        {"title": "Kết luận tháng 6", "type": "KL", "unit": str(committee["unit"].pk)},
    )
    assert made.status_code == 302
    listed = browser.get("/api/v1/document-types?norm=party").json()
    assert {kind["code"] for kind in listed} == set(CODES)
    editor = browser.get(made["Location"]).content.decode()
    assert "TTri" in editor


def test_a_word_file_becomes_a_draft_of_the_party(committee: dict[str, Any]) -> None:
    data = to_docx(party_type("KL"), lambda _src: None)
    draft, _notes = import_docx(
        committee["official"], filename="ket-luan.docx", data=data, type_code="KL"
    )
    fields = committed(draft.pk).content.fields
    assert (fields.rule_kind, fields.document_type) == ("party", "KL")


def test_a_conclusion_goes_the_whole_way_and_is_numbered_for_the_term(
    committee: dict[str, Any],
) -> None:
    clerk = committee["clerk"]
    book = open_register(
        clerk,
        committee["office"].pk,
        RegisterPlan(
            name="Sổ văn bản đi của Đảng ủy", form=Form.PARTY, period=Period.TERM,
            starts_on=date(2025, 7, 1), ends_on=date(2030, 6, 30),
            numbering_mode=Mode.PER_TYPE,
        ),
    )  # fmt: skip
    draft = begun(committee, "KL")
    content = committed(draft.pk).content
    fields = replace(
        content.fields, signer_position="Phó Bí thư", signer_name="Nguyễn Văn Phi"
    )
    providers.document_store.get().start_epoch(
        str(draft.pk), build_update(replace(content, fields=fields))
    )
    submit(committee["official"], draft.pk, signer=committee["leader"])
    for who, act in (
        ("head", Act.APPROVE_CONTENT),
        ("clerk", Act.CHECK_FORMAT),
        ("leader", Act.APPROVE),
    ):
        step(committee[who], draft, act)
    document = issue(clerk, draft.pk, plan_for(draft, book))
    assert document.full_number == "01-KL/ĐU"
    assert document.type_name == "Kết luận"
    # What is wrong in it is corrected by a letter of the Party's form.
    correction = begin_linked_draft(
        committee["official"], document.pk, LinkKind.CORRECTS
    )
    said = committed(correction.pk)
    assert said.content.fields.rule_kind == "party"
    assert said.content.fields.notation == "CV/ĐU"
    assert "Kết luận số 01-KL/ĐU" in said.text
    assert "./." not in said.text


def test_mandates_are_written_as_the_norm_writes_them(
    committee: dict[str, Any], signed_in: Any
) -> None:
    leader = committee["leader"]
    keeper = make_person(
        "dang-quantri", "Đỗ Văn Nam", committee["unit"], Role.ADMINISTRATOR
    )
    delegate(
        keeper,
        Wish(
            form=Mandate.TM, principal=None, delegate=leader, in_place_of="Đảng ủy",
            starts_on=clock.today(), powers=frozenset({Power.SIGN}),
            document="01-QĐ/ĐU",
        ),
    )  # fmt: skip
    draft = begun(committee, "QĐ")
    submit(committee["official"], draft.pk, signer=leader)
    draft.refresh_from_db()
    lines: tuple[tuple[Kind, str], ...] = (
        ("party", "T/M ĐẢNG ỦY"),
        ("state", "TM. ĐẢNG ỦY"),
    )
    for norm, line in lines:
        block = suggested_block(draft, (), norm)
        assert block is not None
        assert (block.authority, block.position) == (line, "PHÓ BÍ THƯ")
    browser = signed_in(committee["official"])
    offered = browser.get(f"/api/v1/drafts/{draft.pk}/signature-block").json()
    assert offered["signature"]["signer_authority"] == "T/M ĐẢNG ỦY"
    page = browser.get(f"/drafts/{draft.pk}/process/").content.decode()
    assert "T/M ĐẢNG ỦY" in page


def test_the_norm_is_a_rule_that_a_leader_sets(
    cast: Any, committee: dict[str, Any], signed_in: Any
) -> None:
    with pytest.raises(InvalidInput):
        set_policy(cast.lanhdao, cast.office.pk, Rules(norm="other"))
    browser = signed_in(committee["leader"])
    address = f"/office/{committee['office'].pk}/"
    page = browser.get(address).content.decode()
    assert '<option value="party" selected>' in page
    set_policy(committee["leader"], committee["office"].pk, Rules())
    assert committed(begun(committee, "KL").pk).content.fields.rule_kind == "party"
    set_policy(committee["leader"], committee["office"].pk, Rules(norm="state"))
    assert find("KL", norm="state") is None
    draft = begun(committee, "QĐ")
    assert committed(draft.pk).content.fields.rule_kind == ""
