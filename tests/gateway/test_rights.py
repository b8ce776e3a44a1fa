"""A change of rights reaches an open socket within a second, in the whole office."""

from __future__ import annotations

import asyncio
import re

import httpx

from collab import errors
from collab.ports import Level
from collab.protocol.wire import var_bytes
from tests.support.cast import PASSWORD
from tests.support.rooms import text_update
from tests.support.wait import within
from tests.support.wires import WAIT_S, Closed, Member, OfficeSite, Wire

AT_MOST_S = 1.0


async def closes(wire: Wire) -> int:
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                await wire.recv()
            except Closed as closed:
                return closed.code


async def test_an_ended_share_ends_the_open_socket(office_site: OfficeSite) -> None:
    site = office_site
    member = await site.member("lanhdao")
    plain = await site.plain("lanhdao")
    await member.type("còn quyền")
    site.end_share("lanhdao")
    async with within(AT_MOST_S):
        assert await closes(member.wire) == errors.RIGHTS_ENDED.code
        assert await closes(plain) == errors.RIGHTS_ENDED.code
    wire = await site.connect()
    await Member(wire, site.document, site.token("lanhdao")).sign_in()
    assert await closes(wire) == errors.NOT_AVAILABLE.code


async def test_a_lowered_share_makes_the_open_page_read_only(
    office_site: OfficeSite,
) -> None:
    site = office_site
    member = await site.member("lanhdao")
    plain = await site.plain("lanhdao")
    site.share("lanhdao", Level.VIEW)
    async with within(AT_MOST_S):
        assert (await member.next(2)).body == b"readonly"
    await member.send_edit("không được nữa")
    assert (await member.next(8)).step == 0
    await plain.send(b"\x00\x02" + var_bytes(text_update("lén", 9)))
    assert await closes(plain) == errors.READ_ONLY.code
    site.share("lanhdao", Level.EDIT)
    async with within(AT_MOST_S):
        assert (await member.next(2)).body == b"read-write"
    assert "không được nữa" not in site.office.text(site.document)


async def test_an_archived_draft_is_read_only_at_once(office_site: OfficeSite) -> None:
    site = office_site
    member = await site.member("chuyenvien")
    site.office.api("POST", f"/drafts/{site.document}/archive")
    async with within(AT_MOST_S):
        assert (await member.next(2)).body == b"readonly"


async def test_a_revoked_token_ends_its_sockets(office_site: OfficeSite) -> None:
    site = office_site
    # Nobody else here uses this person, whose only token ends.
    site.share("vanthu", Level.EDIT)
    member = await site.member("vanthu")
    staying = await site.member("chuyenvien")
    (token,) = site.office.api("GET", "/me/tokens", "vanthu").json()
    site.office.api("DELETE", f"/me/tokens/{token['id']}", "vanthu")
    async with within(AT_MOST_S):
        assert await closes(member.wire) == errors.RIGHTS_ENDED.code
    await staying.type("vẫn làm việc")


async def test_signing_out_ends_the_open_page(office_site: OfficeSite) -> None:
    site = office_site
    url = site.office.base_url
    async with httpx.AsyncClient(base_url=url, follow_redirects=True) as browser:
        page = (await browser.get("/sign-in/")).text
        await browser.post(
            "/sign-in/",
            data={
                "username": "lanhdao",
                "password": PASSWORD,
                "csrfmiddlewaretoken": _csrf(page),
            },
        )
        cookies = "; ".join(f"{n}={v}" for n, v in browser.cookies.items())
        wire = await site.connect(
            headers={"Cookie": cookies, "Origin": site.office.base_url}
        )
        member = await Member(wire, site.document, "").join()
        assert member.scope == "read-write"
        await member.type("bằng phiên làm việc")
        headers = {"X-CSRFToken": browser.cookies["csrftoken"]}
        (await browser.post("/sign-out/", headers=headers)).raise_for_status()
        async with within(AT_MOST_S):
            assert await closes(wire) == errors.RIGHTS_ENDED.code


def _csrf(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None
    return found[1]
