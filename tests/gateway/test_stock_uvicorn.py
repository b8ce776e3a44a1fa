"""On uvicorn's own WebSocket protocol everything works too: ours is speed alone."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.office import Office
from tests.support.wires import OfficeSite

SYNC_STATUS = 8
WORDS = [f"‹{number}›" for number in range(20)]


@pytest.mark.server
@pytest.mark.parametrize("office", ["stock uvicorn"], indirect=True)
async def test_two_people_type_see_each_other_and_are_told_that_it_is_saved(
    office: Office,
) -> None:
    site = OfficeSite(office)
    an, phi = await site.member("chuyenvien"), await site.member("lanhdao")
    for word in WORDS:
        await asyncio.gather(an.send_edit(f"an{word}"), phi.send_edit(f"phi{word}"))
    for member, name, other in ((an, "an", "phi"), (phi, "phi", "an")):
        for _ in WORDS:
            assert (await member.next(SYNC_STATUS)).step == 1, name
        await member.sees(f"{other}{WORDS[-1]}")
    text = str((await site.member("truongphong")).text)
    assert str(an.text) == str(phi.text) == text
    expected = [f"{name}{word}" for name in ("an", "phi") for word in WORDS]
    assert [text.count(word) for word in expected] == [1] * len(expected)
    await site.close()
