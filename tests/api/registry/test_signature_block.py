"""The suggested signature block, and what the editor is told of the forms."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from server.registry.type_forms import type_forms
from server.registry.workflow.table import State
from tests.support.process import Move


def test_the_suggestion_follows_the_mandates(
    moved: Move, cast: Any, signed_in: Any
) -> None:
    draft = moved(State.IN_REVIEW)
    answer = signed_in(cast.truongphong).get(
        f"/api/v1/drafts/{draft.pk}/signature-block"
    )
    assert answer.json()["signature"] == {
        "signer_authority": "",
        "signer_position": "CHÁNH VĂN PHÒNG",
        "signer_name": "Bùi Hồng Quý",
        "differs": True,
    }


def test_nothing_is_suggested_while_nobody_is_named(
    moved: Move, cast: Any, signed_in: Any
) -> None:
    draft = moved(State.DRAFTING)
    url = f"/api/v1/drafts/{draft.pk}/signature-block"
    assert signed_in(cast.chuyenvien).get(url).json() == {"signature": None}


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_a_stranger_is_told_of_no_signature(
    moved: Move, cast: Any, stranger: Any, signed_in: Any, who: str
) -> None:
    draft = moved(State.IN_REVIEW)
    browser = signed_in(stranger if who == "stranger" else cast.quantri)
    url = f"/api/v1/drafts/{draft.pk}/signature-block"
    assert browser.get(url).status_code == 404


@pytest.mark.parametrize(
    ("state", "may_write"), [(State.IN_REVIEW, True), (State.APPROVED, False)]
)
def test_the_page_leads_whoever_may_write_to_the_signature(
    moved: Move, cast: Any, signed_in: Any, state: State, may_write: bool
) -> None:
    draft = moved(state)
    page = signed_in(cast.chuyenvien).get(f"/drafts/{draft.pk}/process/")
    text = page.content.decode()
    assert "Phần ký trong văn bản đang ghi khác." in text
    assert (f"/drafts/{draft.pk}/#signature-block" in text) == may_write


def test_the_editor_is_told_the_form_of_every_type(
    moved: Move, cast: Any, signed_in: Any
) -> None:
    draft = moved(State.DRAFTING)
    page = signed_in(cast.chuyenvien).get(f"/drafts/{draft.pk}/").content.decode()
    found = re.search(r'<script id="boot" type="application/json">(.*?)</script>', page)
    assert found is not None
    boot = json.loads(found[1])
    assert boot["forms"] == json.loads(json.dumps(type_forms()))
    assert len(boot["forms"]["state"]) == 29
    assert boot["urls"]["signatureBlock"].endswith("/signature-block")


def test_a_form_says_only_what_is_not_plain() -> None:
    forms = type_forms()["state"]
    assert forms["TB"] == {"name": "Thông báo"}
    assert forms["QĐ"] == {"name": "Quyết định", "enacts": "QUYẾT ĐỊNH:"}
    assert forms["BB"]["signatures"] == 2
    assert forms["BB"]["place_date"] is False
