"""`python -m server hand_over_notices`: tell of case files that are due.

It is to be run once a day; running it again tells nothing twice.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from server.registry.actions.case_file_ends import tell_what_is_due


class Command(BaseCommand):
    help = "Tell, once for each file, which case files are soon due for the archive."

    def handle(self, *args: Any, **options: Any) -> None:
        told = tell_what_is_due()
        if options["verbosity"]:
            self.stdout.write(f"case files told of: {told}")
