"""The Hocuspocus dialect: one socket, many documents, `/collab/`.

Each document begins with an Auth message (an empty token: the session cookie). What
a provider sends before the answer waits, within bounds. A document that is refused
is told why by name; a socket without any document is closed with the same name.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from collab import errors
from collab.errors import Close, ProtocolError
from collab.gateway.outbox import Send, WriteFrame
from collab.gateway.socket import Receive, Socket, dispatch
from collab.ports import Credentials, Identity
from collab.protocol.frames import (
    PING_FRAME,
    PONG_FRAME,
    Encoder,
    Kind,
    Message,
    decode_hocuspocus,
    document_of,
)
from collab.rooms.engine import Engine
from collab.rooms.peer import Loss, Peer
from storage.ports import LogUnavailable

_LEAST_WAITING_BYTES = 500

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Entry:
    """One document on this socket: being admitted (peer None) or joined."""

    task: asyncio.Task[None] | None = None
    peer: Peer | None = None
    waiting: list[Message] = field(default_factory=list)
    waiting_bytes: int = 0


class HocuspocusSocket(Socket):
    def __init__(
        self,
        engine: Engine,
        receive: Receive,
        send: Send,
        credentials: Credentials,
        *,
        epoch: int | None,
        write_frame: WriteFrame | None = None,
    ) -> None:
        super().__init__(engine, receive, send, credentials.client_address, write_frame)
        self._credentials = credentials
        self._epoch = epoch
        self._entries: dict[str, _Entry] = {}
        self._deadline = asyncio.get_running_loop().call_later(
            engine.limits.authentication_s, self._too_late
        )

    @property
    def has_documents(self) -> bool:
        return bool(self._entries)

    def end_admissions(self) -> None:
        self._deadline.cancel()
        for entry in self._entries.values():
            if entry.task is not None:
                entry.task.cancel()

    def decode(self, frame: bytes) -> Message:
        return decode_hocuspocus(frame)

    def handle(self, message: Message, *, is_checked: bool) -> None:
        kind, address, _ = message
        entry = self._entries.get(address)
        if (
            entry is not None
            and entry.peer is not None
            and dispatch(entry.peer, message, is_checked=is_checked)
        ):
            if kind is Kind.UPDATE and entry.peer in self.peers:
                self.typing = entry.peer
            return
        if kind is Kind.AUTH:
            self._authenticate(address, message.body.decode())
        elif kind is Kind.PING:
            self.send(PONG_FRAME)
        elif kind is Kind.PONG or kind is Kind.STATELESS:
            # Nothing listens to a client's stateless messages.
            return
        elif kind is Kind.CLOSE:
            self._leave_document(address)
        elif entry is None:
            raise ProtocolError(errors.NOT_AUTHENTICATED, "message before auth")
        elif entry.peer is None:
            # Each message costs more than its bytes.
            size = len(message.body) + _LEAST_WAITING_BYTES
            entry.waiting_bytes += size
            waiting = sum(e.waiting_bytes for e in self._entries.values())
            if waiting > self.engine.limits.max_unauthenticated_bytes:
                raise ProtocolError(errors.FRAME_TOO_LARGE, "too much before auth")
            entry.waiting.append(message)

    def watch_turn(self) -> None:
        # Providers give up a socket on which nothing arrives for a while.
        if self.peers:
            self.send(PING_FRAME, loss=Loss.FIRST)

    def drop_peer(self, peer: Peer) -> None:
        super().drop_peer(peer)
        for address, entry in list(self._entries.items()):
            if entry.peer is peer:
                del self._entries[address]

    def _authenticate(self, address: str, token: str) -> None:
        if address in self._entries:
            # A renewed token of a document that is open: rights are re-checked anyway.
            return
        if len(self._entries) >= self.engine.limits.max_documents_per_socket:
            self._deny(address, errors.TOO_MANY_DOCUMENTS)
            return
        entry = self._entries[address] = _Entry()
        entry.task = asyncio.ensure_future(self._admit(address, token, entry))

    async def _admit(self, address: str, token: str, entry: _Entry) -> None:
        try:
            identity = await self._identify(token)
            encoder = Encoder(address)
            peer = await self.engine.admit(
                identity, document_of(address), encoder, self, epoch=self._epoch
            )
        except ProtocolError as error:
            if self._entries.pop(address, None) is not None:
                self._deny(address, error.close)
            return
        except Exception:
            logger.exception("admission failed")
            if self._entries.pop(address, None) is not None:
                self._deny(address, errors.SERVER_RESTARTING)
            return
        if self._entries.get(address) is not entry or self.is_closing:
            return
        self._deadline.cancel()
        entry.peer, entry.task = peer, None
        self.peers.add(peer)
        self.send(encoder.authenticated(may_write=peer.may_write))
        peer.room.join(peer)
        waiting, entry.waiting, entry.waiting_bytes = entry.waiting, [], 0
        try:
            for message in waiting:
                if peer in self.peers:
                    dispatch(peer, message)
        except Exception as error:  # noqa: BLE001 - told there
            self._failed(error)

    async def _identify(self, token: str) -> Identity:
        credentials = self._credentials
        if token:
            credentials = Credentials(
                cookies={}, token=token, client_address=credentials.client_address
            )
        try:
            identity = await self.engine.authorizer.identify(credentials)
        except LogUnavailable:
            raise ProtocolError(
                errors.SERVER_RESTARTING, "the database is away"
            ) from None
        if identity is None:
            raise ProtocolError(errors.NOT_AUTHENTICATED)
        self.count_connection(identity)
        return identity

    def _deny(self, address: str, close: Close) -> None:
        self.engine.counters[f"denied_{close.name}"] += 1
        self.send(Encoder(address).denied(close.name))
        if not self._entries:
            self.close(close)

    def _leave_document(self, address: str) -> None:
        entry = self._entries.pop(address, None)
        if entry is None:
            return
        if entry.task is not None:
            entry.task.cancel()
        if entry.peer is not None:
            super().drop_peer(entry.peer)

    def _too_late(self) -> None:
        if not self.peers:
            self.close(errors.AUTHENTICATION_TIMEOUT)
