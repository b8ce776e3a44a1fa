"""What a case file says in the index: its code, its title, and who keeps it for what.

The documents in it have entries of their own, behind their own doors: a file is found
by what stands on its cover. Its readers are those of the door
(`server.registry.case_file_access`), named as words of the entry; the condition of the
search (`server.registry.search_access`) decides. Must never index what stands in the
file.
"""

from __future__ import annotations

from server.registry.models import (
    SHOWN_LENGTH,
    CaseFile,
    CaseFileState,
    SearchEntry,
    SearchKind,
)
from server.registry.search import scope
from server.registry.search.store import Source, put, row_lines

# Documents are "open", too, and mean something else by it.
STATES = {state.value: f"case_{state.value}" for state in CaseFileState}


def index_case_file(case_file: CaseFile) -> None:
    """In the transaction that writes the file."""
    row = CaseFile.objects.select_for_update(of=("self",)).select_related("unit")
    put(source_of_case_file(row.get(pk=case_file.pk)))


def source_of_case_file(row: CaseFile) -> Source:
    entry = SearchEntry(
        kind=SearchKind.CASE_FILE,
        object_id=row.pk,
        organisation_id=row.organisation_id,
        unit_id=row.unit_id,
        document_type="",
        year=row.year,
        state=STATES[row.state],
        # What is still to be done by its day is to hand it over.
        is_open=row.state == CaseFileState.CLOSED,
        deadline=row.due_on,
        dated_on=row.starts_on,
        number=row.code,
        title=row.title[:SHOWN_LENGTH],
        origin=row.unit.name,
    )
    shares = (
        scope.filed_in_unit(row.unit_id),
        scope.for_clerks_of(row.organisation_id),
    )
    said = [row.creator, row.unit.name, row.description]
    return Source(entry, 0, [row.code, row.title], row_lines(said), shares)
