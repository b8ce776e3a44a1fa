"""The limits of the rooms as settings, each with its meaning for docs/settings.md.

Read while the settings load, so it must never import a model.
"""

from __future__ import annotations

import dataclasses

from collab.protocol.limits import Limits
from server.config.env import Environment

_LIMIT_MEANINGS = {
    "max_frame_bytes": "largest frame a browser may send",
    "max_unauthenticated_bytes": "most that may wait before sign-in is checked",
    "authentication_s": "seconds to sign in on a new socket",
    "max_document_bytes": "largest document, as a Yjs update",
    "max_documents_per_socket": "documents on one socket",
    "max_connections_per_user": "sockets of one person",
    "max_connections": "sockets of one process",
    "frames_per_s": "frames a second of one socket, after the burst",
    "frame_burst": "frames at once before that",
    "max_lag_s": "seconds a sender may go on faster than that before it is sent away",
    "max_awareness_bytes": "largest presence state of one browser tab",
    "max_clients_per_peer": "Yjs clients behind one socket and document",
    "queue_bytes_per_socket": "most that waits for a slow reader",
    "stuck_send_s": "seconds without reading before a socket is ended",
    "max_unsaved_bytes": "most that waits while the log is away",
    "recheck_s": "seconds between looks at everybody's rights",
    "ping_s": "seconds between signs of life",
    "idle_room_s": "seconds an empty room stays loaded",
    "compact_after_updates": "updates after which a snapshot is stored",
    "compact_on_unload_updates": "the same when a room is unloaded",
    "catch_up_s": "seconds between looks at the log, with several processes",
}


def limits_from(env: Environment) -> Limits:
    """`Limits` with whatever DUTHAO_… the environment sets. Raises BadSetting."""
    values: dict[str, int | float] = {}
    for field in dataclasses.fields(Limits):
        name = f"DUTHAO_{field.name.upper()}"
        meaning = _LIMIT_MEANINGS[field.name]
        if isinstance(field.default, int):
            values[field.name] = env.integer(name, field.default, meaning, least=1)
        else:
            assert isinstance(field.default, float)
            values[field.name] = env.seconds(name, field.default, meaning)
    return Limits(**values)  # type: ignore[arg-type]  # each value has its field's type
