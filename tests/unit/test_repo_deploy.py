"""What deploy/ promises is what the product understands."""

from __future__ import annotations

import json
import re
from pathlib import Path

from uvicorn.main import main as uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import (
    WebSocketsSansIOProtocol,
)

from collab.gateway.lean_uvicorn import LeanWebSocket
from server.config.env import KNOWN
from server.config.management.commands.serve import LARGEST_MESSAGE_BYTES

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\bDUTHAO_[A-Z_]*[A-Z]\b")


def container_command() -> list[str]:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    joined = text.rsplit("\nCMD ", 1)[1].replace("\\\n", "")
    command: list[str] = json.loads(joined)
    return command


def test_container_starts_uvicorn_with_options_that_it_knows() -> None:
    program, *arguments = container_command()
    assert program == "uvicorn"
    context = uvicorn.make_context(program, arguments)
    assert context.params["app"] == "server.config.asgi:application"
    assert context.params["ws"] == "collab.gateway.lean_uvicorn:LeanWebSocket"
    assert issubclass(LeanWebSocket, WebSocketsSansIOProtocol)
    assert context.params["loop"] == "uvloop"
    assert context.params["ws_per_message_deflate"] is False


def test_both_servers_take_messages_of_the_same_size() -> None:
    program, *arguments = container_command()
    params = uvicorn.make_context(program, arguments).params
    assert params["ws_max_size"] == LARGEST_MESSAGE_BYTES


def test_every_setting_that_is_named_exists() -> None:
    places = [
        *(ROOT / "deploy").rglob("*"),
        *(ROOT / "docs").rglob("*.md"),
        *ROOT.glob("*.md"),
        ROOT / "Makefile",
    ]
    unknown = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in places
        if path.is_file()
        for name in VARIABLE.findall(path.read_text())
        if name not in KNOWN
    }
    assert unknown == set()


def test_image_runs_as_nobody_special() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    last_stage = text.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", last_stage, re.MULTILINE)


def test_proxy_upgrades_websockets_and_replaces_the_client_address() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    assert "proxy_set_header Upgrade $http_upgrade;" in text
    assert "proxy_set_header Connection $connection_upgrade;" in text
    # Appending would let a client write an address of its choice into the audit trail.
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "$proxy_add_x_forwarded_for" not in text


def test_pods_have_probes_on_the_addresses_of_health() -> None:
    text = (ROOT / "deploy" / "kubernetes" / "deployment.yaml").read_text()
    assert "/healthz" in text.split("livenessProbe")[0]
    assert "/readyz" in text.split("readinessProbe")[1]
