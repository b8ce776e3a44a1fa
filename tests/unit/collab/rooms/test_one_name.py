"""Two people who decide the same make one change, under a name that both have."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Text

from tests.support.rooms import World
from tests.support.wait import until_async

NAME = 77


def joined(desk: Any, *, also: str = "") -> bytes:
    """The same words under the name, as each browser makes them for itself; and what
    this person wrote besides, in one frame."""
    twin: Doc[Any] = Doc(client_id=NAME)
    twin.apply_update(desk.doc.get_update())
    before = desk.doc.get_state()
    made = twin.get_state()
    text = twin.get("content", type=Text)
    with twin.transaction():
        text.insert(0, "nối ")
        del text[len(text) - 1 : len(text)]
    desk.doc.apply_update(twin.get_update(made))
    if also:
        desk.text.insert(len(desk.text), also)
    update: bytes = desk.doc.get_update(before)
    return update


@pytest.mark.parametrize("also", ["", "!"])
async def test_it_stands_once_and_both_are_saved(world: World, also: str) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    an.type("có sẵn.")
    await until_async(lambda: phi.read() == "có sẵn.")
    first, second = joined(an, also=also), joined(phi)
    before = an.saved_count
    # Both in one turn: they are merged before they are applied.
    an.send_update(first)
    phi.send_update(second)
    await until_async(lambda: an.saved_count > before and phi.saved_count == 1)
    await until_async(lambda: an.read() == phi.read() == f"nối có sẵn{also}")
    assert world.stored_text() == f"nối có sẵn{also}"


async def test_it_stands_once_when_the_second_comes_later(world: World) -> None:
    an, phi = await world.join("an"), await world.join("phi")
    an.type("có sẵn.")
    await until_async(lambda: phi.read() == "có sẵn.")
    second = joined(phi)
    before = an.saved_count
    an.send_update(joined(an))
    await until_async(lambda: an.saved_count > before)
    phi.send_update(second)
    await until_async(lambda: phi.saved_count == 1)
    late = await world.join("chi")
    await until_async(lambda: late.read() == an.read() == phi.read() == "nối có sẵn")
    assert world.stored_text() == "nối có sẵn"
