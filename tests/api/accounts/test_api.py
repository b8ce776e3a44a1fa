"""The accounts' part of the API, by session and by token."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from server.accounts import actions
from server.accounts.models import AccessToken, TokenScope, User
from server.common import clock
from tests.support.cast import Cast, make_person

Browser = Callable[..., Client]
NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
ENDPOINTS = ["/api/v1/me", "/api/v1/me/tokens", "/api/v1/people", "/api/v1/units"]


def mint(user: User, scope: str = TokenScope.WRITE) -> str:
    _token, secret = actions.mint_token(user, "kịch bản", scope)
    return secret


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("address", ENDPOINTS)
def test_a_stranger_gets_nothing(client: Client, cast: Cast, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "sign_in_required"


def test_the_description_of_the_api_is_for_the_office_and_loads_nothing_foreign(
    client: Client, chuyenvien: User, signed_in: Browser
) -> None:
    assert client.get("/api/v1/docs").status_code == 302
    browser = signed_in(chuyenvien)
    page = browser.get("/api/v1/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    assert browser.get("/api/v1/openapi.json").json()["info"]["title"] == "Duthao"


def test_me_says_who_i_am(chuyenvien: User, signed_in: Browser) -> None:
    me = signed_in(chuyenvien).get("/api/v1/me").json()
    assert me["username"] == "chuyenvien"
    assert me["full_name"] == "Trần Thị Ánh Tuyết"
    assert me["administrator"] is False
    assert [(m["unit"], m["role"], m["primary"]) for m in me["memberships"]] == [
        ("Phòng Hành chính – Tổ chức", "official", True)
    ]


def test_a_token_signs_in_as_its_owner(client: Client, cast: Cast) -> None:
    answer = client.get("/api/v1/me", headers=bearer(mint(cast.vanthu)))
    assert answer.json()["username"] == "vanthu"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer dth_sai",
        "Bearer ",
        "Bearer",
        "Basic Y2h1eWVudmllbjp4",
        "dth_x",
        "Bearer " + "a" * 5000,
    ],
)
def test_a_wrong_token_never_falls_back_to_the_cookie(
    chuyenvien: User, signed_in: Browser, header: str
) -> None:
    client = signed_in(chuyenvien)
    answer = client.get("/api/v1/me", headers={"Authorization": header})
    assert answer.status_code == 401


def test_an_expired_token_is_refused(client: Client, chuyenvien: User) -> None:
    with clock.fixed(NOON):
        _token, secret = actions.mint_token(
            chuyenvien, "ngắn hạn", expires_at=NOON + timedelta(days=1)
        )
        assert client.get("/api/v1/me", headers=bearer(secret)).status_code == 200
    with clock.fixed(NOON + timedelta(days=1)):
        answer = client.get("/api/v1/me", headers=bearer(secret))
    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")


def test_the_token_of_a_person_who_left_is_refused(
    client: Client, chuyenvien: User
) -> None:
    secret = mint(chuyenvien)
    chuyenvien.is_active = False
    chuyenvien.save(update_fields=["is_active"])
    assert client.get("/api/v1/me", headers=bearer(secret)).status_code == 401


def test_a_reading_token_changes_nothing(client: Client, chuyenvien: User) -> None:
    secret = mint(chuyenvien, TokenScope.READ)
    token = AccessToken.objects.get()
    assert client.get("/api/v1/me/tokens", headers=bearer(secret)).status_code == 200
    answer = client.delete(f"/api/v1/me/tokens/{token.id}", headers=bearer(secret))
    assert (answer.status_code, answer.json()["code"]) == (403, "token_reads_only")
    token.refresh_from_db()
    assert token.revoked_at is None


def test_use_of_a_token_is_noted_once_a_minute(
    client: Client, chuyenvien: User
) -> None:
    secret = mint(chuyenvien)

    def used(seconds: int) -> datetime | None:
        with clock.fixed(clock.now() + timedelta(seconds=seconds)):
            client.get("/api/v1/me", headers=bearer(secret))
        return AccessToken.objects.get().last_used_at

    first = used(0)
    assert first is not None
    assert used(30) == first
    later = used(90)
    assert later is not None
    assert later > first


def test_minting_by_api_needs_a_session_and_its_csrf_token(
    chuyenvien: User, signed_in: Browser
) -> None:
    payload = {"name": "Thống kê", "scope": "read"}
    strict = signed_in(chuyenvien, enforce_csrf_checks=True)
    address, json = "/api/v1/me/tokens", "application/json"
    refused = strict.post(address, payload, content_type=json)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    token = str(strict.get("/account/").context["csrf_token"])
    made = strict.post(
        address, payload, content_type=json, headers={"X-CSRFToken": token}
    )
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert Client().get("/api/v1/me", headers=bearer(secret)).status_code == 200
    by_token = Client().post(
        address, payload, content_type=json, headers=bearer(mint(chuyenvien))
    )
    assert (by_token.status_code, by_token.json()["code"]) == (403, "session_required")


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "scope": "admin"}, "scope"),
        ({"name": "x", "expires_at": "hôm qua"}, "expires_at"),
        ({"name": "x", "expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"name": "x", "expires_at": "2101-01-01T00:00:00"}, "expires_at"),
        ({"name": "x", "user": "quantri"}, "user"),
    ],
)
def test_a_bad_request_names_the_field(
    chuyenvien: User, signed_in: Browser, payload: dict[str, str], field: str
) -> None:
    answer = signed_in(chuyenvien).post(
        "/api/v1/me/tokens", payload, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_input"
    assert list(answer.json()["fields"]) == [field]
    assert not AccessToken.objects.exists()


def test_absent_and_forbidden_give_the_same_bytes(
    cast: Cast, signed_in: Browser
) -> None:
    mint(cast.truongphong)
    theirs = AccessToken.objects.get()
    client = signed_in(cast.chuyenvien)
    answers = [
        client.delete(f"/api/v1/me/tokens/{token_id}")
        for token_id in (theirs.id, uuid.UUID(int=7))
    ]
    unknown = client.get("/api/v1/khong-co")
    assert [a.status_code for a in answers] == [404, 404]
    assert answers[0].content == answers[1].content == unknown.content


def test_revoking_by_api_ends_the_token(client: Client, chuyenvien: User) -> None:
    secret = mint(chuyenvien)
    address = f"/api/v1/me/tokens/{AccessToken.objects.get().id}"
    assert client.delete(address, headers=bearer(secret)).status_code == 204
    assert client.get("/api/v1/me", headers=bearer(secret)).status_code == 401


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("tuyet", ["chuyenvien"]),
        ("TUYẾT anh", ["chuyenvien"]),
        ("đào", ["vanthu"]),
        ("dao", ["vanthu"]),
        ("hong", ["vanthu", "lanhdao"]),
        ("sotttt", ["sotttt"]),
        ("khong co ai", []),
    ],
)
def test_people_are_found_without_diacritics_by_given_name(
    cast: Cast, signed_in: Browser, q: str, names: list[str]
) -> None:
    found = signed_in(cast.sotttt).get("/api/v1/people", {"q": q}).json()
    assert [person["username"] for person in found["items"]] == names
    assert found["count"] == len(names)


def test_who_left_is_not_found(cast: Cast, signed_in: Browser) -> None:
    cast.vanthu.is_active = False
    cast.vanthu.save(update_fields=["is_active"])
    found = signed_in(cast.chuyenvien).get("/api/v1/people", {"q": "dao"}).json()
    assert found["items"] == []


def test_people_carry_nothing_private(cast: Cast, signed_in: Browser) -> None:
    found = signed_in(cast.chuyenvien).get("/api/v1/people", {"q": "phi"}).json()
    assert found["items"] == [
        {
            "id": str(cast.truongphong.id),
            "username": "truongphong",
            "full_name": "Nguyễn Văn Phi",
            "title": "Trưởng phòng",
            "unit": "Phòng Hành chính – Tổ chức",
        }
    ]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("hanh chinh", ["HCTC"]),
        ("hctc", ["HCTC"]),
        ("lđvp", ["LĐVP"]),
        ("van phong", ["VPS", "LĐVP"]),
    ],
)
def test_units_are_found_by_name_or_abbreviation(
    cast: Cast, signed_in: Browser, q: str, found: list[str]
) -> None:
    answer = signed_in(cast.chuyenvien).get("/api/v1/units", {"q": q}).json()
    assert [unit["abbreviation"] for unit in answer["items"]] == found


def test_long_lists_come_in_pages_at_a_steady_cost(
    cast: Cast,
    signed_in: Browser,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    for number in range(45):
        make_person(f"nguoi{number:02}", f"Lê Văn Số {number:02}", cast.units["TH"])
    client = signed_in(cast.chuyenvien)
    seen: list[str] = []
    for page, size in ((1, 20), (2, 20), (3, 5), (4, 0)):
        with django_assert_max_num_queries(5):  # type: ignore[attr-defined]
            answer = client.get(
                "/api/v1/people", {"q": "le van so", "page": page}
            ).json()
        assert (answer["count"], answer["pages"]) == (45, 3)
        assert len(answer["items"]) == size
        seen += [person["username"] for person in answer["items"]]
    assert len(set(seen)) == 45


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=99999999", "q=" + "a" * 101]
)
def test_a_senseless_query_is_refused(
    chuyenvien: User, signed_in: Browser, query: str
) -> None:
    answer = signed_in(chuyenvien).get(f"/api/v1/people?{query}")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [query.split("=")[0]]


def test_errors_speak_the_language_of_the_tokens_owner(
    client: Client, chuyenvien: User
) -> None:
    secret = mint(chuyenvien)
    vietnamese = client.get("/api/v1/people?page=0", headers=bearer(secret)).json()
    chuyenvien.language = "en"
    chuyenvien.save(update_fields=["language"])
    english = client.get("/api/v1/people?page=0", headers=bearer(secret)).json()
    assert vietnamese["message"] == "Dữ liệu gửi lên chưa hợp lệ."
    assert english["message"] != vietnamese["message"]
