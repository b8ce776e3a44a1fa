"""`python -m server remind_opinions`: remind those whose opinion is due.

It is to be run once a day; running it again reminds nobody twice.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from server.review.actions.reminding import remind_due


class Command(BaseCommand):
    help = "Remind, once for each reason, those who were asked for an opinion."

    def handle(self, *args: Any, **options: Any) -> None:
        told = remind_due()
        if options["verbosity"]:
            self.stdout.write(f"opinions reminded of: {told}")
