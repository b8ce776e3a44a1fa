"""The ASGI application: pages and API by Django, sockets by the rooms.

The same under daphne (`make serve`) and uvicorn (deploy/). Lifespan events, where a
server sends them, start and end the rooms; else the first socket starts them.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import re_path

from collab.gateway.app import CollabApp

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.config.settings")
django_application = get_asgi_application()

# After Django is ready: a server that imports this first (uvicorn) has no apps yet.
from server.config import wiring  # noqa: E402
from server.config.body_limit import BodyLimit  # noqa: E402
from server.config.collector import Collector  # noqa: E402
from server.publishing.warm_up import warm_up_soon  # noqa: E402

# A thread that computes (an index, a snapshot) gives the interpreter back after this
# long. Each frame to a peer lets it go for a moment: with Python's 5 ms, fifty frames
# beside one busy thread take a quarter of a second.
sys.setswitchinterval(0.0005)

# Channels routes to ASGI applications; Django's types know only views.
_path: Any = re_path
_collector = Collector()
_collab = CollabApp(wiring.engine, trusted_origins=tuple(settings.CSRF_TRUSTED_ORIGINS))


async def _lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while True:
        event = await receive()
        if event["type"] == "lifespan.startup":
            wiring.engine().start()
            for watch in wiring.watches():
                watch.start()
            _collector.start()
            for work in wiring.own_work():
                work.start()
            await send({"type": "lifespan.startup.complete"})
            # Afterwards: who asks whether we are ready must not wait for it.
            if settings.WARM_UP:
                warm_up_soon()
        elif event["type"] == "lifespan.shutdown":
            _collector.stop()
            for work in wiring.own_work():
                await work.close()
            await wiring.engine().stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _unknown_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1000})


application = ProtocolTypeRouter(
    {
        "http": BodyLimit(django_application),
        "lifespan": _lifespan,
        "websocket": URLRouter(
            [
                _path(r"^collab/?$", _collab),
                _path(r"^collab/y/(?P<document_id>[^/]{1,100})/?$", _collab),
                _path(r"", _unknown_socket),
            ]
        ),
    }
)
