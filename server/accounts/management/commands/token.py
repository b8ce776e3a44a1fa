"""`python -m server token USER`: mint an access token and print only its secret."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from server.accounts import actions
from server.accounts.models import TokenScope, User
from server.common import clock
from server.common.errors import AppError


class Command(BaseCommand):
    help = "Mint an API token for a person; prints the secret, which is not kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="sign-in name")
        parser.add_argument("--name", default="command line", help="what it is for")
        parser.add_argument(
            "--days", type=int, default=settings.TOKEN_DAYS, help="life in days"
        )
        parser.add_argument(
            "--scope", choices=TokenScope.values, default=str(TokenScope.WRITE)
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"no active user {options['user']!r}")
        try:
            expires_at = clock.now() + timedelta(days=options["days"])
            _token, secret = actions.mint_token(
                user, options["name"], options["scope"], expires_at
            )
        except OverflowError:
            raise CommandError("--days: a year is the most") from None
        except AppError as error:
            details = "; ".join(str(m) for m in error.fields.values()) or str(error)
            raise CommandError(details) from None
        self.stdout.write(secret)
