"""The y-websocket dialect: one socket, one document, `/collab/y/<document id>`.

For every Yjs program that is not our editor. The token stands in the address
(`?token=`) or in the Authorization header; the session cookie works too.
"""

from __future__ import annotations

import asyncio

from collab import errors
from collab.errors import ProtocolError
from collab.gateway.socket import Socket, dispatch
from collab.ports import Credentials
from collab.protocol.frames import Encoder, Message, decode_y_websocket
from collab.rooms.peer import Peer
from storage.ports import LogUnavailable


class YWebsocketSocket(Socket):
    peer: Peer

    async def admit(
        self, credentials: Credentials, document_id: str, epoch: int | None
    ) -> None:
        """Sign in and join before anything is read. Raises ProtocolError."""
        try:
            async with asyncio.timeout(self.engine.limits.authentication_s):
                identity = await self.engine.authorizer.identify(credentials)
                if identity is None:
                    raise ProtocolError(errors.NOT_AUTHENTICATED)
                self.count_connection(identity)
                self.peer = await self.engine.admit(
                    identity, document_id, Encoder(None), self, epoch=epoch
                )
        except TimeoutError:
            raise ProtocolError(errors.AUTHENTICATION_TIMEOUT) from None
        except LogUnavailable:
            raise ProtocolError(
                errors.SERVER_RESTARTING, "the database is away"
            ) from None
        self.peers.add(self.peer)
        self.typing = self.peer
        self.peer.room.join(self.peer)

    def decode(self, frame: bytes) -> Message:
        return decode_y_websocket(frame)

    def handle(self, message: Message, *, is_checked: bool) -> None:
        dispatch(self.peer, message, is_checked=is_checked)
