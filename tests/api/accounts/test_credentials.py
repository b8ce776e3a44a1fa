"""What the WebSocket edge asks: who is this, and does their credential still hold."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from server.accounts import actions, queries
from server.accounts.access import authenticate_credentials, credential_alive
from server.accounts.models import AccessToken, Role, User
from tests.support.cast import Cast, make_unit

Browser = Callable[..., Client]


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def test_a_session_cookie_names_its_person(
    chuyenvien: User, signed_in: Browser
) -> None:
    found = authenticate_credentials(cookies_of(signed_in(chuyenvien)), None)
    assert found is not None
    user, credential = found
    assert user == chuyenvien
    assert credential.startswith("session:")
    assert credential_alive(user.id, credential)


def test_a_token_decides_alone(cast: Cast, signed_in: Browser) -> None:
    cookies = cookies_of(signed_in(cast.chuyenvien))
    token, secret = actions.mint_token(cast.vanthu, "kịch bản")
    assert authenticate_credentials(cookies, secret) == (
        cast.vanthu,
        f"token:{token.id}",
    )
    assert authenticate_credentials(cookies, "dth_sai") is None


@pytest.mark.parametrize("key", ["", "khong-co", "x" * 32, "a" * 5000])
def test_an_invented_cookie_is_nobody(db: None, key: str) -> None:
    assert authenticate_credentials({settings.SESSION_COOKIE_NAME: key}, None) is None


def test_no_credentials_are_nobody(db: None) -> None:
    assert authenticate_credentials({}, None) is None


def sign_out(user: User, client: Client) -> None:
    client.post("/sign-out/")


def leave(user: User, client: Client) -> None:
    user.is_active = False
    user.save(update_fields=["is_active"])


def change_password(user: User, client: Client) -> None:
    user.set_password("một mật khẩu khác hẳn")
    user.save(update_fields=["password"])


@pytest.mark.parametrize("end", [sign_out, leave, change_password])
def test_a_session_that_ended_is_noticed(
    chuyenvien: User, signed_in: Browser, end: Callable[[User, Client], None]
) -> None:
    client = signed_in(chuyenvien)
    cookies = cookies_of(client)
    found = authenticate_credentials(cookies, None)
    assert found is not None
    end(chuyenvien, client)
    assert not credential_alive(chuyenvien.id, found[1])
    assert authenticate_credentials(cookies, None) is None


def test_a_revoked_token_is_noticed(chuyenvien: User) -> None:
    token, _secret = actions.mint_token(chuyenvien, "kịch bản")
    assert credential_alive(chuyenvien.id, f"token:{token.id}")
    actions.revoke_token(chuyenvien, token)
    assert not credential_alive(chuyenvien.id, f"token:{token.id}")


def test_a_credential_belongs_to_one_person(cast: Cast, signed_in: Browser) -> None:
    found = authenticate_credentials(cookies_of(signed_in(cast.chuyenvien)), None)
    assert found is not None
    assert not credential_alive(cast.vanthu.id, found[1])
    token, _secret = actions.mint_token(cast.chuyenvien, "kịch bản")
    assert not credential_alive(cast.vanthu.id, f"token:{token.id}")


@pytest.mark.parametrize("credential", ["", "token:", "token:x", "session:", "khác:1"])
def test_a_senseless_credential_is_dead(chuyenvien: User, credential: str) -> None:
    assert not credential_alive(chuyenvien.id, credential)


def test_the_command_prints_only_a_working_token(
    client: Client, chuyenvien: User
) -> None:
    out = StringIO()
    call_command("token", "chuyenvien", "--days", "5", "--scope", "read", stdout=out)
    secret = out.getvalue().strip()
    assert out.getvalue() == secret + "\n"
    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert me.json()["username"] == "chuyenvien"
    assert AccessToken.objects.get().scope == "read"


@pytest.mark.parametrize(
    "arguments",
    [
        ["khongco"],
        ["chuyenvien", "--days", "0"],
        ["chuyenvien", "--days", "9999999999"],
    ],
)
def test_the_command_refuses_what_cannot_be(
    chuyenvien: User, arguments: list[str]
) -> None:
    with pytest.raises(CommandError):
        call_command("token", *arguments, stdout=StringIO())
    assert not AccessToken.objects.exists()


def test_the_tree_of_units_is_read_up_and_down(cast: Cast) -> None:
    top = cast.units["HCTC"]
    middle = make_unit(cast.office, "Tổ Hành chính", "THC", top)
    leaf = make_unit(cast.office, "Nhóm lưu trữ", "NLT", middle)
    assert queries.ancestor_ids([leaf.id]) == {leaf.id, middle.id, top.id}
    assert queries.descendant_ids([top.id]) == {leaf.id, middle.id, top.id}
    assert queries.descendant_ids([leaf.id]) == {leaf.id}
    assert queries.ancestor_ids([]) == set()


def test_units_of_a_person_can_be_asked_by_role(cast: Cast) -> None:
    unit = cast.units["HCTC"].id
    assert queries.unit_ids_of(cast.truongphong) == {unit}
    assert queries.unit_ids_of(cast.truongphong, Role.HEAD) == {unit}
    assert queries.unit_ids_of(cast.truongphong, Role.CLERK) == set()
