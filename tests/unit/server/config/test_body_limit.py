"""What is too large is refused at the door, and none of it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client

from server.config import body_limit
from server.config.body_limit import FORM_BYTES, BodyLimit, largest_body

OPEN = ["/verify/", "/api/v1/verify"]


@pytest.fixture(autouse=True)
def small(settings: Any) -> None:
    settings.MAX_VERIFY_BYTES = 1000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500_000


class Server:
    """An ASGI server that sends `chunks`, and an application that takes all in."""

    def __init__(self, chunks: Sequence[bytes], **headers: str) -> None:
        self.left = list(chunks)
        self.kept = b""
        self.scope: dict[str, Any] = {
            "type": "http",
            "path": "/verify/",
            "headers": [
                (name.replace("_", "-").encode(), value.encode())
                for name, value in headers.items()
            ],
        }

    async def receive(self) -> dict[str, Any]:
        if not self.left:
            await asyncio.Future()
        chunk = self.left.pop(0)
        more = bool(self.left)
        return {"type": "http.request", "body": chunk, "more_body": more}

    async def send(self, message: Any) -> None:
        raise AssertionError("the application answers, not the door")

    async def run(self) -> bool:
        """Whether the application is told that the body was refused."""

        async def application(scope: Any, receive: Any, send: Any) -> None:
            while True:
                message = await receive()
                self.kept += message["body"]
                if not message["more_body"]:
                    return

        await BodyLimit(application)(self.scope, self.receive, self.send)
        return bool(self.scope.get("duthao.body_refused"))


async def test_a_body_within_the_limit_comes_through_whole() -> None:
    server = Server([b"a" * 600, b"b" * 400], content_length="1000")
    assert await server.run() is False
    assert server.kept == b"a" * 600 + b"b" * 400


async def test_a_body_that_says_it_is_too_large_is_not_kept_at_all() -> None:
    length = largest_body("/verify/") + 1
    server = Server(
        [b"a" * 60_000, b"b" * (length - 60_000)], content_length=f"{length}"
    )
    assert await server.run() is True
    assert server.kept == b""
    # It was let run past, so that a browser reads the answer.
    assert server.left == []


async def test_a_body_without_a_length_is_cut_where_it_passes_the_limit() -> None:
    server = Server([b"a" * 40_000] * 10)
    assert await server.run() is True
    assert len(server.kept) == 80_000
    assert server.left == []


async def test_a_body_that_lies_about_its_length_is_cut_too() -> None:
    server = Server([b"a" * 40_000] * 10, content_length="10")
    assert await server.run() is True
    assert len(server.kept) == 80_000


async def test_endless_sending_is_not_listened_to_for_ever(monkeypatch: Any) -> None:
    monkeypatch.setattr(body_limit, "DISCARDED_BYTES", 200_000)
    server = Server([b"a" * 40_000] * 1000)
    assert await server.run() is True
    assert len(server.left) > 900


async def test_what_is_far_too_large_is_refused_at_once(monkeypatch: Any) -> None:
    monkeypatch.setattr(body_limit, "DISCARDED_BYTES", 200_000)
    server = Server([b"a"] * 3, content_length="300000")
    assert await server.run() is True
    assert len(server.left) == 3


async def test_a_program_that_asks_before_it_sends_is_told_no_at_once() -> None:
    server = Server([b"a"] * 3, content_length="150000", expect="100-continue")
    assert await server.run() is True
    assert len(server.left) == 3


async def test_a_silent_sender_is_not_waited_for_for_ever(monkeypatch: Any) -> None:
    monkeypatch.setattr(body_limit, "DISCARDED_SECONDS", 0.0)
    server = Server([], content_length="150000")
    assert await server.run() is True


@pytest.mark.parametrize("path", OPEN)
def test_open_addresses_take_less_than_those_behind_a_sign_in(path: str) -> None:
    assert largest_body(path) == 1000 + FORM_BYTES
    assert largest_body("/drafts/import/") == 500_000


def test_the_largest_file_of_any_address_fits_through_the_door(settings: Any) -> None:
    settings.MAX_VERIFY_BYTES = 900_000
    assert largest_body("/verify/") == 900_000 + FORM_BYTES
    assert largest_body("/drafts/import/") >= 900_000


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*OPEN, "/sign-in/", "/nowhere/"])
def test_the_refusal_names_the_limit_in_the_readers_language(path: str) -> None:
    browser = Client(headers={"Accept-Language": "en"})
    browser.post("/language/", {"language": "en"})
    large = largest_body(path) + 1
    answer = browser.post(path, b"x" * large, content_type="application/pdf")
    assert answer.status_code == 413
    assert "over 1 MB" in answer.content.decode()
    if path.startswith("/api/"):
        assert answer.json()["code"] == "too_large"
