"""The whole of a stored document as one update: what exports and readers start from.

Pure. Must never drop an update: an unreadable log is an error, not an empty page.
"""

from __future__ import annotations

from pycrdt import merge_updates

from storage.ports import StoredDocument

# yrs keeps every update decoded while it merges; many small ones cost more than a tree.
_FAN_IN = 50
_EMPTY = b"\x00\x00"


def merged_state(stored: StoredDocument) -> bytes:
    """Snapshot and later updates as one Yjs update (version 1); empty log: no change.

    Raises ValueError when the log holds bytes that are not an update.
    """
    parts = [stored.snapshot] if stored.snapshot is not None else []
    parts += [entry.update for entry in stored.updates]
    while True:
        # Even a single part goes through the merge once: it is checked by that.
        parts = [
            merge_updates(*parts[start : start + _FAN_IN])
            for start in range(0, len(parts), _FAN_IN)
        ]
        if len(parts) <= 1:
            return parts[0] if parts else _EMPTY
