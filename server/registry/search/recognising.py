"""Recognise the pages of attached files that are pictures, one page at a time.

A page takes seconds and a file may have hundreds, so what was read is kept after each
page: a server that ends goes on where it was. Of several processes one holds a file at
a time; a hold that was left behind runs out. A page on which the program fails is
counted and passed over. The words are found when the last page is read. Must never run
on the event loop nor in a request.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from server.common import clock, providers
from server.publishing.file_words import MAX_CHARACTERS
from server.registry.models import (
    FileWords,
    IncomingFile,
    TextLayer,
    WhyUnread,
)
from server.registry.search.incoming import index_holders
from server.registry.search.reading_apart import FileReader, Said, Stopped
from server.registry.search.words import words_in
from storage.ports import BlobDamaged, BlobMissing

logger = logging.getLogger(__name__)

# Drawing a page, recognising it, and a slow machine.
_HELD_TIMES = 4


def recognise_next(reader: FileReader) -> str | None:
    """One page of the file that was attached last. Its digest, None when nothing waits.

    Raises Stopped, and what the database raises.
    """
    if not reader.recognises:
        return None
    row = _claimed(reader)
    if row is None:
        return None
    page = row.pages[0] if row.pages else None
    try:
        said = _recognised(reader, row.digest, page)
    except Stopped:
        FileWords.objects.filter(pk=row.pk).update(claimed_until=None)
        raise
    _keep(row.digest, page, said)
    return row.digest


def _claimed(reader: FileReader) -> FileWords | None:
    """The next file, held for the time of a page. Two queries."""
    until = clock.now() + timedelta(seconds=reader.seconds * _HELD_TIMES)
    for row in _waiting().order_by("-read_at", "pk")[:5]:
        if _waiting().filter(pk=row.pk).update(claimed_until=until):
            row.refresh_from_db()
            return row
    return None


def _waiting() -> QuerySet[FileWords, FileWords]:
    free = Q(claimed_until=None) | Q(claimed_until__lt=clock.now())
    return FileWords.objects.filter(free, layer=TextLayer.READING)


def _recognised(reader: FileReader, digest: str, page: int | None) -> Said:
    file = IncomingFile.objects.filter(digest=digest).first()
    if file is None or page is None:
        return Said("")
    try:
        chunks = providers.blob_store.get().get_chunks(digest)
        return reader.recognise(file.content_type, page, chunks)
    except (BlobMissing, BlobDamaged) as fault:
        logger.error("page %s of file %s is not read: %r", page, digest, fault)
        return Said(None, why=WhyUnread.LOST)


@transaction.atomic
def _keep(digest: str, page: int | None, said: Said) -> None:
    row = FileWords.objects.select_for_update().filter(pk=digest).first()
    if row is None or row.layer != TextLayer.READING:
        return  # read anew meanwhile
    if row.pages[:1] != ([] if page is None else [page]):
        return  # the hold ran out, and another process was quicker
    row.pages = row.pages[1:]
    row.claimed_until = None
    if said.text is None:
        row.pages_failed += 1
        row.why = row.why or said.why or ""
    elif words_in(said.text):
        row.text = f"{row.text}\n{said.text}".strip()[:MAX_CHARACTERS]
    if not row.pages or len(row.text) >= MAX_CHARACTERS:
        # Pages for which there was no room are not counted as read.
        row.pages_in_all -= len(row.pages)
        row.layer, row.pages = _end_of(row), []
    row.save()
    if row.layer != TextLayer.READING:
        index_holders(digest)


def _end_of(row: FileWords) -> TextLayer:
    if row.text:
        return TextLayer.WORDS
    is_failed = row.pages_failed and row.pages_failed == row.pages_in_all
    return TextLayer.UNREADABLE if is_failed else TextLayer.NOTHING
