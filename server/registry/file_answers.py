"""How files, papers and lists leave the server, for pages and API.

Every answer names its own type, tells the browser not to guess, and may run nothing.
Only what `SHOWN_IN_PAGE` names is ever shown; everything else is downloaded.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from server.common import providers
from server.common.streaming import stream
from server.registry.actions.incoming_files import ServedFile
from server.registry.exports import ExportedFile
from server.registry.file_kinds import SHOWN_IN_PAGE
from server.registry.models import DocumentCopy

# A viewer in a frame of ours may be shown; the file itself may load and run nothing.
_FRAMED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def file_answer(
    request: HttpRequest, served: ServedFile, *, show: bool = False
) -> HttpResponseBase:
    """The attached file, piece by piece; `show` only for what a page may show."""
    row = served.row
    return stored_file_answer(
        request,
        served.chunks,
        name=row.name,
        content_type=row.content_type,
        size=row.size_bytes,
        show=show,
    )


def stored_file_answer(
    request: HttpRequest,
    chunks: Iterator[bytes],
    *,
    name: str,
    content_type: str,
    size: int,
    show: bool = False,
) -> HttpResponseBase:
    """`content_type` was found in the bytes; `size` is theirs."""
    shown = show and content_type in SHOWN_IN_PAGE
    response = stream(request, chunks, content_type=content_type, size=size)
    disposition = content_disposition_header(not shown, name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = (
        _FRAMED if shown else "default-src 'none'; sandbox"
    )
    if shown:
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def paper_answer(file: ExportedFile) -> HttpResponse:
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def copy_answer(copy: DocumentCopy) -> HttpResponse:
    """The PDF of a copy, byte for byte as it was made: one of ours, so it may be shown
    as the issued document is."""
    data = providers.blob_store.get().get(copy.pdf)
    response = HttpResponse(data, content_type="application/pdf")
    name = f"{copy.row.full_number.replace('/', '_')}.pdf"
    header = content_disposition_header(False, name)
    response["Content-Disposition"] = header or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
