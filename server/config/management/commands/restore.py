"""`python -m server restore ARCHIVE`: put an archive back, the server stopped."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from server.config import backup
from server.config.exclusive import sole_server


class Command(BaseCommand):
    help = "Restore an archive made by `backup`; what was there is kept beside it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--check", action="store_true", help="only prove that the archive is whole"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        archive = options["archive"].resolve()
        database = settings.DATABASES["default"]
        try:
            if options["check"]:
                files = backup.check(archive)
                self.stdout.write(f"whole: database and {files} files")
                return
            connection.close()
            with sole_server(settings.DATA_DIR):
                files = backup.restore(archive, database, settings.DATA_DIR)
        except (backup.BackupError, OSError) as error:
            raise CommandError(f"restore: {error}") from None
        self.stdout.write(f"restored: database and {files} files; now run `migrate`")
