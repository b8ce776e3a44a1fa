"""A case file as one ZIP: its table of contents, its XML and the documents' files.

It is written to a temporary file, one document after the other, because a file may hold
999 of them. A file goes in only if the document's own door opens for the person who
asks; table and XML say of which documents there is none, and why.
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
from server.registry.case_files.documents import document_of
from server.registry.case_files.held_files import held_files
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
    held = {line.entry.pk: held_files(user, document_of(line.entry)) for line in lines}
    missing = {key: found.missing for key, found in held.items() if found.missing}
    attachments: dict[UUID, list[Attachment]] = {}
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        book = contents_book(case_file, lines, missing)
        _put(archive, CONTENTS, book_file(book, "", Format.PDF).data)
        for line in lines:
            files = held[line.entry.pk].files
            for number, file in enumerate(files, start=1):
                part = f"-{number}" if len(files) > 1 else ""
                path = f"{DOCUMENTS}/{line.ordinal:03d}{part}{file.ending}"
                data = file.read()
                _put(archive, path, data)
                digest = hashlib.sha256(data).hexdigest()
                attachments.setdefault(line.entry.pk, []).append(
                    Attachment(path, digest)
                )
        written = case_file_xml(case_file, lines, attachments, missing)
        _put(archive, DESCRIPTION, written)
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
