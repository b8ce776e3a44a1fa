"""People who type in one draft from elsewhere, in a process of their own.

A job as JSON on stdin: address of the document, token, how many people, keys a second
of each, and their first paragraph. Each types at the end of a paragraph of their own,
with the caret that a browser would show. Prints "typing" when all are at it, and ends
when stdin is closed.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from typing import Any

import websockets
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.protocol.awareness import State, encode
from collab.protocol.shape import read_state_vector
from collab.protocol.wire import read_bytes, read_var_uint, var_bytes

LETTERS = "công văn này được gửi để biết và thực hiện "


class Colleague:
    """One raw y-websocket client with a caret."""

    def __init__(self, url: str, paragraph: int, client: int) -> None:
        self._url, self._paragraph = url, paragraph
        self._doc: Doc[Any] = Doc(client_id=client)
        self._made: list[bytes] = []
        self._clock = 0

    async def open(self) -> None:
        self._socket = await websockets.connect(
            self._url, max_size=None, compression=None, ping_interval=None
        )
        await self._socket.send(b"\x00\x00" + var_bytes(b"\x00"))
        async for frame in self._socket:
            assert isinstance(frame, bytes)
            if frame[:2] == b"\x00\x01":
                body, _ = read_bytes(frame, read_var_uint(frame, 1)[1])
                self._doc.apply_update(body)
                break
        self._kept = self._doc.observe(lambda event: self._made.append(event.update))
        self._drain = asyncio.create_task(self._let_go())

    async def _let_go(self) -> None:
        async for _ in self._socket:
            pass

    async def type(self, per_s: float, delay_s: float) -> None:
        """Until cancelled, one letter after the other."""
        body: XmlFragment = self._doc.get("body", type=XmlFragment)
        element = body.children[self._paragraph]
        assert isinstance(element, XmlElement)
        text = element.children[0]
        assert isinstance(text, XmlText)
        await asyncio.sleep(delay_s)
        for letter in itertools.cycle(LETTERS):
            text += letter
            for update in self._made:
                await self._socket.send(b"\x00\x02" + var_bytes(update))
            self._made.clear()
            await self._socket.send(b"\x01" + var_bytes(self._caret()))
            await asyncio.sleep(1 / per_s)

    def _caret(self) -> bytes:
        """Behind the last letter of one's own."""
        me = self._doc.client_id
        last = read_state_vector(self._doc.get_state())[me] - 1
        place = {"item": {"client": me, "clock": last}, "assoc": -1}
        self._clock += 1
        cursor: dict[str, object] = {"anchor": place, "head": place}
        return encode([State(me, self._clock, {"cursor": cursor})])


async def work(job: dict[str, Any]) -> None:
    people = [
        Colleague(job["url"], job["first"] + index * job["apart"], 9000 + index)
        for index in range(job["people"])
    ]
    for each in people:
        await each.open()
    typing = [
        asyncio.create_task(each.type(job["per_s"], index / len(people) / job["per_s"]))
        for index, each in enumerate(people)
    ]
    print("typing", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for task in typing:
        if task.done():
            task.result()
        task.cancel()


if __name__ == "__main__":
    asyncio.run(work(json.loads(sys.stdin.readline())))
