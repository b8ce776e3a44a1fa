"""The search page, its API twin, and the searches that a person keeps."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from server.accounts.models import Membership, Role
from server.registry.actions import saved_searches as actions
from server.registry.actions.incoming import IncomingEntry, register_incoming
from server.registry.actions.registers import RegisterPlan, open_register
from server.registry.models import SavedSearch

PEOPLE = ["chuyenvien", "truongphong", "lanhdao", "vanthu", "sotttt", "quantri"]


@pytest.fixture
def client_of(cast: Any) -> Any:
    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.people[name])
        return client

    return sign_in


@pytest.fixture
def letter(cast: Any) -> Any:
    book = open_register(
        cast.vanthu, cast.office.pk, RegisterPlan(name="Đến", kind="incoming")
    )
    entry = IncomingEntry(
        "CV", "Sở Nội vụ", "về <b>cải cách</b>", "1146/SNV", urgency="flash"
    )
    return register_incoming(cast.vanthu, book.pk, entry)


# ── the page ────────────────────────────────────────────────────────────────────


def test_the_page_shows_the_hit_marked_and_escaped(client_of: Any, letter: Any) -> None:
    page = client_of("lanhdao").get("/search/?q=cai+cach").content.decode()
    assert "về &lt;b&gt;<mark>cải</mark> <mark>cách</mark>&lt;/b&gt;" in page
    assert f"/registers/incoming/{letter.pk}/" in page
    assert "1 kết quả" in page


@pytest.mark.parametrize("name", ["sotttt", "quantri"])
def test_a_stranger_sees_an_empty_page(client_of: Any, letter: Any, name: str) -> None:
    page = client_of(name).get("/search/?q=cải+cách").content.decode()
    assert "Không có văn bản nào khớp" in page
    assert "1146/SNV" not in page


def test_whoever_is_not_signed_in_is_asked_to(db: None) -> None:
    for address in ("/search/", "/search/export/"):
        assert Client().get(address).status_code == 302
    assert Client().get("/api/v1/search").status_code == 401
    assert Client().get("/api/v1/saved-searches").status_code == 401


def test_the_page_says_what_can_be_done_before_anything_is_sought(
    client_of: Any, letter: Any
) -> None:
    page = client_of("lanhdao").get("/search/").content.decode()
    assert (
        "Tìm trong dự thảo, văn bản đi, văn bản đến, văn bản nhận được và hồ sơ" in page
    )
    assert "1146/SNV" not in page


@pytest.mark.parametrize("name", PEOPLE)
def test_the_box_is_in_the_bar_of_every_page(client_of: Any, name: str) -> None:
    for address in ("/drafts/", "/approvals/", "/registers/", "/account/"):
        page = client_of(name).get(address).content.decode()
        assert page.count('id="search-all"') == 1, address


@pytest.mark.parametrize("asked", ["year=x", "kind=task", "deadline=soon", "after=a"])
def test_an_unknown_filter_is_told_on_the_page(
    client_of: Any, letter: Any, asked: str
) -> None:
    answer = client_of("lanhdao").get(f"/search/?q=a&{asked}")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'role="alert"' in page
    # A way out, with the words that were typed.
    assert 'href="?q=a&amp;all=1"' in page


def test_the_filter_that_is_no_good_is_named(client_of: Any, letter: Any) -> None:
    page = client_of("lanhdao").get("/search/?q=a&year=x").content.decode()
    assert "<b>Năm:</b> Cần một số." in page


def test_long_words_without_a_hit_are_shown_in_part(
    client_of: Any, letter: Any
) -> None:
    page = client_of("lanhdao").get(f"/search/?q={'x' * 190}").content.decode()
    title = page.split('class="empty-title"')[1].split("</p>")[0]
    assert "x" * 60 in title
    assert "x" * 90 not in title


def test_htmx_gets_only_the_hits(client_of: Any, letter: Any) -> None:
    part = client_of("lanhdao").get("/search/?q=cải", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "hx-swap-oob" in part.content.decode()


def test_a_hit_names_its_organisation_where_there_are_several(
    cast: Any, client_of: Any, letter: Any
) -> None:
    asked = "/search/?q=cải"
    part = {"HX-Request": "true"}
    assert cast.office.name not in found_by(client_of("vanthu"), asked, part)
    Membership.objects.create(
        user=cast.vanthu, unit=cast.units["VPS"], role=Role.OFFICIAL
    )
    for headers in ({}, part):
        assert f"· {cast.office.name}</span>" in found_by(
            client_of("vanthu"), asked, headers
        )


def found_by(client: Client, address: str, headers: dict[str, str]) -> str:
    return str(client.get(address, headers=headers).content.decode())


def test_pages_follow_each_other(
    client_of: Any, begin_draft: Any, monkeypatch: Any
) -> None:
    for number in range(27):
        begin_draft(f"báo cáo số {number:02}")
    client = client_of("chuyenvien")
    first = client.get("/search/?q=báo+cáo")
    link = first.context["next"]
    assert "Trang sau" in first.content.decode()
    second = client.get(f"/search/{link}").content.decode()
    assert "Về trang đầu" in second
    assert "Trang sau" not in second


def test_the_page_exports_what_it_shows(client_of: Any, letter: Any) -> None:
    answer = client_of("lanhdao").get("/search/export/?q=cải&urgency=flash")
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert rows[-1][1] == "1146/SNV"
    none = client_of("sotttt").get("/search/export/?q=cải")
    assert len(list(load_workbook(BytesIO(none.content)).active.values)) == 2


# ── the API ─────────────────────────────────────────────────────────────────────


def test_the_api_gives_what_the_page_shows(client_of: Any, letter: Any) -> None:
    answer = client_of("lanhdao").get("/api/v1/search?q=cải cách&urgency=flash")
    found = answer.json()
    assert (found["total"], found["more"], found["next"]) == (1, False, "")
    (item,) = found["items"]
    assert item["kind"] == "incoming"
    assert item["id"] == str(letter.pk)
    assert item["number"] == "1146/SNV"
    assert item["address"] == f"/registers/incoming/{letter.pk}/"
    assert client_of("sotttt").get("/api/v1/search?q=cải").json()["items"] == []


def test_the_api_marks_and_escapes_the_snippet(client_of: Any, letter: Any) -> None:
    found = client_of("lanhdao").get("/api/v1/search?q=nội+vụ").json()
    assert "<mark>Nội</mark> <mark>vụ</mark>" in found["items"][0]["snippet"]


@pytest.mark.parametrize("asked", ["kind=task", "sort=title", "days=-1", "after=x"])
def test_the_api_refuses_what_it_does_not_know(client_of: Any, asked: str) -> None:
    answer = client_of("lanhdao").get(f"/api/v1/search?q=a&{asked}")
    assert answer.status_code in (400, 422)


def test_the_api_exports(client_of: Any, letter: Any) -> None:
    answer = client_of("lanhdao").get("/api/v1/search.xlsx?q=cải")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]


# ── saved searches ──────────────────────────────────────────────────────────────


def saved_by(client: Client, name: str = "Việc gấp", **filters: str) -> Any:
    return client.post(
        "/api/v1/saved-searches",
        {"name": name, "query": "cải cách", "filters": filters},
        content_type="application/json",
    )


def test_a_search_is_saved_renamed_and_deleted(client_of: Any) -> None:
    client = client_of("lanhdao")
    made = saved_by(client, urgency="flash", year="2026").json()
    assert made["filters"] == {"year": "2026", "urgency": "flash"}
    address = f"/api/v1/saved-searches/{made['id']}"
    renamed = client.patch(
        address, {"name": "Hỏa tốc"}, content_type="application/json"
    )
    assert renamed.json()["name"] == "Hỏa tốc"
    assert [s["name"] for s in client.get("/api/v1/saved-searches").json()] == [
        "Hỏa tốc"
    ]
    assert client.delete(address).status_code == 204
    assert client.get("/api/v1/saved-searches").json() == []


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "lanhdao"])
def test_nobody_else_sees_or_changes_a_saved_search(client_of: Any, name: str) -> None:
    made = saved_by(client_of("lanhdao")).json()
    other = client_of(name)
    address = f"/api/v1/saved-searches/{made['id']}"
    change = other.patch(address, {"name": "x"}, content_type="application/json")
    assert other.get("/api/v1/saved-searches").json() == []
    assert change.status_code == other.delete(address).status_code == 404
    assert other.post(f"/search/saved/{made['id']}/delete/").status_code == 404
    assert other.post(f"/search/saved/{made['id']}/rename/").status_code == 404
    assert SavedSearch.objects.get().name == "Việc gấp"


def test_a_name_is_taken_once_by_each_person(client_of: Any) -> None:
    client = client_of("lanhdao")
    assert saved_by(client).status_code == 201
    assert saved_by(client).json()["code"] == "name_taken"
    assert saved_by(client_of("vanthu")).status_code == 201


@pytest.mark.parametrize(
    ("name", "filters"),
    [("", {}), ("a", {"kind": "task"}), ("a", {"year": "x"}), ("a", {"sort": "y"})],
)
def test_a_search_that_could_not_be_asked_is_not_saved(
    client_of: Any, name: str, filters: dict[str, str]
) -> None:
    assert saved_by(client_of("lanhdao"), name, **filters).status_code == 400


def test_there_is_an_end_to_saved_searches(client_of: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(actions, "MOST_SAVED", 1)
    client = client_of("lanhdao")
    assert saved_by(client, "một").status_code == 201
    assert saved_by(client, "hai").json()["code"] == "too_many_saved"


def test_the_page_saves_lists_renames_and_deletes(client_of: Any, letter: Any) -> None:
    client = client_of("lanhdao")
    made = client.post(
        "/search/saved/", {"name": "Gấp", "q": "cải", "urgency": "flash"}
    )
    page = client.get(made["Location"]).content.decode()
    assert "Gấp" in page
    assert "1146/SNV" in page
    saved = SavedSearch.objects.get()
    client.post(f"/search/saved/{saved.pk}/rename/", {"name": "Rất gấp"})
    assert "Rất gấp" in client.get("/search/").content.decode()
    client.post(f"/search/saved/{saved.pk}/delete/")
    assert "Rất gấp" not in client.get("/search/").content.decode()
