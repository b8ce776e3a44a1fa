"""pycrdt-websocket as its documentation starts it: `… PORT [FILE]`.

With a file, updates are stored in SQLite by its own store; a room has read what is
stored before anybody is served. Errors of one client are logged by its own handler,
else they would end the server. Runs in the environment of the peers: the product's has
none of what is imported here.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

from hypercorn import Config
from hypercorn.asyncio import serve
from pycrdt.store import SQLiteYStore, YDocNotFound
from pycrdt.websocket import ASGIServer, WebsocketServer, YRoom
from pycrdt.websocket.websocket_server import exception_logger


class Store(SQLiteYStore):
    """Its documentation points a store to a file by a subclass."""


class StoringServer(WebsocketServer):
    async def get_room(self, name: str) -> YRoom:
        room = self.rooms.get(name)
        if room is None:
            store = Store(name)
            room = self.rooms[name] = YRoom(
                ready=False,
                ystore=store,
                exception_handler=self.exception_handler,
                log=self.log,
            )
            # The room starts its store.
            await self.start_room(room)
            await store.started.wait()
            with suppress(YDocNotFound):
                await store.apply_updates(room.ydoc)
            room.ready = True
        await room.ready_event.wait()
        return room


async def make_file() -> None:
    """Two stores that both find no file would both make the tables."""
    async with Store("first") as store:
        assert store.db_initialized is not None
        await store.db_initialized.wait()


async def main(port: str, file: str | None = None) -> None:
    kind: type[WebsocketServer] = WebsocketServer
    if file is not None:
        Store.db_path = file
        kind = StoringServer
        await make_file()
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    async with kind(exception_handler=exception_logger) as server:
        await serve(ASGIServer(server), config, mode="asgi")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
