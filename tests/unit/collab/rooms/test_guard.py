"""In a long draft, who may only suggest waits for the shadow, and nobody else does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from collab.content.read import read_content
from collab.content.tree import Paragraph
from collab.ports import Grant, Level
from collab.protocol.shape import EMPTY_UPDATE
from collab.rooms import guard
from collab.rooms.pace import BUDGET_S
from collab.rooms.suggesting import IsMine, Shadow, TimingOf, Verdict
from tests.support.rooms import FakeClock, Tab, World, turn
from tests.support.suggesting import first_text, inserts, text_of, update_of
from tests.support.suggesting_edits import ME, writes
from tests.support.suggesting_rooms import do
from tests.support.wait import until_async

DRAFT = "0190c0de-0000-7000-8000-000000000020"
LONG = tuple("Căn cứ Luật Tổ chức chính quyền địa phương; " * 4 for _ in range(600))


class Gate:
    """Shadows are made when it is opened, on the thread that makes them."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.made_on: list[threading.Thread] = []
        self.fails = False

    def make(self, full: bytes) -> Shadow:
        self.opened.wait(20)
        self.made_on.append(threading.current_thread())
        if self.fails:
            raise ValueError("unreadable")
        return Shadow(full)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    monkeypatch.setattr(guard, "Shadow", gate.make)
    yield gate
    gate.opened.set()


@pytest.fixture
async def three(world: World, gate: Gate) -> tuple[Tab, Tab, Tab]:
    """Two suggesters and an editor in a long draft, whose room is open."""
    world.store.create(DRAFT, first_text(*LONG))
    editor = await world.join("quy", document=DRAFT)
    await until_async(lambda: editor.peer.room.is_clean)
    editor.read()
    one = await world.join(ME, Level.SUGGEST, document=DRAFT)
    other = await world.join("thao", Level.SUGGEST, document=DRAFT)
    assert (first_words(one), one.saved_count) == (LONG[0], 0)
    return one, other, editor


def first_words(tab: Tab) -> str:
    block = read_content(tab.doc.get_update()).blocks[0]
    assert isinstance(block, Paragraph)
    return block.text


async def test_others_go_on_while_the_shadow_is_made_and_suggestions_follow_in_order(
    three: tuple[Tab, Tab, Tab], gate: Gate
) -> None:
    one, other, editor = three
    do(one, inserts("một ", ME))
    do(one, inserts("hai ", ME, ident="s2"))
    do(other, inserts("ba ", "thao", ident="s3"))
    do(editor, writes("vẫn làm "))
    await until_async(lambda: editor.saved_count == 1)
    # What rests on words that came after the making began.
    other.read()
    do(other, inserts("giữa ", "thao", at=4, ident="s4"))
    assert (one.saved_count, other.saved_count, editor.updates) == (0, 0, [])
    assert not one.peer.room.is_clean
    gate.opened.set()
    await until_async(lambda: one.saved_count == 2 and other.saved_count == 2)
    assert (one.refused_count, other.refused_count) == (0, 0)
    assert gate.made_on
    assert gate.made_on[0] is not threading.current_thread()
    for tab in three:
        tab.read()
    assert len({first_words(tab) for tab in three}) == 1
    assert {"một", "hai", "ba", "làm"} <= set(first_words(editor).split())


async def test_what_waited_is_tried_like_everything_else(
    three: tuple[Tab, Tab, Tab], gate: Gate
) -> None:
    one, other, editor = three
    do(one, writes("lén "))
    do(other, inserts("ngay thẳng ", "thao"))
    gate.opened.set()
    await until_async(lambda: one.refused_count == 1 and other.saved_count == 1)
    editor.read()
    assert first_words(editor).startswith("ngay thẳng Căn cứ")


