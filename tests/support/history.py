"""People who write a draft over days, each in a browser of their own.

A hand reads the log, edits as a browser would and appends the edit at a time that the
test names, without a room: the tests of the sockets have those.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pycrdt import Doc, Map, TransactionEvent, XmlElement, XmlFragment, XmlText

from collab.content.state import merged_state
from server.accounts.models import User
from server.common import clock, providers
from server.registry.models import Draft
from storage.update_log import writing
from storage.update_log.models import Snapshot, UpdateRow
from storage.update_log.store import DjangoDocumentStore

_clients = itertools.count(1_000)
Edit = Callable[[XmlFragment, Map[Any]], None]


class Hand:
    """One browser of one person, with its own client id."""

    def __init__(self, draft: Draft, user: User) -> None:
        self._id = str(draft.pk)
        self._author = str(user.pk)
        self._doc: Doc[Any] = Doc(client_id=next(_clients))
        self.client_id = self._doc.client_id

    def edit(self, edit: Edit, *, at: datetime | None = None) -> int:
        """Make the edit on the newest text; returns its `seq`."""
        stored = providers.document_store.get().load(self._id)
        assert stored is not None
        self._doc.apply_update(merged_state(stored))
        body = self._doc.get("body", type=XmlFragment)
        fields: Map[Any] = self._doc.get("fields", type=Map)
        made: list[bytes] = []

        def note(event: TransactionEvent) -> None:
            made.append(event.update)

        subscription = self._doc.observe(note)
        with self._doc.transaction():
            edit(body, fields)
        self._doc.unobserve(subscription)
        (update,) = made
        moment = at or clock.now()
        store = DjangoDocumentStore(now=lambda: moment)
        return store.append(
            self._id, update, epoch=stored.head.epoch, author=self._author
        )

    def write(self, words: str, *, at: datetime | None = None) -> int:
        """A paragraph of its own at the end."""

        def add(body: XmlFragment, fields: Map[Any]) -> None:
            paragraph = XmlElement("paragraph", {"style": "body"})
            body.children.append(paragraph)
            paragraph.children.append(XmlText(words))

        return self.edit(add, at=at)

    def type(self, words: str, paragraph: int = 0, place: int = 0) -> int:
        """Into a paragraph, at a place counted in bytes."""
        return self.edit(lambda body, _f: text_of(body, paragraph).insert(place, words))

    def delete(self, paragraph: int) -> int:
        def remove(body: XmlFragment, fields: Map[Any]) -> None:
            del body.children[paragraph]

        return self.edit(remove)


def text_of(body: XmlFragment, paragraph: int) -> XmlText:
    element = body.children[paragraph]
    assert isinstance(element, XmlElement)
    text = element.children[0]
    assert isinstance(text, XmlText)
    return text


def compact(draft: Draft) -> None:
    """Store a snapshot and move the updates to history, as the rooms do."""
    store = providers.document_store.get()
    stored = store.load(str(draft.pk))
    assert stored is not None
    head = writing.lock_head("default", str(draft.pk))
    assert head is not None
    Snapshot.objects.create(
        document_id=str(draft.pk),
        epoch=head.epoch,
        seq=head.last_seq,
        state=merged_state(stored),
    )
    head.snapshot_seq = head.last_seq
    head.save(update_fields=["snapshot_seq"])
    entries, epoch, more = writing._next_chunk("default", head)
    while entries:
        rows = UpdateRow.objects.filter(document_id=str(draft.pk))
        writing.HistoryChunk.objects.create(
            document_id=str(draft.pk),
            epoch=epoch,
            first_seq=entries[0].seq,
            last_seq=entries[-1].seq,
            payload=writing.pack(entries),
        )
        rows.filter(seq__lte=entries[-1].seq).delete()
        if not more:
            break
        entries, epoch, more = writing._next_chunk("default", head)


def minutes(moment: datetime, count: float) -> datetime:
    return moment + timedelta(minutes=count)
