"""Who may see the faults of a draft, and how they are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from collab.content.write import build_update
from collab.ports import Level
from server.common import providers
from server.registry.models import Draft
from tests.unit.server.publishing.forms import of_type
from tests.unit.server.publishing.samples import line

API = "/api/v1/drafts"


@pytest.fixture
def letter(begin_draft: Any, cast: Any) -> Draft:
    draft: Draft = begin_draft("V/v họp", shared={cast.sotttt: Level.VIEW})
    good = of_type("CV")
    body = (line("Họp tại cơ quan nhà nước  tỉnh."), *good.blocks[1:])
    fields = replace(good.fields, signer_name="")
    update = build_update(replace(good, fields=fields, blocks=body))
    providers.document_store.get().start_epoch(str(draft.pk), update)
    return draft


def test_a_viewer_reads_the_faults_of_the_committed_text(
    letter: Draft, cast: Any, signed_in: Any
) -> None:
    answer = signed_in(cast.sotttt).get(f"{API}/{letter.pk}/format-check")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["rules"], found["errors"], found["warnings"]) == ("nd30-2020", 1, 2)
    signer, capitals, spaces = found["faults"]
    assert signer["place"]["field"] == "signer_name"
    assert (signer["severity"], signer["fix"]) == ("error", None)
    assert capitals["fix"] == {
        "kind": "replace",
        "field": None,
        "paragraph": 0,
        "from": "nhà nước",
        "to": "Nhà nước",
    }
    assert spaces["place"] == {"field": None, "paragraph": 0, "start": 24, "end": 26}
    assert all(f["source"].startswith("Nghị định số 30/2020") for f in found["faults"])


def test_the_page_lists_them_with_links_to_their_places(
    letter: Draft, cast: Any, signed_in: Any
) -> None:
    page = signed_in(cast.chuyenvien).get(f"/drafts/{letter.pk}/check/")
    text = page.content.decode()
    assert f"/drafts/{letter.pk}/#paragraph-0" in text
    assert f"/drafts/{letter.pk}/#field-signer_name" in text
    assert "Phải sửa: 1. Nên xem lại: 2." in text
    assert '<ins lang="vi">Nhà nước</ins>' in text


def test_a_sound_draft_says_so(letter: Draft, cast: Any, signed_in: Any) -> None:
    update = build_update(of_type("CV"))
    providers.document_store.get().start_epoch(str(letter.pk), update)
    page = signed_in(cast.chuyenvien).get(f"/drafts/{letter.pk}/check/")
    assert "Không thấy lỗi thể thức." in page.content.decode()


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_whoever_does_not_reach_the_draft_finds_nothing(
    letter: Draft, cast: Any, signed_in: Any, stranger: Any, who: str
) -> None:
    browser = signed_in(stranger if who == "stranger" else cast.quantri)
    assert browser.get(f"{API}/{letter.pk}/format-check").status_code == 404
    assert browser.get(f"/drafts/{letter.pk}/check/").status_code == 404
