"""Who made the suggestions of a draft. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from collab.content.suggestions import open_suggestions
from server.accounts.models import User
from server.accounts.queries import main_unit
from server.registry.abilities import Action
from server.registry.access import access_draft
from server.registry.colours import colour_of
from server.registry.texts import committed

FROM_WORD = "word:"


@dataclass(frozen=True, slots=True)
class Author:
    id: str
    name: str
    unit: str
    colour: str


def authors_of(actor: User, draft_id: UUID) -> list[Author]:
    """By name. Raises what `access_draft` raises."""
    draft = access_draft(actor, draft_id, Action.OPEN).draft
    suggestions = open_suggestions(committed(draft.pk).whole)
    ids = {suggestion.author for suggestion in suggestions}
    people = User.objects.filter(pk__in=[i for i in map(_as_id, ids) if i])
    found = [_author(person) for person in people]
    found += [
        Author(i, i.removeprefix(FROM_WORD), "", colour_of(uuid5(NAMESPACE_URL, i)))
        for i in ids
        if i.startswith(FROM_WORD)
    ]
    return sorted(found, key=lambda author: (author.name, author.id))


def _author(person: User) -> Author:
    unit = main_unit(person)
    name = unit.name if unit else ""
    return Author(str(person.pk), person.full_name, name, colour_of(person.pk))


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
