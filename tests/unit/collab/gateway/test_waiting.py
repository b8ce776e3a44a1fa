"""A socket's inbox and gate: as asyncio's own, without what those take while idle."""

from __future__ import annotations

import asyncio

from collab.gateway.waiting import Gate, Inbox


async def test_what_is_put_in_is_got_in_its_order() -> None:
    inbox = Inbox[int]()
    for number in (1, 2, 3):
        inbox.put_nowait(number)
    assert [await inbox.get() for _ in range(3)] == [1, 2, 3]
    assert inbox.empty()


async def test_who_waits_gets_what_comes_then() -> None:
    inbox = Inbox[str]()
    getting = asyncio.ensure_future(inbox.get())
    await asyncio.sleep(0)
    inbox.put_nowait("a")
    inbox.put_nowait("b")
    assert await getting == "a"
    assert await inbox.get() == "b"


async def test_nothing_is_lost_with_a_reader_that_is_given_up() -> None:
    inbox = Inbox[str]()
    getting = asyncio.ensure_future(inbox.get())
    await asyncio.sleep(0)
    inbox.put_nowait("a")
    getting.cancel()
    await asyncio.wait([getting])
    assert getting.cancelled()
    assert await inbox.get() == "a"


async def test_all_pass_a_gate_that_opens_and_nobody_a_closed_one() -> None:
    gate = Gate()
    waiting = [asyncio.ensure_future(gate.wait()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    assert not gate.is_set()
    gate.set()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(one, asyncio.CancelledError) for one in done] == [
        True,
        False,
        False,
    ]
    assert await gate.wait()
    gate.clear()
    late = asyncio.ensure_future(gate.wait())
    await asyncio.sleep(0)
    assert not late.done()
    gate.set()
    assert await late
