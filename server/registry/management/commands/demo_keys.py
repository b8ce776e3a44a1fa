"""`python -m server demo-keys`: keys for signing in the demo office. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from server.accounts.models import Organisation
from server.registry.demo_keys import make_demo_keys


class Command(BaseCommand):
    help = "Make keys for signing in the demo office. They prove nothing outside it."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_demo_keys()
        except Organisation.DoesNotExist:
            raise CommandError(
                "duthao: no office yet: run `python -m server seed`"
            ) from None
        if options["verbosity"]:
            for path in made.new:
                self.stdout.write(f"made {path}")
            for path in made.kept:
                self.stdout.write(f"kept {path}")
