"""A case file as one ZIP: its table of contents, its XML and the documents' PDFs.

It is written to a temporary file, one document after the other, because a file may hold
999 of them. A document goes in only if its own door opens for the person who asks.
"""

from __future__ import annotations

import hashlib
import tempfile
from typing import IO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from server.accounts.models import User
from server.common import clock
from server.registry.books import Format, book_file
from server.registry.case_files.documents import (
    document_of,
    issued_pdf,
)
from server.registry.case_files.tables import contents_book
from server.registry.case_files.xml import Attachment, case_file_xml
from server.registry.models import CaseFile
from server.registry.queries.case_files import lines_of

CONTENTS = "muc-luc.pdf"
DESCRIPTION = "ho-so.xml"
DOCUMENTS = "van-ban"
# Above this the parcel goes to the disk.
_IN_MEMORY_BYTES = 8 * 1024 * 1024


def make_parcel(user: User, case_file: CaseFile) -> IO[bytes]:
    """An open file at its beginning; who asked closes it.

    The same file gives the same bytes at the same moment: nothing in it is random.
    """
    lines = lines_of(case_file)
    # The answer closes it, when the last byte has gone out.
    out: IO[bytes] = tempfile.SpooledTemporaryFile(  # noqa: SIM115
        max_size=_IN_MEMORY_BYTES
    )
    attachments: dict[UUID, Attachment] = {}
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        contents = book_file(contents_book(case_file, lines), "", Format.PDF)
        _put(archive, CONTENTS, contents.data)
        for line in lines:
            pdf = issued_pdf(user, document_of(line.entry))
            if pdf is not None:
                path = f"{DOCUMENTS}/{line.ordinal:03d}.pdf"
                _put(archive, path, pdf)
                digest = hashlib.sha256(pdf).hexdigest()
                attachments[line.entry.pk] = Attachment(path, digest)
        _put(archive, DESCRIPTION, case_file_xml(case_file, lines, attachments))
    out.seek(0)
    return out


def parcel_name(case_file: CaseFile) -> str:
    return f"Ho so {case_file.code} {case_file.year}.zip".replace("/", "-")


def _put(archive: ZipFile, name: str, data: bytes) -> None:
    now = clock.now().astimezone(clock.VIETNAM)
    info = ZipInfo(name, now.timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)
