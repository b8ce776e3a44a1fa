"""A person at level "suggest" behind a raw client, in the whole application."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlText

from collab import errors
from collab.ports import Level
from collab.protocol.wire import var_bytes
from tests.support import suggesting
from tests.support.suggesting import (
    Edit,
    body_of,
    element,
    inserts,
    mark,
    text_of,
    update_of,
)
from tests.support.wires import Closed, Member, OfficeSite


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server here has the clock of the machine."""
    monkeypatch.setattr(suggesting, "AT", suggesting.time_now())


_SYNC, _STATELESS, _STATUS = 0, 5, 8
WHO = "sotttt"


async def send(member: Member, edit: Edit) -> bool:
    """Send an edit; whether it was saved."""
    update = update_of(member.doc, edit)
    await member.send(b"\x00\x02" + var_bytes(update))
    return (await member.next(_STATUS)).step == 1


async def test_a_suggestion_is_saved_and_anything_else_is_refused_by_name(
    office_site: OfficeSite,
) -> None:
    site = office_site
    site.share(WHO, Level.SUGGEST)
    me = site.office.user_id(WHO)
    colleague = await site.member("chuyenvien")
    suggester = await site.member(WHO)
    assert suggester.scope == "read-write"
    assert await send(suggester, inserts("đề nghị ", me))
    assert (await colleague.next(_SYNC, 2)).body
    assert not await send(suggester, lambda doc: text_of(doc).insert(0, "lén "))
    notice = json.loads((await suggester.next(_STATELESS)).body)
    assert notice == {"type": "refused", "reason": errors.NOT_A_SUGGESTION.name}
    assert not await send(suggester, inserts("x", site.office.user_id("lanhdao")))
    await colleague.type("vẫn làm việc")
    assert site.office.text(site.document).strip() == ""


async def test_a_refused_program_may_come_anew(office_site: OfficeSite) -> None:
    site = office_site
    site.share(WHO, Level.SUGGEST)
    me = site.office.user_id(WHO)
    first = await site.member(WHO)
    assert not await send(first, lambda doc: text_of(doc).insert(0, "lén "))
    again = await site.member(WHO)
    assert await send(again, inserts("đề nghị ", me))


async def test_the_other_dialect_is_closed_with_the_code(
    office_site: OfficeSite,
) -> None:
    site = office_site
    site.share(WHO, Level.SUGGEST)
    seen = await site.member(WHO)
    plain = await site.plain(WHO)
    update = update_of(seen.doc, lambda doc: text_of(doc).insert(0, "lén "))
    await plain.send(b"\x00\x02" + var_bytes(update))
    while True:
        try:
            await plain.recv()
        except Closed as closed:
            assert closed.code == errors.NOT_A_SUGGESTION.code
            break


def _table(doc: Doc[Any]) -> None:
    table, row = XmlElement("table"), XmlElement("tableRow")
    body_of(doc).children.append(table)
    table.children.append(row)
    for text in ("Đơn vị", "Số tiền"):
        cell, inner = XmlElement("tableCell"), XmlElement("paragraph")
        row.children.append(cell)
        cell.children.append(inner)
        inner.children.append(XmlText(text))


def _merges(author: str) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        for cell in element(doc, 1).children[0].children:
            attributes: Any = cell.attributes
            before = {"headed": None, "shape": None, "colwidth": None}
            attributes["formatting"] = {**mark(author), "before": before}
            attributes["shape"] = "merge-1"

    return edit


def _merges_at_once(doc: Doc[Any]) -> None:
    for cell in element(doc, 1).children[0].children:
        attributes: Any = cell.attributes
        del attributes["formatting"]


async def test_cells_are_merged_as_a_suggestion_and_never_at_once(
    office_site: OfficeSite,
) -> None:
    site = office_site
    site.share(WHO, Level.SUGGEST)
    me = site.office.user_id(WHO)
    colleague = await site.member("chuyenvien")
    assert await send(colleague, _table)
    stands = site.office.text(site.document)
    suggester = await site.member(WHO)
    assert await send(suggester, _merges(me))
    assert site.office.text(site.document) == stands
    assert "Đơn vị\tSố tiền" in stands
    assert not await send(suggester, _merges_at_once)
    again = await site.member(WHO)
    assert not await send(again, _merges(site.office.user_id("lanhdao")))
    assert site.office.text(site.document) == stands
