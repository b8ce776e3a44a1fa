"""Read the files of incoming documents, once each, and make their words found.

A file is known by its digest: what was read of it is kept, whoever attaches it again,
and the document's entries are made of what is kept. Reading takes a while, so it is
done before a transaction; then words and entries are written together. A file that
cannot be read is kept as that, with the reason, and not tried again until somebody
reindexes, or the program that it needs is there. Pages that are pictures come after all
new files, one by one (`recognising`). Must never run on the event loop nor in a
request.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from server.common import clock, providers
from server.publishing.file_words import CONVERTED
from server.registry.models import (
    FileWords,
    IncomingDocument,
    IncomingFile,
    SearchEntry,
    SearchKind,
    TextLayer,
    WhyUnread,
)
from server.registry.search.incoming import index_holders
from server.registry.search.reading_apart import KINDS, FileReader, Said
from server.registry.search.recognising import recognise_next
from server.registry.search.words import words_in
from storage.ports import BlobDamaged, BlobMissing

logger = logging.getLogger(__name__)

_BATCH = 50
# What an earlier reader made of a file is read again: this one knows more kinds, and
# which pages are pictures.
EDITION = 1


def read_new_files(reader: FileReader, *, with_pages: bool = True) -> Iterator[str]:
    """Read what nobody has read yet; tells the digest of each, and again of each page
    that was recognised, so that the caller may pause. Ends when nothing is left."""
    while True:
        batch = list(_unread(reader).values_list("digest", "content_type")[:_BATCH])
        # Other processes read the same list: each begins somewhere else.
        random.shuffle(batch)
        for digest, content_type in dict(batch).items():
            if not _unread(reader).filter(digest=digest).exists():
                continue
            read_file(reader, digest, content_type)
            yield digest
        if batch:
            continue
        recognised = recognise_next(reader) if with_pages else None
        if recognised is None:
            return
        yield recognised


def read_file(reader: FileReader, digest: str, content_type: str) -> None:
    """Raises Stopped, and what the database raises; never for what is in the file."""
    if content_type in CONVERTED and not reader.converts:
        said = Said(None, why=WhyUnread.NO_PROGRAM)
    else:
        try:
            chunks = providers.blob_store.get().get_chunks(digest)
            said = reader.read(content_type, chunks)
        except (BlobMissing, BlobDamaged) as fault:
            logger.error("the words of file %s are not indexed: %r", digest, fault)
            said = Said(None, why=WhyUnread.LOST)
    layer, why, pages = _outcome(said, reader)
    with transaction.atomic():
        FileWords.objects.update_or_create(
            digest=digest,
            defaults={
                "layer": layer,
                "why": why or "",
                "text": said.text if said.text and words_in(said.text) else "",
                "pages": list(pages),
                "pages_in_all": len(pages),
                "pages_failed": 0,
                "claimed_until": None,
                "edition": EDITION,
                "read_at": clock.now(),
            },
        )
        index_holders(digest)


def forget_failures() -> None:
    """What could not be read is read again: a newer program may, or the file is back
    from a backup."""
    FileWords.objects.filter(layer=TextLayer.UNREADABLE).delete()


def missing_attached() -> QuerySet[IncomingDocument, IncomingDocument]:
    """Documents whose files were read and whose entry says another number of them. No
    query yet."""
    words = FileWords.objects.filter(digest=OuterRef("digest")).exclude(text="")
    held = IncomingFile.objects.filter(
        Exists(words), document=OuterRef("pk"), removed_at=None
    )
    counted = held.order_by().values("document").annotate(count=Count("pk"))
    told = SearchEntry.objects.filter(
        kind=SearchKind.ATTACHED, object_id=OuterRef("pk"), epoch=OuterRef("said")
    )
    return IncomingDocument.objects.annotate(
        said=Subquery(counted.values("count"))
    ).filter(~Exists(told), Exists(held))


def _unread(reader: FileReader) -> QuerySet[IncomingFile, IncomingFile]:
    """What was never read, or by a reader that could do less."""
    missing = [
        *([WhyUnread.NO_PROGRAM] if reader.converts else []),
        *([WhyUnread.NO_RECOGNISER] if reader.recognises else []),
    ]
    read = FileWords.objects.filter(
        ~Q(why__in=missing), digest=OuterRef("digest"), edition__gte=EDITION
    )
    if not reader.recognises:
        # The program is gone, and nobody goes on.
        read = read.exclude(layer=TextLayer.READING)
    return IncomingFile.objects.filter(
        ~Exists(read), removed_at=None, content_type__in=KINDS
    ).order_by(F("added_at").desc(), "pk")


def _outcome(
    said: Said, reader: FileReader
) -> tuple[TextLayer, WhyUnread | None, tuple[int, ...]]:
    """What is told of it, why it is no more, and the pages still to be read."""
    if said.text is None:
        return TextLayer.UNREADABLE, said.why, ()
    read = TextLayer.WORDS if words_in(said.text) else TextLayer.NOTHING
    if not said.bare:
        return read, None, ()
    if not reader.recognises:
        return read, WhyUnread.NO_RECOGNISER, ()
    is_cut = len(said.bare) > reader.most_pages
    why = WhyUnread.TOO_MANY_PAGES if is_cut else None
    return TextLayer.READING, why, said.bare[: reader.most_pages]
