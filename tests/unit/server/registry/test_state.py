"""The stored document as one update, however it was stored."""

from __future__ import annotations

import pytest
from pycrdt import Doc, Text

from collab.content.state import merged_state
from storage.ports import Head, StoredDocument, StoredUpdate


def typed(count: int) -> list[bytes]:
    """The updates of `count` keystrokes."""
    doc: Doc = Doc()
    text = doc.get("content", type=Text)
    updates: list[bytes] = []
    doc.observe(lambda event: updates.append(event.update))
    for number in range(count):
        text += chr(ord("a") + number % 26)
    return updates


def stored(updates: list[bytes], snapshot: bytes | None = None) -> StoredDocument:
    head = Head("d", 1, False, len(updates))
    numbered = tuple(StoredUpdate(i + 1, u) for i, u in enumerate(updates))
    return StoredDocument(head, snapshot, 0, numbered)


def text_of(state: bytes) -> str:
    doc: Doc = Doc()
    doc.apply_update(state)
    return str(doc.get("content", type=Text))


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 2600])
def test_every_keystroke_is_in_the_merged_state(count: int) -> None:
    assert len(text_of(merged_state(stored(typed(count))))) == count


def test_the_snapshot_comes_before_later_updates() -> None:
    updates = typed(30)
    snapshot = merged_state(stored(updates[:20]))
    assert text_of(merged_state(stored(updates[20:], snapshot))) == text_of(
        merged_state(stored(updates))
    )


def test_bytes_that_are_no_update_are_an_error_not_an_empty_page() -> None:
    for updates in ([b"\xff\xff\xff"], [*typed(2), b"\xff\xff\xff"]):
        with pytest.raises(ValueError, match="merge"):
            merged_state(stored(updates))
