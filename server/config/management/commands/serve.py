"""`python -m server serve`: the office in one process, for `make serve`.

Runs daphne with the ASGI application, says where it listens and who may sign in, and
ends cleanly on SIGTERM and Ctrl-C: the rooms write what they hold before it returns.
deploy/ runs uvicorn instead; the application does not know which.
"""

from __future__ import annotations

import asyncio
import ipaddress
from importlib import import_module
from typing import Any

import daphne.server
from daphne.endpoints import build_endpoint_description_strings
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server, twisted_loop
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from twisted.internet.defer import Deferred

from collab.gateway.lean_daphne import LeanFactory, LeanProtocol
from server.accounts import demo as demo_office
from server.config.body_limit import largest_body
from server.config.exclusive import sole_server
from server.config.lifespan import Lifespan, StartFailed

SHUTDOWN_SECONDS = 15.0
HANDSHAKE_SECONDS = 20
PING_SECONDS = 20
PONG_SECONDS = 30
# Above the application's own limit for a frame, so that it can name the fault.
LARGEST_MESSAGE_BYTES = 16 * 1024 * 1024

# What each demo sign-in shows: Vietnamese, then English.
DEMO_ROLES = {
    "chuyenvien": "chuyên viên / official",
    "truongphong": "trưởng phòng / head of unit",
    "lanhdao": "lãnh đạo / leader",
    "vanthu": "văn thư / clerk",
    "sotttt": "chuyên viên Sở / official of another organisation",
    "vanthuso": "văn thư Sở / clerk of that organisation",
    "quantri": "quản trị / administrator",
}


class BoundedRequest(WebRequest):  # type: ignore[misc]  # daphne has no types
    """Twisted writes a whole body down before the application hears of it. Of one that
    is too large only so much is kept that the application sees it is."""

    _room = 0

    def gotLength(self, length: int | None) -> None:
        # Named by the channel as soon as the head is read; by the request only later.
        address = getattr(self.channel, "_path", b"").split(b"?")[0]
        limit = largest_body(address.decode("latin-1"))
        fits = length is None or length <= limit
        self._room = limit + 1 if fits else 0
        super().gotLength(length if fits else 0)

    def handleContentChunk(self, data: bytes) -> None:
        kept = data[: self._room]
        self._room -= len(kept)
        super().handleContentChunk(kept)


class BoundedFactory(HTTPFactory):  # type: ignore[misc]
    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol


# daphne names its factories nowhere else.
daphne.server.HTTPFactory = BoundedFactory
daphne.server.WebSocketFactory = LeanFactory


class OfficeServer(Server):  # type: ignore[misc]  # daphne has no types
    """daphne, told of the application's end, and clear about a port in use."""

    def __init__(self, lifespan: Lifespan, **options: Any) -> None:
        self.lifespan = lifespan
        self.refusal = ""
        super().__init__(**options)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, LeanProtocol):
            scope["extensions"] = protocol.extensions()
        return super().create_application(protocol, scope)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        brake = getattr(protocol, "brake", None)
        if brake is not None and message["type"] == "websocket.send":
            await brake.released()
        await super().handle_reply(protocol, message)

    def listen_error(self, failure: Any) -> None:
        self.refusal = failure.getErrorMessage()
        self.stop()

    def kill_all_applications(self) -> Any:
        """Called by daphne before the reactor ends; it waits for what is returned."""
        return Deferred.fromFuture(asyncio.ensure_future(self._end()))

    async def _end(self) -> None:
        await self.lifespan.end(SHUTDOWN_SECONDS)
        running = [
            details["application_instance"]
            for details in self.connections.values()
            if "application_instance" in details
        ]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def address(host: str, port: int) -> str:
    """What a person types into the browser on this machine."""
    everywhere = host.strip("[]") in {"0.0.0.0", "::"}  # noqa: S104 - compared only
    if is_loopback(host) or everywhere:
        host = "localhost"
    return f"http://{host}:{port}"


def banner(host: str, port: int, *, demo: bool) -> str:
    lines = ["", f"  Duthao: {address(host, port)}", ""]
    if demo:
        secret = demo_office.PASSWORD
        lines.append(f"  Văn phòng mẫu, mật khẩu / demo office, password: {secret}")
        lines += [f"    {n:12} {DEMO_ROLES.get(n, '')}" for n in demo_office.SIGN_INS]
        lines.append("")
        if not is_loopback(host):
            lines += [
                "  CẢNH BÁO: ai trên mạng cũng đăng nhập được bằng mật khẩu này.",
                "  WARNING: anyone on the network can sign in with this password.",
                "",
            ]
    lines += ["  Ctrl-C để dừng / to stop", ""]
    return "\n".join(lines)


class Command(BaseCommand):
    help = "Serve the office on one process (daphne)."

    def handle(self, *args: Any, **options: Any) -> None:
        with sole_server(settings.DATA_DIR):
            self._serve()

    def _serve(self) -> None:
        host, port = settings.HOST, settings.PORT
        # Imported late: the application needs Django to be ready.
        application = import_module("server.config.asgi").application
        lifespan = Lifespan(application)
        server = OfficeServer(
            lifespan,
            application=application,
            endpoints=build_endpoint_description_strings(host=host, port=port),
            websocket_handshake_timeout=HANDSHAKE_SECONDS,
            websocket_max_message_size=LARGEST_MESSAGE_BYTES,
            websocket_max_frame_size=LARGEST_MESSAGE_BYTES,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS,
            server_name="duthao",
            # HTTPS means a proxy on this machine; nobody else reaches a loopback
            # address, so its word on the client's address can be believed.
            proxy_forwarded_address_header=(
                "X-Forwarded-For" if settings.HTTPS and is_loopback(host) else None
            ),
            ready_callable=lambda: self._announce(
                banner(host, port, demo=settings.DEMO)
            ),
        )
        asyncio.set_event_loop(twisted_loop)
        try:
            twisted_loop.run_until_complete(lifespan.start())
        except StartFailed as error:
            raise CommandError(f"duthao: {error}") from None
        server.run()
        if server.refusal:
            twisted_loop.run_until_complete(lifespan.end(SHUTDOWN_SECONDS))
            raise CommandError(
                f"Không mở được cổng {port}: có thể chương trình khác đang dùng. "
                f"Chọn cổng khác: PORT={port + 1} make serve\n"
                f"Port {port} cannot be opened, another program may be using it. "
                f"Choose another: PORT={port + 1} make serve\n({server.refusal})"
            )

    def _announce(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
