"""A Yjs program in Node, driven from a test (see peer.mjs)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.office import Office
from tests.support.wait import until

PROGRAM = Path(__file__).with_name("peer.mjs")
CONVERGE_SECONDS = 20.0


class NodePeer:
    """`dialect` is "y-websocket" or "hocuspocus", each with its own library."""

    def __init__(
        self, office: Office, dialect: str, document_id: str, token: str
    ) -> None:
        node = shutil.which("node")
        assert node, "Node is needed; run the tests through `make test`"
        address = office.collab_url
        if dialect == "y-websocket":
            address += "y"
        self._process = subprocess.Popen(
            [node, PROGRAM, dialect, address, document_id, token],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NODE_NO_WARNINGS": "1"},
        )

    def do(self, deed: str, **what: Any) -> dict[str, Any]:
        """Do something in the program; returns what it then knows."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"deed": deed, **what}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer

    def look(self) -> dict[str, Any]:
        return self.do("look")

    def until(
        self, claim: Callable[[dict[str, Any]], Any], what: str
    ) -> dict[str, Any]:
        """Wait until the claim holds of what the program knows; returns that."""
        last: dict[str, Any] = {}

        def asked() -> bool:
            last.clear()
            last.update(self.look())
            return bool(claim(last))

        try:
            until(asked, CONVERGE_SECONDS, what=what)
        except AssertionError as error:
            raise AssertionError(f"{error}; it knows {last}") from None
        return last

    def until_synced(self) -> dict[str, Any]:
        return self.until(lambda now: now["synced"], "the program is synchronised")

    def until_saved(self) -> dict[str, Any]:
        """Hocuspocus only: everything was acknowledged."""
        return self.until(
            lambda now: now["synced"] and now["unsynced"] == 0, "everything is saved"
        )

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(10)
        finally:
            self._process.kill()
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()
