"""The case files of the demo office.

Data is in data/demo/case_files.toml. Everything goes through the actions, so that the
demo obeys the rules of an office. Must never run by itself; only the `seed` command
calls it, after the registers were written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from server.accounts.models import Unit, User
from server.common import clock, text
from server.registry.actions.case_file_ends import close_case_file
from server.registry.actions.case_file_entries import add_entry
from server.registry.actions.case_files import CaseFilePlan, create_case_file
from server.registry.case_files.documents import DocumentKind
from server.registry.models import CaseFile, IncomingDocument, OutgoingDocument

_FILE = Path(__file__).parent / "data" / "demo" / "case_files.toml"
Data = Mapping[str, Any]


def seed_case_files(people: Mapping[str, User], units: Mapping[str, Unit]) -> None:
    """Open what is missing; a file of that title is left as it is."""
    now = clock.now()
    for row in tomllib.loads(_FILE.read_text("utf-8"))["case_file"]:
        unit = units[row["unit"]]
        if CaseFile.objects.filter(unit=unit, title=row["title"]).exists():
            continue
        with clock.fixed(now - timedelta(days=row["days_ago"])):
            plan = CaseFilePlan(
                title=row["title"],
                retention=row["retention"],
                rights=row.get("rights", "open"),
            )
            case_file = create_case_file(people[row["by"]], unit.pk, plan)
        _fill(case_file, row)


def _fill(case_file: CaseFile, row: Data) -> None:
    keeper = case_file.created_by
    for words in row["holds"]:
        for kind, model in (
            (DocumentKind.OUTGOING, OutgoingDocument),
            (DocumentKind.INCOMING, IncomingDocument),
        ):
            found = model._default_manager.filter(
                organisation=case_file.organisation_id,
                search_key__contains=text.search_key(words),
            ).exclude(issued_number__state="void")
            for key in found.values_list("pk", flat=True)[:1]:
                add_entry(keeper, case_file.pk, kind, key)
    if row.get("ended") and case_file.entries.exists():
        close_case_file(keeper, case_file.pk)
