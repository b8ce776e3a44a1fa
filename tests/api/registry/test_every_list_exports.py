"""Every list of the product leaves as a file: a page that is new must say what it is.

All addresses are walked. Each is an act, a file, a list of LISTS whose page must offer
its file, or a page of OTHERS, with the reason why nothing of it is a list. The lists of
the administration are taken from the site itself, so that none can be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from openpyxl import load_workbook

from collab.ports import Level
from server.accounts.actions import mint_token
from server.accounts.models import Membership, Role, User
from server.common import clock
from server.registry.actions.case_file_entries import add_entry
from server.registry.actions.case_files import CaseFilePlan, create_case_file
from server.registry.actions.delegations import Wish, delegate
from server.registry.actions.saved_searches import save_search
from server.registry.case_files.documents import DocumentKind
from server.registry.issuing.plan import RecipientPlan
from server.registry.workflow.authority import Form, Power
from server.registry.workflow.table import State
from server.review.actions.asking import RoundPlan, ask_opinions
from tests.support.cast import Cast
from tests.support.incoming import Desks

NOON = datetime(2026, 11, 26, 5, tzinfo=UTC)

# Page → the files that it offers, each by the name of its address.
LISTS: dict[str, tuple[str, ...]] = {
    "approvals": ("approvals_file",),
    "case_file": ("contents_print",),
    "case_file_list": ("case_file_list_file", "index_print"),
    "delegation_list": ("delegation_list_file",),
    "distribution": ("distribution_file",),
    "draft_activity": ("draft_activity_file",),
    "draft_check": ("draft_check_file",),
    "draft_list": ("draft_list_file",),
    "draft_opinions": ("draft_opinions_file",),
    "draft_share": ("draft_share_file",),
    "incoming_work": ("work_export",),
    "office_list": ("office_list_file",),
    "opinion_list": ("opinion_list_file",),
    "opinion_round": ("opinion_round_file",),
    "received": ("received_file",),
    "register_book": ("register_book_file", "register_print"),
    "register_list": ("register_list_file",),
    "register_numbers": ("register_numbers_file",),
    "search": ("search_export", "saved_search_file"),
    "tokens": ("token_list_file",),
    "version_authors": ("version_authors_file",),
    "version_list": ("version_list_file",),
}
OF_ONE = "what is known of one thing; its own papers leave it"
FORM = "a form, or a dialog"
PART = "a part of a page by itself, or what a box offers while one types"
MACHINE = "for programs"
OTHERS: dict[str, str] = {
    **dict.fromkeys(
        (
            "account",
            "draft_editor",
            "draft_process",
            "incoming_document",
            "incoming_entry",
            "late_edit",
            "office",
            "outgoing_entry",
            "received_document",
            "received_one",
            "version_compare",
            "version_one",
        ),
        OF_ONE,
    ),
    **dict.fromkeys(
        (
            "case_file_change",
            "case_file_close",
            "case_file_hand_over",
            "case_file_keep_back",
            "case_file_new",
            "case_file_reopen",
            "delegation_new",
            "draft_archive",
            "draft_import",
            "draft_issue",
            "draft_new",
            "draft_rename",
            "draft_restore",
            "entry_new",
            "incoming_forward",
            "number_void",
            "opinion_answer",
            "opinion_round_new",
            "password",
            "register_new",
            "reviewed_word",
            "sign_in",
            "signature",
            "verify",
            "verify_code",
        ),
        FORM,
    ),
    **dict.fromkeys(
        (
            "approvals_count",
            "case_file_count",
            "case_file_find",
            "cooperating_row",
            "copy_parts",
            "delegation_people",
            "draft_changes",
            "entry_duplicate",
            "incoming_count",
            "incoming_file_words",
            "issue_preview",
            "link_candidates",
            "opinion_asked",
            "opinion_candidates",
            "opinion_count",
            "opinion_question_row",
            "received_copy_parts",
            "received_count",
            "recipient_candidates",
            "recipient_line",
            "share_candidates",
            "sign_off_candidates",
            "sign_off_people",
            "version_contributors",
        ),
        PART,
    ),
    **dict.fromkeys(("healthz", "readyz", "home"), MACHINE),
}
# Template that draws a table → the list that it is of.
TABLES = {
    "accounts/tokens.html": "tokens",
    "registry/_drafts.html": "draft_list",
    "registry/case_files/_list.html": "case_file_list",
    "registry/case_files/page.html": "case_file",
    "registry/incoming/_list.html": "incoming_work",
    "registry/registers/_book.html": "register_book",
    "registry/registers/numbers.html": "register_numbers",
    "registry/search/_found.html": "search",
    "review/opinion_round.html": "opinion_round",
}
_FILES = re.compile(r"(\.(xlsx|pdf|png|docx)|\.<(str|slug):form>|/link/<slug:kind>/)$")


def addresses() -> Iterator[tuple[str, str]]:
    """(name, route) of all pages: neither the API nor the administration."""

    def walk(
        patterns: list[URLPattern | URLResolver], before: str
    ) -> Iterator[tuple[str, str]]:
        for one in patterns:
            route = before + str(one.pattern)
            if route.startswith(("api/", "admin/")):
                continue
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route)
            else:
                yield one.name or route, route

    yield from walk(get_resolver().url_patterns, "")


# ── every page says what it is ──────────────────────────────────────────────────


def test_every_page_is_a_list_with_a_file_or_says_why_it_is_none(
    cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.quantri)
    seen = set()
    files = {file for offered in LISTS.values() for file in offered}
    for name, route in addresses():
        seen.add(name)
        if name in (files | set(LISTS) | set(OTHERS)) or _FILES.search(route):
            continue
        # 405 comes before anything is sought: what takes no visit is an act.
        assert browser.get("/" + _dummy(route)).status_code == 405, (
            f"{name}: is it a list? Then give it a file and name both in LISTS"
        )
    assert set(LISTS) | set(OTHERS) <= seen
    assert not set(LISTS) & set(OTHERS)


def _dummy(route: str) -> str:
    route = re.sub(r"<uuid:\w+>", str(UUID(int=0)), route)
    return re.sub(r"<int:\w+>", "1", re.sub(r"<(slug|str):\w+>", "x", route))


def test_every_table_of_the_pages_belongs_to_a_list_with_a_file() -> None:
    root = Path(__file__).resolve().parents[3] / "server"
    drawn = {
        str(path).split("/templates/")[-1]
        for path in root.glob("*/templates/**/*.html")
        if "<table" in path.read_text("utf-8")
    }
    assert drawn == set(TABLES)
    assert set(TABLES.values()) <= set(LISTS)


# ── every list offers its file ──────────────────────────────────────────────────


@pytest.fixture
def noon() -> Iterator[None]:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def busy(
    noon: None,
    cast: Cast,
    begin_draft: Any,
    moved: Any,
    issued: Any,
    outgoing_register: Any,
    department_clerk: User,
) -> dict[str, tuple[User, str, str]]:
    """An office where every list has a row. Page → who looks, its address, and a word
    that both the page and the file must hold."""
    desks = Desks(cast)
    desks.forwarded()
    draft = begin_draft("Kế hoạch tập huấn", shared={cast.truongphong: Level.EDIT})
    waits = moved(State.IN_REVIEW)
    document = issued(RecipientPlan(organisation=cast.department.pk))
    file = create_case_file(
        cast.chuyenvien, cast.units["HCTC"].pk, CaseFilePlan("Hồ sơ thi đua", "y10")
    )
    add_entry(cast.chuyenvien, file.pk, DocumentKind.OUTGOING, document.pk)
    delegate(
        cast.lanhdao,
        Wish(
            form=Form.KT,
            delegate=cast.truongphong,
            principal=cast.lanhdao,
            in_place_of="CHÁNH VĂN PHÒNG",
            powers=frozenset({Power.SIGN}),
            starts_on=clock.today(),
            ends_on=clock.today() + timedelta(days=5),
        ),
    )
    plan = RoundPlan([cast.truongphong], clock.today() + timedelta(days=5))
    asked = ask_opinions(cast.chuyenvien, draft.pk, plan)
    mint_token(cast.chuyenvien, "Máy in phòng")
    save_search(cast.chuyenvien, "Việc của tôi", query="kế hoạch", filters={})
    # Who works in one organisation is taken to its page; who works in two has a list.
    Membership.objects.create(
        user=cast.vanthu, unit=cast.units["VPS"], role=Role.OFFICIAL
    )
    author, clerk = cast.chuyenvien, cast.vanthu

    def at(name: str, *keys: Any) -> str:
        return reverse(name, args=keys)

    return {
        "approvals": (cast.truongphong, at("approvals"), waits.title),
        "case_file": (author, at("case_file", file.pk), document.full_number),
        "case_file_list": (author, at("case_file_list"), "Hồ sơ thi đua"),
        "delegation_list": (cast.lanhdao, at("delegation_list"), "Nguyễn Văn Phi"),
        "distribution": (clerk, at("distribution", document.pk), "Sở Thông tin"),
        "draft_activity": (author, at("draft_activity", draft.pk), author.full_name),
        "draft_check": (author, at("draft_check", draft.pk), "Phải sửa"),
        "draft_list": (author, at("draft_list"), "Kế hoạch tập huấn"),
        "draft_opinions": (author, at("draft_opinions", draft.pk), author.full_name),
        "draft_share": (author, at("draft_share", draft.pk), "Nguyễn Văn Phi"),
        "incoming_work": (author, at("incoming_work"), "1146/SNV-CCHC"),
        "office_list": (clerk, at("office_list"), "Văn phòng UBND tỉnh Đắk Lắk"),
        "opinion_list": (cast.truongphong, at("opinion_list"), "Kế hoạch tập huấn"),
        "opinion_round": (author, at("opinion_round", asked.pk), "Nguyễn Văn Phi"),
        "received": (department_clerk, at("received"), document.full_number),
        "register_book": (
            clerk,
            at("register_book", outgoing_register.pk),
            document.full_number,
        ),
        "register_list": (clerk, at("register_list"), "Sổ văn bản đi"),
        "register_numbers": (
            clerk,
            at("register_numbers", outgoing_register.pk),
            document.full_number,
        ),
        "search": (author, at("search") + "?kind=draft", "Kế hoạch tập huấn"),
        "tokens": (author, at("tokens"), "Máy in phòng"),
        "version_authors": (author, at("version_authors", draft.pk), "Mẫu ban đầu"),
        "version_list": (cast.vanthu, at("version_list", document.draft_id), "Trình"),
    }


def files_on(page: str) -> dict[str, str]:
    """What the page links to: the name of the address → the address."""
    found = {}
    for link in re.findall(r'href="(/[^"#]*)"', page):
        address = unescape(link)
        if address.startswith("/static/"):
            continue
        name = str(resolve(urlsplit(address).path).url_name)
        # Of one thing in several formats the spreadsheet is the list.
        if name not in found or urlsplit(address).path.endswith(".xlsx"):
            found[name] = address
    return found


def words_in(answer: Any) -> str:
    """All texts of all sheets: a book has its cover first."""
    book = load_workbook(BytesIO(answer.content))
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(value) for row in rows for value in row if value)


def test_every_list_offers_a_file_that_holds_what_it_shows(
    busy: dict[str, tuple[User, str, str]], signed_in: Any
) -> None:
    assert set(busy) == set(LISTS)
    for name, (who, address, word) in busy.items():
        browser = signed_in(who)
        answer = browser.get(address)
        assert answer.status_code == 200, name
        page = unescape(answer.content.decode())
        assert word in page, name
        offered = files_on(answer.content.decode())
        for file in LISTS[name]:
            assert file in offered, f"{name} does not offer {file}"
            taken = browser.get(offered[file])
            assert taken.status_code == 200, (name, offered[file])
            assert taken["Content-Disposition"].startswith("attachment"), name
            assert "no-store" in taken["Cache-Control"], name
            held = "Việc của tôi" if file == "saved_search_file" else word
            assert held in words_in(taken), (name, file)
