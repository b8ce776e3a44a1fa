"""Every answer speaks the language of the one who asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from server.accounts.models import User

Browser = Callable[..., Client]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "vi"),
        ("en-GB,en;q=0.9", "en"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("fr-FR,fr;q=0.9", "vi"),
        ("fr;q=0.9,en;q=0.5,vi;q=0.4", "en"),
        ("không phải gì cả;;q=x", "vi"),
    ],
)
def test_a_stranger_is_met_in_the_language_of_the_browser(
    client: Client, db: None, header: str, language: str
) -> None:
    answer = client.get("/sign-in/", headers={"Accept-Language": header})
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in answer.text


def test_a_person_is_met_in_their_own_language(
    chuyenvien: User, signed_in: Browser
) -> None:
    client = signed_in(chuyenvien)
    answer = client.get("/account/", headers={"Accept-Language": "en"})
    assert "Đổi mật khẩu" in answer.text
    client.post("/language/", {"language": "en", "next": "/account/"})
    answer = client.get("/account/", headers={"Accept-Language": "vi"})
    assert '<html lang="en">' in answer.text


def test_the_choice_survives_the_sign_out(chuyenvien: User, signed_in: Browser) -> None:
    client = signed_in(chuyenvien)
    client.post("/language/", {"language": "en"})
    client.post("/sign-out/")
    assert client.get("/sign-in/").headers["Content-Language"] == "en"


def test_a_stranger_can_choose_but_only_what_we_speak(client: Client, db: None) -> None:
    client.post("/language/", {"language": "en"})
    assert client.get("/sign-in/").headers["Content-Language"] == "en"
    client.post("/language/", {"language": "../../etc"})
    assert client.get("/sign-in/").headers["Content-Language"] == "en"


def test_choosing_a_language_leads_nowhere_else(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "en", "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"


def test_the_language_of_one_request_does_not_leak_into_the_next(
    client: Client, db: None
) -> None:
    client.get("/sign-in/", headers={"Accept-Language": "en"})
    assert client.get("/sign-in/").headers["Content-Language"] == "vi"
