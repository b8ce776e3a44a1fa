"""The pages about drafts, as a browser gets them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.utils.html import escape

from collab.ports import Level
from server.accounts.models import Membership, Role
from server.common.ids import new_id
from server.registry.actions.drafts import archive
from server.registry.document_types import all_types
from server.registry.models import Draft, DraftShare

HX = {"HX-Request": "true"}


def page(browser: Any, address: str, **headers: str) -> str:
    answer = browser.get(address, headers=headers)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


@pytest.mark.parametrize(
    "address",
    [
        "/drafts/",
        "/drafts/new/",
        "/drafts/import/",
        "/drafts/0197d0a2-0000-7000-8000-000000000328/",
    ],
)
def test_a_page_asks_a_stranger_to_sign_in(address: str, client: Any, db: Any) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize(
    "path", ["", "share/", "share/find/", "activity/", "rename/", "process/"]
)
def test_pages_of_a_forbidden_draft_look_absent(
    path: str, begin_draft: Any, stranger: Any, signed_in: Any
) -> None:
    browser = signed_in(stranger)
    shown = []
    for draft_id in (begin_draft().pk, new_id()):
        answer = browser.get(f"/drafts/{draft_id}/{path}")
        assert answer.status_code == 404
        # The asked address and the token against forged requests differ by nature.
        text = answer.content.decode().replace(str(draft_id), "")
        shown.append(re.sub(r'"X-CSRFToken": "\w+"|value="\w{64}"', "", text))
    assert shown[0] == shown[1]


@pytest.mark.parametrize("scope", ["mine", "unit", "shared", "archived"])
def test_an_empty_list_says_what_to_do(
    scope: str, chuyenvien: Any, signed_in: Any
) -> None:
    shown = page(signed_in(chuyenvien), f"/drafts/?scope={scope}")
    assert 'class="empty"' in shown
    assert ("/drafts/new/" in shown.split('class="empty"')[1]) == (scope == "mine")


def test_typing_in_the_search_box_brings_only_the_list(
    chuyenvien: Any, begin_draft: Any, signed_in: Any
) -> None:
    begin_draft("Đề án số hóa", type_code="ĐA")
    begin_draft("Lịch trực")
    part = page(signed_in(chuyenvien), "/drafts/?q=so hoa", **HX)
    assert "Đề án số hóa" in part
    assert "Lịch trực" not in part
    assert "<html" not in part


def test_going_back_in_history_brings_the_whole_page(
    chuyenvien: Any, signed_in: Any
) -> None:
    shown = page(
        signed_in(chuyenvien),
        "/drafts/",
        **{**HX, "HX-History-Restore-Request": "true"},
    )
    assert "<html" in shown


def test_an_odd_address_shows_the_list_all_the_same(
    chuyenvien: Any, begin_draft: Any, signed_in: Any
) -> None:
    begin_draft("Lịch trực")
    shown = page(signed_in(chuyenvien), "/drafts/?scope=x&sort=y&page=-3")
    assert "Lịch trực" in shown


def test_a_title_is_text_and_never_markup(
    chuyenvien: Any, begin_draft: Any, signed_in: Any
) -> None:
    title = "<script>alert(1)</script>\"'&"
    draft = begin_draft(title)
    browser = signed_in(chuyenvien)
    for path in ("", "share/", "activity/", "rename/"):
        shown = page(browser, f"/drafts/{draft.pk}/{path}")
        assert "<script>alert" not in shown
        assert escape(title) in shown


def test_the_row_menu_offers_only_what_one_may_do(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.VIEW})
    mine = page(signed_in(cast.chuyenvien), "/drafts/")
    theirs = page(signed_in(cast.sotttt), "/drafts/?scope=shared")
    for path in ("rename/", "archive/", "activity/"):
        assert f"/drafts/{draft.pk}/{path}" in mine
        assert f"/drafts/{draft.pk}/{path}" not in theirs
    assert f"/api/v1/drafts/{draft.pk}/export.pdf" in theirs


def test_the_new_page_begins_a_draft_and_opens_it(
    chuyenvien: Any, signed_in: Any
) -> None:
    browser = signed_in(chuyenvien)
    assert page(browser, "/drafts/new/").count('name="type"') == 29
    answer = browser.post("/drafts/new/", {"title": "Lịch trực", "type": "TB"})
    draft = Draft.objects.get()
    assert answer["Location"] == f"/drafts/{draft.pk}/"
    assert (draft.title, draft.document_type) == ("Lịch trực", "TB")


def test_the_new_page_keeps_what_was_typed_when_it_refuses(
    chuyenvien: Any, signed_in: Any
) -> None:
    shown = signed_in(chuyenvien).post("/drafts/new/", {"title": " ", "type": "KH"})
    assert "Hãy đặt tên cho dự thảo." in shown.content.decode()
    assert re.search(r'value="KH" checked', shown.content.decode())


def test_the_chosen_type_stays_in_sight_while_others_are_sought(
    chuyenvien: Any, signed_in: Any
) -> None:
    part = page(signed_in(chuyenvien), "/drafts/new/?find=to trinh&type=KH", **HX)
    assert re.findall(r'name="type" value="(\w+)"', part) == ["KH", "TTr"]


def test_the_unit_is_asked_only_of_those_who_have_several(
    cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.chuyenvien)
    assert 'name="unit"' not in page(browser, "/drafts/new/")
    Membership.objects.create(
        user=cast.chuyenvien, unit=cast.units["TH"], role=Role.OFFICIAL
    )
    assert page(browser, "/drafts/new/").count("<option") == 2


def test_renaming_in_the_dialog_loads_the_list_anew(
    chuyenvien: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft("Cũ"), signed_in(chuyenvien)
    address = f"/drafts/{draft.pk}/rename/"
    refused = browser.post(address, {"title": ""}, headers=HX)
    assert "Hãy đặt tên cho dự thảo." in refused.content.decode()
    answer = browser.post(address, {"title": "Mới"}, headers=HX)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    assert Draft.objects.get().title == "Mới"


def test_archiving_returns_to_the_list_it_was_done_in(
    chuyenvien: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft("Cũ"), signed_in(chuyenvien)
    here = "/drafts/?scope=unit&q=a"
    answer = browser.post(f"/drafts/{draft.pk}/archive/", {"next": here})
    assert answer["Location"] == here
    answer = browser.post(
        f"/drafts/{draft.pk}/restore/", {"next": "https://elsewhere.example/"}
    )
    assert answer["Location"] == "/drafts/"
    assert "Đã khôi phục “Cũ”." in page(browser, "/drafts/")


def test_a_page_must_carry_the_csrf_token(
    chuyenvien: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    browser = signed_in(chuyenvien, enforce_csrf_checks=True)
    assert browser.post(f"/drafts/{draft.pk}/archive/").status_code == 403
    assert Draft.objects.get().archived_at is None


def test_the_share_dialog_finds_gives_changes_and_ends(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    base = f"/drafts/{draft.pk}/share/"
    found = page(browser, f"{base}find/?q=hong dao", **HX)
    assert "Lê Thị Hồng Đào" in found
    given = {"user": str(cast.vanthu.pk), "level": "comment"}
    shown = browser.post(f"{base}put/", given, headers=HX).content.decode()
    assert "<html" not in shown
    assert "Lê Thị Hồng Đào" in shown
    assert "Lê Thị Hồng Đào" not in page(browser, f"{base}find/?q=hong dao", **HX)
    browser.post(f"{base}put/", {**given, "level": "edit"}, headers=HX)
    share = DraftShare.objects.get(draft=draft, user=cast.vanthu)
    assert share.level == Level.EDIT
    browser.post(f"{base}{share.pk}/end/", headers=HX)
    assert not DraftShare.objects.filter(draft=draft, user=cast.vanthu).exists()


def test_the_share_dialog_says_why_it_refused(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft, browser = begin_draft(), signed_in(cast.chuyenvien)
    own = DraftShare.objects.get(draft=draft)
    shown = browser.post(f"/drafts/{draft.pk}/share/{own.pk}/end/", headers=HX)
    assert "ít nhất một người chủ trì" in shown.content.decode()
    shown = browser.post(
        f"/drafts/{draft.pk}/share/put/",
        {"unit": str(cast.units["VT"].pk), "level": "own"},
        headers=HX,
    )
    assert "Chỉ một người mới có thể chủ trì" in shown.content.decode()


def test_a_viewer_sees_who_has_access_and_can_change_nothing(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.VIEW})
    shown = page(signed_in(cast.sotttt), f"/drafts/{draft.pk}/share/")
    assert "Trần Thị Ánh Tuyết" in shown
    assert "<select" not in shown
    answer = signed_in(cast.sotttt).get(f"/drafts/{draft.pk}/share/find/?q=a")
    assert answer.status_code == 403


def test_giving_up_ones_own_right_leads_back_to_the_list(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.sotttt: Level.VIEW})
    share = DraftShare.objects.get(draft=draft, user=cast.sotttt)
    answer = signed_in(cast.sotttt).post(
        f"/drafts/{draft.pk}/share/{share.pk}/end/", headers=HX
    )
    assert answer["HX-Redirect"] == "/drafts/"


def test_the_activity_page_tells_it_in_words(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft("Lịch trực", shared={cast.units["VT"]: Level.EDIT})
    shown = page(signed_in(cast.chuyenvien), f"/drafts/{draft.pk}/activity/")
    assert "chia sẻ với Văn thư (quyền: Sửa)" in shown
    assert "tạo dự thảo “Lịch trực”" in shown
    assert "127.0.0.1" not in shown


def boot_of(shown: str) -> dict[str, Any]:
    found = re.search(
        r'<script id="boot" type="application/json">(.*?)</script>', shown
    )
    assert found
    return dict(json.loads(found[1]))


def test_the_editor_page_boots_with_what_the_client_needs(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft(shared={cast.lanhdao: Level.COMMENT})
    shown = page(signed_in(cast.lanhdao), f"/drafts/{draft.pk}/")
    assert '<div id="editor-root">' in shown
    assert "<noscript>" in shown
    boot = boot_of(shown)
    base = f"/api/v1/drafts/{draft.pk}"
    assert boot.pop("csrf")
    assert datetime.fromisoformat(boot.pop("now")).tzinfo is not None
    assert boot.pop("forms").keys() == {"state", "party"}
    heads = boot.pop("heads")
    assert heads["state"]["number"] == ["Số:", "/"]
    assert heads["state"]["right"][1] == "Độc lập - Tự do - Hạnh phúc"
    assert (heads["party"]["number"], heads["party"]["mark"]) == (["Số", "-"], "*")
    types = boot.pop("types")
    for norm in ("state", "party"):
        assert types[norm][0] == ["CV", "Công văn"]
        known = {kind.code for kind in all_types(norm=norm)}
        assert {code for code, _name in types[norm]} == known
    assert re.fullmatch("#[0-9a-f]{6}", boot["user"].pop("colour"))
    assert boot == {
        "draftId": str(draft.pk),
        "title": draft.title,
        "level": "comment",
        "zeros": {
            "state": [{"from": "2020-03-05", "day": 10, "month": 3}],
            "party": [{"from": "2026-05-27", "day": 10, "month": 3}],
        },
        "epoch": 1,
        "schema": 4,
        "language": "vi",
        "user": {
            "id": str(cast.lanhdao.pk),
            "name": "Bùi Hồng Quý",
            "unit": "Lãnh đạo Văn phòng",
        },
        "urls": {
            "collab": "/collab/",
            "images": f"{base}/images",
            "docx": f"{base}/export.docx",
            "reviewDocx": f"{base}/export.docx?review=1",
            # Nowhere for whoever may not suggest.
            "reviewedDocx": "",
            "pdf": f"{base}/export.pdf",
            "list": "/drafts/",
            "share": f"/drafts/{draft.pk}/share/",
            "rename": base,
            "activity": f"/drafts/{draft.pk}/activity/",
            "process": f"/drafts/{draft.pk}/process/",
            "formatCheck": f"{base}/format-check",
            "signatureBlock": f"{base}/signature-block",
            "authors": f"{base}/authors",
            "threads": f"{base}/threads",
            "asked": f"/api/v1/opinion-requests?draft={draft.pk}",
            "versions": f"/drafts/{draft.pk}/versions/",
            "seen": f"{base}/seen",
        },
        "archived": False,
        "readsThreads": True,
    }


def test_an_archived_draft_opens_for_reading_only(
    cast: Any, begin_draft: Any, signed_in: Any
) -> None:
    draft = begin_draft()
    archive(cast.chuyenvien, draft.pk)
    boot = boot_of(page(signed_in(cast.chuyenvien), f"/drafts/{draft.pk}/"))
    assert (boot["level"], boot["archived"]) == ("view", True)
