"""The lists of the administration leave as files: what is shown, to whom it is shown.

They are taken from the site itself, so a list that is new has its file or fails here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from openpyxl import load_workbook

from server.accounts.actions import mint_token
from server.accounts.models import Role, User
from server.common import audit
from tests.api.registry.test_list_exports import cells, cost
from tests.support.cast import Cast, make_person, make_unit

Browser = Callable[..., Client]
LISTED = sorted(
    (model._meta.app_label, str(model._meta.model_name))
    for model in admin.site._registry
)


def page_of(browser: Client, kind: tuple[str, str], query: str = "") -> tuple[str, str]:
    """The page, and the address of the file that it offers."""
    answer = browser.get(f"/admin/{kind[0]}/{kind[1]}/{query}")
    assert answer.status_code == 200
    shown = answer.content.decode()
    (address,) = re.findall(r'href="([^"]*export\.xlsx[^"]*)"', shown)
    return shown, unescape(address)


def heads_of(shown: str) -> list[str]:
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', shown, re.DOTALL)
    found = [re.findall(r'<div class="text">(.*?)</div>', h, re.DOTALL) for h in heads]
    texts_of = [re.sub(r"<[^>]*>", "", part[0]).strip() for part in found if part]
    return [unescape(text) for text in texts_of if text]


@pytest.fixture
def busy(cast: Cast) -> Cast:
    mint_token(cast.chuyenvien, "Máy in")
    audit.record(cast.vanthu, "user.changed", "user", cast.vanthu.pk)
    return cast


@pytest.mark.parametrize("kind", LISTED)
def test_every_list_of_the_administration_leaves_with_its_columns_and_rows(
    busy: Cast, signed_in: Browser, kind: tuple[str, str]
) -> None:
    browser = signed_in(busy.quantri)
    shown, address = page_of(browser, kind)
    answer = browser.get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    rows = cells(answer)
    heads = heads_of(shown)
    (head,) = [i for i, row in enumerate(rows) if row[: len(heads)] == heads]
    on_page = re.findall(r"<tr[^>]*>.*?</tr>", shown.split("<tbody>")[1], re.DOTALL)
    assert on_page
    assert len(rows) - head - 1 == len(on_page)
    for row, drawn in zip(rows[head + 1 :], on_page, strict=True):
        assert str(row[0])[:10] in unescape(drawn) or hasattr(row[0], "year")


def test_people_leave_as_they_are_filtered_sought_and_ordered(
    cast: Cast, signed_in: Browser
) -> None:
    browser = signed_in(cast.quantri)
    cast.sotttt.is_active = False
    cast.sotttt.save()
    kind = ("accounts", "user")
    _shown, address = page_of(browser, kind, "?is_active__exact=1&q=an&o=2")
    rows = cells(browser.get(address))
    assert "Tìm: “an”" in [row[0] for row in rows]
    _shown, address = page_of(browser, kind, "?is_active__exact=0")
    rows = cells(browser.get(address))
    assert rows[1][0] == "Đang hoạt động: Không"
    assert [(row[1], row[3]) for row in rows[3:]] == [("sotttt", "Không")]
    for order, step in (("2", 1), ("-2", -1)):
        _shown, address = page_of(browser, kind, f"?o={order}")
        names = [row[1] for row in cells(browser.get(address))[2:]]
        assert names == sorted(cast.people)[::step]


def test_a_list_speaks_the_language_of_who_takes_it(
    cast: Cast, signed_in: Browser
) -> None:
    cast.quantri.language = "en"
    cast.quantri.save()
    browser = signed_in(cast.quantri)
    _shown, address = page_of(browser, ("accounts", "user"), "?is_staff__exact=0")
    assert {row[4] for row in cells(browser.get(address))[3:]} == {"No"}


def test_all_pages_leave_from_any_page(cast: Cast, signed_in: Browser) -> None:
    for number in range(120):
        make_person(f"nguoi{number:03d}", f"Người {number}")
    browser = signed_in(cast.quantri)
    _shown, address = page_of(browser, ("accounts", "user"), "?p=2")
    assert len(cells(browser.get(address))) == 2 + 120 + len(cast.people)


def test_a_name_that_looks_like_a_formula_stays_a_name(
    cast: Cast, signed_in: Browser
) -> None:
    for number, name in enumerate(("=1+1", "+1", "-1", "@SUM(A1)")):
        make_unit(cast.office, name, f"X{number}")
    browser = signed_in(cast.quantri)
    _shown, address = page_of(browser, ("accounts", "unit"), "")
    answer = browser.get(address)
    assert "=1+1" in {row[0] for row in cells(answer)[3:]}
    sheet = load_workbook(BytesIO(answer.content)).active
    assert {c.data_type for row in sheet.iter_rows(min_row=4) for c in row[:2]} == {"s"}


def test_the_trail_of_deeds_says_the_time_and_is_cut_with_a_word(
    cast: Cast, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.registry.list_exports.MOST_ROWS", 2)
    for _again in range(3):
        audit.record(cast.vanthu, "user.changed", "user", cast.vanthu.pk)
    browser = signed_in(cast.quantri)
    _shown, address = page_of(browser, ("common", "auditentry"))
    rows = cells(browser.get(address))
    assert rows[1][0] == "Danh sách bị cắt ở 2 dòng đầu. Hãy lọc bớt để có đủ."
    assert len(rows) == 3 + 2
    assert rows[3][0].hour is not None
    assert rows[3][1] == cast.vanthu.full_name


@pytest.fixture
def helper(cast: Cast) -> User:
    """Staff who may look at people, and at nothing else."""
    user = cast.vanthu
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.user_permissions.set(Permission.objects.filter(codename="view_user"))
    return user


def test_a_list_leaves_only_for_who_may_look_at_it(
    busy: Cast, helper: User, signed_in: Browser, client: Client
) -> None:
    for kind in LISTED:
        address = f"/admin/{kind[0]}/{kind[1]}/export.xlsx"
        seen = 200 if kind == ("accounts", "user") else 403
        assert signed_in(helper).get(address).status_code == seen
        assert signed_in(helper).get(address[:-11]).status_code == seen
        assert signed_in(busy.chuyenvien).get(address).status_code in (302, 404)
        assert client.get(address).status_code == 302
    for kind in (("registry", "draft"), ("x", "y")):
        address = f"/admin/{kind[0]}/{kind[1]}/export.xlsx"
        assert signed_in(busy.quantri).get(address).status_code == 404


def test_an_address_that_asks_for_nonsense_gives_no_file(
    cast: Cast, signed_in: Browser
) -> None:
    browser = signed_in(cast.quantri)
    for query in ("?password__startswith=a", "?is_active__exact=xyz"):
        answer = browser.get(f"/admin/accounts/user/export.xlsx{query}")
        assert answer.status_code == 400


def test_more_rows_ask_the_database_no_more(cast: Cast, signed_in: Browser) -> None:
    browser = signed_in(cast.quantri)

    def more(number: int) -> None:
        person = make_person(f"nguoi{number}", "Người", cast.units["TH"], Role.OFFICIAL)
        mint_token(person, "Mã")
        make_unit(cast.office, f"Phòng {number}", f"P{number}", cast.units["TH"])
        audit.record(person, "user.changed", "user", person.pk)

    asked = [f"/admin/{app}/{model}/export.xlsx" for app, model in LISTED]
    more(0)
    before = [cost(lambda at=at: browser.get(at)) for at in asked]
    for number in range(1, 4):
        more(number)
    assert [cost(lambda at=at: browser.get(at)) for at in asked] == before
