"""Raw frames to the rooms, over three kinds of wire: in-process ASGI, daphne, uvicorn.

A `Site` is one place to connect to; a `Wire` one socket, without any manners of its
own; a `Member` a well-behaved colleague whose work must go on whatever others send.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode

import websockets
from pycrdt import Doc, Text

from collab.errors import Close
from collab.gateway.app import CollabApp
from collab.ports import AccessChange, Level
from collab.protocol.wire import (
    read_bytes,
    read_string,
    read_var_uint,
    var_bytes,
    var_string,
)
from tests.support.office import Office
from tests.support.rooms import DOCUMENT, World

WAIT_S = 30.0
_SYNC, _AUTH, _STATUS = 0, 2, 8


class Closed(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class Wire(Protocol):
    async def send(self, frame: bytes | str) -> None: ...

    async def recv(self) -> bytes:
        """The next frame. Raises Closed, or TimeoutError after a while."""
        ...

    async def close(self) -> None: ...


class AsgiWire:
    """One socket of an ASGI application in this process."""

    def __init__(
        self, app: Any, path: str, query: str, headers: dict[str, str]
    ) -> None:
        document_id = path.removeprefix("/collab/y/") if "/y/" in path else None
        self._scope = {
            "type": "websocket",
            "path": path,
            "query_string": query.encode(),
            "headers": [
                (name.lower().encode(), value.encode())
                for name, value in {"host": "localhost", **headers}.items()
            ],
            "client": ("127.0.0.1", 50_000),
            "url_route": {
                "kwargs": {"document_id": document_id} if document_id else {}
            },
        }
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._inbox.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.ensure_future(app(self._scope, self._inbox.get, self._put))
        self._closed: Closed | None = None

    async def _put(self, event: dict[str, Any]) -> None:
        self._outbox.put_nowait(event)

    async def send(self, frame: bytes | str) -> None:
        key = "text" if isinstance(frame, str) else "bytes"
        self._inbox.put_nowait({"type": "websocket.receive", key: frame})

    async def recv(self) -> bytes:
        if self._closed is not None:
            raise self._closed
        async with asyncio.timeout(WAIT_S):
            event = await self._outbox.get()
        if event["type"] == "websocket.close":
            self._closed = Closed(event["code"], event["reason"])
            raise self._closed
        if event["type"] == "websocket.accept":
            return await self.recv()
        return bytes(event["bytes"])

    async def close(self) -> None:
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait([self._task], timeout=WAIT_S)


class SocketWire:
    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket

    async def send(self, frame: bytes | str) -> None:
        # A server that has closed already says so to the reader.
        with contextlib.suppress(websockets.ConnectionClosed):
            await self._socket.send(frame)

    async def recv(self) -> bytes:
        try:
            async with asyncio.timeout(WAIT_S):
                frame = await self._socket.recv()
        except websockets.ConnectionClosed as error:
            assert error.rcvd is not None, "the server ended without a close frame"
            raise Closed(error.rcvd.code, error.rcvd.reason) from None
        assert isinstance(frame, bytes)
        return frame

    async def close(self) -> None:
        with contextlib.suppress(Exception):
            await self._socket.close()


class Frame(NamedTuple):
    kind: int
    step: int
    body: bytes


class Member:
    """A colleague in the Hocuspocus dialect."""

    def __init__(self, wire: Wire, document: str, token: str) -> None:
        self.wire = wire
        self.token = token
        self.address = var_string(document)
        self.doc: Doc[Any] = Doc()
        self.text = self.doc.get("content", type=Text)
        self.scope = ""

    async def send(self, body: bytes) -> None:
        await self.wire.send(self.address + body)

    async def sign_in(self) -> None:
        await self.send(bytes((_AUTH, 0)) + var_string(self.token) + var_string("4"))

    async def join(self) -> Member:
        """Sign in and synchronise. Raises AssertionError when denied."""
        await self.sign_in()
        frame = await self.next(_AUTH)
        assert frame.step == 2, f"denied: {frame.body!r}"
        self.scope = frame.body.decode()
        await self.send(b"\x00\x00" + var_bytes(self.doc.get_state()))
        self._apply(await self.next(_SYNC, 1))
        return self

    def edit(self, text: str) -> bytes:
        before = self.doc.get_state()
        self.text += text
        return self.doc.get_update(before)

    async def send_edit(self, text: str) -> None:
        await self.send_update(self.edit(text))

    async def send_update(self, update: bytes) -> None:
        await self.send(b"\x00\x02" + var_bytes(update))

    async def type(self, text: str) -> None:
        """Returns when the server says that it is saved."""
        await self.send_edit(text)
        assert (await self.next(_STATUS)).step == 1

    async def sees(self, text: str) -> None:
        while text not in str(self.text):
            self._apply(await self.next(_SYNC))

    async def next(self, kind: int, step: int | None = None) -> Frame:
        """The next frame of this kind; updates on the way are taken in."""
        async with asyncio.timeout(WAIT_S):
            while True:
                frame = self._parse(await self.wire.recv())
                if frame.kind == kind and step in (None, frame.step):
                    return frame
                self._apply(frame)

    def _apply(self, frame: Frame) -> None:
        if frame.kind == _SYNC and frame.step in (1, 2):
            self.doc.apply_update(frame.body)

    def _parse(self, data: bytes) -> Frame:
        if len(data) == 1:
            return Frame(9, 0, b"")
        at = read_string(data, 0)[1]
        kind, at = read_var_uint(data, at)
        step = 0
        if kind in (_SYNC, _AUTH, _STATUS):
            step, at = read_var_uint(data, at)
        return Frame(kind, step, b"" if kind == _STATUS else read_bytes(data, at)[0])


class Site:
    """Where the tests connect to. `document` is owned by chuyenvien, may be edited by
    lanhdao and viewed by truongphong; sotttt does not reach it."""

    document: str

    def __init__(self) -> None:
        self._wires: list[Wire] = []

    async def connect(
        self,
        path: str = "/collab/",
        headers: dict[str, str] | None = None,
        **query: str,
    ) -> Wire:
        wire = await self._connect(path, urlencode(query), headers or {})
        self._wires.append(wire)
        return wire

    def keep(self, socket: websockets.ClientConnection) -> None:
        """Close this one too in the end."""
        self._wires.append(SocketWire(socket))

    async def plain(self, user: str, document: str | None = None) -> Wire:
        """The y-websocket dialect."""
        path = f"/collab/y/{document or self.document}"
        return await self.connect(path, token=self.token(user))

    async def member(self, user: str, document: str | None = None) -> Member:
        wire = await self.connect()
        return await Member(wire, document or self.document, self.token(user)).join()

    async def close(self) -> None:
        for wire in self._wires:
            await wire.close()

    def told(self, reason: str) -> str:
        """A close reason as it arrives: daphne sends the code alone."""
        return reason

    def token(self, user: str) -> str:
        raise NotImplementedError

    async def _connect(self, path: str, query: str, headers: dict[str, str]) -> Wire:
        raise NotImplementedError

    def share(self, user: str, level: Level) -> None:
        raise NotImplementedError

    def end_share(self, user: str) -> None:
        raise NotImplementedError

    def new_document(self) -> str:
        raise NotImplementedError

    def assert_counted(self, close: Close) -> None:
        """Every refusal is counted, where the counters can be read."""


class MemorySite(Site):
    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.document = DOCUMENT
        self._count = 0
        world.begin()
        self._give(DOCUMENT)
        self.app = CollabApp(lambda: world.engine)

    def _give(self, document: str) -> None:
        give = self.world.authorizer.give
        give("chuyenvien", document, Level.OWN)
        give("lanhdao", document, Level.EDIT)
        give("truongphong", document, Level.VIEW)
        give("sotttt", "another", Level.EDIT)

    def token(self, user: str) -> str:
        return user

    async def _connect(self, path: str, query: str, headers: dict[str, str]) -> Wire:
        return AsgiWire(self.app, path, query, headers)

    def share(self, user: str, level: Level) -> None:
        self.world.authorizer.give(user, self.document, level)
        self.world.engine.access_changed(AccessChange(document_id=self.document))

    def end_share(self, user: str) -> None:
        self.world.authorizer.take(user, self.document)
        self.world.engine.access_changed(AccessChange(document_id=self.document))

    def new_document(self) -> str:
        self._count += 1
        document = f"document-{self._count}"
        self.world.begin(document)
        self._give(document)
        return document

    def assert_counted(self, close: Close) -> None:
        counters = self.world.engine.counters
        assert counters[f"closed_{close.name}"] + counters[f"denied_{close.name}"]


class OfficeSite(Site):
    """The whole application behind a real server."""

    def __init__(self, office: Office, document: str | None = None) -> None:
        """`document`: one that tests share which change no rights."""
        super().__init__()
        self.office = office
        self.document = document or self.new_document()

    def told(self, reason: str) -> str:
        return "" if self.office.server == "daphne" else reason

    def token(self, user: str) -> str:
        return self.office.token(user)

    async def _connect(self, path: str, query: str, headers: dict[str, str]) -> Wire:
        url = f"ws://localhost:{self.office.port}{path}?{query}"
        return SocketWire(
            await websockets.connect(
                url,
                additional_headers=headers,
                max_size=None,
                compression=None,
                ping_interval=None,
                close_timeout=1,
            )
        )

    def share(self, user: str, level: Level) -> None:
        self.office.share(self.document, user, level.name.lower())

    def end_share(self, user: str) -> None:
        shares = self.office.api("GET", f"/drafts/{self.document}/shares").json()
        for share in (
            shares.get("items", shares) if isinstance(shares, dict) else shares
        ):
            if self.office.user_id(user) in str(share):
                path = f"/drafts/{self.document}/shares/{share['id']}"
                self.office.api("DELETE", path)

    def new_document(self) -> str:
        document = self.office.create_draft("Thử đầu vào xấu")
        self.office.share(document, "lanhdao", "edit")
        self.office.share(document, "truongphong", "view")
        return document
