"""What a file is, by its bytes: the name and the type that a browser sends are claims.

Looks at the first and the last kilobytes only, so a file of any size costs the same,
and nothing is unpacked. What may be shown in the page is a short list: PDF and images,
never a text that a browser would run. Pure. Must never trust an extension alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from server.common import text
from server.registry.procedure import PROCEDURE

HEAD_BYTES = 4096
TAIL_BYTES = 65_536
_OFFICE = "application/vnd.openxmlformats-officedocument"
_PDF = re.compile(rb"%PDF-(\d\.\d)")
SHOWN_IN_PAGE = frozenset(
    {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"}
)


@dataclass(frozen=True, slots=True)
class FileKind:
    """`extensions`: the names such a file may have, the usual one first."""

    content_type: str
    extensions: tuple[str, ...]
    pdf_version: str = ""


_STARTS: tuple[tuple[bytes, FileKind], ...] = (
    (b"\x89PNG\r\n\x1a\n", FileKind("image/png", (".png",))),
    (b"\xff\xd8\xff", FileKind("image/jpeg", (".jpg", ".jpeg"))),
    (b"GIF87a", FileKind("image/gif", (".gif",))),
    (b"GIF89a", FileKind("image/gif", (".gif",))),
    (b"II*\x00", FileKind("image/tiff", (".tif", ".tiff"))),
    (b"MM\x00*", FileKind("image/tiff", (".tif", ".tiff"))),
    (b"Rar!\x1a\x07", FileKind("application/vnd.rar", (".rar",))),
    (b"7z\xbc\xaf\x27\x1c", FileKind("application/x-7z-compressed", (".7z",))),
    (b"{\\rtf", FileKind("application/rtf", (".rtf",))),
)
_PARTS: tuple[tuple[bytes, FileKind], ...] = (
    (
        b"word/document.xml",
        FileKind(f"{_OFFICE}.wordprocessingml.document", (".docx",)),
    ),
    (b"xl/workbook.xml", FileKind(f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",))),
    (
        b"ppt/presentation.xml",
        FileKind(f"{_OFFICE}.presentationml.presentation", (".pptx",)),
    ),
)
# The first part of such a package is its type, not packed.
_OPEN = "mimetypeapplication/vnd.oasis.opendocument"
_OPEN_KINDS = tuple(
    (
        f"{_OPEN}.{name}".encode(),
        FileKind(f"application/vnd.oasis.opendocument.{name}", (extension,)),
    )
    for name, extension in (
        ("text", ".odt"), ("spreadsheet", ".ods"), ("presentation", ".odp"),
    )
)  # fmt: skip
_ZIP = FileKind("application/zip", (".zip",))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_OFFICE = {
    ".doc": FileKind("application/msword", (".doc",)),
    ".xls": FileKind("application/vnd.ms-excel", (".xls",)),
    ".ppt": FileKind("application/vnd.ms-powerpoint", (".ppt",)),
}


def kind_of(head: bytes, tail: bytes, name: str) -> FileKind | None:
    """None for what is not taken. `head` and `tail` are the first HEAD_BYTES and the
    last TAIL_BYTES; the name only tells Word, Excel and PowerPoint 97 apart."""
    # Some scanners write a few bytes before the sign.
    if found := _PDF.search(head[:1024]):
        return FileKind("application/pdf", (".pdf",), found[1].decode())
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileKind("image/webp", (".webp",))
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head.startswith(b"PK\x03\x04"):
        for start, kind in _OPEN_KINDS:
            if start in head[:200]:
                return kind
        # The list of a package's parts stands at its end.
        return next((k for part, k in _PARTS if part in head or part in tail), _ZIP)
    if head.startswith(_OLE):
        return _OLD_OFFICE.get(PurePosixPath(name.lower()).suffix)
    return None


def is_too_old(pdf_version: str, arrived_on: date) -> bool:
    """Whether a PDF is older than what the law asked of digitised paper on that day."""
    oldest = PROCEDURE.on(arrived_on).digitised.oldest_pdf
    return bool(pdf_version) and pdf_version < oldest


def clean_name(name: str, kind: FileKind, limit: int) -> str:
    """A name that every file system takes, whose end says what the file is.

    Folders, control signs and signs that turn the reading direction go; what is not
    the file's own extension is followed by it.
    """
    last = re.split(r"[\\/]", text.nfc(name))[-1]
    kept = "".join(
        " " if c in ':*?"<>|' or unicodedata.category(c)[0] == "C" else c for c in last
    )
    plain = " ".join(kept.split()).strip(" .")
    suffix = PurePosixPath(plain.lower()).suffix
    if suffix in kind.extensions:
        stem, end = plain[: -len(suffix)].rstrip(" ."), suffix
    else:
        stem, end = plain, kind.extensions[0]
    return (stem[: limit - len(end)].rstrip(" .") or "tệp") + end
