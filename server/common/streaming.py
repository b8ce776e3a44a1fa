"""Answer with a large file piece by piece, on whichever kind of server runs.

Django reads a plain iterator whole before an ASGI server sends it, and an asynchronous
one whole before a WSGI server does; so each gets the kind that it can pass on. Must
never hold more than one piece.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse


def stream(
    request: HttpRequest, pieces: Iterator[bytes], *, content_type: str, size: int
) -> StreamingHttpResponse:
    """`size` in bytes: it is promised to the client before the first piece."""
    flowing = _later(pieces) if isinstance(request, ASGIRequest) else pieces
    response = StreamingHttpResponse(flowing, content_type=content_type)
    response["Content-Length"] = str(size)
    return response


async def _later(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    # The disk is read beside the loop, which serves the rooms as well.
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece
