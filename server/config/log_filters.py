"""Keep secrets out of the log that servers write of themselves.

A program that speaks y-websocket may carry its access token in the address, and
uvicorn writes the whole address of every WebSocket into its log. Must never drop a
line: only what stands after the question mark goes.
"""

from __future__ import annotations

import logging


class WithoutQuery(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_bare, record.args))
        return True


def _bare(value: object) -> object:
    if isinstance(value, str) and value.startswith("/") and "?" in value:
        return value.partition("?")[0] + "?…"
    return value
