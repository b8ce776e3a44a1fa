"""What an entry is, said in words that the full-text index can hold.

A filter is then part of the same index as the words that are sought, so that a rare
type among many frequent words costs no more than either; and so are the people and
units that a draft is shared with. Pure. These words only narrow: who may find an entry
is a condition of its own (`server.registry.search_access`).
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from server.registry.models import SearchEntry

# "s" is the letter of this column; see `words.LETTERS`.
HAS_DEADLINE = "shasdeadline"
OPEN_DEADLINE = "sopendeadline"


def of_kind(kind: str) -> str:
    return f"sk{kind}"


def of_register(register_id: UUID) -> str:
    return f"sr{register_id.hex}"


def of_unit(unit_id: UUID) -> str:
    """The unit in which a draft was begun: its head answers for it."""
    return f"sw{unit_id.hex}"


def shared_with_person(user_id: UUID) -> str:
    return f"sp{user_id.hex}"


def shared_with_unit(unit_id: UUID) -> str:
    return f"sn{unit_id.hex}"


def for_clerks_of(organisation_id: UUID) -> str:
    """What an organisation got: its clerks open it."""
    return f"sc{organisation_id.hex}"


def filed_in_unit(unit_id: UUID) -> str:
    """A case file of this unit: who works in it reads the file."""
    return f"sf{unit_id.hex}"


def of_organisation(organisation_id: UUID) -> str:
    return f"so{organisation_id.hex}"


def of_type(code: str) -> str:
    """In hexadecimal: codes differ in case (QĐ, QyĐ), and an index may fold it."""
    return f"st{code.encode().hex()}"


def of_year(year: int) -> str:
    return f"sy{year}"


def of_state(state: str) -> str:
    return f"sz{state.replace('_', '')}"


def of_urgency(urgency: str) -> str:
    return f"su{urgency.replace('_', '')}"


def scope_of(entry: SearchEntry, shares: Iterable[str] = ()) -> str:
    """All words of an entry, each between blanks; `shares` are those of its people, and
    of the days that some of them have for themselves."""
    words = [
        of_kind(entry.kind),
        of_type(entry.document_type),
        of_year(entry.year),
        of_state(entry.state),
        of_urgency(entry.urgency),
        *shares,
    ]
    if entry.register_id:
        words.append(of_register(entry.register_id))
    if entry.unit_id:
        words.append(of_unit(entry.unit_id))
    if entry.organisation_id:
        words.append(of_organisation(entry.organisation_id))
    if entry.deadline:
        words.append(HAS_DEADLINE)
        if entry.is_open:
            words.append(OPEN_DEADLINE)
    return f" {' '.join(dict.fromkeys(words))} "
