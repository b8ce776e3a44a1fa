"""Read the files of incoming documents, once each, and make their words found.

A file is known by its digest: what was read of it is kept, whoever attaches it again,
and the document's entries are made of what is kept. Reading takes a while, so it is
done before a transaction; then words and entries are written together. A file that
cannot be read is kept as that, and not tried again until somebody reindexes. Must never
run on the event loop nor in a request.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from server.common import clock, providers
from server.publishing.file_words import READABLE
from server.registry.models import (
    FileWords,
    IncomingDocument,
    IncomingFile,
    SearchEntry,
    SearchKind,
    TextLayer,
)
from server.registry.search.incoming import index_incoming
from server.registry.search.reading_apart import FileReader
from server.registry.search.words import words_in
from storage.ports import BlobDamaged, BlobMissing

logger = logging.getLogger(__name__)

_BATCH = 50


def read_new_files(reader: FileReader) -> Iterator[str]:
    """Read what nobody has read yet; tells the digest of each, so that the caller may
    pause. Ends when nothing is left."""
    while True:
        batch = list(_unread().values_list("digest", "content_type")[:_BATCH])
        if not batch:
            return
        # Other processes read the same list: each begins somewhere else.
        random.shuffle(batch)
        for digest, content_type in dict(batch).items():
            if FileWords.objects.filter(digest=digest).exists():
                continue
            read_file(reader, digest, content_type)
            yield digest


def read_file(reader: FileReader, digest: str, content_type: str) -> None:
    """Raises Stopped, and what the database raises; never for what is in the file."""
    said: str | None
    try:
        chunks = providers.blob_store.get().get_chunks(digest)
        said = reader.read(content_type, chunks)
    except (BlobMissing, BlobDamaged) as fault:
        logger.error("the words of file %s are not indexed: %r", digest, fault)
        said = None
    layer = _layer(said)
    with transaction.atomic():
        FileWords.objects.update_or_create(
            digest=digest,
            defaults={
                "layer": layer,
                "text": said if said and layer == TextLayer.WORDS else "",
                "read_at": clock.now(),
            },
        )
        for document in _holding(digest):
            index_incoming(document)


def forget_failures() -> None:
    """What could not be read is read again: a newer program may, or the file is back
    from a backup."""
    FileWords.objects.filter(layer=TextLayer.UNREADABLE).delete()


def missing_attached() -> QuerySet[IncomingDocument, IncomingDocument]:
    """Documents whose files were read and whose entry says another number of them. No
    query yet."""
    words = FileWords.objects.filter(digest=OuterRef("digest"), layer=TextLayer.WORDS)
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


def _unread() -> QuerySet[IncomingFile, IncomingFile]:
    read = FileWords.objects.filter(digest=OuterRef("digest"))
    return IncomingFile.objects.filter(
        ~Exists(read), removed_at=None, content_type__in=READABLE
    ).order_by(F("added_at").desc(), "pk")


def _holding(digest: str) -> list[IncomingDocument]:
    """In the order in which everybody locks them."""
    documents = IncomingDocument.objects.filter(
        files__digest=digest, files__removed_at=None
    )
    return list(documents.distinct().order_by("pk"))


def _layer(said: str | None) -> TextLayer:
    if said is None:
        return TextLayer.UNREADABLE
    return TextLayer.WORDS if words_in(said) else TextLayer.NOTHING
