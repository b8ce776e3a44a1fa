"""Prove that every issued document is still what was issued."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from server.accounts.models import Organisation
from server.registry.models import IssueRecord
from server.registry.queries.records import Fault, check_records


class Command(BaseCommand):
    help = (
        "Check the chain of records, the files, the audit trail, the text, the list "
        "and what became (recall, replacement, correction) of every issued document. "
        "Ends with 1 when anything differs; prints the end of each chain, which is "
        "worth keeping on paper."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", help="only this one, by abbreviation")
        parser.add_argument(
            "--contains",
            metavar="DIGEST",
            action="append",
            default=[],
            help="an end that was written down earlier: it must still stand in a chain",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        only = options["organisation"]
        office = None
        if only:
            office = Organisation.objects.filter(abbreviation=only).first()
            if office is None:
                self.stderr.write(f"no organisation {only}")
                raise SystemExit(2)
        faults = 0
        for found in check_records(office):
            if isinstance(found, Fault):
                faults += 1
                self.stderr.write(
                    f"{found.organisation} #{found.sequence} {found.full_number}: "
                    f"{found.what}"
                )
            else:
                self.stdout.write(
                    f"{found.organisation}: {found.length} records, end {found.head}"
                )
        for digest in options["contains"]:
            if not IssueRecord.objects.filter(digest=digest.strip().lower()).exists():
                faults += 1
                self.stderr.write(f"{digest}: in no chain any more")
        if faults:
            self.stderr.write(f"{faults} differences")
            raise SystemExit(1)
        self.stdout.write("every record holds")
