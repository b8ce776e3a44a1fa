"""The time of a suggestion is the browser's word, as far as it can be true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from collab import errors
from collab.content.tree import Cell, Content, Paragraph, Row, Run, Table
from collab.content.write import build_update
from collab.errors import ProtocolError
from collab.ports import Level
from collab.rooms.timely import Timing, timing_of
from tests.support.rooms import NOON, Tab, World, turn
from tests.support.suggesting import (
    Edit,
    deletes,
    element,
    first_text,
    inserts,
    mark,
    text_of,
)
from tests.support.suggesting_edits import ME, both
from tests.support.suggesting_rooms import do
from tests.support.wait import until_async

DRAFT = "0190c0de-0000-7000-8000-000000000022"


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def at(moment: str, ident: str = "s1", start: int = 0) -> Edit:
    def edit(doc: Doc[Any]) -> None:
        text_of(doc).insert(
            start, "x", {"insertion": {**mark(ME, ident), "at": moment}}
        )

    return edit


@pytest.fixture
async def suggester(world: World) -> Tab:
    """In a draft that was begun at noon, forty days ago."""
    world.store.create(DRAFT, first_text("Điều một hai", "Ba bốn"))
    world.clock.advance(40 * 86_400)
    return await world.join(ME, Level.SUGGEST, document=DRAFT)


NOW = NOON + timedelta(days=40)
HONEST = {
    "now": NOW,
    "a clock that runs ahead a little": NOW + timedelta(minutes=9),
    "ten days without a network": NOW - timedelta(days=10),
    "as long as there is a draft": NOON,
    "a clock that ran behind then": NOON - timedelta(hours=3),
}
ABSURD = {
    "has not come": iso(NOW + timedelta(minutes=11)),
    "far from come": "9999-12-31T23:59:59-14:00",
    "before the draft was": iso(NOON - timedelta(days=2)),
    "before everything": "0001-01-01T00:00:00+14:00",
    "no zone": "2026-12-31T11:00:00",
}


@pytest.mark.parametrize("moment", HONEST.values(), ids=HONEST)
async def test_honest_work_is_taken_however_long_it_was_on_its_way(
    suggester: Tab, moment: datetime
) -> None:
    do(suggester, at(iso(moment)))
    await until_async(lambda: suggester.saved_count == 1)
    assert suggester.refused_count == 0


@pytest.mark.parametrize("moment", ABSURD.values(), ids=ABSURD)
async def test_what_cannot_be_is_refused_by_name(
    world: World, suggester: Tab, moment: str
) -> None:
    do(suggester, at(moment))
    await until_async(lambda: suggester.refused_count == 1)
    assert '"reason":"unlikely_time"' in suggester.notices[-1]
    await turn()
    head = world.store.head(DRAFT)
    assert head is not None and head.last_seq == 1


async def test_a_mark_under_another_is_looked_at_too(suggester: Tab) -> None:
    """With the words that come it would go, and nobody would see its time."""

    def edit(doc: Doc[Any]) -> None:
        honest = mark(ME) | {"at": iso(NOW)}
        absurd = mark(ME, "s2") | {"at": "2400-01-01T00:00:00Z"}
        text_of(doc).insert(0, "x", {"insertion": honest, "deletion": absurd})

    do(suggester, edit)
    await until_async(lambda: suggester.refused_count == 1)


async def test_in_a_cell_of_a_table_too(world: World) -> None:
    cells = tuple(Cell((Paragraph((Run(text),)),)) for text in ("một", "hai"))
    table = build_update(Content(blocks=(Table((Row(cells), Row(cells))),)))
    world.store.create(DRAFT, table)
    me = await world.join(ME, Level.SUGGEST, document=DRAFT)

    def types(moment: str, ident: str) -> Edit:
        def edit(doc: Doc[Any]) -> None:
            words = element(doc).children[1].children[0].children[0].children[0]
            words.insert(0, "x", {"insertion": {**mark(ME, ident), "at": moment}})

        return edit

    do(me, types(iso(NOON), "s1"))
    await until_async(lambda: me.saved_count == 1)
    do(me, types(iso(NOON + timedelta(days=1)), "s2"))
    await until_async(lambda: me.refused_count == 1)


async def test_the_other_dialect_is_sent_away_by_the_code(world: World) -> None:
    world.store.create(DRAFT, first_text("Điều một"))
    plain = await world.join(
        ME, Level.SUGGEST, document=DRAFT, dialect="y-websocket", sync=False
    )
    held = world.store.load(DRAFT)
    assert held is not None
    plain.doc.apply_update(held.updates[0].update)
    with pytest.raises(ProtocolError) as refused:
        do(plain, at(iso(NOON + timedelta(hours=1))))
    assert refused.value.close is errors.UNLIKELY_TIME


async def test_what_stands_with_an_odd_time_hinders_nobody(world: World) -> None:
    """It came before anybody looked, or out of a Word file; its own writer goes on
    beside it, and may take it along."""
    world.store.create(DRAFT, first_text("Điều một hai", "Ba bốn"))
    editor = await world.join("quy", document=DRAFT)
    do(editor, both(at("2031-01-01T00:00:00"), at("2400-01-01T00:00:00Z", "s9")))
    await turn()
    me = await world.join(ME, Level.SUGGEST, document=DRAFT)
    do(me, inserts("mới ", ME, at=8, ident="s2"))
    do(me, deletes(9, 12, ME, "s3"))

    def carries(doc: Doc[Any]) -> None:
        below = element(doc, 1).children[0]
        assert isinstance(below, type(text_of(doc)))
        odd = {**mark(ME, "s9"), "at": "2400-01-01T00:00:00Z"}
        below.insert(0, "x", {"insertion": odd})

    do(me, carries)
    await until_async(lambda: me.saved_count == 3)
    assert me.refused_count == 0


def test_a_time_that_no_calendar_holds_is_absurd() -> None:
    for text in ("", "x", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00+99:00"):
        assert timing_of(text, NOW, NOON) is Timing.ABSURD
    assert timing_of(iso(NOON), NOW, None) is Timing.UNSURE


# ── roots of other programs ─────────────────────────────────────────────────────


def keeps_something(doc: Doc[Any]) -> None:
    """As another program would, in a place of its own."""
    kept: Map[Any] = doc.get("settings", type=Map)
    kept["zoom"] = 2
    kept["notes"] = Text("ghi chú")
    doc.get("scratch", type=Text).insert(0, "nháp")


@pytest.fixture
async def beside(world: World) -> Tab:
    """A suggester in a draft in which another program keeps something."""
    world.store.create(DRAFT, first_text("Điều một hai", "Ba bốn"))
    editor = await world.join("quy", document=DRAFT)
    do(editor, keeps_something)
    await turn()
    return await world.join(ME, Level.SUGGEST, document=DRAFT)


async def test_what_another_program_keeps_shuts_nobody_out(beside: Tab) -> None:
    do(beside, inserts("mới ", ME))
    await turn()
    assert (beside.refused_count, beside.saved_count) == (0, 1)


async def test_what_comes_to_be_kept_meanwhile_does_not_either(world: World) -> None:
    world.store.create(DRAFT, first_text("Điều một hai", "Ba bốn"))
    editor = await world.join("quy", document=DRAFT)
    me = await world.join(ME, Level.SUGGEST, document=DRAFT)
    do(me, inserts("một ", ME))
    do(editor, keeps_something)
    do(me, inserts("hai ", ME, ident="s2"))
    await turn()
    assert (me.refused_count, me.saved_count) == (0, 2)
    me.read()
    do(me, lambda doc: doc.get("scratch", type=Text).insert(0, "lén "))
    await turn()
    assert me.refused_count == 1


REACHES: dict[str, Edit] = {
    "a key": lambda doc: doc.get("settings", type=Map).update({"zoom": 3}),
    "what is inside": lambda doc: doc.get("settings", type=Map)["notes"].insert(0, "x"),
    "words": lambda doc: doc.get("scratch", type=Text).insert(1, "x"),
    "words that go": lambda doc: doc.get("scratch", type=Text).clear(),
    "a root of one's own": lambda doc: doc.get("mine", type=Text).insert(0, "x"),
}


@pytest.mark.parametrize("reach", REACHES.values(), ids=REACHES)
async def test_who_only_suggests_leaves_it_alone(beside: Tab, reach: Edit) -> None:
    do(beside, both(inserts("mới ", ME), reach))
    await turn()
    assert beside.refused_count == 1
