"""`python -m server drop_unsent_files`: let go of files that no comment was sent with.

It is to be run once a day.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from server.review.actions.tidying import KEPT_DAYS, drop_unsent_files


class Command(BaseCommand):
    help = f"Let go of files of comments that were not sent within {KEPT_DAYS} days."

    def handle(self, *args: Any, **options: Any) -> None:
        dropped = drop_unsent_files()
        if options["verbosity"]:
            self.stdout.write(f"unsent files let go: {dropped}")
