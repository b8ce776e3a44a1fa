"""A stranger sees nothing: every address of the product, asked for with true ids.

The addresses are read from the product itself, so that a new one is asked, too: where
it names something by a word that is not known here, the test says so. The stranger is a
clerk in another province's office, who may do there what our clerk does here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from server.accounts.models import Membership, Role
from server.common import clock
from server.config.api import api
from server.registry.actions.delegations import Wish, delegate
from server.registry.actions.distribution import Acceptance, accept
from server.registry.actions.forwarding_plans import Plan
from server.registry.actions.forwardings import forward
from server.registry.actions.incoming_files import attach_file
from server.registry.actions.saved_searches import save_search
from server.registry.issuing.plan import RecipientPlan
from server.registry.models import Approval, DraftShare
from server.registry.search.upkeep import index_missing_rows
from server.registry.workflow.authority import Form
from server.review.actions.answering import give_opinion
from server.review.actions.versions import name_version
from server.review.models import ThreadComment
from tests.api.registry.conftest import (
    approved,
    department_clerk,
    incoming_register,
    issued,
    outgoing_register,
)
from tests.support.case_files import Cabinet
from tests.support.incoming import PDF, leading
from tests.support.issuing import LETTER
from tests.support.opinions import AGREES, request_of

__all__ = [
    "approved",
    "department_clerk",
    "incoming_register",
    "issued",
    "outgoing_register",
]

# Words that stand in every title here and nowhere in the product. Only the first is
# ever asked for, and a page may say again what was asked.
SOUGHT, MARK = "Zxqvkappa", "Omikronpsi"
TITLE = f"{SOUGHT} {MARK}"
# What answers a stranger as long as nothing is told; 302 leads back to one's own list,
# the API's 400 is about the form of what was sent.
CLOSED, SAYS_NOTHING = {404, 405}, {302, 400}
# What stands in the place of these words is no id.
WORDS = {
    "page": "1", "seq": "1", "number": "1", "reference": "now", "book": "outgoing",
    "format": "pdf", "form": "pdf", "kind": "replaces", "digest": "0" * 64,
}  # fmt: skip
ACTS = {
    "drafts": "return", "registers": "chase", "received": "accepted",
    "incoming": "take_up", "opinion-rounds": "chase",
}  # fmt: skip
# No copy is made here, as none needs to be: its door is its document's.
MADE_ELSEWHERE = {"copy_id", "token_id"}
# Meant for everybody: whether a document holds, by the code printed on it.
PUBLIC = re.compile(r"^/(api/v1/)?verify/|^/account/tokens/|^/language/|^/sign-out/")


@pytest.fixture
def ids(
    cast: Any,
    begin_draft: Any,
    begin_thread: Any,
    ask: Any,
    issued: Any,
    outgoing_register: Any,
    incoming_register: Any,
    department_clerk: Any,
) -> dict[str, UUID | str]:
    """One of everything, by the names under which addresses know it."""
    title = f"V/v {TITLE}"
    fields = replace(LETTER, subject=TITLE)
    document = issued(
        RecipientPlan(
            organisation=cast.department.pk, deadline=clock.today() + timedelta(days=5)
        ),
        fields=fields,
        title=title,
    )
    row = document.recipients.get()
    arrived = accept(department_clerk, row.pk, Acceptance(incoming_register.pk))
    (lead,) = forward(
        department_clerk, arrived.pk, Plan(leading(person=cast.sotttt.pk))
    )
    scan = attach_file(
        department_clerk, arrived.pk, SimpleUploadedFile("quét.pdf", PDF)
    )
    draft = begin_draft(title)
    thread = begin_thread(draft, cast.chuyenvien)
    round_ = ask()
    asked = request_of(round_, cast.lanhdao)
    opinion = give_opinion(cast.lanhdao, asked.pk, AGREES)
    cabinet = Cabinet(cast, outgoing_register, incoming_register)
    case_file = cabinet.file(title=f"Hồ sơ {TITLE}")
    entry = cabinet.put(case_file, document)
    version = name_version(cast.chuyenvien, draft.pk, f"Bản {TITLE}")
    mandate = delegate(
        cast.lanhdao,
        Wish(Form.KT, cast.truongphong, clock.today(), cast.lanhdao, "Chánh Văn phòng"),
    )
    saved = save_search(cast.vanthu, TITLE, query=SOUGHT, filters={})
    index_missing_rows()
    return {
        "draft_id": draft.pk,
        "share_id": DraftShare.objects.filter(draft=draft)[0].pk,
        "approval_id": Approval.objects.all()[0].pk,
        "register_id": outgoing_register.pk,
        "number_id": document.issued_number_id,
        "outgoing": document.pk,
        "incoming": arrived.pk,
        "recipient_id": row.pk,
        "forwarding_id": lead.pk,
        "file_id": scan.pk,
        "case_file_id": case_file.pk,
        "entry_id": entry.pk,
        "thread_id": thread["id"],
        "comment_id": ThreadComment.objects.filter(thread=thread["id"])[0].pk,
        "round_id": round_.pk,
        "request_id": asked.pk,
        "opinion_id": opinion.pk,
        "version_id": version.pk,
        "delegation_id": mandate.pk,
        "saved_id": saved.pk,
        "organisation_id": cast.office.pk,
        **{name: uuid4() for name in MADE_ELSEWHERE},
    }


@pytest.fixture
def outsider(stranger: Any, signed_in: Any) -> Client:
    Membership.objects.filter(user=stranger).update(role=Role.CLERK)
    browser: Client = signed_in(stranger)
    return browser


def routes(patterns: Any = None, before: str = "/") -> Iterator[str]:
    """Every address of a page, with its places for ids; not the administration's."""
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        route = f"{before}{one.pattern}".replace("^", "")
        if route.startswith(("/admin/", "/api/")):
            continue
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def operations() -> Iterator[tuple[str, str]]:
    """Every method of every address of the API."""
    told = api.get_openapi_schema(path_prefix="/api/v1/")
    for address, methods in told["paths"].items():
        for method in methods:
            yield method.upper(), re.sub(r"{\w+:(\w+)}", r"{\1}", address)


