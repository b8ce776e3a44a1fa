"""The demo office: organisations, people and drafts that let a newcomer start at once.

Everything is data (data/demo/). Running it again adds what is missing and changes
nothing else: a renamed draft stays renamed, a changed password stays changed. Must
never run by itself in an office; only the `seed` command calls it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from collab.content.tree import Content, Paragraph, Run
from collab.ports import Level
from server.accounts.demo import PASSWORD
from server.accounts.models import Membership, Organisation, Role, Unit, User
from server.common import clock
from server.registry import first_text
from server.registry.actions.drafts import archive, begin, known_type, unit_of
from server.registry.actions.shares import share
from server.registry.demo_case_files import seed_case_files
from server.registry.demo_process import send_on_its_way
from server.registry.demo_registers import seed_department, seed_registers
from server.registry.demo_stamps import seed_stamps
from server.registry.models import Draft, DraftSource

_FOLDER = Path(__file__).parent / "data" / "demo"
Data = Mapping[str, Any]


@transaction.atomic
def seed() -> int:
    """Make what is missing. Returns how many drafts were added."""
    office = tomllib.loads((_FOLDER / "office.toml").read_text("utf-8"))
    organisations = _organisations(office["organisation"])
    units = _units(office["unit"], organisations)
    people = _people(office["person"], units)
    seed_registers(organisations["VPUBND"], people["vanthu"], units)
    seed_department(organisations["STTTT"], people["vanthuso"])
    seed_stamps(people["lanhdao"], people["vanthu"], organisations["VPUBND"])
    seed_case_files(people, units)
    files = sorted(_FOLDER.glob("[0-9]*.toml"))
    drafts = (tomllib.loads(file.read_text("utf-8")) for file in files)
    return sum(_draft(data, people, units) for data in drafts)


def _organisations(rows: list[Data]) -> dict[str, Organisation]:
    found: dict[str, Organisation] = {}
    for row in rows:
        found[row["abbreviation"]], _made = Organisation.objects.get_or_create(
            abbreviation=row["abbreviation"],
            parent=found.get(row.get("parent", "")),
            defaults={"name": row["name"], "place": row["place"]},
        )
    return found


def _units(
    rows: list[Data], organisations: Mapping[str, Organisation]
) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for row in rows:
        found[row["abbreviation"]], _made = Unit.objects.get_or_create(
            organisation=organisations[row["organisation"]],
            abbreviation=row["abbreviation"],
            defaults={"name": row["name"]},
        )
    return found


def _people(rows: list[Data], units: Mapping[str, Unit]) -> dict[str, User]:
    found: dict[str, User] = {}
    for row in rows:
        name = row["username"]
        user = User.objects.filter(username=name).first()
        if user is None:
            administrator = row["role"] == Role.ADMINISTRATOR
            user = User.objects.create_user(
                name,
                PASSWORD,
                full_name=row["full_name"],
                title=row["title"],
                email=f"{name}@example.vn",
                is_staff=administrator,
                is_superuser=administrator,
            )
            Membership.objects.create(
                user=user, unit=units[row["unit"]], role=row["role"], is_primary=True
            )
        found[name] = user
    return found


def _draft(data: Data, people: Mapping[str, User], units: Mapping[str, Unit]) -> bool:
    draft_id = UUID(data["id"])
    if Draft.objects.filter(pk=draft_id).exists():
        return False
    author = people[data["by"]]
    # Lists of a demo look lived-in when not everything was made this minute.
    with clock.fixed(clock.now() - timedelta(days=data["days_ago"])):
        unit = unit_of(author, None)
        kind = known_type(data["type"])
        draft = begin(
            author,
            draft_id,
            title=data["title"],
            kind=kind,
            unit=unit,
            source=DraftSource.TEMPLATE,
            content=_content(
                data, first_text.content_for(kind, unit, title=data["title"])
            ),
        )
        for holder, level in data.get("shares", {}).items():
            to = units[holder[5:]] if holder.startswith("unit:") else people[holder]
            share(author, draft.pk, to=to, level=Level[level.upper()])
        if "process" in data:
            send_on_its_way(draft, data["process"], people)
        if data.get("archived"):
            archive(author, draft.pk)
    return True


def _content(data: Data, first: Content) -> Content:
    fields = {name: text.strip() for name, text in data.get("fields", {}).items()}
    blocks = tuple(
        Paragraph((Run(words),), style=style) for style, words in data.get("blocks", [])
    )
    return Content(replace(first.fields, **fields), blocks or first.blocks)