async def test_who_may_do_more_meanwhile_overtakes_nothing_of_itself(
    three: tuple[Tab, Tab, Tab], gate: Gate
) -> None:
    """Acknowledgements are counted: the first would be taken for the one that waits."""
    one, _, _ = three
    do(one, inserts("một ", ME))
    one.peer.change_grant(Grant(Level.EDIT, 1, frozen=False))
    do(one, writes("hai "))
    one.peer.room.receive_keystrokes(
        one.peer, [update_of(one.doc, lambda doc: text_of(doc).insert(0, "b"))]
    )
    await turn()
    assert one.saved_count == 0
    gate.opened.set()
    await until_async(lambda: one.saved_count == 3)


async def test_what_waits_is_tried_in_parts_between_which_the_loop_goes_on(
    three: tuple[Tab, Tab, Tab], gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _, _ = three
    real, clock = Shadow.judge, one.peer.room._services.clock
    order: list[str] = []

    def judge(
        self: Shadow, update: bytes, is_mine: IsMine, timing_of: TimingOf
    ) -> Verdict:
        assert isinstance(clock, FakeClock)
        clock.advance(2 * BUDGET_S)
        order.append("tried")
        asyncio.get_running_loop().call_soon(order.append, "turn")
        return real(self, update, is_mine, timing_of)

    monkeypatch.setattr(Shadow, "judge", judge)
    for number in range(5):
        do(one, inserts(f"{number} ", ME, ident=f"s{number}"))
    gate.opened.set()
    await until_async(lambda: one.saved_count == 5)
    assert one.refused_count == 0
    assert order == ["tried", "turn"] * 5


async def test_who_only_looks_makes_no_shadow(
    three: tuple[Tab, Tab, Tab], gate: Gate
) -> None:
    one, _, editor = three
    one.send_update(EMPTY_UPDATE, is_answer=True)
    await until_async(lambda: one.saved_count == 1)
    do(editor, writes("vẫn làm "))
    gate.opened.set()
    await until_async(lambda: editor.saved_count == 1)
    assert gate.made_on == []


async def test_a_shadow_that_is_far_behind_is_made_anew_on_the_thread(
    three: tuple[Tab, Tab, Tab], gate: Gate
) -> None:
    one, _, editor = three
    gate.opened.set()
    do(one, inserts("một ", ME))
    await until_async(lambda: one.saved_count == 1)
    do(editor, writes("rất dài " * 20_000))
    await until_async(lambda: editor.saved_count == 1)
    one.read()
    do(one, inserts("hai ", ME, at=9, ident="s2"))
    await until_async(lambda: one.saved_count == 2)
    assert (len(gate.made_on), one.refused_count) == (2, 0)


async def test_what_waits_keeps_its_order_when_the_document_is_made_anew(
    three: tuple[Tab, Tab, Tab], gate: Gate
) -> None:
    one, _, editor = three
    do(one, inserts("một ", ME))
    room = one.peer.room
    room._start_rebuild([], ValueError("as if the engine had failed"))
    do(one, inserts("hai ", ME, at=len("một ".encode()), ident="s2"))
    gate.opened.set()
    await until_async(lambda: one.saved_count == 2)
    assert one.refused_count == 0
    editor.read()
    assert {"một", "hai"} <= set(first_words(editor).split())


async def test_nothing_is_kept_of_a_suggester_who_leaves(
    three: tuple[Tab, Tab, Tab], gate: Gate
) -> None:
    one, other, editor = three
    do(one, inserts("một ", ME))
    room = one.peer.room
    one.leave_room()
    assert room.is_clean
    other.leave_room()
    gate.opened.set()
    await turn()
    assert (room.is_clean, editor.updates) == (True, [])


async def test_when_no_shadow_can_be_made_each_is_refused_and_nobody_hangs(
    three: tuple[Tab, Tab, Tab], gate: Gate
) -> None:
    one, other, editor = three
    gate.fails = True
    gate.opened.set()
    do(one, inserts("một ", ME))
    do(other, inserts("hai ", "thao"))
    await until_async(lambda: one.refused_count == other.refused_count == 1)
    do(editor, writes("vẫn làm "))
    await until_async(lambda: editor.saved_count == 1)