def names_something(route: str) -> bool:
    """Whether an id stands in it: else it is a list of one's own."""
    named = set(re.findall(r"{(\w+)}", route)) - WORDS.keys()
    return bool(named) and not PUBLIC.match(route)


def filled(address: str, ids: Mapping[str, UUID | str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in WORDS:
            return WORDS[name]
        if name == "act":
            first = address.removeprefix("/api/v1").split("/")[1]
            return ACTS[first]
        if name == "document_id":
            kind = "incoming" if "incoming" in address else "outgoing"
            return str(ids[kind])
        assert name in ids, f"{address}: nobody knows what {name} is"
        return str(ids[name])

    return re.sub(r"{(\w+)}", value, address)


def test_no_address_of_something_tells_a_stranger_that_it_is_there(
    ids: dict[str, UUID | str], outsider: Client
) -> None:
    asked = [
        (method, route)
        for route in routes()
        if names_something(route)
        for method in ("GET", "POST")
    ]
    asked += [
        (method, address)
        for method, address in operations()
        if names_something(address)
    ]
    assert len(asked) > 200
    nothing = {name: uuid4() for name in ids}
    opened = []
    for method, route in asked:
        answer = ask_for(outsider, method, filled(route, ids))
        other = ask_for(outsider, method, filled(route, nothing))
        told = {answer.status_code, other.status_code}
        is_closed = told <= CLOSED or (told <= SAYS_NOTHING and len(told) == 1)
        if not is_closed or MARK.encode() in answer.content:
            opened.append(f"{answer.status_code} {method} {route}")
    assert not opened, "\n".join(opened)


def ask_for(browser: Client, method: str, address: str) -> Any:
    sent: dict[str, Any] = {}
    if method != "GET" and address.startswith("/api/"):
        sent = {"data": "{}", "content_type": "application/json"}
    return getattr(browser, method.lower())(address, **sent)


def test_no_list_and_no_file_of_a_list_shows_a_stranger_anything(
    ids: dict[str, UUID | str], outsider: Client
) -> None:
    read = [route for method, route in operations() if method == "GET"]
    lists = [
        filled(route, {})
        for route in (*routes(), *read)
        if not names_something(route) and not PUBLIC.match(route)
    ]
    shown = []
    for address in lists:
        for query in ("", f"?q={SOUGHT}&all=1"):
            answer = outsider.get(address + query)
            body = b"".join(answer) if answer.streaming else answer.content
            if body.startswith(b"PK"):
                with ZipFile(BytesIO(body)) as parts:
                    body = b"".join(map(parts.read, parts.namelist()))
            if MARK.encode() in body:
                shown.append(address + query)
    assert shown == []


def test_whoever_has_it_finds_the_mark_that_a_stranger_does_not(
    ids: dict[str, UUID | str], cast: Any, signed_in: Any
) -> None:
    """So that the two tests above cannot pass by looking at empty pages."""
    clerk, author = signed_in(cast.vanthu), signed_in(cast.chuyenvien)
    for browser, address in (
        (author, "/drafts/"),
        (clerk, f"/registers/{ids['register_id']}/"),
        (clerk, f"/registers/outgoing/{ids['outgoing']}/distribution/"),
        (author, f"/case-files/{ids['case_file_id']}/"),
    ):
        assert MARK.encode() in browser.get(address).content, address
