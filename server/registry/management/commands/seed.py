"""`python -m server seed`: the demo office. Safe to run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from server.registry.demo import seed


class Command(BaseCommand):
    help = "Make the demo office: units, people and drafts. Running it again is safe."

    def handle(self, *args: Any, **options: Any) -> None:
        added = seed()
        if options["verbosity"]:
            self.stdout.write(f"demo office ready: {added} drafts added")
