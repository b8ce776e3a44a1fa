"""`python -m server seed`: the demo office. Safe to run again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from server.registry.demo import seed
from server.registry.demo_keys import make_demo_keys
from server.review.demo import seed_threads


class Command(BaseCommand):
    help = "Make the demo office: people, drafts, comments. Running it again is safe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--with-keys",
            action="store_true",
            help="also make keys for signing, as demo_keys does",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        added = seed()
        seed_threads()
        if options["with_keys"]:
            make_demo_keys()
        if options["verbosity"]:
            self.stdout.write(f"demo office ready: {added} drafts added")
