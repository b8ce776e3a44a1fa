"""`manage reindex`: make the search index anew from the documents, as people work."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from server.registry.search.upkeep import reindex_all


class Command(BaseCommand):
    help = "Index every draft, row of a book and case file anew, as people work."

    def handle(self, *args: Any, **options: Any) -> None:
        last: dict[str, int] = {}
        for kind, done in reindex_all():
            last[kind] = done
            if options["verbosity"] > 1:
                self.stdout.write(f"{kind}: {done}")
        if options["verbosity"]:
            told = ", ".join(f"{kind} {done}" for kind, done in last.items())
            self.stdout.write(f"Indexed: {told}")
