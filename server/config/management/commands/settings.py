"""`python -m server settings`: every setting that the environment may give.

The table is made from the code that reads the settings, so it cannot be wrong.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from server.config.env import KNOWN, Setting

INTRODUCTION = """\
# Settings

Every setting comes from the environment and has a default that works on one machine.
A value that cannot be used stops the start and names the variable. This page is made
by `make docs`; a test fails when it is not up to date.

| name | default | meaning |
|---|---|---|
"""


def shown_default(setting: Setting) -> str:
    """The default as a person reads it; folders are told from the project's folder."""
    return setting.default.replace(f"{settings.PROJECT_DIR}{os.sep}", "")


def markdown() -> str:
    rows = (
        f"| `{name}` | {f'`{shown}`' if (shown := shown_default(setting)) else '–'} "
        f"| {setting.meaning} |\n"
        for name, setting in sorted(KNOWN.items())
    )
    return INTRODUCTION + "".join(rows)


class Command(BaseCommand):
    help = "Print every setting, its default and its meaning."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--markdown", action="store_true", help="as a document")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["markdown"]:
            self.stdout.write(markdown(), ending="")
            return
        width = max(map(len, KNOWN))
        for name, setting in sorted(KNOWN.items()):
            self.stdout.write(
                f"{name:{width}}  {setting.meaning} [{shown_default(setting)}]"
            )
