"""Who acts as head (Q.), or for a collective (TM.), has that post's own rights: in the
organisation and the unit that the mandate names, in its days, and at the act."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server.accounts.models import Role
from server.common import clock
from server.common.errors import InvalidInput
from server.registry.access import find_access
from server.registry.actions.delegations import Wish, delegate, end_delegation
from server.registry.actions.process import submit
from server.registry.models import Approval, Delegation, Draft
from server.registry.queries.approvals import waiting_for
from server.registry.signing_block import suggested_block
from server.registry.standing import live_approvals
from server.registry.workflow.authority import Form, Power
from server.registry.workflow.table import Act
from tests.support.cast import make_person, make_unit
from tests.support.outcomes import DONE, outcome_of_step
from tests.support.process import step

NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
FIRST, LAST = date(2026, 11, 20), date(2026, 11, 30)
SIGN, CONTENT = frozenset({Power.SIGN}), frozenset({Power.CONTENT})
D, STEP, NONE = DONE, "not_your_step", "not_found"


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def deputy(cast: Any) -> Any:
    unit = cast.units["LĐVP"]
    return make_person("pho", "Y Thanh Niê", unit, title="Phó Chánh Văn phòng")


def give(cast: Any, to: Any, **more: Any) -> Delegation:
    wish: dict[str, Any] = {
        "form": Form.Q,
        "delegate": to,
        "starts_on": FIRST,
        "ends_on": LAST,
        "in_place_of": "Chánh Văn phòng",
        "powers": SIGN,
        **more,
    }
    by = cast.quantri if wish.get("principal") is None else wish["principal"]
    return delegate(by, Wish(**wish))


def ready(cast: Any, begin_draft: Any, signer: Any) -> Draft:
    """A draft that waits for its signer."""
    draft: Draft = begin_draft()
    submit(cast.chuyenvien, draft.pk, signer=signer)
    step(cast.truongphong, draft, Act.APPROVE_CONTENT)
    step(cast.vanthu, draft, Act.CHECK_FORMAT)
    return draft


@pytest.mark.parametrize(
    ("given", "is_offered"),
    [
        ({}, True),
        ({"form": Form.TM, "in_place_of": "Ủy ban nhân dân"}, True),
        ({"ends_on": None}, True),
        ({"powers": frozenset({Power.DIRECT})}, False),
        ({"starts_on": date(2026, 11, 25)}, False),
        ({"ends_on": date(2026, 11, 23)}, False),
        (None, False),
    ],
)
def test_whom_a_draft_can_be_submitted_to(
    given: Any,
    is_offered: bool,
    cast: Any,
    deputy: Any,
    begin_draft: Any,
    signed_in: Any,
) -> None:
    if given is not None:
        give(cast, deputy, **given)
    draft = begin_draft()
    browser = signed_in(cast.chuyenvien)
    offered = browser.get(f"/api/v1/drafts/{draft.pk}/process").json()["signers"]
    assert (str(deputy.pk) in {one["id"] for one in offered}) is is_offered
    page = browser.get(f"/drafts/{draft.pk}/process/").content.decode()
    assert (f'name="signer" value="{deputy.pk}"' in page) is is_offered
    if is_offered:
        submit(cast.chuyenvien, draft.pk, signer=deputy)
    else:
        with pytest.raises(InvalidInput):
            submit(cast.chuyenvien, draft.pk, signer=deputy)


def test_an_acting_head_is_offered_in_the_acting_post(
    cast: Any, deputy: Any, begin_draft: Any, signed_in: Any
) -> None:
    give(cast, deputy)
    draft = begin_draft()
    browser = signed_in(cast.chuyenvien)
    page = browser.get(f"/drafts/{draft.pk}/process/").content.decode()
    assert "Y Thanh Niê</b>" in page
    assert ">Q. Chánh Văn phòng</small>" in page
    offered = browser.get(f"/api/v1/drafts/{draft.pk}/process").json()["signers"]
    titles = {one["name"]: one["title"] for one in offered}
    assert titles == {
        "Bùi Hồng Quý": "Chánh Văn phòng",
        "Y Thanh Niê": "Q. Chánh Văn phòng",
    }


@pytest.mark.parametrize(
    ("change", "acting", "second"),
    [
        ("none", D, D),
        ("past its last day", STEP, STEP),
        ("ended", STEP, STEP),
        ("moved to another organisation", STEP, STEP),
        ("left", NONE, STEP),
    ],
)
@pytest.mark.parametrize("act", [Act.APPROVE, Act.RETURN])
def test_the_mandate_is_asked_for_at_the_act(
    act: Act,
    change: str,
    acting: str,
    second: str,
    cast: Any,
    deputy: Any,
    begin_draft: Any,
) -> None:
    held = give(cast, deputy)
    other = make_person("pho2", "Hà Thị Ba", cast.units["TH"], title="Phó phòng")
    give(cast, other, form=Form.KT, principal=deputy, under=held.pk, in_place_of="")
    draft = ready(cast, begin_draft, deputy)
    now = NOON
    if change == "past its last day":
        now = NOON + timedelta(days=7)
    elif change == "ended":
        end_delegation(cast.quantri, held.pk)
    elif change == "moved to another organisation":
        Delegation.objects.filter(pk=held.pk).update(organisation=cast.department)
    elif change == "left":
        deputy.is_active = False
        deputy.save()
        other = type(other).objects.get(pk=other.pk)
    with clock.fixed(now):
        found = [outcome_of_step(who, draft, act) for who in (deputy, other)]
        assert found == [acting, second]
        assert outcome_of_step(cast.truongphong, draft, act) == STEP
        if act is Act.APPROVE:
            waits = [bool(waiting_for(who)) for who in (deputy, other)]
            assert waits == [one == D for one in found]


def test_an_acting_head_does_not_sign_what_was_submitted_to_somebody_else(
    cast: Any, deputy: Any, begin_draft: Any
) -> None:
    give(cast, deputy)
    draft = ready(cast, begin_draft, cast.lanhdao)
    assert outcome_of_step(deputy, draft, Act.APPROVE) == NONE


def test_the_block_stays_as_it_was_at_the_approval(
    cast: Any, deputy: Any, begin_draft: Any, signed_in: Any
) -> None:
    held = give(cast, deputy)
    draft = ready(cast, begin_draft, deputy)
    for address in ("/approvals/", f"/drafts/{draft.pk}/process/"):
        page = signed_in(deputy).get(address).content.decode()
        assert "Bạn duyệt với tư cách Q. Chánh Văn phòng" in page
    step(deputy, draft, Act.APPROVE)
    given = Approval.objects.get(step="final")
    assert (given.by, given.on_behalf_of, given.mandate) == (deputy, None, held)
    with clock.fixed(NOON + timedelta(minutes=1)):
        end_delegation(cast.quantri, held.pk)
        block = suggested_block(draft, live_approvals(draft))
    assert block is not None
    assert (block.authority, block.position) == ("", "Q. CHÁNH VĂN PHÒNG")
    page = signed_in(cast.chuyenvien).get(f"/drafts/{draft.pk}/process/")
    assert "(Q.)" in page.content.decode()


@pytest.mark.parametrize(
    ("forms", "authority", "position"),
    [
        ([], "", "PHÓ CHÁNH VĂN PHÒNG"),
        ([Form.Q], "", "Q. CHỦ TỊCH"),
        ([Form.TM], "TM. ỦY BAN NHÂN DÂN", "PHÓ CHÁNH VĂN PHÒNG"),
        ([Form.TM, Form.Q], "TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"),
        ([Form.Q, Form.TM], "TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"),
    ],
)
def test_what_stands_above_the_signature(
    forms: list[Form],
    authority: str,
    position: str,
    cast: Any,
    deputy: Any,
    begin_draft: Any,
) -> None:
    names = {Form.Q: "Chủ tịch", Form.TM: "Ủy ban nhân dân"}
    for form in forms:
        give(cast, deputy, form=form, in_place_of=names[form])
    draft = begin_draft()
    draft.signer = deputy
    block = suggested_block(draft)
    assert block is not None
    assert (block.authority, block.position) == (authority, position)


def test_an_acting_head_passes_on_the_acting_post(cast: Any, deputy: Any) -> None:
    held = give(cast, deputy)
    other = make_person("pho2", "Hà Thị Ba", cast.units["TH"])
    passed = give(
        cast, other, form=Form.KT, principal=deputy, under=held.pk, in_place_of=""
    )
    assert passed.as_written == "KT. Chánh Văn phòng"


@pytest.mark.parametrize(
    ("unit", "before", "later"),
    [("HCTC", D, D), ("TH", NONE, NONE), (None, NONE, NONE)],
)
def test_an_acting_head_approves_the_content_of_the_unit_that_is_named(
    unit: str | None, before: str, later: str, cast: Any, begin_draft: Any
) -> None:
    acting = make_person("quyen", "Lê Văn Bảy", cast.units["VT"], title="Phó phòng")
    waiting = begin_draft()
    submit(cast.chuyenvien, waiting.pk, signer=cast.lanhdao)
    if unit is not None:
        give(cast, acting, powers=CONTENT, unit=cast.units[unit])
    draft = begin_draft()
    submit(cast.chuyenvien, draft.pk, signer=cast.lanhdao)
    assert outcome_of_step(acting, waiting, Act.APPROVE_CONTENT) == before
    assert outcome_of_step(acting, draft, Act.APPROVE_CONTENT) == later
    assert (find_access(acting, draft.pk) is not None) is (later == D)
    assert len(waiting_for(acting)) == (2 if later == D else 0)
    if later == D:
        with clock.fixed(NOON + timedelta(days=7)):
            assert outcome_of_step(acting, draft, Act.APPROVE_CONTENT) == STEP


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"powers": CONTENT}, "of_unit"),
        ({"powers": CONTENT, "unit": "VPS"}, "of_unit"),
        ({"powers": SIGN, "unit": "HCTC"}, "of_unit"),
        ({"form": Form.KT}, "form"),
        ({"form": Form.TUQ, "document": "QĐ 12"}, "form"),
        ({"form": Form.Q, "principal": "lanhdao"}, "form"),
        ({"form": Form.TM, "principal": "lanhdao"}, "form"),
        ({"form": Form.KT, "principal": "lanhdao", "unit": "HCTC"}, "of_unit"),
    ],
)
def test_a_mandate_of_nobody_that_names_too_much_or_too_little_is_refused(
    change: dict[str, Any], field: str, cast: Any, deputy: Any
) -> None:
    more = dict(change)
    if "unit" in more:
        more["unit"] = cast.units[more["unit"]]
    if "principal" in more:
        more["principal"] = cast.people[more["principal"]]
    with pytest.raises(InvalidInput) as refused:
        give(cast, deputy, **more)
    assert field in refused.value.fields


def test_a_row_of_another_form_without_a_giver_gives_nothing(
    cast: Any, deputy: Any, begin_draft: Any
) -> None:
    held = give(cast, deputy)
    draft = ready(cast, begin_draft, deputy)
    Delegation.objects.filter(pk=held.pk).update(form=Form.KT)
    assert outcome_of_step(deputy, draft, Act.APPROVE) == STEP


def test_an_acting_head_of_an_organisation_below_signs_nothing_above(
    cast: Any, begin_draft: Any
) -> None:
    unit = make_unit(cast.department, "Lãnh đạo Sở", "LĐS")
    acting = make_person("pgd", "Lan Êban", unit, title="Phó Giám đốc")
    admin = make_person("quantriso", "Lý Văn Tư", unit, Role.ADMINISTRATOR)
    delegate(admin, Wish(Form.Q, acting, FIRST, in_place_of="Giám đốc", powers=SIGN))
    draft = begin_draft()
    with pytest.raises(InvalidInput):
        submit(cast.chuyenvien, draft.pk, signer=acting)


def test_the_administrator_names_the_unit_on_the_page_and_in_the_api(
    cast: Any, deputy: Any, signed_in: Any
) -> None:
    browser, unit = signed_in(cast.quantri), cast.units["HCTC"]
    asked = {
        "form": "Q",
        "delegate": str(deputy.pk),
        "starts_on": "2026-11-24",
        "in_place_of": "Trưởng phòng",
        "powers": ["content"],
    }
    new = "/account/delegations/new/"
    assert f'<option value="{unit.pk}"' in browser.get(new).content.decode()
    assert "Hãy chọn đơn vị" in browser.post(new, asked).content.decode()
    assert browser.post(new, {**asked, "of_unit": str(unit.pk)}).status_code == 302
    shown = browser.get("/account/delegations/").content.decode()
    assert "Q. Trưởng phòng · Phòng Hành chính – Tổ chức" in shown
    body = {**asked, "of_nobody": True, "of_unit": "HCTC"}
    made = browser.post("/api/v1/delegations", body, content_type="application/json")
    assert (made.status_code, made.json()["of_unit"]) == (201, str(unit.pk))
