"""The pages about oneself: what each role sees, what a stranger does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from server.accounts.models import AccessToken, User
from server.common.models import AuditEntry, OutboxEvent
from tests.support.cast import PASSWORD, Cast

Browser = Callable[..., Client]
PAGES = ["/account/", "/account/password/", "/account/tokens/"]
PEOPLE = ["chuyenvien", "truongphong", "lanhdao", "vanthu", "sotttt", "quantri"]
NEW_PASSWORD = "Trời xanh 29 con chim"


@pytest.mark.parametrize("page", PAGES)
def test_nobody_sees_an_account_page_without_signing_in(
    client: Client, page: str
) -> None:
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", PEOPLE)
def test_every_role_sees_its_own_account(
    cast: Cast, signed_in: Browser, name: str, page: str
) -> None:
    answer = signed_in(cast.people[name]).get(page)
    assert answer.status_code == 200
    assert cast.people[name].full_name in answer.text


@pytest.mark.parametrize("name", PEOPLE)
def test_only_an_administrator_enters_the_administration(
    cast: Cast, signed_in: Browser, name: str
) -> None:
    answer = signed_in(cast.people[name]).get("/admin/", follow=True)
    assert answer.status_code == (200 if name == "quantri" else 404)


def test_a_stranger_to_the_administration_is_led_to_the_one_sign_in(
    client: Client, db: None
) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/?next=%2Fadmin%2F"


@pytest.mark.parametrize(
    "page",
    [
        "/admin/accounts/user/",
        "/admin/accounts/user/add/",
        "/admin/accounts/organisation/",
        "/admin/accounts/unit/",
        "/admin/accounts/accesstoken/",
        "/admin/common/auditentry/",
    ],
)
def test_the_administration_opens(quantri: User, signed_in: Browser, page: str) -> None:
    assert signed_in(quantri).get(page).status_code == 200


def test_an_administrator_can_open_a_person_but_not_change_the_past(
    cast: Cast, signed_in: Browser
) -> None:
    client = signed_in(cast.quantri)
    person = client.get(f"/admin/accounts/user/{cast.chuyenvien.id}/change/")
    assert person.status_code == 200
    client.post("/sign-out/")
    client = signed_in(cast.quantri)
    entry = AuditEntry.objects.get(action="user.signed_out")
    page = f"/admin/common/auditentry/{entry.id}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"action": "x"}).status_code == 403
    assert client.post("/admin/common/auditentry/add/", {}).status_code == 403


def test_a_profile_is_kept_in_one_form_and_audited(
    chuyenvien: User, signed_in: Browser
) -> None:
    client = signed_in(chuyenvien)
    data = {"phone": "0905 123 456", "email": "tuyet@daklak.gov.vn", "language": "vi"}
    assert client.post("/account/", data).status_code == 302
    chuyenvien.refresh_from_db()
    assert chuyenvien.phone == "+84905123456"
    entry = AuditEntry.objects.get(action="user.profile_changed")
    assert entry.details["changed"]["phone"] == ["", "+84905123456"]
    assert "0905 123 456" in client.get("/account/").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "12345"), ("email", "không phải"), ("language", "fr")],
)
def test_a_bad_value_is_shown_beside_its_field(
    chuyenvien: User, signed_in: Browser, field: str, value: str
) -> None:
    data = {"phone": "", "email": "", "language": "vi", field: value}
    answer = signed_in(chuyenvien).post("/account/", data)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    chuyenvien.refresh_from_db()
    assert getattr(chuyenvien, field) != value


def test_a_profile_change_needs_the_csrf_token(
    chuyenvien: User, signed_in: Browser
) -> None:
    client = signed_in(chuyenvien, enforce_csrf_checks=True)
    data = {"phone": "0905123456", "email": "", "language": "vi"}
    assert client.post("/account/", data).status_code == 403
    chuyenvien.refresh_from_db()
    assert chuyenvien.phone == ""


def passwords(old: str = PASSWORD, new: str = NEW_PASSWORD) -> dict[str, str]:
    return {"old_password": old, "new_password1": new, "new_password2": new}


def test_a_new_password_ends_the_other_sessions_only(
    chuyenvien: User, signed_in: Browser
) -> None:
    here, elsewhere = signed_in(chuyenvien), signed_in(chuyenvien)
    assert here.post("/account/password/", passwords()).status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    chuyenvien.refresh_from_db()
    assert chuyenvien.check_password(NEW_PASSWORD)
    assert AuditEntry.objects.filter(action="user.password_changed").count() == 1
    assert OutboxEvent.objects.get().subject_id == str(chuyenvien.id)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sai", NEW_PASSWORD),
        (PASSWORD, "ngắn"),
        (PASSWORD, "1234567890123"),
        (PASSWORD, "password123"),
        (PASSWORD, "chuyenvien1"),
    ],
)
def test_a_weak_password_or_a_wrong_old_one_changes_nothing(
    chuyenvien: User, signed_in: Browser, old: str, new: str
) -> None:
    answer = signed_in(chuyenvien).post("/account/password/", passwords(old, new))
    assert answer.status_code == 400
    chuyenvien.refresh_from_db()
    assert chuyenvien.check_password(PASSWORD)


def test_a_token_is_shown_once_and_never_again(
    chuyenvien: User, signed_in: Browser
) -> None:
    client = signed_in(chuyenvien)
    form = {"name": "Thống kê", "scope": "read", "days": "30"}
    answer = client.post("/account/tokens/", form)
    secret = answer.context["secret"]
    assert secret.startswith("dth_")
    assert secret in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    later = client.get("/account/tokens/").text
    assert secret not in later
    assert "Thống kê" in later
    token = AccessToken.objects.get()
    assert secret not in str(vars(token))
    assert secret not in str([e.details for e in AuditEntry.objects.all()])


def test_nobody_revokes_the_token_of_somebody_else(
    cast: Cast, signed_in: Browser
) -> None:
    owner = signed_in(cast.chuyenvien)
    owner.post("/account/tokens/", {"name": "Của tôi", "scope": "read", "days": "30"})
    token = AccessToken.objects.get()
    page = f"/account/tokens/{token.id}/revoke/"
    assert signed_in(cast.truongphong).post(page).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None
    assert owner.post(page).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert AuditEntry.objects.filter(action="token.revoked").count() == 1


def test_leaving_the_administration_is_the_one_sign_out(
    quantri: User, signed_in: Browser
) -> None:
    client = signed_in(quantri)
    assert client.post("/admin/logout/").headers["Location"] == "/sign-in/"
    assert AuditEntry.objects.filter(action="user.signed_out").count() == 1
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("page", ["/sign-in/", "/khong-co/", "/api/v1/me"])
def test_the_browser_is_told_to_run_only_our_own_files(
    client: Client, db: None, page: str
) -> None:
    answer = client.get(page)
    rules = answer.headers["Content-Security-Policy"].split("; ")
    assert "script-src 'self'" in rules
    assert "frame-ancestors 'none'" in rules
    assert "<script>" not in answer.text
    assert "<style" not in answer.text


@pytest.mark.parametrize("page", ["/khong-co/", "/drafts/khong-co/"])
def test_an_absent_page_says_what_to_do(client: Client, db: None, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 404
    assert "Hãy kiểm tra lại đường dẫn" in answer.text


def test_a_page_costs_few_queries(
    chuyenvien: User,
    signed_in: Browser,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    client = signed_in(chuyenvien)
    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        client.get("/account/")
