"""What uvicorn writes of a socket, under the product's own logging settings."""

from __future__ import annotations

import logging

import pytest


def test_a_token_in_an_address_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("uvicorn.error")
    with caplog.at_level(logging.INFO, "uvicorn.error"):
        # As uvicorn says it (protocols/websockets).
        log.info(
            '%s - "WebSocket %s" [accepted]', "10.0.0.9:50000", "/collab/y/1?token=GIẤU"
        )
        log.info("Application startup complete.")
    assert "GIẤU" not in caplog.text
    assert '10.0.0.9:50000 - "WebSocket /collab/y/1?…" [accepted]' in caplog.text
    assert "startup complete" in caplog.text
