"""The page that opens a register: groups, advisory bodies, terms, and who may."""

from __future__ import annotations

from typing import Any

import pytest

from server.registry.actions.outgoing import OutgoingEntry, register_outgoing
from server.registry.models import Register
from tests.support.cast import make_unit

NEW = "/registers/new/"


def asked(cast: Any, **changed: str) -> dict[str, str]:
    return {
        "organisation": str(cast.office.pk),
        "name": "Sổ mới",
        "kind": "outgoing",
        "numbering_mode": "single",
        "form": "decree30",
        "period": "year",
        **changed,
    }


def numbers(cast: Any, register: Register, *types: str) -> list[str]:
    return [
        register_outgoing(
            cast.vanthu, register.pk, OutgoingEntry(kind, "việc", "Bùi Hồng Quý")
        ).full_number
        for kind in types
    ]


def test_types_of_a_group_share_a_run_and_the_rest_another(
    cast: Any, signed_in: Any
) -> None:
    sent = asked(cast, numbering_mode="groups", groups="Quyết định: QĐ, NQ\nBC,KH")
    assert signed_in(cast.vanthu).post(NEW, sent).status_code == 302
    register = Register.objects.get()
    assert register.groups == [
        {"name": "Quyết định", "types": ["QĐ", "NQ"]},
        {"name": "BC-KH", "types": ["BC", "KH"]},
    ]
    given = numbers(cast, register, "QĐ", "NQ", "BC", "TB", "CV")
    assert [number.split("/")[0] for number in given] == ["01", "02", "01", "01", "02"]


def test_an_advisory_body_has_its_own_series_and_notation(
    cast: Any, signed_in: Any
) -> None:
    council = make_unit(cast.office, "Hội đồng thi đua", "HĐTĐ")
    browser = signed_in(cast.vanthu)
    sent = asked(cast, body=str(council.pk))
    assert browser.post(NEW, sent).status_code == 302
    own = Register.objects.get()
    assert own.body == council
    assert browser.post(NEW, asked(cast, name="Sổ cơ quan")).status_code == 302
    office = Register.objects.get(name="Sổ cơ quan")
    assert numbers(cast, own, "QĐ") == ["01/QĐ-HĐTĐ"]
    assert numbers(cast, office, "QĐ") == ["01/QĐ-VPUBND"]
    assert "Hội đồng thi đua" in browser.get("/registers/").content.decode()


def test_a_term_needs_its_days(cast: Any, signed_in: Any) -> None:
    browser = signed_in(cast.vanthu)
    sent = asked(cast, form="party", period="term")
    refused = browser.post(NEW, sent)
    assert refused.status_code == 400
    # What was chosen in the folded part is seen again, with its fault.
    assert '<details class="mb-3" open>' in refused.content.decode()
    assert "Nhiệm kỳ cần" in refused.content.decode()
    days = {"starts_on": "2025-11-01", "ends_on": "2030-10-31"}
    assert browser.post(NEW, {**sent, **days}).status_code == 302
    assert Register.objects.get().period == "term"


@pytest.mark.parametrize("groups", ["", "QĐ: QĐ, XX", "A: QĐ\nB: QĐ", "x\n" * 31])
def test_groups_that_cannot_be_read_open_nothing(
    cast: Any, signed_in: Any, groups: str
) -> None:
    sent = asked(cast, numbering_mode="groups", groups=groups)
    refused = signed_in(cast.vanthu).post(NEW, sent)
    assert refused.status_code == 400
    shown = refused.content.decode()
    assert "Các nhóm loại văn bản" in shown
    assert '<details class="mb-3" open>' in shown
    assert not Register.objects.exists()


@pytest.mark.parametrize("who", ["chuyenvien", "lanhdao", "sotttt", "quantri"])
def test_only_the_clerk_opens_a_register(cast: Any, signed_in: Any, who: str) -> None:
    answer = signed_in(cast.people[who]).post(NEW, asked(cast))
    assert answer.status_code == 404
    assert not Register.objects.exists()


def test_a_body_of_another_organisation_is_refused(cast: Any, signed_in: Any) -> None:
    sent = asked(cast, body=str(cast.units["VPS"].pk))
    assert signed_in(cast.vanthu).post(NEW, sent).status_code == 400
    assert not Register.objects.exists()
