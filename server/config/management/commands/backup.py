"""`python -m server backup FOLDER`: one archive of the office, while it is at work."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from server.common import clock
from server.config import backup


class Command(BaseCommand):
    help = "Write one archive (database and files) into FOLDER and print its path."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        target = options["folder"].resolve() / f"duthao-{at:%Y%m%dT%H%M%SZ}.tar.gz"
        database = settings.DATABASES["default"]
        try:
            files = backup.write(target, database, settings.DATA_DIR, at)
        except (backup.BackupError, OSError) as error:
            raise CommandError(f"backup: {error}") from None
        self.stderr.write(f"database and {files} files")
        self.stdout.write(str(target))
