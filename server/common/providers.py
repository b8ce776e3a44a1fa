"""Slots that the composition root fills, so that apps use ports and name no adapter.

`server.config.wiring` sets each slot once at start; a read before that is a bug in
the start-up and says so.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from storage.ports import BlobStore, DocumentStore

T = TypeVar("T")


class Slot(Generic[T]):
    def __init__(self, name: str) -> None:
        self._name = name
        self._value: T | None = None

    def fill(self, value: T) -> None:
        self._value = value

    def get(self) -> T:
        if self._value is None:
            raise RuntimeError(f"{self._name} is not wired: call server.config.wiring")
        return self._value


document_store: Slot[DocumentStore] = Slot("document_store")
blob_store: Slot[BlobStore] = Slot("blob_store")
