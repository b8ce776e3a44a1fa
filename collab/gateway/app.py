"""The ASGI application behind `/collab/`: handshake, origin, dialect.

Channels routes to it; data frames never pass through a consumer's dispatch, which
would hop to the database thread for each (measured: half a second behind a slow
query of another room). A refused handshake is accepted and closed at once, because a
browser shows its page the close code and never the reason of an HTTP refusal.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from collab import errors
from collab.errors import Close, ProtocolError
from collab.gateway.hocuspocus import HocuspocusSocket
from collab.gateway.outbox import WRITE_FRAME, Send
from collab.gateway.reading import GIVE_FRAMES, READ_FRAMES
from collab.gateway.socket import Receive, Socket
from collab.gateway.unsent import TAKEN_BYTES
from collab.gateway.y_websocket import YWebsocketSocket
from collab.ports import Credentials
from collab.rooms.engine import Engine

logger = logging.getLogger(__name__)

Scope = dict[str, Any]

SCHEMA_VERSION = 4
"""The version of the document schema; an older page is stopped before it can harm."""


class CollabApp:
    def __init__(
        self, engine: Callable[[], Engine], *, trusted_origins: tuple[str, ...] = ()
    ) -> None:
        """`engine` gives the process's engine; it is started in the serving loop."""
        self._engine = engine
        self._trusted_origins = frozenset(
            o.rstrip("/").lower() for o in trusted_origins
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        event = await receive()
        if event["type"] != "websocket.connect":
            return
        await send({"type": "websocket.accept"})
        engine = self._engine()
        engine.start()
        engine.handshakes += 1
        try:
            await self._serve(engine, scope, receive, send)
        finally:
            engine.handshakes -= 1

    async def _serve(
        self, engine: Engine, scope: Scope, receive: Receive, send: Send
    ) -> None:
        try:
            socket = await self._open(engine, scope, receive, send)
        except ProtocolError as error:
            await _goodbye(engine, send, error.close)
        except Exception:
            logger.exception("a socket could not be opened")
            await _goodbye(engine, send, errors.SERVER_RESTARTING)
        else:
            extensions = scope.get("extensions") or {}
            taken_bytes = extensions.get(TAKEN_BYTES)
            if taken_bytes is not None:
                socket.outbox.taken_bytes = taken_bytes
            give_frames = extensions.get(GIVE_FRAMES)
            if give_frames is not None:
                give_frames(socket.take_now)
            await socket.serve()

    async def _open(
        self, engine: Engine, scope: Scope, receive: Receive, send: Send
    ) -> Socket:
        headers = {name.decode("latin-1"): value for name, value in scope["headers"]}
        if not self._is_own_origin(headers):
            raise ProtocolError(errors.FOREIGN_ORIGIN)
        if engine.is_stopping:
            raise ProtocolError(errors.SERVER_RESTARTING)
        if engine.handshakes > engine.limits.max_connections:
            raise ProtocolError(errors.TOO_MANY_CONNECTIONS)
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        schema = _number(query, "schema")
        if schema is not None and schema < SCHEMA_VERSION:
            raise ProtocolError(errors.OUTDATED_SCHEMA)
        epoch = _number(query, "epoch")
        credentials = _credentials(scope, headers, query)
        document_id = _document_id(scope)
        extensions = scope.get("extensions") or {}
        write_frame = extensions.get(WRITE_FRAME)
        receive = extensions.get(READ_FRAMES, receive)
        if document_id is None:
            return HocuspocusSocket(
                engine, receive, send, credentials, epoch=epoch, write_frame=write_frame
            )
        socket = YWebsocketSocket(
            engine, receive, send, credentials.client_address, write_frame
        )
        try:
            await socket.admit(credentials, document_id, epoch)
        except BaseException:
            socket.forget()
            raise
        return socket

    def _is_own_origin(self, headers: dict[str, bytes]) -> bool:
        """Browsers always send an Origin; programs need not."""
        origin = headers.get("origin", b"").decode("latin-1").lower()
        if not origin:
            return True
        host = headers.get("host", b"").decode("latin-1").lower()
        return urlsplit(origin).netloc == host or origin in self._trusted_origins


async def _goodbye(engine: Engine, send: Send, close: Close) -> None:
    engine.counters[f"closed_{close.name}"] += 1
    with suppress(Exception):  # the other side is gone; nothing to tell
        await send(
            {"type": "websocket.close", "code": close.code, "reason": close.name}
        )


def _document_id(scope: Scope) -> str | None:
    """The id in `/collab/y/<id>`, or None at `/collab/`."""
    route = scope.get("url_route") or {}
    value = route.get("kwargs", {}).get("document_id")
    return None if value is None else str(value)


def _number(query: dict[str, list[str]], name: str) -> int | None:
    value = query.get(name, [""])[0]
    return (
        int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
    )


def _cookies(header: str) -> dict[str, str]:
    """Other programs of the same host set cookies that no standard allows; a strict
    parser would stop at theirs and never see ours."""
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs}


def _credentials(
    scope: Scope, headers: dict[str, bytes], query: dict[str, list[str]]
) -> Credentials:
    token = query.get("token", [""])[0] or None
    authorization = headers.get("authorization", b"").decode("latin-1")
    if authorization.lower().startswith("bearer "):
        token = authorization[7:].strip()
    client = scope.get("client") or ("", 0)
    return Credentials(
        cookies=_cookies(headers.get("cookie", b"").decode("latin-1")),
        token=token,
        client_address=str(client[0]),
    )
