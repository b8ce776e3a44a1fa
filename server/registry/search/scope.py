"""What an entry is, said in words that the full-text index can hold.

A filter is then part of the same index as the words that are sought, so that a rare
type among many frequent words costs no more than either. Pure. These words only narrow:
who may find an entry is a condition of its own (`server.registry.search_access`).
"""

from __future__ import annotations

from uuid import UUID

from server.registry.models import SearchEntry

HAS_DEADLINE = "hasdeadline"
OPEN_DEADLINE = "opendeadline"


def of_kind(kind: str) -> str:
    return f"k{kind}"


def of_register(register_id: UUID) -> str:
    return f"r{register_id.hex}"


def of_object(object_id: UUID) -> str:
    return f"d{object_id.hex}"


def of_organisation(organisation_id: UUID) -> str:
    return f"o{organisation_id.hex}"


def of_type(code: str) -> str:
    """In hexadecimal: codes differ in case (QĐ, QyĐ), and an index may fold it."""
    return f"t{code.encode().hex()}"


def of_year(year: int) -> str:
    return f"y{year}"


def of_state(state: str) -> str:
    return f"z{state.replace('_', '')}"


def of_urgency(urgency: str) -> str:
    return f"u{urgency.replace('_', '')}"


def scope_of(entry: SearchEntry) -> str:
    """All words of an entry, each between blanks."""
    words = [
        of_kind(entry.kind),
        of_object(entry.object_id),
        of_type(entry.document_type),
        of_year(entry.year),
        of_state(entry.state),
        of_urgency(entry.urgency),
    ]
    if entry.register_id:
        words.append(of_register(entry.register_id))
    if entry.organisation_id:
        words.append(of_organisation(entry.organisation_id))
    if entry.deadline:
        words.append(HAS_DEADLINE)
        if entry.is_open:
            words.append(OPEN_DEADLINE)
    return f" {' '.join(words)} "
