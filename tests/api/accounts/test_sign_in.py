"""Signing in and out: who gets in, where they land, when they must wait."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.test import Client

from server.accounts.models import User
from server.common import clock
from server.common.models import AuditEntry
from tests.support.cast import PASSWORD, Cast

SIGN_IN = "/sign-in/"


def try_sign_in(
    client: Client, username: str = "chuyenvien", password: str = PASSWORD, **more: str
) -> int:
    data = {"username": username, "password": password, **more}
    return client.post(SIGN_IN, data).status_code


def signed_in_user(client: Client) -> str:
    return str(client.get("/api/v1/me").json().get("username", ""))


@pytest.mark.parametrize(
    "name", ["chuyenvien", "truongphong", "lanhdao", "vanthu", "sotttt", "quantri"]
)
def test_everyone_of_the_office_can_sign_in(
    client: Client, cast: Cast, name: str
) -> None:
    assert try_sign_in(client, name) == 302
    assert signed_in_user(client) == name


def test_a_wrong_password_and_an_unknown_name_look_the_same(
    client: Client, cast: Cast
) -> None:
    pages = [
        client.post(SIGN_IN, {"username": name, "password": "sai mật khẩu"})
        for name in ("chuyenvien", "khongco")
    ]
    assert [page.status_code for page in pages] == [400, 400]
    alerts = [page.context["form"].non_field_errors() for page in pages]
    assert alerts[0] == alerts[1] == ["Tên đăng nhập hoặc mật khẩu chưa đúng."]


def test_a_person_who_left_cannot_sign_in(client: Client, chuyenvien: User) -> None:
    chuyenvien.is_active = False
    chuyenvien.save(update_fields=["is_active"])
    assert try_sign_in(client) == 400
    assert signed_in_user(client) == ""


def test_sign_in_needs_the_csrf_token(chuyenvien: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert try_sign_in(strict) == 403
    page = strict.get(SIGN_IN)
    token = str(page.context["csrf_token"])
    assert try_sign_in(strict, csrfmiddlewaretoken=token) == 302


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [
        ("/account/tokens/", "/account/tokens/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_no_link_can_lead_away_from_the_office(
    client: Client, chuyenvien: User, wanted: str, landed: str
) -> None:
    data = {"username": "chuyenvien", "password": PASSWORD, "next": wanted}
    assert client.post(SIGN_IN, data).headers["Location"] == landed
    again = client.get(f"{SIGN_IN}?next={quote(wanted)}")
    assert again.headers["Location"] == landed


def test_signing_out_ends_the_session_and_needs_a_post(
    client: Client, chuyenvien: User
) -> None:
    client.force_login(chuyenvien, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/sign-out/").status_code == 405
    assert signed_in_user(client) == "chuyenvien"
    assert client.post("/sign-out/").status_code == 302
    assert signed_in_user(client) == ""


def test_the_audit_trail_keeps_every_attempt_but_no_password(
    client: Client, chuyenvien: User
) -> None:
    try_sign_in(client, password="bi-mat-khong-dung")
    try_sign_in(client, username="mat-khau-go-nham-o-ten")
    try_sign_in(client)
    client.post("/sign-out/")
    entries = list(AuditEntry.objects.order_by("id"))
    assert [entry.action for entry in entries] == [
        "user.sign_in_failed",
        "user.sign_in_failed",
        "user.signed_in",
        "user.signed_out",
    ]
    assert entries[0].details == {"username": "chuyenvien"}
    assert entries[2].actor == chuyenvien
    assert entries[2].client_address == "127.0.0.1"
    everything = str([(e.details, e.subject_id) for e in entries])
    assert "bi-mat" not in everything
    assert "mat-khau-go-nham" not in everything


def lock(client: Client, settings: LazySettings) -> None:
    for _ in range(settings.SIGN_IN_ATTEMPTS):
        try_sign_in(client, password="sai mật khẩu")


def test_too_many_wrong_passwords_make_even_the_right_one_wait(
    client: Client, cast: Cast, settings: LazySettings
) -> None:
    lock(client, settings)
    page = client.post(SIGN_IN, {"username": "chuyenvien", "password": PASSWORD})
    assert page.status_code == 429
    assert f"chờ {settings.SIGN_IN_PAUSE_MINUTES} phút" in page.text
    assert page.headers["Retry-After"] == str(settings.SIGN_IN_PAUSE_MINUTES * 60)
    assert signed_in_user(client) == ""


def test_the_page_counts_the_pause_down(
    client: Client, cast: Cast, settings: LazySettings
) -> None:
    lock(client, settings)
    passed = timedelta(minutes=settings.SIGN_IN_PAUSE_MINUTES - 3, seconds=-5)
    AccessAttempt.objects.update(attempt_time=clock.now() - passed)
    page = client.post(SIGN_IN, {"username": "chuyenvien", "password": PASSWORD})
    assert "chờ 4 phút" in page.text


def test_the_pause_holds_one_name_at_one_address(
    client: Client, cast: Cast, settings: LazySettings
) -> None:
    lock(client, settings)
    assert try_sign_in(client, "truongphong") == 302
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert try_sign_in(elsewhere) == 302


def test_the_pause_ends(client: Client, cast: Cast, settings: LazySettings) -> None:
    lock(client, settings)
    assert try_sign_in(client) == 429
    longer = timedelta(minutes=settings.SIGN_IN_PAUSE_MINUTES, seconds=1)
    AccessAttempt.objects.update(attempt_time=clock.now() - longer)
    assert try_sign_in(client) == 302


def test_an_administrator_can_end_the_pause(
    client: Client, cast: Cast, settings: LazySettings
) -> None:
    lock(client, settings)
    office = Client()
    office.force_login(
        cast.quantri, backend="django.contrib.auth.backends.ModelBackend"
    )
    chosen = {"action": "end_pause", "_selected_action": [str(cast.chuyenvien.id)]}
    assert office.post("/admin/accounts/user/", chosen).status_code == 302
    assert try_sign_in(client) == 302


def test_demo_sign_ins_are_offered_only_in_a_demo_office(
    client: Client, cast: Cast, settings: LazySettings
) -> None:
    settings.DEMO = False
    plain = client.get(SIGN_IN).text
    assert PASSWORD not in plain
    assert cast.chuyenvien.full_name not in plain
    settings.DEMO = True
    demo = client.get(SIGN_IN).text
    assert PASSWORD in demo
    assert cast.chuyenvien.full_name in demo


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(client: Client) -> None:
    answer = client.get(
        SIGN_IN,
        headers={
            "HX-Request": "true",
            "HX-Current-URL": "http://testserver/drafts/?q=a&page=2",
        },
    )
    assert answer.headers["HX-Redirect"] == (
        "/sign-in/?next=%2Fdrafts%2F%3Fq%3Da%26page%3D2"
    )
    assert answer.text == ""
